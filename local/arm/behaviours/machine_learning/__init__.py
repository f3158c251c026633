"""Microsoft.MachineLearningServices. Source: learn.microsoft.com/rest/api/azureml."""

from local.arm.behaviours.machine_learning import (
    assets,
    batch,
    computes,
    connections,
    datastores,
    feature_store,
    online,
    outbound_rules,
    quota,
    registries,
    schedules,
    serverless,
    workspaces,
)
from local.arm.resource_types import ResourceProvider

PROVIDER = ResourceProvider(
    namespace="Microsoft.MachineLearningServices",
    types=(
        *workspaces.TYPES,
        *outbound_rules.TYPES,
        *connections.TYPES,
        *datastores.TYPES,
        *computes.TYPES,
        *registries.TYPES,
        *assets.TYPES,
        *feature_store.TYPES,
        *online.TYPES,
        *batch.TYPES,
        *serverless.TYPES,
        *schedules.TYPES,
    ),
    views=quota.VIEWS,
)
