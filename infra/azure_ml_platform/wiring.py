"""Turns a stack's settings, and what other components made, into the arguments of each component."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from azure_ml_platform.args import Input
from azure_ml_platform.catalog.name_rules import Kind
from azure_ml_platform.catalog.roles import Role
from azure_ml_platform.cloud import Cloud
from azure_ml_platform.components.blob_store import BlobStore, BlobStoreArgs, LifecycleArgs
from azure_ml_platform.components.budget import BudgetArgs
from azure_ml_platform.components.compute import ClusterArgs, ComputeArgs
from azure_ml_platform.components.deployer import Deployer
from azure_ml_platform.components.identities import Identities, IdentitiesArgs
from azure_ml_platform.components.interfaces import (
    DiagnosticsArgs,
    NetworkAccessArgs,
    PrincipalArgs,
    RoleAssignmentArgs,
    ScopeArgs,
)
from azure_ml_platform.components.key_vault import KeyVault, KeyVaultArgs
from azure_ml_platform.components.machine_learning import (
    MachineLearning,
    MachineLearningArgs,
    ManagedNetworkArgs,
    WorkspaceIdentityArgs,
)
from azure_ml_platform.components.model_assets import UploadArgs
from azure_ml_platform.components.model_deployment import ModelDeploymentArgs
from azure_ml_platform.components.monitoring import Monitoring, MonitoringArgs
from azure_ml_platform.components.registry import Registry, RegistryArgs
from azure_ml_platform.components.resource_groups import ResourceGroups, ResourceGroupsArgs
from azure_ml_platform.settings import (
    BlobSettings,
    KeyVaultSettings,
    ModelSettings,
    RegistrySettings,
    Settings,
)
from azure_ml_platform.vocabulary import AuthMode, IsolationMode, Profile

_UPLOADS = "models"
_UPLOADER = "uploader"
_RUN_ARTEFACTS = ("logs", "exports")


@dataclass(frozen=True)
class Wiring:
    """The arguments of one stack's components."""

    settings: Settings
    cloud: Cloud
    deployer: Deployer

    @property
    def stateful_is_protected(self) -> bool:
        """Whether what holds data refuses to be deleted."""
        return self.settings.profile is Profile.PROD

    @property
    def uploads(self) -> bool:
        """Whether a model of the stack comes from the project's own files."""
        return any(model.uploads for model in self.settings.active_models.values())

    def resource_groups(self) -> ResourceGroupsArgs:
        """One group for data, where there is any, and one for what works on it."""
        layers = ("data", "platform") if self.settings.blob.enabled else ("platform",)
        return ResourceGroupsArgs(
            names={layer: self.settings.names.of(Kind.RESOURCE_GROUP, layer) for layer in layers},
            location=self.settings.platform.location,
            protect=self.stateful_is_protected,
            tags=self.settings.tags,
        )

    def monitoring(self, groups: ResourceGroups) -> MonitoringArgs:
        """Alerts go to the owner where nobody else is named."""
        wanted = self.settings.monitoring
        return MonitoringArgs(
            **self._place(groups),
            log_analytics_name=self.settings.names.of(Kind.LOG_ANALYTICS_WORKSPACE),
            application_insights_name=self.settings.names.of(Kind.APPLICATION_INSIGHTS),
            action_group_name=self.settings.names.of(Kind.ACTION_GROUP),
            action_group_short_name=self.settings.platform.workload,
            emails=self._receivers(wanted.alert_emails),
            retention_days=wanted.retention_days,
            daily_cap_gb=wanted.daily_quota_gb,
            sampling_percentage=wanted.sampling_percent,
            public_ingestion=wanted.public_ingestion,
            public_query=wanted.public_query,
            protect=self.stateful_is_protected,
        )

    def key_vault(self, groups: ResourceGroups, diagnostics: DiagnosticsArgs | None) -> KeyVaultArgs:
        """The vault of the workspace's connections."""
        wanted = self.settings.key_vault
        return KeyVaultArgs(
            **self._place(groups),
            vault_name=self.settings.names.of(Kind.KEY_VAULT),
            tenant_id=self.deployer.tenant_id,
            sku=wanted.sku,
            soft_delete_days=wanted.soft_delete_retention_days,
            purge_protection=wanted.purge_protection,
            network=_network(wanted),
            diagnostics=diagnostics,
            protect=self.stateful_is_protected,
        )

    def registry(self, groups: ResourceGroups, diagnostics: DiagnosticsArgs | None) -> RegistryArgs:
        """The registry of the workspace's images."""
        wanted = self.settings.registry
        return RegistryArgs(
            **self._place(groups),
            registry_name=self.settings.names.of(Kind.CONTAINER_REGISTRY),
            sku=wanted.sku,
            network=_network(wanted),
            zone_redundancy=wanted.zone_redundancy,
            untagged_retention_days=wanted.untagged_retention_days,
            diagnostics=diagnostics,
            protect=self.stateful_is_protected,
        )

    def blob_store(self, groups: ResourceGroups, diagnostics: DiagnosticsArgs | None) -> BlobStoreArgs:
        """The account of the artefacts; whoever deploys may write to it when there is something to upload."""
        wanted = self.settings.blob
        uploader = RoleAssignmentArgs(role=Role.STORAGE_BLOB_DATA_CONTRIBUTOR, principal=self.deployer.principal)
        uploads_to = (_UPLOADS,) if self.uploads else ()
        return BlobStoreArgs(
            **self._place(groups, "data"),
            account_name=self.settings.names.of(Kind.STORAGE_ACCOUNT),
            containers=tuple(dict.fromkeys((*wanted.containers, *uploads_to))),
            redundancy=wanted.redundancy,
            soft_delete_days=wanted.soft_delete_days,
            versioning=wanted.versioning,
            change_feed=wanted.change_feed,
            restore_days=wanted.restore_days,
            lifecycle=_lifecycle(wanted),
            sas_days=wanted.sas_expiration_days,
            network=_network(wanted),
            role_assignments={_UPLOADER: uploader} if self.uploads else {},
            subscription_id=self.deployer.subscription_id,
            diagnostics=diagnostics,
            protect=self.stateful_is_protected,
        )

    def identities(self, groups: ResourceGroups) -> IdentitiesArgs:
        """One identity for the workspace, one for its jobs, one for its endpoints."""
        names = {part: self._identity_name(part) for part in ("workspace", "compute", "endpoint")}
        return IdentitiesArgs(**self._place(groups), names=names)

    def machine_learning(
        self,
        groups: ResourceGroups,
        identities: Identities,
        store: BlobStore,
        vault: KeyVault,
        registry: Registry,
        monitoring: Monitoring,
    ) -> MachineLearningArgs:
        """The workspace, joined to everything that it works with."""
        wanted = self.settings.machine_learning
        return MachineLearningArgs(
            **self._place(groups),
            workspace_name=self.settings.names.of(Kind.MACHINE_LEARNING_WORKSPACE),
            identity=WorkspaceIdentityArgs(
                **dict(self._principal(identities, "workspace")), id=identities.by_role["workspace"].id
            ),
            compute_identity=self._principal(identities, "compute"),
            endpoint_identity=self._principal(identities, "endpoint"),
            storage=self._scope(Kind.STORAGE_ACCOUNT, store.account_id),
            key_vault=self._scope(Kind.KEY_VAULT, vault.vault_id),
            registry=self._scope(Kind.CONTAINER_REGISTRY, registry.registry_id),
            insights=self._scope(Kind.APPLICATION_INSIGHTS, monitoring.application_insights_id),
            # A datastore's name allows no hyphen.
            containers={key.replace("-", "_"): container.name for key, container in store.containers.items()},
            storage_endpoint=self.cloud.storage_suffix,
            network=ManagedNetworkArgs(
                isolation_mode=wanted.isolation_mode,
                firewall_sku=wanted.firewall_sku,
                provision_now=wanted.provision_network_now,
            ),
            public_network_access=wanted.public_network_access,
            high_business_impact=wanted.high_business_impact,
            image_build_cluster=wanted.image_build_cluster,
            diagnostics=DiagnosticsArgs(workspace_id=monitoring.log_analytics_id),
            protect=self.stateful_is_protected,
        )

    def compute(self, groups: ResourceGroups, workspace: MachineLearning, identities: Identities) -> ComputeArgs:
        """The clusters that are switched on."""
        return ComputeArgs(
            **self._place(groups),
            workspace_name=workspace.workspace_name,
            clusters={
                key: ClusterArgs(**cluster.model_dump(exclude={"enabled"}))
                for key, cluster in self.settings.compute.active_clusters.items()
            },
            identity_id=identities.by_role["compute"].id,
            node_public_ip=self.settings.machine_learning.isolation_mode is IsolationMode.DISABLED,
        )

    def deployment(
        self,
        key: str,
        model: ModelSettings,
        groups: ResourceGroups,
        workspace: MachineLearning,
        identities: Identities,
        store: BlobStore,
        diagnostics: DiagnosticsArgs | None,
    ) -> ModelDeploymentArgs:
        """A model that is switched on."""
        return ModelDeploymentArgs(
            **self._place(groups),
            workspace_name=workspace.workspace_name,
            endpoint_name=self.settings.names.of(Kind.ONLINE_ENDPOINT, key),
            asset_name=key,
            identity_id=identities.by_role["endpoint"].id,
            upload=self._upload(store) if model.uploads else None,
            # What is served and how has the same names in the settings.
            **model.model_dump(exclude={"enabled", "sample_request"}),
            diagnostics=diagnostics,
        )

    def _upload(self, store: BlobStore) -> UploadArgs:
        return UploadArgs(
            endpoint=store.blob_endpoint,
            container=store.containers[_UPLOADS].name,
            permission=store.role_assignments[_UPLOADER].id,
        )

    @property
    def data_lock_name(self) -> str:
        """Name of the lock on the group that holds data."""
        return self.settings.names.of(Kind.LOCK, "data")

    def token_scope(self, model: ModelSettings) -> str | None:
        """Scope of the Microsoft Entra token that a caller needs, if it is one that it needs."""
        return self.cloud.machine_learning_scope if model.auth_mode is AuthMode.AAD_TOKEN else None

    def budget(self, groups: ResourceGroups, monitoring: Monitoring | None) -> BudgetArgs:
        """The budget of all groups of the stack."""
        wanted = self.settings.budget
        assert wanted.start_date, "settings refuse a budget without its start"
        return BudgetArgs(
            subscription_id=self.deployer.subscription_id,
            budget_name=self.settings.names.of(Kind.BUDGET),
            resource_group_names=[group.name for group in groups.by_layer.values()],
            monthly_amount=wanted.monthly_amount,
            start_date=wanted.start_date,
            emails=self._receivers(wanted.contact_emails),
            action_group_ids=[monitoring.action_group_id] if monitoring else [],
            actual_thresholds=wanted.actual_thresholds,
            forecast_thresholds=wanted.forecast_thresholds,
        )

    def _identity_name(self, part: str) -> str:
        return self.settings.names.of(Kind.USER_ASSIGNED_IDENTITY, part)

    def _principal(self, identities: Identities, part: str) -> PrincipalArgs:
        return PrincipalArgs(name=self._identity_name(part), principal_id=identities.by_role[part].principal_id)

    def _scope(self, kind: Kind, resource_id: Input[str]) -> ScopeArgs:
        name = self.settings.names.of(kind)
        return ScopeArgs(name=name, id=resource_id, subscription_id=self.deployer.subscription_id)

    def _place(self, groups: ResourceGroups, layer: str = "platform") -> dict[str, Any]:
        """What every component is told: its resource group, its region, its tags."""
        return {
            "resource_group_name": groups.by_layer[layer].name,
            "location": self.settings.platform.location,
            "tags": self.settings.tags,
        }

    def _receivers(self, emails: Sequence[str]) -> Sequence[str]:
        return emails or (self.settings.platform.owner,)


def _network(wanted: KeyVaultSettings | RegistrySettings | BlobSettings) -> NetworkAccessArgs:
    return NetworkAccessArgs(public=wanted.public_network_access, allowed_ip_ranges=wanted.allowed_ip_ranges)


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
