"""Access connectors: a managed identity that Databricks reaches storage with.

Source: learn.microsoft.com/rest/api/databricks/access-connector.
"""

from local.arm.cloud import Cloud
from local.arm.documents import Json, reach
from local.arm.errors import conflict
from local.arm.resource_types import Answer, Change, NameRule, ResourceType
from local.arm.store import Resource

CONNECTOR = "Microsoft.Databricks/accessConnectors"
WORKSPACE = "Microsoft.Databricks/workspaces"
NAMES = NameRule(r"[\w-]{3,64}", "3 to 64 letters, digits, '_' and '-'")


def users_of(cloud: Cloud, connector: Resource) -> list[str]:
    """The ids of the workspaces that stand on a connector."""
    return [
        workspace.id.text
        for workspace in cloud.store.of_type(WORKSPACE)
        if str(reach(workspace.body, "properties.accessConnector.id") or "").casefold() == connector.id.key
    ]


def _check_unused(cloud: Cloud, connector: Resource) -> None:
    users = users_of(cloud, connector)
    if users:
        message = (
            f"The access connector '{connector.id}' is used by {', '.join(users)}; take it off their accessConnector "
            "first."
        )
        raise conflict("Conflict", message)


def _complete(change: Change) -> Json:
    users = users_of(change.cloud, change.current) if change.current else []
    return {"properties": {"referedBy": users}}


TYPE = ResourceType(
    name=CONNECTOR,
    tracked=True,
    names=NAMES,
    system_data=True,
    put=Answer.ASYNC_OPERATION,
    delete=Answer.ASYNC_OPERATION,
    complete=_complete,
    delete_checks=(_check_unused,),
)
