"""The security pack: what a resource must be and must not be for the platform to be safe."""

from policies.kit.pack import Pack
from policies.kit.rule import BENCHMARK
from policies.security import (
    access,
    ai_services,
    aks_cluster,
    aks_nodes,
    databricks_workspace,
    defender,
    everywhere,
    key_vault,
    kubernetes_workloads,
    ml_compute,
    ml_endpoint,
    ml_workspace,
    monitoring,
    network,
    private_endpoints,
    registry,
    sql,
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
        sql.rules,
        aks_cluster.rules,
        aks_nodes.rules,
        kubernetes_workloads.rules,
        databricks_workspace.rules,
        ai_services.rules,
        network.rules,
        private_endpoints.rules,
        monitoring.rules,
        defender.rules,
    ),
)
"""The pack, before a profile sets its levels and limits."""
