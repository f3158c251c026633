"""Microsoft.Databricks: workspaces and access connectors."""

from local.arm.behaviours import private_links
from local.arm.behaviours.databricks import access_connectors, workspaces
from local.arm.databricks import WORKSPACE
from local.arm.resource_types import ResourceProvider

PROVIDER = ResourceProvider(
    namespace="Microsoft.Databricks",
    types=(workspaces.TYPE, private_links.connection_type(WORKSPACE), access_connectors.TYPE),
)
