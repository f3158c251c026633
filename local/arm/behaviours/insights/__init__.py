"""Microsoft.Insights. Source: learn.microsoft.com/rest/api/monitor."""

from local.arm.behaviours.insights import (
    action_groups,
    activity_alerts,
    autoscale,
    collection,
    components,
    diagnostics,
    metric_alerts,
    metrics,
    private_link,
    query_alerts,
)
from local.arm.resource_types import ResourceProvider

PROVIDER = ResourceProvider(
    namespace="Microsoft.Insights",
    types=(
        *components.TYPES,
        *diagnostics.TYPES,
        *action_groups.TYPES,
        *metric_alerts.TYPES,
        *query_alerts.TYPES,
        *activity_alerts.TYPES,
        *autoscale.TYPES,
        *private_link.TYPES,
        *collection.TYPES,
    ),
    views=(*diagnostics.VIEWS, *metrics.VIEWS),
)
