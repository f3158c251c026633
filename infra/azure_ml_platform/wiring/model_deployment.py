"""Arguments of the deployed models."""

from azure_ml_platform.catalog.name_rules import Kind
from azure_ml_platform.components.blob_store import BlobStore
from azure_ml_platform.components.identities import Identities
from azure_ml_platform.components.interfaces import DiagnosticsArgs, PrincipalArgs
from azure_ml_platform.components.machine_learning import MachineLearning
from azure_ml_platform.components.model_deployment import ModelDeploymentArgs
from azure_ml_platform.settings import ModelSettings
from azure_ml_platform.vocabulary import AuthMode
from azure_ml_platform.wiring import blob_store
from azure_ml_platform.wiring.stack import Stack


def args(
    stack: Stack,
    key: str,
    model: ModelSettings,
    workspace: MachineLearning,
    identities: Identities,
    store: BlobStore,
    diagnostics: DiagnosticsArgs | None,
) -> ModelDeploymentArgs:
    """A model that is switched on."""
    return ModelDeploymentArgs(
        location=stack.settings.platform.location,
        tags=stack.settings.tags,
        workspace_id=workspace.workspace_id,
        endpoint_name=stack.name(Kind.ONLINE_ENDPOINT, key),
        asset_name=key,
        identity_id=identities.by_role["endpoint"].id,
        upload=blob_store.upload(store, workspace) if model.uploads else None,
        callers={
            grant: PrincipalArgs(name=f"{key}-{grant}", principal_id=caller.object_id, principal_type=caller.kind.value)
            for grant, caller in model.callers.items()
        },
        token_scope=stack.cloud.machine_learning_scope,
        # What is served and how has the same names in the settings.
        **model.model_dump(exclude={"enabled", "callers"}),
        diagnostics=diagnostics,
    )


def token_scope(stack: Stack, model: ModelSettings) -> str | None:
    """Scope of the Microsoft Entra token that a caller needs, if it is one that it needs."""
    return stack.cloud.machine_learning_scope if model.auth_mode is AuthMode.AAD_TOKEN else None
