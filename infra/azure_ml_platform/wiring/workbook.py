"""Arguments of the workbook of operations."""

from collections.abc import Mapping

from azure_ml_platform.components.model_deployment import ModelDeployment
from azure_ml_platform.components.monitoring import Monitoring
from azure_ml_platform.components.resource_groups import ResourceGroups
from azure_ml_platform.components.workbook import WorkbookArgs
from azure_ml_platform.wiring.stack import Stack


def args(
    stack: Stack, groups: ResourceGroups, monitoring: Monitoring, deployments: Mapping[str, ModelDeployment]
) -> WorkbookArgs:
    """One workbook for all models of the stack."""
    return WorkbookArgs(
        **stack.place(groups),
        display_name=f"Operations of {stack.settings.platform.workload} ({stack.settings.stack})",
        log_analytics_id=monitoring.log_analytics_id,
        deployment_ids={
            f"{key}-{slot}": deployment.id
            for key, model in deployments.items()
            for slot, deployment in model.deployments.items()
        },
    )
