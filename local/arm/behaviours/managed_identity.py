"""Microsoft.ManagedIdentity.

Sources: learn.microsoft.com/rest/api/managedidentity/user-assigned-identities, .../federated-identity-credentials,
.../entra/workload-id/workload-identity-federation-considerations.
"""

import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

from local.arm.cloud import Cloud
from local.arm.documents import Json, reach
from local.arm.errors import ArmError, bad_request, conflict
from local.arm.identifiers import ResourceId
from local.arm.managed_identities import USER_ASSIGNED
from local.arm.resource_types import Change, NameRule, ResourceProvider, ResourceType
from local.arm.store import Resource

CREDENTIAL = f"{USER_ASSIGNED}/federatedIdentityCredentials"
MOST_CREDENTIALS = 20
WRITE_SECONDS = 0.02
"""How long Entra takes to write a credential."""
_busy: set[str] = set()
_guard = Lock()


@contextmanager
def writing(identity: ResourceId) -> Iterator[None]:
    """Hold an identity while one of its credentials is written; raises ArmError when it is held already."""
    with _guard:
        if identity.key in _busy:
            message = (
                "Too many Federated Identity Credentials are written concurrently for the managed identity "
                f"'{identity}'. Concurrent Federated Identity Credentials writes under the same managed identity are "
                "not supported."
            )
            raise conflict("ConcurrentFederatedIdentityCredentialsWritesForSingleManagedIdentity", message)
        _busy.add(identity.key)
    try:
        yield
    finally:
        with _guard:
            _busy.discard(identity.key)


def _write(_: Cloud, credential: Resource) -> Json:
    assert credential.id.parent is not None
    with writing(credential.id.parent):
        time.sleep(WRITE_SECONDS)
    return {}


def _erase(cloud: Cloud, credential: Resource) -> None:
    _write(cloud, credential)


def _principal(change: Change) -> Json:
    return {
        "properties": {
            "tenantId": change.cloud.directory.tenant_id,
            "principalId": change.keep("properties.principalId", lambda: str(uuid.uuid4())),
            "clientId": change.keep("properties.clientId", lambda: str(uuid.uuid4())),
        }
    }


def _check_content(change: Change) -> None:
    """An issuer over HTTPS, a subject, and exactly one audience."""
    issuer, subject = change.get("properties.issuer", ""), change.get("properties.subject", "")
    if not issuer.startswith("https://"):
        raise _refusal("issuer", issuer, "the https:// address of an issuer of tokens")
    if not subject.strip():
        raise _refusal("subject", subject, "the subject that tokens of the issuer name")
    audiences = change.get("properties.audiences", [])
    if len(audiences) != 1:
        raise _refusal("audiences", audiences, "a list with one audience, such as api://AzureADTokenExchange")


def _check_twin(change: Change) -> None:
    """Issuer and subject name one credential of an identity; an identity has at most twenty."""
    others = [other for other in _credentials(change) if other.id.key != change.id.key]
    pair = tuple(change.get(f"properties.{name}") for name in ("issuer", "subject"))
    for other in others:
        if tuple(reach(other.body, f"properties.{name}") for name in ("issuer", "subject")) == pair:
            message = (
                f"Issuer and subject combination already exists for this Managed Identity: '{other.name}' trusts "
                f"'{pair[1]}' of '{pair[0]}'."
            )
            raise conflict("Conflict", message)
    if len(others) >= MOST_CREDENTIALS:
        message = f"'{change.id.parent}' has {len(others)} federated identity credentials, the most that it may have."
        raise bad_request("BadRequest", message)


def _credentials(change: Change) -> list[Resource]:
    assert change.id.parent is not None
    return [other for other in change.cloud.store.below(change.id.parent) if other.type == CREDENTIAL]


def _refusal(name: str, found: object, rule: str) -> ArmError:
    path = f"properties.{name}"
    return bad_request("BadRequest", f"{path} is '{found}'; it must be {rule}.", target=path)


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
        ResourceType(
            name=CREDENTIAL,
            names=NameRule(
                r"[A-Za-z0-9][-\w]{2,119}", "3 to 120 letters, digits, '-' and '_', the first a letter or digit"
            ),
            provisioning_state=False,
            checks=(_check_content, _check_twin),
            provision=_write,
            deprovision=_erase,
        ),
    ),
)
