"""The cost pack: what a resource may cost in the stack that it is in."""

from policies.cost import aks, databricks, estimate, ml_compute, ml_sizes, monitoring, network, sql, storage, tagging
from policies.cost.limits import Limits
from policies.kit.pack import Pack
from policies.kit.rule import WELL_ARCHITECTED

PACK = Pack(
    name="cost",
    description="Azure resources cost no more than their stack is worth",
    framework=WELL_ARCHITECTED,
    limits=Limits,
    services=(
        tagging.rules,
        ml_sizes.rules,
        ml_compute.rules,
        aks.rules,
        databricks.rules,
        sql.rules,
        storage.rules,
        network.rules,
        monitoring.rules,
        estimate.rules,
    ),
)
"""The pack, before a profile sets its levels and limits."""
