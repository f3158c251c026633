"""Connections of a workspace to the platform's other services: by Microsoft Entra or a managed identity, no secret."""

from collections.abc import Mapping
from enum import StrEnum

from pulumi_azure_native import machinelearningservices

from azure_ml_platform.args import Args, Input
from azure_ml_platform.component import PlatformComponent


class ConnectionCategory(StrEnum):
    """Kinds of services that a workspace connects to without a secret; the value is ARM's."""

    AZURE_SQL_DATABASE = "AzureSqlDb"
    """A database of Azure SQL."""
    DATABRICKS = "Databricks"
    """A Databricks workspace."""
    CONTAINER_REGISTRY = "ContainerRegistry"
    """A container registry."""
    DATA_LAKE = "ADLSGen2"
    """A storage account with a hierarchical namespace."""
    BLOB_STORAGE = "AzureBlob"
    """A storage account."""
    REDIS = "Redis"
    """A Redis cache, the online store of features."""


class ManagedIdentityArgs(Args):
    """The identity that a connection uses."""

    client_id: Input[str]
    """Required. Client id of the identity."""
    id: Input[str]
    """Required. Resource id of the identity."""


class ConnectionArgs(Args):
    """A connection to another service."""

    category: ConnectionCategory
    """Required. Kind of the service."""
    target: Input[str]
    """Required. Address or resource id of the service."""
    managed_identity: ManagedIdentityArgs | None = None
    """Optional. Identity that the connection uses. Default whoever works with the connection, signed in to Entra."""
    metadata: Mapping[str, Input[str]] = {}
    """Optional. What clients of the service want to know beside its address. Default none."""


def connections(
    owner: PlatformComponent,
    name: str,
    wanted: Mapping[str, ConnectionArgs],
    *,
    resource_group_name: Input[str],
    workspace_name: Input[str],
) -> "dict[str, machinelearningservices.WorkspaceConnection]":
    """Connect a workspace; the key of each connection is its name."""
    return {
        key: machinelearningservices.WorkspaceConnection(
            f"{name}-connection-{key}",
            connection_name=key,
            resource_group_name=resource_group_name,
            workspace_name=workspace_name,
            properties=_properties(connection),
            opts=owner.child(),
        )
        for key, connection in wanted.items()
    }


def _properties(
    connection: ConnectionArgs,
) -> (
    "machinelearningservices.AADAuthTypeWorkspaceConnectionPropertiesArgs"
    " | machinelearningservices.ManagedIdentityAuthTypeWorkspaceConnectionPropertiesArgs"
):
    if connection.managed_identity is None:
        return machinelearningservices.AADAuthTypeWorkspaceConnectionPropertiesArgs(
            auth_type="AAD",
            category=connection.category.value,
            target=connection.target,
            metadata=connection.metadata,
            is_shared_to_all=True,
        )
    return machinelearningservices.ManagedIdentityAuthTypeWorkspaceConnectionPropertiesArgs(
        auth_type="ManagedIdentity",
        category=connection.category.value,
        target=connection.target,
        metadata=connection.metadata,
        is_shared_to_all=True,
        credentials=machinelearningservices.WorkspaceConnectionManagedIdentityArgs(
            client_id=connection.managed_identity.client_id, resource_id=connection.managed_identity.id
        ),
    )
