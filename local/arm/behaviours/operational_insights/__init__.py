"""Microsoft.OperationalInsights. Source: learn.microsoft.com/rest/api/loganalytics."""

from local.arm.behaviours.operational_insights import tables, workspaces
from local.arm.resource_types import ResourceProvider

PROVIDER = ResourceProvider(namespace="Microsoft.OperationalInsights", types=(*workspaces.TYPES, *tables.TYPES))
