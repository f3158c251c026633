"""Samples of the rules on the estimate of a whole stack."""

from policies.kit.kinds import ONLINE_DEPLOYMENT
from tests.unit.policies.samples.case import Case

IN_EAST_US = {"location": "eastus"}
SIZED = IN_EAST_US | {"properties": {"instanceType": "Standard_DS3_v2"}}

SECURITY: tuple[Case, ...] = ()

COST = (
    Case("estimate-ceiling", ONLINE_DEPLOYMENT, "sku.capacity", 2, 20, "passes", rest=SIZED),
    Case(
        *("estimate-coverage", ONLINE_DEPLOYMENT, "properties.instanceType"),
        *("Standard_DS3_v2", "Standard_D4_v99", "violates"),
        rest=IN_EAST_US,
    ),
    # The price of flow logs is of 2024: too old, whenever this is read. What is switched off uses no price.
    Case("estimate-price-age", "network:FlowLog", "enabled", False, True, "violates", rest=IN_EAST_US),
)
