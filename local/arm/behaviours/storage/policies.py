"""Rules that Azure runs over the blobs of an account: life cycle and inventory.

Sources: learn.microsoft.com/rest/api/storagerp/management-policies, .../blob-inventory-policies,
.../azure/storage/blobs/lifecycle-management-overview, .../azure/storage/blobs/blob-inventory.
"""

from collections import Counter

from local.arm.behaviours.storage.types import (
    ACCOUNT,
    ONLY_DEFAULT,
    has_namespace,
    last_modified,
    not_with_namespace,
)
from local.arm.documents import Json, reach
from local.arm.errors import bad_request, not_found
from local.arm.resource_types import Change, ResourceType

RULES = "properties.policy.rules"
RULE_LIMIT = 100
"""Rules of one life cycle or inventory policy."""
ONLY_WITHOUT_NAMESPACE = frozenset(("VersionId", "IsCurrentVersion"))
ACCESS = "daysAfterLastAccessTimeGreaterThan"


def _check_rules(change: Change) -> None:
    rules = change.objects(RULES)
    names = Counter(str(rule.get("name", "")).casefold() for rule in rules)
    twice = [name for name, count in names.items() if count > 1]
    if twice or not 0 < len(rules) <= RULE_LIMIT:
        found = f"the name '{twice[0]}' twice" if twice else f"{len(rules)} rules"
        message = f"policy.rules has {found}; it must have 1 to {RULE_LIMIT} rules, each with a name of its own."
        raise bad_request("InvalidRequestPropertyValue", message, target=RULES)


def _check_life_cycle(change: Change) -> None:
    """Rules by last access stand on its tracking; a hierarchical namespace has no versions to age."""
    service = change.cloud.store.get(change.parent.id.child("blobServices", "default"))
    tracked = bool(service and reach(service.body, "properties.lastAccessTimeTrackingPolicy.enable"))
    for index, rule in enumerate(change.objects(RULES)):
        actions = reach(rule, "definition.actions")
        actions = actions if isinstance(actions, dict) else {}
        if "version" in actions and has_namespace(change.parent):
            path = f"{RULES}[{index}].definition.actions.version"
            raise not_with_namespace(change.parent.name, "A rule for versions", path)
        if not tracked and _by_last_access(actions):
            message = (
                f"Rule '{rule.get('name')}' ages blobs by last access ({ACCESS}), which is not tracked: set "
                f"lastAccessTimeTrackingPolicy.enable of the blob service first."
            )
            raise bad_request("InvalidRequestPropertyValue", message, target=f"{RULES}[{index}]")


def _by_last_access(actions: Json) -> bool:
    return any(
        ACCESS in condition
        for action in actions.values()
        if isinstance(action, dict)
        for condition in action.values()
        if isinstance(condition, dict)
    )


def _check_inventory(change: Change) -> None:
    """A report needs the container that it goes to, and columns that the account has."""
    for index, rule in enumerate(change.objects(RULES)):
        where = f"{RULES}[{index}]"
        container = change.parent.id.child("blobServices", "default").child("containers", str(rule.get("destination")))
        if change.cloud.store.get(container) is None:
            message = (
                f"The container '{rule.get('destination')}' of inventory rule '{rule.get('name')}' does not exist."
            )
            raise not_found("ContainerNotFound", message)
        fields = reach(rule, "definition.schemaFields")
        columns = {str(field) for field in fields} if isinstance(fields, list) else set()
        if has_namespace(change.parent) and columns & ONLY_WITHOUT_NAMESPACE:
            path = f"{where}.definition.schemaFields"
            feature = f"The inventory column {min(columns & ONLY_WITHOUT_NAMESPACE)}"
            raise not_with_namespace(change.parent.name, feature, path)
        if "Name" not in columns:
            message = f"Inventory rule '{rule.get('name')}' has no column Name in schemaFields, which every one needs."
            raise bad_request("InvalidRequestPropertyValue", message, target=f"{where}.definition.schemaFields")


TYPES = (
    ResourceType(
        name=f"{ACCOUNT}/managementPolicies",
        names=ONLY_DEFAULT,
        provisioning_state=False,
        created_status=200,
        checks=(_check_rules, _check_life_cycle),
        complete=last_modified,
    ),
    ResourceType(
        name=f"{ACCOUNT}/inventoryPolicies",
        names=ONLY_DEFAULT,
        provisioning_state=False,
        created_status=200,
        system_data=True,
        checks=(_check_rules, _check_inventory),
        complete=last_modified,
    ),
)
