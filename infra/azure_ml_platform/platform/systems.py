"""The systems of a platform, and what a stack shows of them."""

from collections.abc import Mapping, Sequence
from typing import Any

import pulumi

from azure_ml_platform.cloud import Cloud
from azure_ml_platform.component import PlatformComponent
from azure_ml_platform.components.asset_registry import AssetRegistry
from azure_ml_platform.components.blob_store import BlobStore
from azure_ml_platform.components.compute import Compute
from azure_ml_platform.components.data_lake import DataLake
from azure_ml_platform.components.databricks import Databricks
from azure_ml_platform.components.deployer import deployer
from azure_ml_platform.components.flow_log import FlowLog
from azure_ml_platform.components.identities import Identities
from azure_ml_platform.components.ingestion import Ingestion
from azure_ml_platform.components.key_vault import KeyVault
from azure_ml_platform.components.kubernetes import Kubernetes
from azure_ml_platform.components.machine_learning import MachineLearning
from azure_ml_platform.components.model_deployment import ModelDeployment
from azure_ml_platform.components.monitoring import Monitoring
from azure_ml_platform.components.network import Network
from azure_ml_platform.components.pipeline_identities import PipelineIdentities
from azure_ml_platform.components.registry import Registry
from azure_ml_platform.components.resource_groups import ResourceGroups
from azure_ml_platform.components.sql_database import SqlDatabase
from azure_ml_platform.components.sql_jobs import SqlJobs
from azure_ml_platform.components.workspace_links import WorkspaceLinks
from azure_ml_platform.settings import Settings
from azure_ml_platform.wiring import identities, model_deployment, network, resource_groups
from azure_ml_platform.wiring.private_links import PrivateLinks
from azure_ml_platform.wiring.stack import Stack


class Systems(PlatformComponent):
    """What a platform consists of, each system None until it is built; its attributes are the stack's outputs."""

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
    data_factory_name: pulumi.Output[str] | None
    """Name of the data factory; None where the stack has none, as for all about it."""
    data_factory_id: pulumi.Output[str] | None
    """Resource id of the data factory."""
    ingestion_sources: list[str]
    """Names of the sources that the factory reads, and of their pipelines."""
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

    def __init__(self, name: str, settings: Settings, opts: pulumi.ResourceOptions | None) -> None:
        """Create what every system needs: resource groups and identities."""
        super().__init__(name, opts, keep_sdk_aliases=settings.platform.keep_sdk_aliases)
        self._stack = Stack(settings, Cloud.current(), deployer(self))
        self.groups = ResourceGroups(f"{name}-groups", resource_groups.args(self._stack), self.child())
        self.identities = Identities(f"{name}-identities", identities.args(self._stack, self.groups), self.child())
        self.monitoring: Monitoring | None = None
        self.network: Network | None = None
        self._links: PrivateLinks | None = None
        self.key_vault: KeyVault | None = None
        self.registry: Registry | None = None
        self.blob_store: BlobStore | None = None
        self.flow_log: FlowLog | None = None
        self.data_lake: DataLake | None = None
        self.machine_learning: MachineLearning | None = None
        self.asset_registry: AssetRegistry | None = None
        self.compute: Compute | None = None
        self.deployments: dict[str, ModelDeployment] = {}
        self.databricks: Databricks | None = None
        self.databricks_objects = []
        self.kubernetes: Kubernetes | None = None
        self.sql: SqlDatabase | None = None
        self.sql_jobs: SqlJobs | None = None
        self.ingestion: Ingestion | None = None
        self.workspace_links: WorkspaceLinks | None = None
        self.pipeline: PipelineIdentities | None = None

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
        """Say what the systems are called and where they answer; to be called when all are built."""
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
        self.data_factory_name = self.ingestion.factory_name if self.ingestion else None
        self.data_factory_id = self.ingestion.factory_id if self.ingestion else None
        self.ingestion_sources = list(self.ingestion.pipelines) if self.ingestion else []
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
            "sample_calls": deployment.sample_calls,
        }
