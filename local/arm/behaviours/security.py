"""Microsoft.Security: Defender's settings of a storage account and its plans for a subscription.

Sources: learn.microsoft.com/rest/api/defenderforcloud/defender-for-storage/create and .../pricings/update,
.../azure/defender-for-cloud/on-upload-malware-scanning (the monthly cap).
"""

from local.arm.behaviours.storage.types import ACCOUNT
from local.arm.documents import Json
from local.arm.errors import bad_request
from local.arm.resource_types import Change, NameRule, ResourceProvider, ResourceType, Scope

SCANNING = "properties.malwareScanning.onUpload"
NO_CAP = -1
PLANS = (
    *("AI", "Api", "AppServices", "Arm", "CloudPosture", "ContainerRegistry", "Containers", "CosmosDbs"),
    *("Discovery", "Dns", "FoundationalCspm", "KeyVaults", "KubernetesService", "OpenSourceRelationalDatabases"),
    *("SqlServers", "SqlServerVirtualMachines", "StorageAccounts", "VirtualMachines"),
)


def _check_account(change: Change) -> None:
    scope = change.id.scope
    if scope is None or scope.type != ACCOUNT:
        message = f"Defender for Storage is set on a storage account; '{scope}' is none."
        raise bad_request("InvalidResourceScope", message)


def _check_cap(change: Change) -> None:
    cap = change.get(f"{SCANNING}.capGBPerMonth", NO_CAP)
    if cap != NO_CAP and cap <= 0:
        message = f"capGBPerMonth is {cap}; it must be a number of GB above 0, or {NO_CAP} for no cap."
        raise bad_request("BadRequest", message, target=f"{SCANNING}.capGBPerMonth")


def _defender(change: Change) -> Json:
    scanning = {"isEnabled": change.get(f"{SCANNING}.isEnabled", False)}
    cap = change.get(f"{SCANNING}.capGBPerMonth", NO_CAP)
    return {
        "properties": {
            "isEnabled": change.get("properties.isEnabled", False),
            "malwareScanning": {"onUpload": {**scanning, "capGBPerMonth": cap}},
            "sensitiveDataDiscovery": {"isEnabled": change.get("properties.sensitiveDataDiscovery.isEnabled", False)},
        }
    }


def _check_tier(change: Change) -> None:
    tier = change.get("properties.pricingTier", "")
    if tier not in ("Free", "Standard"):
        message = f"pricingTier is '{tier}'; a plan is Free or Standard."
        raise bad_request("BadRequest", message, target="properties.pricingTier")


PROVIDER = ResourceProvider(
    namespace="Microsoft.Security",
    types=(
        ResourceType(
            name="Microsoft.Security/defenderForStorageSettings",
            scope=Scope.ANY,
            provisioning_state=False,
            names=NameRule("current", "the only one is 'current'"),
            checks=(_check_account, _check_cap),
            complete=_defender,
        ),
        ResourceType(
            name="Microsoft.Security/pricings",
            scope=Scope.SUBSCRIPTION,
            provisioning_state=False,
            names=NameRule("|".join(PLANS), f"one of {', '.join(PLANS)}"),
            checks=(_check_tier,),
        ),
    ),
)
