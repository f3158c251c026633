"""The security pack: what a resource must be and must not be for the platform to be safe."""

from policies.kit.pack import Pack
from policies.kit.rule import BENCHMARK
from policies.security import (
    access,
    everywhere,
    key_vault,
    ml_compute,
    ml_endpoint,
    ml_workspace,
    monitoring,
    registry,
    storage,
    storage_data,
)
from policies.security.limits import Limits

PACK = Pack(
    name="security",
    description="Azure resources are closed, encrypted, identified and watched",
    framework=BENCHMARK,
    limits=Limits,
    services=(
        everywhere.rules,
        access.rules,
        ml_workspace.rules,
        ml_compute.rules,
        ml_endpoint.rules,
        storage.rules,
        storage_data.rules,
        key_vault.rules,
        registry.rules,
        monitoring.rules,
    ),
)
"""The pack, before a profile sets its levels and limits."""
