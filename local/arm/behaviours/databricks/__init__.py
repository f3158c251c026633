"""Microsoft.Databricks: workspaces and access connectors."""

from local.arm.behaviours.databricks import access_connectors, workspaces
from local.arm.resource_types import ResourceProvider

PROVIDER = ResourceProvider(namespace="Microsoft.Databricks", types=(workspaces.TYPE, access_connectors.TYPE))
