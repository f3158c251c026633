"""File shares, queues and tables, and the services that hold them.

Source: learn.microsoft.com/rest/api/storagerp (file services, file shares, queue, table), and
.../azure/azure-resource-manager/management/resource-name-rules for names.
"""

from local.arm.behaviours.storage.types import ACCOUNT, ONLY_DEFAULT, account_of, last_modified
from local.arm.documents import Json
from local.arm.errors import bad_request
from local.arm.resource_types import Change, NameRule, ResourceType

LABEL = NameRule(
    r"(?!.*--)[a-z0-9][-a-z0-9]{1,61}[a-z0-9]", "3 to 63 digits, lower-case letters and single '-', none at the ends"
)
QUOTA = "properties.shareQuota"
DEFAULT_QUOTA_GB, QUOTA_LIMIT_GB = 5120, 102_400


def _check_quota(change: Change) -> None:
    quota = change.get(QUOTA, DEFAULT_QUOTA_GB)
    if not 1 <= quota <= QUOTA_LIMIT_GB:
        message = f"shareQuota is {quota}; a share holds 1 to {QUOTA_LIMIT_GB} GiB."
        raise bad_request("InvalidRequestPropertyValue", message, target=QUOTA)


def _check_protocol(change: Change) -> None:
    account = account_of(change.cloud, change.id)
    if change.get("properties.enabledProtocols", "SMB") == "NFS" and account.body.get("kind") != "FileStorage":
        message = f"An NFS share needs an account of kind FileStorage; '{account.name}' is {account.body.get('kind')}."
        raise bad_request("InvalidRequestPropertyValue", message, target="properties.enabledProtocols")


def _share(change: Change) -> Json:
    return {
        "properties": {
            "shareQuota": change.get(QUOTA, DEFAULT_QUOTA_GB),
            "enabledProtocols": change.get("properties.enabledProtocols", "SMB"),
            "accessTier": change.get("properties.accessTier", "TransactionOptimized"),
            "leaseStatus": "Unlocked",
            "leaseState": "Available",
            **last_modified(change)["properties"],
        }
    }


def _table(change: Change) -> Json:
    return {"properties": {"tableName": change.id.name}}


TYPES = (
    *(
        ResourceType(name=f"{ACCOUNT}/{service}", names=ONLY_DEFAULT, provisioning_state=False)
        for service in ("fileServices", "queueServices", "tableServices")
    ),
    ResourceType(
        name=f"{ACCOUNT}/fileServices/shares",
        names=LABEL,
        provisioning_state=False,
        etag="etag",
        immutable=("properties.enabledProtocols",),
        checks=(_check_quota, _check_protocol),
        complete=_share,
    ),
    ResourceType(name=f"{ACCOUNT}/queueServices/queues", names=LABEL, provisioning_state=False, created_status=200),
    ResourceType(
        name=f"{ACCOUNT}/tableServices/tables",
        names=NameRule(r"[A-Za-z][A-Za-z0-9]{2,62}", "3 to 63 letters and digits, the first a letter"),
        provisioning_state=False,
        created_status=200,
        complete=_table,
    ),
)
