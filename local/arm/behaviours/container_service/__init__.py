"""Microsoft.ContainerService. Source: learn.microsoft.com/rest/api/aks."""

from local.arm.behaviours.container_service import children, clusters, pools
from local.arm.resource_types import ResourceProvider

PROVIDER = ResourceProvider(
    namespace="Microsoft.ContainerService",
    types=(*clusters.TYPES, *pools.TYPES, *children.TYPES),
)
