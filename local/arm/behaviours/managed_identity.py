"""Microsoft.ManagedIdentity. Source: learn.microsoft.com/rest/api/managedidentity/user-assigned-identities."""

import uuid

from local.arm.documents import Json
from local.arm.managed_identities import USER_ASSIGNED
from local.arm.resource_types import Change, NameRule, ResourceProvider, ResourceType


def _principal(change: Change) -> Json:
    return {
        "properties": {
            "tenantId": change.cloud.directory.tenant_id,
            "principalId": change.keep("properties.principalId", lambda: str(uuid.uuid4())),
            "clientId": change.keep("properties.clientId", lambda: str(uuid.uuid4())),
        }
    }


PROVIDER = ResourceProvider(
    namespace="Microsoft.ManagedIdentity",
    types=(
        ResourceType(
            name=USER_ASSIGNED,
            tracked=True,
            names=NameRule(
                r"[A-Za-z0-9][-\w]{2,127}", "3 to 128 letters, digits, '-' and '_', the first a letter or digit"
            ),
            provisioning_state=False,
            complete=_principal,
        ),
    ),
)
