"""Frees the names that a destroyed stack's resources still block: some types are only put aside when they are deleted.

Sources: learn.microsoft.com/azure/key-vault/general/soft-delete-overview,
.../azure/machine-learning/concept-soft-delete.
A Log Analytics workspace blocks nothing: creating it again recovers it.
"""

from collections.abc import Callable, Iterable, Mapping

from azure_ml_platform.catalog.resource_types import RESOURCE_TYPES
from ops.console import say
from ops.errors import OpsError
from ops.session import Session
from ops.state import Resource

VAULT = "azure-native:keyvault:Vault"
WORKSPACE = "azure-native:machinelearningservices:Workspace"


def purge(session: Session, destroyed: Iterable[Resource]) -> None:
    """Delete for good what of the destroyed resources was put aside; what Azure does not let us is told."""
    for resource in destroyed:
        action = _ACTIONS.get(resource.type)
        if action is None:
            continue
        try:
            action(session, resource)
        except OpsError as error:
            say(f"note: the name of {resource.id} stays blocked: {error}")


def _purge_vault(session: Session, vault: Resource) -> None:
    if vault.inputs["properties"].get("enablePurgeProtection"):
        say(f"note: {vault.id} is protected against purging, so its name stays blocked until its retention ends")
        return
    location = f"/subscriptions/{session.subscription_id}/providers/Microsoft.KeyVault/locations/"
    deleted = f"{location}{vault.inputs['location']}/deletedVaults/{vault.id.rsplit('/', 1)[-1]}"
    version = RESOURCE_TYPES[VAULT].api_version
    if session.azure.get(deleted, version) is not None:
        session.azure.post(f"{deleted}/purge", version)


def _purge_workspace(session: Session, workspace: Resource) -> None:
    session.azure.delete(workspace.id, RESOURCE_TYPES[WORKSPACE].api_version, "&forceToPurge=true")


_ACTIONS: Mapping[str, Callable[[Session, Resource], None]] = {VAULT: _purge_vault, WORKSPACE: _purge_workspace}
