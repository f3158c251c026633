"""Microsoft.AlertsManagement: smart detection.

Source: learn.microsoft.com/rest/api/monitor/smart-detector-alert-rules.
"""

from local.arm.behaviours.insights import COMPONENT
from local.arm.resource_types import Change, NameRule, ResourceProvider, ResourceType


def _check_scope(change: Change) -> None:
    for component in change.get("properties.scope", []):
        change.cloud.find(component, COMPONENT, property_path="properties.scope")


PROVIDER = ResourceProvider(
    namespace="Microsoft.AlertsManagement",
    types=(
        ResourceType(
            name="Microsoft.AlertsManagement/smartDetectorAlertRules",
            provisioning_state=False,
            names=NameRule(
                r"[^:@#{}%&+*<>?/]{1,259}[^:@#{}%&+*<>?/.\s]", "at most 260 characters, none of :@#{}%&+*<>?/"
            ),
            checks=(_check_scope,),
        ),
    ),
)
