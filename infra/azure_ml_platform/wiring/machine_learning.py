"""Arguments of the machine learning workspace."""

from azure_ml_platform.catalog.name_rules import Kind
from azure_ml_platform.components.blob_store import BlobStore
from azure_ml_platform.components.identities import Identities
from azure_ml_platform.components.interfaces import DiagnosticsArgs
from azure_ml_platform.components.key_vault import KeyVault
from azure_ml_platform.components.machine_learning import (
    MachineLearningArgs,
    ManagedNetworkArgs,
    WorkspaceIdentityArgs,
)
from azure_ml_platform.components.monitoring import Monitoring
from azure_ml_platform.components.registry import Registry
from azure_ml_platform.components.resource_groups import ResourceGroups
from azure_ml_platform.vocabulary import PrivateSystem
from azure_ml_platform.wiring.private_links import PrivateLinks
from azure_ml_platform.wiring.stack import Stack


def args(
    stack: Stack,
    groups: ResourceGroups,
    identities: Identities,
    store: BlobStore,
    vault: KeyVault,
    registry: Registry,
    monitoring: Monitoring,
    links: PrivateLinks | None,
) -> MachineLearningArgs:
    """The workspace, joined to everything that it works with."""
    wanted = stack.settings.machine_learning
    return MachineLearningArgs(
        **stack.place(groups),
        workspace_name=stack.name(Kind.MACHINE_LEARNING_WORKSPACE),
        identity=WorkspaceIdentityArgs(
            **dict(stack.principal(identities, "workspace")), id=identities.by_role["workspace"].id
        ),
        compute_identity=stack.principal(identities, "compute"),
        endpoint_identity=stack.principal(identities, "endpoint"),
        storage=stack.scope(Kind.STORAGE_ACCOUNT, store.account_id),
        key_vault=stack.scope(Kind.KEY_VAULT, vault.vault_id),
        registry=stack.scope(Kind.CONTAINER_REGISTRY, registry.registry_id),
        insights=stack.scope(Kind.APPLICATION_INSIGHTS, monitoring.application_insights_id),
        # A datastore's name allows no hyphen.
        containers={key.replace("-", "_"): container.name for key, container in store.containers.items()},
        storage_endpoint=stack.cloud.storage_suffix,
        network=ManagedNetworkArgs(
            isolation_mode=wanted.isolation_mode,
            firewall_sku=wanted.firewall_sku,
            provision_now=wanted.provision_network_now,
        ),
        public_network_access=wanted.public_network_access,
        high_business_impact=wanted.high_business_impact,
        image_build_cluster=wanted.image_build_cluster,
        private_endpoints=links.endpoints(PrivateSystem.MACHINE_LEARNING, groups) if links else {},
        diagnostics=DiagnosticsArgs(workspace_id=monitoring.log_analytics_id),
        protect=stack.protects_data,
    )
