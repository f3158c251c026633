"""Microsoft.ContainerRegistry. Source: learn.microsoft.com/rest/api/containerregistry/registries."""

import secrets

from local.arm.behaviours import private_links
from local.arm.documents import Json
from local.arm.errors import bad_request
from local.arm.resource_types import Answer, Call, Change, NameRule, ResourceProvider, ResourceType, UniqueName

REGISTRY = "Microsoft.ContainerRegistry/registries"


def _complete(change: Change) -> Json:
    return {
        "sku": {"tier": change.get("sku.name", "Basic")},
        "properties": {
            "loginServer": f"{change.id.name.casefold()}.azurecr.io",
            "creationDate": change.keep("properties.creationDate", change.cloud.now),
            "adminUserEnabled": change.get("properties.adminUserEnabled", False),
            "publicNetworkAccess": change.get("properties.publicNetworkAccess", "Enabled"),
            "zoneRedundancy": change.get("properties.zoneRedundancy", "Disabled"),
        },
    }


def _secrets(change: Change) -> Json:
    return (
        change.current.private
        if change.current
        else {name: secrets.token_urlsafe(32) for name in ("password", "password2")}
    )


def _credentials(call: Call) -> Json:
    if not call.resource.properties.get("adminUserEnabled"):
        message = (
            f"Cannot perform credential operations for '{call.resource.id}' as admin user is disabled. Set "
            "adminUserEnabled to true, or use a token."
        )
        raise bad_request("UnAuthorizedForCredentialOperations", message)
    passwords = [{"name": name, "value": value} for name, value in call.resource.private.items()]
    return {"username": call.resource.name, "passwords": passwords}


PROVIDER = ResourceProvider(
    namespace="Microsoft.ContainerRegistry",
    types=(
        private_links.connection_type(REGISTRY),
        ResourceType(
            name=REGISTRY,
            shows=private_links.connections,
            tracked=True,
            names=NameRule(r"[A-Za-z0-9]{5,50}", "5 to 50 letters and digits"),
            unique=UniqueName("AlreadyInUse"),
            immutable=("properties.zoneRedundancy",),
            system_data=True,
            put=Answer.ASYNC_OPERATION,
            delete=Answer.LOCATION,
            complete=_complete,
            secrets=_secrets,
            actions={"listcredentials": _credentials},
        ),
    ),
)
