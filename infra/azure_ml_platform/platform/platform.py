"""The whole platform: the systems that a stack's settings switch on, joined."""

from collections.abc import Mapping, Sequence
from typing import Any

import pulumi

from azure_ml_platform.components.alerts import Alerts
from azure_ml_platform.components.asset_registry import AssetRegistry
from azure_ml_platform.components.blob_store import BlobStore
from azure_ml_platform.components.budget import Budget
from azure_ml_platform.components.compute import Compute
from azure_ml_platform.components.data_lake import DataLake
from azure_ml_platform.components.databricks import Databricks
from azure_ml_platform.components.databricks_objects import DatabricksObjects
from azure_ml_platform.components.flow_log import FlowLog
from azure_ml_platform.components.ingestion import Ingestion
from azure_ml_platform.components.interfaces import DiagnosticsArgs, WatchedArgs, lock
from azure_ml_platform.components.key_vault import KeyVault
from azure_ml_platform.components.kubernetes import Kubernetes
from azure_ml_platform.components.kubernetes_monitoring import KubernetesMonitoring
from azure_ml_platform.components.kubernetes_serving import KubernetesServing
from azure_ml_platform.components.kubernetes_workloads import KubernetesWorkloads
from azure_ml_platform.components.lake_datastores import LakeDatastores
from azure_ml_platform.components.machine_learning import MachineLearning
from azure_ml_platform.components.model_deployment import ModelDeployment
from azure_ml_platform.components.monitor_link import MonitorLink
from azure_ml_platform.components.monitoring import Monitoring
from azure_ml_platform.components.network import Network
from azure_ml_platform.components.pipeline_identities import PipelineIdentities
from azure_ml_platform.components.private_dns import PrivateDns
from azure_ml_platform.components.registry import Registry
from azure_ml_platform.components.sql_database import SqlDatabase
from azure_ml_platform.components.sql_jobs import SqlJobs
from azure_ml_platform.components.workbook import Workbook
from azure_ml_platform.components.workspace_links import WorkspaceLinks
from azure_ml_platform.platform.systems import Systems
from azure_ml_platform.settings import Settings
from azure_ml_platform.wiring import (
    alerts,
    asset_registry,
    blob_store,
    budget,
    compute,
    data_lake,
    databricks,
    ingestion,
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
    workspace_links,
)
from azure_ml_platform.wiring.private_links import PrivateLinks

_PARTS = "settings refuse a workspace without its parts"


