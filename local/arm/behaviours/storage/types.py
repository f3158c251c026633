"""Names of the resource types of Microsoft.Storage, and what several of them share."""

from local.arm.cloud import Cloud
from local.arm.documents import Json
from local.arm.errors import ArmError, conflict
from local.arm.identifiers import ResourceId
from local.arm.resource_types import Change, NameRule
from local.arm.store import Resource

ACCOUNT = "Microsoft.Storage/storageAccounts"
BLOB_SERVICE = f"{ACCOUNT}/blobServices"
CONTAINER = f"{BLOB_SERVICE}/containers"
IMMUTABILITY = f"{CONTAINER}/immutabilityPolicies"
ONLY_DEFAULT = NameRule("default", "the only one is 'default'")


def account_of(cloud: Cloud, id: ResourceId) -> Resource:
    """The account in which a resource lies, or which it is."""
    while id.parent is not None:
        id = id.parent
    account = cloud.store.get(id)
    assert account is not None
    return account


def has_namespace(account: Resource) -> bool:
    """Whether an account has a hierarchical namespace."""
    return bool(account.properties.get("isHnsEnabled"))


def not_with_namespace(account: str, feature: str, path: str) -> ArmError:
    """The refusal of what an account with a hierarchical namespace does not have."""
    message = f"{feature} is not supported on '{account}': it has a hierarchical namespace (isHnsEnabled); see {path}."
    return conflict("FeatureNotSupportedForAccount", message)


def last_modified(change: Change) -> Json:
    """The time of the change, which most sub-resources show."""
    return {"properties": {"lastModifiedTime": change.cloud.now()}}
