"""Arguments of the workspace's links to its siblings."""

from collections.abc import Mapping

import pulumi

from azure_ml_platform.catalog.name_rules import Kind
from azure_ml_platform.components.blob_store import BlobStore
from azure_ml_platform.components.connections import ConnectionArgs, ConnectionCategory
from azure_ml_platform.components.data_lake import DataLake
from azure_ml_platform.components.databricks import Databricks
from azure_ml_platform.components.identities import Identities
from azure_ml_platform.components.interfaces import ScopeArgs
from azure_ml_platform.components.machine_learning import MachineLearning
from azure_ml_platform.components.managed_network import OutboundEndpointArgs
from azure_ml_platform.components.resource_groups import ResourceGroups
from azure_ml_platform.components.sql_database import SqlDatabase
from azure_ml_platform.components.workspace_links import WorkspaceLinksArgs
from azure_ml_platform.vocabulary import IsolationMode, PrivateSystem
from azure_ml_platform.wiring.private_links import PrivateLinks
from azure_ml_platform.wiring.stack import Stack

WORKSPACE = "workspace"


def args(
    stack: Stack,
    groups: ResourceGroups,
    identities: Identities,
    workspace: MachineLearning,
    store: BlobStore,
    lake: DataLake | None,
    database: SqlDatabase | None,
    databricks: Databricks | None,
    links: PrivateLinks | None,
) -> WorkspaceLinksArgs:
    """Connections to every sibling that there is, and rules to them where only approved calls leave the network."""
    closed = stack.settings.machine_learning.isolation_mode is IsolationMode.ALLOW_ONLY_APPROVED_OUTBOUND
    return WorkspaceLinksArgs(
        resource_group_name=groups.by_layer["platform"].name,
        tags=stack.settings.tags,
        workspace_name=workspace.workspace_name,
        identity=stack.principal(identities, WORKSPACE),
        connections=_connections(lake, database, databricks),
        endpoints=_endpoints(stack, lake, database, databricks) if closed else {},
        storage_endpoints=_storage_endpoints(stack, groups, store, links) if links else {},
    )


def _connections(
    lake: DataLake | None, database: SqlDatabase | None, databricks: Databricks | None
) -> Mapping[str, ConnectionArgs]:
    """Whoever uses one of them does so as themselves, signed in to Microsoft Entra."""
    found: dict[str, ConnectionArgs] = {}
    if lake:
        found["data-lake"] = ConnectionArgs(category=ConnectionCategory.DATA_LAKE, target=lake.dfs_endpoint)
    if database:
        found["sql-database"] = ConnectionArgs(
            category=ConnectionCategory.AZURE_SQL_DATABASE,
            target=database.host,
            metadata={"database": database.database_name},
        )
    if databricks:
        address = pulumi.Output.concat("https://", databricks.workspace_url)
        found["databricks"] = ConnectionArgs(category=ConnectionCategory.DATABRICKS, target=address)
    return found


def _endpoints(
    stack: Stack, lake: DataLake | None, database: SqlDatabase | None, databricks: Databricks | None
) -> Mapping[str, OutboundEndpointArgs]:
    found: dict[str, OutboundEndpointArgs] = {}
    if lake:
        target = stack.scope(Kind.DATA_LAKE, lake.account_id)
        # Spark of the workspace refines what lies there.
        for part in ("dfs", "blob"):
            found[f"data-lake-{part}"] = OutboundEndpointArgs(target=target, subresource=part, spark=True)
    if database:
        server = stack.scope(Kind.SQL_SERVER, database.server_id)
        found["sql-server"] = OutboundEndpointArgs(target=server, subresource="sqlServer")
    if databricks:
        target = stack.scope(Kind.DATABRICKS_WORKSPACE, databricks.workspace_id)
        found["databricks"] = OutboundEndpointArgs(target=target, subresource="databricks_ui_api")
    return found


def _storage_endpoints(
    stack: Stack, groups: ResourceGroups, store: BlobStore, links: PrivateLinks
) -> Mapping[str, ScopeArgs]:
    """The private endpoints of the workspace's storage, where studio is to show what is in it."""
    if not stack.settings.blob.studio:
        return {}
    wanted = links.endpoints(PrivateSystem.BLOB, groups, "data")
    return {
        group: ScopeArgs(name=made.name, id=endpoint.id, subscription_id=stack.deployer.subscription_id)
        for (group, made), endpoint in zip(wanted.items(), store.private_endpoints, strict=True)
    }
