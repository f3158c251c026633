"""The whole platform: the systems that a stack's settings switch on, joined."""

from collections.abc import Mapping, Sequence
from typing import Any

import pulumi

from azure_ml_platform.cloud import Cloud
from azure_ml_platform.component import PlatformComponent
from azure_ml_platform.components.alerts import Alerts
from azure_ml_platform.components.asset_registry import AssetRegistry
from azure_ml_platform.components.blob_store import BlobStore
from azure_ml_platform.components.budget import Budget
from azure_ml_platform.components.compute import Compute
from azure_ml_platform.components.data_lake import DataLake
from azure_ml_platform.components.databricks import Databricks
from azure_ml_platform.components.databricks_objects import DatabricksObjects
from azure_ml_platform.components.deployer import deployer
from azure_ml_platform.components.flow_log import FlowLog
from azure_ml_platform.components.identities import Identities
from azure_ml_platform.components.interfaces import DiagnosticsArgs, WatchedArgs, lock
from azure_ml_platform.components.key_vault import KeyVault
from azure_ml_platform.components.kubernetes import Kubernetes
from azure_ml_platform.components.kubernetes_serving import KubernetesServing
from azure_ml_platform.components.kubernetes_workloads import KubernetesWorkloads
from azure_ml_platform.components.lake_datastores import LakeDatastores
from azure_ml_platform.components.machine_learning import MachineLearning
from azure_ml_platform.components.model_deployment import ModelDeployment
from azure_ml_platform.components.monitoring import Monitoring
from azure_ml_platform.components.network import Network
from azure_ml_platform.components.pipeline_identities import PipelineIdentities
from azure_ml_platform.components.private_dns import PrivateDns
from azure_ml_platform.components.registry import Registry
from azure_ml_platform.components.resource_groups import ResourceGroups
from azure_ml_platform.components.sql_database import SqlDatabase
from azure_ml_platform.components.sql_jobs import SqlJobs
from azure_ml_platform.components.workbook import Workbook
from azure_ml_platform.settings import Settings
from azure_ml_platform.wiring import (
    alerts,
    asset_registry,
    blob_store,
    budget,
    compute,
    data_lake,
    databricks,
    identities,
    key_vault,
    kubernetes,
    machine_learning,
    model_deployment,
    monitoring,
    network,
    pipeline,
    private_links,
    registry,
    resource_groups,
    sql,
    workbook,
)
from azure_ml_platform.wiring.private_links import PrivateLinks
from azure_ml_platform.wiring.stack import Stack

_PARTS = "settings refuse a workspace without its parts"


