"""Connections: how a workspace reaches other services.

Source: learn.microsoft.com/rest/api/azureml/connections.
"""

from local.arm.behaviours.machine_learning.kinds import WORKSPACE
from local.arm.documents import Json
from local.arm.errors import bad_request
from local.arm.resource_types import Call, Change, NameRule, ResourceType

CONNECTION = f"{WORKSPACE}/connections"
CATEGORY, TARGET, AUTHENTICATION = "properties.category", "properties.target", "properties.authType"
WITHOUT_CREDENTIALS = ("AAD", "None")
CREDENTIALS = {
    "AccessKey": ("accessKeyId", "secretAccessKey"),
    "AccountKey": ("key",),
    "ApiKey": ("key",),
    "CustomKeys": ("keys",),
    "ManagedIdentity": ("clientId", "resourceId"),
    "OAuth2": ("clientId", "clientSecret"),
    "PAT": ("pat",),
    "SAS": ("sas",),
    "ServicePrincipal": ("clientId", "clientSecret", "tenantId"),
    "UsernamePassword": ("username", "password"),
}
"""Members of `credentials` that each kind of authentication needs."""


def _check(change: Change) -> None:
    category, kind = change.get(CATEGORY, ""), change.get(AUTHENTICATION, "")
    if not category or not change.get(TARGET, ""):
        raise bad_request("ValidationError", "A connection needs a category and a target.", target=CATEGORY)
    if kind not in CREDENTIALS and kind not in WITHOUT_CREDENTIALS:
        known = ", ".join((*WITHOUT_CREDENTIALS, *CREDENTIALS))
        message = f"authType is {kind!r}; it must be one of {known}."
        raise bad_request("ValidationError", message, target=AUTHENTICATION)
    given = change.get("properties.credentials", {})
    missing = [name for name in CREDENTIALS.get(kind, ()) if not given.get(name)]
    if missing and not (change.current and "credentials" not in change.get("properties", {})):
        message = f"A connection with the authType {kind} needs credentials.{missing[0]}."
        raise bad_request("ValidationError", message, target="properties.credentials")


def _check_twin(change: Change) -> None:
    """One connection for each category, target and kind of authentication."""
    paths = (CATEGORY, TARGET, AUTHENTICATION)
    wanted = [str(change.get(path)).casefold() for path in paths]
    for other in change.cloud.store.below(change.parent.id):
        if other.type != CONNECTION or other.id.key == change.id.key:
            continue
        if [str(other.properties.get(path.rpartition(".")[2])).casefold() for path in paths] == wanted:
            message = (
                f"The workspace already has the connection '{other.name}' of the category {change.get(CATEGORY)} to "
                f"'{change.get(TARGET)}' with the authType {change.get(AUTHENTICATION)}."
            )
            raise bad_request("ValidationError", message, target=TARGET)


def _secrets(change: Change) -> Json:
    """What was sent, else what is there: a PUT without credentials leaves them."""
    present = change.current.private if change.current else {}
    given = change.get("properties.credentials")
    return {"credentials": given} if given is not None else present


def _complete(change: Change) -> Json:
    return {
        "properties": {
            "isSharedToAll": change.get("properties.isSharedToAll", True),
            "createdByWorkspaceArmId": str(change.id.parent),
            "metadata": change.get("properties.metadata", {}),
        }
    }


def _list_secrets(call: Call) -> Json:
    shown: Json = {**call.resource.body}
    shown["properties"] = {**call.resource.properties, **call.resource.private}
    return {"id": call.resource.id.text, "name": call.resource.name, "type": CONNECTION, **shown}


TYPES = (
    ResourceType(
        name=CONNECTION,
        names=NameRule(r"[A-Za-z0-9][-\w]{2,32}", "3 to 33 letters, digits, '-' and '_', the first a letter or digit"),
        provisioning_state=False,
        system_data=True,
        write_only=("properties.credentials",),
        checks=(_check, _check_twin),
        complete=_complete,
        secrets=_secrets,
        actions={"listsecrets": _list_secrets},
    ),
)
