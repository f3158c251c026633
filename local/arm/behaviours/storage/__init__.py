"""Microsoft.Storage. Source: learn.microsoft.com/rest/api/storagerp."""

from local.arm.behaviours.storage import (
    accounts,
    blob_services,
    containers,
    immutability,
    other_services,
    policies,
    replication,
)
from local.arm.resource_types import ResourceProvider

PROVIDER = ResourceProvider(
    namespace="Microsoft.Storage",
    types=(
        *accounts.TYPES,
        *blob_services.TYPES,
        *containers.TYPES,
        *immutability.TYPES,
        *policies.TYPES,
        *replication.TYPES,
        *other_services.TYPES,
    ),
)
