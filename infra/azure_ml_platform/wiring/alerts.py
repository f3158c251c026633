"""Arguments of the alerts."""

from collections.abc import Mapping

from azure_ml_platform.catalog.name_rules import Kind
from azure_ml_platform.components.alerts import AlertsArgs
from azure_ml_platform.components.interfaces import WatchedArgs
from azure_ml_platform.components.monitoring import Monitoring
from azure_ml_platform.components.resource_groups import ResourceGroups
from azure_ml_platform.vocabulary import AlertSet
from azure_ml_platform.wiring.stack import Stack


def args(
    stack: Stack, groups: ResourceGroups, monitoring: Monitoring, watched: Mapping[str, WatchedArgs]
) -> AlertsArgs | None:
    """The curated alerts on everything that the stack has; None where it wants none."""
    wanted = stack.settings.monitoring.alerts
    if wanted is AlertSet.NONE:
        return None
    return AlertsArgs(
        **stack.place(groups),
        name_prefix=stack.name(Kind.ALERT_RULE),
        routes=monitoring.routes,
        watched=watched,
        essential_only=wanted is AlertSet.ESSENTIAL,
        log_analytics_id=monitoring.log_analytics_id,
        activity_scopes=[group.id for group in groups.by_layer.values()],
        subscription_id=stack.deployer.subscription_id,
    )