class Platform(PlatformComponent):
    """An Azure machine learning platform; its attributes are the stack's outputs."""

    subscription_id: pulumi.Output[str]
    """Subscription of all resources."""
    location: str
    """Azure region of all resources."""
    resource_groups: list[pulumi.Output[str]]
    """Names of the resource groups."""
    virtual_network_id: pulumi.Output[str] | None
    """Resource id of the virtual network; None where the stack has none."""
    egress_ip_addresses: list[pulumi.Output[str]]
    """Public addresses that the network calls out from."""
    workspace_name: pulumi.Output[str] | None
    """Name of the machine learning workspace; None where the stack has none, as for all about it."""
    workspace_id: pulumi.Output[str] | None
    """Resource id of the workspace."""
    workspace_resource_group: pulumi.Output[str] | None
    """Resource group of the workspace."""
    discovery_url: pulumi.Output[str] | None
    """Where clients find the workspace's services."""
    mlflow_tracking_uri: pulumi.Output[str] | None
    """Where MLflow tracks runs."""
    storage_account_name: pulumi.Output[str] | None
    """Storage account of the artefacts."""
    blob_endpoint: pulumi.Output[str] | None
    """Blob service of that account."""
    data_lake_name: pulumi.Output[str] | None
    """Storage account of the data lake; None where the stack has none, as for all about it."""
    data_lake_endpoint: pulumi.Output[str] | None
    """File system service of the lake."""
    data_lake_zones: list[str]
    """Zones of the lake; each is a container, and a datastore of the workspace."""
    key_vault_uri: pulumi.Output[str] | None
    """Address of the vault."""
    registry_login_server: pulumi.Output[str] | None
    """Host of the container registry."""
    log_analytics_workspace_id: pulumi.Output[str] | None
    """Resource id of the Log Analytics workspace."""
    application_insights_name: pulumi.Output[str] | None
    """Name of the Application Insights component."""
    databricks_workspace_id: pulumi.Output[str] | None
    """Resource id of the Databricks workspace; None where the stack has none, as for all about it."""
    databricks_workspace_url: pulumi.Output[str] | None
    """Host of the Databricks workspace."""
    databricks_objects: pulumi.Output[Sequence[Mapping[str, Any]]] | list[Mapping[str, Any]]
    """What is still to be made inside the workspace, in order; empty where the update makes it."""
    preview_client_id: pulumi.Output[str] | None
    """Client id that a pipeline previews with; None where the stack has no identities for one."""
    update_client_id: pulumi.Output[str] | None
    """Client id that a pipeline updates with."""
    kubernetes_cluster_name: pulumi.Output[str] | None
    """Name of the Kubernetes cluster; None where the stack has none, as for all about it."""
    kubernetes_cluster_id: pulumi.Output[str] | None
    """Resource id of the Kubernetes cluster."""
    kubernetes_oidc_issuer_url: pulumi.Output[str] | None
    """Issuer of the tokens of its service accounts."""
    sql_host: pulumi.Output[str] | None
    """Host of the SQL database."""
    sql_database_name: pulumi.Output[str] | None
    """Name of the SQL database."""
    compute_names: list[str]
    """Names of the compute clusters."""
    asset_registry_name: pulumi.Output[str] | None
    """Name of the registry of models and environments; None where the stack has none of its own."""
    instance_names: list[str]
    """Names of the compute instances."""
    datastore_names: list[str]
    """Names of the datastores."""
    studio_url: pulumi.Output[str] | None
    """Where the workspace opens in the browser."""
    sdk_config: pulumi.Output[Mapping[str, str]] | None
    """What config.json holds, from which azure-ai-ml and azureml find the workspace."""
    models: Mapping[str, Mapping[str, Any]]
    """Deployed models by name."""

    def __init__(
        self,
        name: str,
        settings: Settings,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Build every system that is switched on, in the order in which they need each other."""
        super().__init__(name, opts, keep_sdk_aliases=settings.platform.keep_sdk_aliases)
        self._stack = Stack(settings, Cloud.current(), deployer(self))
        self.groups = ResourceGroups(f"{name}-groups", resource_groups.args(self._stack), self.child())
        self.identities = Identities(f"{name}-identities", identities.args(self._stack, self.groups), self.child())
        self.monitoring = self._monitoring(name) if settings.monitoring.enabled else None
        self.network: Network | None = None
        self._links = self._private_links(name) if settings.network.enabled else None
        self.key_vault = self._key_vault(name) if settings.key_vault.enabled else None
        self.registry = self._registry(name) if settings.registry.enabled else None
        self.blob_store = self._blob_store(name) if settings.blob.enabled else None
        self.flow_log = self._flow_log(name) if self.network and settings.network.flow_logs else None
        self.data_lake = self._data_lake(name) if settings.data_lake.enabled else None
        self.machine_learning: MachineLearning | None = None
        self.asset_registry: AssetRegistry | None = None
        self.compute: Compute | None = None
        self.deployments: dict[str, ModelDeployment] = {}
        if settings.machine_learning.enabled:
            self._machine_learning(name)
        self.databricks: Databricks | None = None
        self.databricks_objects = []
        if settings.databricks.enabled:
            self._databricks(name)
        self.kubernetes: Kubernetes | None = None
        if settings.kubernetes.enabled:
            self._kubernetes(name)
        self.sql: SqlDatabase | None = None
        self.sql_jobs: SqlJobs | None = None
        if settings.sql.enabled:
            self._sql(name)
        if self.monitoring:
            self._watch(name, self.monitoring)
        self.pipeline = self._pipeline(name) if settings.pipeline.enabled else None
        if settings.budget.enabled:
            Budget(f"{name}-budget", budget.args(self._stack, self.groups, self.monitoring), self.child())
        stores = [store for store in (self.blob_store, self.data_lake, self.sql, self.sql_jobs) if store]
        if stores and self._stack.protects_data:
            self._lock_data(name, stores)
        self._set_outputs()
        self.finish()

    @property
    def _diagnostics(self) -> DiagnosticsArgs | None:
        return DiagnosticsArgs(workspace_id=self.monitoring.log_analytics_id) if self.monitoring else None

    def _monitoring(self, name: str) -> Monitoring:
        return Monitoring(f"{name}-monitoring", monitoring.args(self._stack, self.groups), self.child())

    def _pipeline(self, name: str) -> PipelineIdentities:
        return PipelineIdentities(f"{name}-pipeline", pipeline.args(self._stack, self.groups), self.child())

    def _private_links(self, name: str) -> PrivateLinks:
        """Build the network, unless somebody else did, and the zones for the names of private endpoints."""
        existing = self._stack.settings.network.existing
        if existing is None:
            args = network.args(self._stack, self.groups, self._diagnostics)
            self.network = Network(f"{name}-network", args, self.child())
        virtual_network_id, subnet_ids = network.place(self._stack, self.network)
        zones = private_links.zone_args(self._stack, self.groups, virtual_network_id)
        dns = PrivateDns(f"{name}-private-dns", zones, self.child())
        return PrivateLinks(self._stack, virtual_network_id, subnet_ids, dns)

    def _flow_log(self, name: str) -> FlowLog:
        assert self.network is not None
        assert self.blob_store is not None, "settings refuse flow logs without an account that keeps them"
        args = network.flow_log(self._stack, self.groups, self.network.virtual_network_id, self.blob_store)
        return FlowLog(f"{name}-flow-log", args, self.child())

    def _key_vault(self, name: str) -> KeyVault:
        args = key_vault.args(self._stack, self.groups, self.identities, self._diagnostics, self._links)
        return KeyVault(f"{name}-key-vault", args, self.child())

    def _registry(self, name: str) -> Registry:
        args = registry.args(self._stack, self.groups, self._diagnostics, self._links)
        return Registry(f"{name}-registry", args, self.child())

    def _blob_store(self, name: str) -> BlobStore:
        place = (self._stack, self.groups, self.identities, self.key_vault)
        args = blob_store.args(*place, self._diagnostics, self._links)
        return BlobStore(f"{name}-blob-store", args, self.child())

    def _data_lake(self, name: str) -> DataLake:
        place = (self._stack, self.groups, self.identities, self.key_vault)
        args = data_lake.args(*place, self._diagnostics, self._links)
        return DataLake(f"{name}-data-lake", args, self.child())

    def _machine_learning(self, name: str) -> None:
        """Build the workspace and what lives in it."""
        store, vault, images, logs = self.blob_store, self.key_vault, self.registry, self.monitoring
        assert store is not None, _PARTS
        assert vault is not None, _PARTS
        assert images is not None, _PARTS
        assert logs is not None, _PARTS
        stack, groups, principals = self._stack, self.groups, self.identities
        if wanted := stack.settings.machine_learning.asset_registry:
            shared = asset_registry.args(stack, wanted, groups, principals)
            self.asset_registry = AssetRegistry(f"{name}-asset-registry", shared, self.child())
        args = machine_learning.args(stack, groups, principals, store, vault, images, logs, self._links)
        workspace = self.machine_learning = MachineLearning(f"{name}-machine-learning", args, self.child())
        if self.data_lake:
            zones = data_lake.datastores(stack, groups, self.data_lake, workspace)
            LakeDatastores(f"{name}-lake-datastores", zones, self.child())
        if stack.settings.compute.active_clusters or stack.settings.compute.active_instances:
            self.compute = Compute(
                f"{name}-compute", compute.args(stack, groups, workspace, principals, self._links), self.child()
            )
        for key, model in stack.settings.active_models.items():
            deployment = model_deployment.args(
                stack, key, model, groups, workspace, principals, store, self._diagnostics
            )
            self.deployments[key] = ModelDeployment(f"{name}-{key}", deployment, self.child())

    def _databricks(self, name: str) -> None:
        """Build the workspace and what is inside it."""
        args = databricks.args(
            self._stack, self.groups, self.identities, self.machine_learning, self._diagnostics, self._links
        )
        workspace = self.databricks = Databricks(f"{name}-databricks", args, self.child())
        inside = databricks.objects(self._stack, self.identities, workspace, self.key_vault, self.data_lake)
        objects = DatabricksObjects(f"{name}-databricks-objects", inside, self.child())
        if not inside.declared:
            self.databricks_objects = objects.objects

    def _watch(self, name: str, logs: Monitoring) -> None:
        """Set the alerts on everything that there is, and draw the workbook of it."""
        rules = alerts.args(self._stack, self.groups, logs, self._watched)
        if rules is not None:
            Alerts(f"{name}-alerts", rules, self.child())
        if self._stack.settings.monitoring.workbook:
            shown = workbook.args(self._stack, self.groups, logs, self.deployments)
            Workbook(f"{name}-operations", shown, self.child())

    @property
    def _watched(self) -> Mapping[str, WatchedArgs]:
        """What every system says is to be watched, by a name that tells its alerts apart."""
        stores = (self.key_vault, self.blob_store, self.data_lake, self.sql, self.sql_jobs)
        systems = (*stores, self.machine_learning, self.databricks)
        watched = {key: one for system in systems if system for key, one in system.watched.items()}
        for model, deployment in self.deployments.items():
            watched |= {f"{model}-{key}": one for key, one in deployment.watched.items()}
        return watched

    def _kubernetes(self, name: str) -> None:
        """Build the cluster, then what is inside it, then the workspace's way to it."""
        stack, groups, principals = self._stack, self.groups, self.identities
        args = kubernetes.args(stack, groups, principals, self.registry, self._diagnostics)
        cluster = self.kubernetes = Kubernetes(f"{name}-kubernetes", args, self.child())
        inside: list[pulumi.Resource] = []
        if stack.settings.kubernetes.in_cluster:
            workloads = kubernetes.workloads(stack, groups, principals, cluster)
            ready = self.child(depends_on=[*cluster.steps, *cluster.access])
            inside = [KubernetesWorkloads(f"{name}-kubernetes-workloads", workloads, ready)]
        if self.machine_learning and stack.settings.kubernetes.serving:
            serving = kubernetes.serving(stack, groups, principals, cluster, self.machine_learning)
            ready = self.child(depends_on=[*cluster.steps, *inside])
            KubernetesServing(f"{name}-kubernetes-serving", serving, ready)

    def _sql(self, name: str) -> None:
        """Build the database, and the jobs that keep it in order."""
        stack, groups, principals = self._stack, self.groups, self.identities
        database = self.sql = SqlDatabase(
            f"{name}-sql", sql.args(stack, groups, principals, self._diagnostics, self._links), self.child()
        )
        work = sql.jobs(stack, groups, principals, database)
        self.sql_jobs = SqlJobs(f"{name}-sql-jobs", work, self.child(depends_on=[database]))

    def _lock_data(self, name: str, stores: Sequence[pulumi.Resource]) -> None:
        """Forbid deletion of the data; the roles on it are below the lock too, so they come before it."""
        group = self.groups.by_layer["data"]
        roles = [*(self.machine_learning.role_assignments if self.machine_learning else [])]
        roles += [self.flow_log.role_assignment] if self.flow_log else []
        lock(
            self,
            f"{name}-data-lock",
            resource_groups.data_lock_name(self._stack),
            group.id,
            depends_on=[group, *stores, *roles],
        )

    def _studio_url(self, workspace: MachineLearning) -> pulumi.Output[str]:
        studio, tenant_id = self._stack.cloud.studio, self._stack.deployer.tenant_id
        return pulumi.Output.format("{0}/?wsid={1}&tid={2}", studio, workspace.workspace_id, tenant_id)

    def _sdk_config(self, workspace: MachineLearning) -> pulumi.Output[Mapping[str, str]]:
        return pulumi.Output.all(
            subscription_id=self._stack.deployer.subscription_id,
            resource_group=self.groups.by_layer["platform"].name,
            workspace_name=workspace.workspace_name,
        )

    def _set_outputs(self) -> None:
        workspace, store, settings = self.machine_learning, self.blob_store, self._stack.settings
        self.subscription_id = self._stack.deployer.subscription_id
        self.location = settings.platform.location
        self.resource_groups = [group.name for group in self.groups.by_layer.values()]
        place = network.place(self._stack, self.network)[0] if self._links else None
        self.virtual_network_id = None if place is None else pulumi.Output.from_input(place)
        self.egress_ip_addresses = self.network.egress_addresses if self.network else []
        self.workspace_name = workspace.workspace_name if workspace else None
        self.workspace_id = workspace.workspace_id if workspace else None
        self.workspace_resource_group = self.groups.by_layer["platform"].name if workspace else None
        self.discovery_url = workspace.discovery_url if workspace else None
        self.mlflow_tracking_uri = workspace.mlflow_tracking_uri if workspace else None
        self.storage_account_name = store.account_name if store else None
        self.blob_endpoint = store.blob_endpoint if store else None
        lake = self.data_lake
        self.data_lake_name = lake.account_name if lake else None
        self.data_lake_endpoint = lake.dfs_endpoint if lake else None
        self.data_lake_zones = list(lake.zones) if lake else []
        self.key_vault_uri = self.key_vault.vault_uri if self.key_vault else None
        self.registry_login_server = self.registry.login_server if self.registry else None
        self.log_analytics_workspace_id = self.monitoring.log_analytics_id if self.monitoring else None
        self.application_insights_name = self.monitoring.application_insights_name if self.monitoring else None
        self.databricks_workspace_id = self.databricks.workspace_id if self.databricks else None
        self.databricks_workspace_url = self.databricks.workspace_url if self.databricks else None
        self.preview_client_id = self.pipeline.preview_client_id if self.pipeline else None
        self.update_client_id = self.pipeline.update_client_id if self.pipeline else None
        cluster = self.kubernetes
        self.kubernetes_cluster_name = cluster.cluster_name if cluster else None
        self.kubernetes_cluster_id = cluster.cluster_id if cluster else None
        self.kubernetes_oidc_issuer_url = cluster.oidc_issuer_url if cluster else None
        self.sql_host = self.sql.host if self.sql else None
        self.sql_database_name = self.sql.database_name if self.sql else None
        self.compute_names = list(settings.compute.active_clusters) if self.compute else []
        self.instance_names = list(settings.compute.active_instances) if self.compute else []
        self.asset_registry_name = self.asset_registry.registry_name if self.asset_registry else None
        self.datastore_names = list(workspace.datastores) if workspace else []
        self.studio_url = self._studio_url(workspace) if workspace else None
        self.sdk_config = self._sdk_config(workspace) if workspace else None
        self.models = {key: self._model(key, deployment) for key, deployment in self.deployments.items()}

    def _model(self, key: str, deployment: ModelDeployment) -> Mapping[str, Any]:
        model = self._stack.settings.active_models[key]
        return {
            "endpoint_name": deployment.endpoint_name,
            "endpoint_id": deployment.endpoint_id,
            "scoring_uri": deployment.scoring_uri,
            "swagger_uri": deployment.swagger_uri,
            "auth_mode": model.auth_mode.value,
            "token_scope": model_deployment.token_scope(self._stack, model),
            "sample_request": model.sample_request,
        }
