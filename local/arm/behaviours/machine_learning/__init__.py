"""Microsoft.MachineLearningServices. Source: learn.microsoft.com/rest/api/azureml."""

from local.arm.behaviours.machine_learning import assets, computes, datastores, online, workspaces
from local.arm.resource_types import ResourceProvider

PROVIDER = ResourceProvider(
    namespace="Microsoft.MachineLearningServices",
    types=(*workspaces.TYPES, *datastores.TYPES, *computes.TYPES, *assets.TYPES, *online.TYPES),
)
