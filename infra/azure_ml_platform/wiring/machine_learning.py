"""Arguments of the machine learning workspace."""

from collections.abc import Mapping

from azure_ml_platform.catalog.name_rules import Kind
from azure_ml_platform.components.blob_store import BlobStore
from azure_ml_platform.components.connections import ConnectionArgs, ConnectionCategory, ManagedIdentityArgs
from azure_ml_platform.components.identities import Identities
from azure_ml_platform.components.interfaces import DiagnosticsArgs, PrincipalArgs, PrincipalType, ScopeArgs
from azure_ml_platform.components.key_vault import KeyVault
from azure_ml_platform.components.machine_learning import (
    EncryptionArgs,
    MachineLearningArgs,
    ServerlessArgs,
    WorkspaceIdentityArgs,
)
from azure_ml_platform.components.managed_network import ManagedNetworkArgs, OutboundEndpointArgs
from azure_ml_platform.components.monitoring import Monitoring
from azure_ml_platform.components.registry import Registry
from azure_ml_platform.components.resource_groups import ResourceGroups
from azure_ml_platform.settings.areas.machine_learning import EncryptionSettings
from azure_ml_platform.vocabulary import IsolationMode, PrivateSystem
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
        network=_network(stack, store),
        serverless=ServerlessArgs() if wanted.isolation_mode is not IsolationMode.DISABLED else None,
        encryption=_encryption(wanted.encryption),
        connections=_connections(identities, registry),
        personas={
            persona: PrincipalArgs(name=f"{persona}s", principal_id=group, principal_type=PrincipalType.GROUP.value)
            for persona, group in wanted.personas.items()
        },
        public_network_access=wanted.public_network_access,
        high_business_impact=wanted.high_business_impact,
        image_build_cluster=wanted.image_build_cluster,
        private_endpoints=links.endpoints(PrivateSystem.MACHINE_LEARNING, groups) if links else {},
        diagnostics=DiagnosticsArgs(workspace_id=monitoring.log_analytics_id),
        protect=stack.protects_data,
    )


def _connections(identities: Identities, registry: Registry) -> Mapping[str, ConnectionArgs]:
    """Connections to the stack's other systems, by the identity of its jobs."""
    jobs = identities.by_role["compute"]
    by_jobs = ManagedIdentityArgs(client_id=jobs.client_id, id=jobs.id)
    return {
        "container-registry": ConnectionArgs(
            category=ConnectionCategory.CONTAINER_REGISTRY, target=registry.login_server, managed_identity=by_jobs
        )
    }


def _network(stack: Stack, store: BlobStore) -> ManagedNetworkArgs:
    """The managed network; where only approved calls pass, batch jobs need the queues and tables of the storage."""
    wanted = stack.settings.machine_learning
    closed = wanted.isolation_mode is IsolationMode.ALLOW_ONLY_APPROVED_OUTBOUND
    storage = stack.scope(Kind.STORAGE_ACCOUNT, store.account_id)
    endpoints = {
        f"storage-{part}": OutboundEndpointArgs(target=storage, subresource=part) for part in ("queue", "table")
    }
    return ManagedNetworkArgs(
        isolation_mode=wanted.isolation_mode,
        firewall_sku=wanted.firewall_sku,
        provision_now=wanted.provision_network_now,
        purposes=wanted.outbound_purposes,
        endpoints=endpoints if closed else {},
    )


def _encryption(wanted: EncryptionSettings | None) -> EncryptionArgs | None:
    if wanted is None:
        return None
    vault = ScopeArgs(name=wanted.key_vault_id.rpartition("/")[2], id=wanted.key_vault_id)
    return EncryptionArgs(key_vault=vault, key_id=wanted.key_id)