class Platform(Systems):
    """An Azure machine learning platform; its attributes are the stack's outputs."""

    def __init__(
        self,
        name: str,
        settings: Settings,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Build every system that is switched on, in the order in which they need each other."""
        super().__init__(name, settings, opts)
        self.monitoring = self._monitoring(name) if settings.monitoring.enabled else None
        self._links = self._private_links(name) if settings.network.enabled else None
        if self.monitoring and settings.monitoring.private_link:
            link = monitoring.link(self._stack, self.groups, self.monitoring, self._links)
            MonitorLink(f"{name}-monitor-link", link, self.child())
        self.key_vault = self._key_vault(name) if settings.key_vault.enabled else None
        self.registry = self._registry(name) if settings.registry.enabled else None
        self.blob_store = self._blob_store(name) if settings.blob.enabled else None
        self.flow_log = self._flow_log(name) if self.network and settings.network.flow_logs else None
        self.data_lake = self._data_lake(name) if settings.data_lake.enabled else None
        if settings.machine_learning.enabled:
            self._machine_learning(name)
        if settings.databricks.enabled:
            self._databricks(name)
        if settings.kubernetes.enabled:
            self._kubernetes(name)
        if settings.sql.enabled:
            self._sql(name)
        self.ingestion = self._ingestion(name) if settings.ingestion.enabled else None
        if self.machine_learning:
            self.workspace_links = self._workspace_links(name, self.machine_learning)
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
            deployment = model_deployment.args(stack, key, model, workspace, principals, store, self._diagnostics)
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
        systems = (*stores, self.machine_learning, self.databricks, self.ingestion, self.kubernetes)
        watched = {key: one for system in systems if system for key, one in system.watched.items()}
        for model, deployment in self.deployments.items():
            watched |= {f"{model}-{key}": one for key, one in deployment.watched.items()}
        return watched

    def _kubernetes(self, name: str) -> None:
        """Build the cluster, then what is inside it, then the workspace's way to it."""
        stack, groups, principals = self._stack, self.groups, self.identities
        args = kubernetes.args(stack, groups, principals, self.registry, self._diagnostics, self._links)
        cluster = self.kubernetes = Kubernetes(f"{name}-kubernetes", args, self.child())
        if self.monitoring:
            watching = kubernetes.watching(stack, groups, cluster, self.monitoring)
            KubernetesMonitoring(f"{name}-kubernetes-monitoring", watching, self.child(depends_on=cluster.steps))
        inside: dict[str, Any] = {"depends_on": cluster.steps}
        if stack.settings.kubernetes.in_cluster:
            workloads = kubernetes.workloads(stack, groups, principals, cluster)
            ready = self.child(depends_on=[*cluster.steps, *cluster.access])
            objects = KubernetesWorkloads(f"{name}-kubernetes-workloads", workloads, ready)
            inside = {"depends_on": [*cluster.steps, objects], "providers": {"kubernetes": objects.provider}}
        if self.machine_learning and stack.settings.kubernetes.serving:
            serving = kubernetes.serving(stack, groups, principals, cluster, self.machine_learning)
            ready = self.child(**inside)
            KubernetesServing(f"{name}-kubernetes-serving", serving, ready)

    def _sql(self, name: str) -> None:
        """Build the database, and the jobs that keep it in order."""
        stack, groups, principals = self._stack, self.groups, self.identities
        database = self.sql = SqlDatabase(
            f"{name}-sql",
            sql.args(stack, groups, principals, self.key_vault, self._diagnostics, self._links),
            self.child(),
        )
        work = sql.jobs(stack, groups, principals, self._diagnostics, database)
        self.sql_jobs = SqlJobs(f"{name}-sql-jobs", work, self.child(depends_on=[database]))

    def _ingestion(self, name: str) -> Ingestion:
        assert self.data_lake is not None, "settings refuse data that has no lake to go to"
        place = (self._stack, self.groups, self.identities, self.key_vault)
        args = ingestion.args(*place, self.data_lake, self.sql, self._diagnostics, self._links)
        return Ingestion(f"{name}-ingestion", args, self.child())

    def _workspace_links(self, name: str, workspace: MachineLearning) -> WorkspaceLinks:
        """Join the workspace to its siblings, whose rules follow its own: its network changes one at a time."""
        assert self.blob_store is not None, _PARTS
        siblings = (self.data_lake, self.sql, self.databricks)
        args = workspace_links.args(
            self._stack, self.groups, self.identities, workspace, self.blob_store, *siblings, self._links
        )
        after = self.child(depends_on=list(workspace.outbound_rules))
        return WorkspaceLinks(f"{name}-workspace-links", args, after)

    def _lock_data(self, name: str, stores: Sequence[pulumi.Resource]) -> None:
        """Forbid deletion of the data; the roles on it are below the lock too, so they come before it."""
        group = self.groups.by_layer["data"]
        roles = [*(self.machine_learning.role_assignments if self.machine_learning else [])]
        roles += [self.flow_log.role_assignment] if self.flow_log else []
        roles += self.ingestion.approvals if self.ingestion else []
        roles += self.workspace_links.role_assignments if self.workspace_links else []
        lock(
            self,
            f"{name}-data-lock",
            resource_groups.data_lock_name(self._stack),
            group.id,
            depends_on=[group, *stores, *roles],
        )
