"""Arguments of the blob store."""

from azure_ml_platform.catalog.name_rules import Kind
from azure_ml_platform.catalog.roles import Role
from azure_ml_platform.components.blob_store import BlobStore, BlobStoreArgs, LifecycleArgs
from azure_ml_platform.components.identities import Identities
from azure_ml_platform.components.interfaces import DiagnosticsArgs, RoleAssignmentArgs
from azure_ml_platform.components.key_vault import KeyVault
from azure_ml_platform.components.machine_learning import MachineLearning
from azure_ml_platform.components.model_assets import UploadArgs
from azure_ml_platform.components.resource_groups import ResourceGroups
from azure_ml_platform.settings import BlobSettings
from azure_ml_platform.vocabulary import PrivateSystem
from azure_ml_platform.wiring import encryption
from azure_ml_platform.wiring.private_links import PrivateLinks
from azure_ml_platform.wiring.stack import Stack, network_access

KEY = "blob"
# Pages of Azure Machine Learning studio, which read a workspace's default account from the browser.
_STUDIO = ("https://ml.azure.com", "https://*.ml.azure.com", "https://mlworkspace.azure.ai")
_UPLOADS = "models"
_UPLOADER = "uploader"
_RUN_ARTEFACTS = ("logs", "exports")


def args(
    stack: Stack,
    groups: ResourceGroups,
    identities: Identities,
    vault: KeyVault | None,
    diagnostics: DiagnosticsArgs | None,
    links: PrivateLinks | None,
) -> BlobStoreArgs:
    """The account of the artefacts; whoever deploys may write to it when there is something to upload."""
    wanted = stack.settings.blob
    uploader = RoleAssignmentArgs(role=Role.STORAGE_BLOB_DATA_CONTRIBUTOR, principal=stack.deployer.principal)
    uploads_to = (_UPLOADS,) if uploads(stack) else ()
    return BlobStoreArgs(
        **stack.place(groups, "data"),
        account_name=stack.name(Kind.STORAGE_ACCOUNT),
        containers=tuple(dict.fromkeys((*wanted.containers, *uploads_to))),
        redundancy=wanted.redundancy,
        soft_delete_days=wanted.soft_delete_days,
        versioning=wanted.versioning,
        change_feed=wanted.change_feed,
        restore_days=wanted.restore_days,
        lifecycle=_lifecycle(wanted),
        sas_days=wanted.sas_expiration_days,
        key_days=wanted.key_expiration_days,
        cors_origins=_STUDIO if wanted.studio else (),
        customer_managed_key=encryption.key_of(stack, KEY, identities, vault),
        network=network_access(wanted),
        role_assignments={_UPLOADER: uploader} if uploads(stack) else {},
        subscription_id=stack.deployer.subscription_id,
        private_endpoints=links.endpoints(PrivateSystem.BLOB, groups, "data") if links else {},
        diagnostics=diagnostics,
        protect=stack.protects_data,
    )


def uploads(stack: Stack) -> bool:
    """Whether a model of the stack comes from the project's own files."""
    return any(model.uploads for model in stack.settings.active_models.values())


def upload(store: BlobStore, workspace: MachineLearning) -> UploadArgs:
    """Where artefacts go, the datastore that shows them, and the permission to put them there."""
    return UploadArgs(
        endpoint=store.blob_endpoint,
        container=store.containers[_UPLOADS].name,
        datastore=workspace.datastores[_UPLOADS].name,
        permission=store.role_assignments[_UPLOADER].id,
    )


def _lifecycle(wanted: BlobSettings) -> dict[str, LifecycleArgs]:
    rules = {}
    if wanted.cool_after_days or wanted.delete_versions_after_days:
        rules["ageing"] = LifecycleArgs(
            cool_after_days=wanted.cool_after_days, delete_versions_after_days=wanted.delete_versions_after_days
        )
    artefacts = [f"{container}/" for container in _RUN_ARTEFACTS if container in wanted.containers]
    if wanted.delete_after_days and artefacts:
        rules["run-artefacts"] = LifecycleArgs(prefixes=artefacts, delete_after_days=wanted.delete_after_days)
    return rules
