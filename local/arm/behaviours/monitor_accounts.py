"""Microsoft.Monitor: Azure Monitor workspaces, the stores of Prometheus metrics.

Source: learn.microsoft.com/azure/azure-monitor/metrics/azure-monitor-workspace-overview.
"""

import uuid

from local.arm.documents import Json
from local.arm.resource_types import Change, NameRule, ResourceProvider, ResourceType

ACCOUNT = "Microsoft.Monitor/accounts"


def _account(change: Change) -> Json:
    """Azure makes a data collection rule and an endpoint for each in a resource group of its own."""
    id = change.keep("properties.accountId", lambda: str(uuid.uuid4()))
    group = f"{change.id.subscription}/resourceGroups/MA_{change.id.name}_{change.location}_managed"
    made = f"{group}/providers/Microsoft.Insights"
    host = f"{change.id.name}-{id[:4]}.{change.location}.prometheus.monitor.azure.com"
    return {
        "properties": {
            "accountId": id,
            "metrics": {"internalId": f"mac_{id}", "prometheusQueryEndpoint": f"https://{host}"},
            "publicNetworkAccess": change.get("properties.publicNetworkAccess", "Enabled"),
            "defaultIngestionSettings": {
                "dataCollectionRuleResourceId": f"{made}/dataCollectionRules/{change.id.name}",
                "dataCollectionEndpointResourceId": f"{made}/dataCollectionEndpoints/{change.id.name}",
            },
        }
    }


PROVIDER = ResourceProvider(
    namespace="Microsoft.Monitor",
    types=(
        ResourceType(
            name=ACCOUNT,
            tracked=True,
            system_data=True,
            etag="etag",
            names=NameRule(r"[A-Za-z0-9][-A-Za-z0-9]{2,42}[A-Za-z0-9]", "4 to 44 letters, digits and '-'"),
            complete=_account,
        ),
    ),
)
