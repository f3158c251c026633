"""Sizes of a SQL database: the DTU model and the vCore model on generation 5 hardware.

Sources: learn.microsoft.com/azure/azure-sql/database/resource-limits-dtu-single-databases,
.../resource-limits-vcore-single-databases, .../serverless-tier-overview.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from local.arm.documents import Json
from local.arm.errors import ArmError, bad_request
from local.arm.resource_types import Change

GIB = 1024**3
_DTUS = {
    "Basic": {"Basic": 5},
    "Standard": {
        "S0": 10,
        "S1": 20,
        "S2": 50,
        "S3": 100,
        "S4": 200,
        "S6": 400,
        "S7": 800,
        "S9": 1600,
        "S12": 3000,
    },
    "Premium": {"P1": 125, "P2": 250, "P4": 500, "P6": 1000, "P11": 1750, "P15": 4000},
}
"""Service objectives of the DTU model with their DTUs, by tier."""
_PROVISIONED = (2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 24, 32, 40, 80, 128)
_SERVERLESS = (1, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 24, 32, 40, 80)
_VCORES = {
    "GP_Gen5": ("GeneralPurpose", "Gen5", _PROVISIONED),
    "GP_S_Gen5": ("GeneralPurpose", "Gen5", _SERVERLESS),
    "BC_Gen5": ("BusinessCritical", "Gen5", _PROVISIONED),
    "HS_Gen5": ("Hyperscale", "Gen5", _PROVISIONED),
    "HS_S_Gen5": ("Hyperscale", "Gen5", _SERVERLESS[1:]),
    "HS_PRMS": ("Hyperscale", "PRMS", _PROVISIONED),
    "HS_MOPRMS": ("Hyperscale", "MOPRMS", _PROVISIONED),
}
"""Tier, hardware and vCores by name."""
_MOST_BYTES = {"Basic": 2 * GIB, "Standard": 1024 * GIB, "Premium": 4096 * GIB}
_DEFAULT: Json = {"name": "GP_Gen5", "capacity": 2}


@dataclass(frozen=True)
class Sku:
    """The size that a database was asked for."""

    name: str
    """As GET shows it: `Standard`, `GP_S_Gen5`."""
    tier: str
    family: str | None
    """Hardware; None in the DTU model."""
    capacity: int
    """DTUs or vCores."""
    objective: str
    """The service objective: `S1`, `GP_S_Gen5_1`."""

    @property
    def is_serverless(self) -> bool:
        """Whether compute is billed by use."""
        return "_S_" in self.name

    @property
    def is_vcore(self) -> bool:
        """Whether this is the vCore model."""
        return self.family is not None

    @property
    def least_vcores(self) -> float:
        """The least `minCapacity` of a serverless database: an eighth of its vCores, half a vCore at least."""
        return max(0.5, self.capacity / 8)

    @property
    def most_bytes(self) -> int:
        """The largest `maxSizeBytes`; Hyperscale is not limited by it."""
        return 128 * 1024 * GIB if self.tier == "Hyperscale" else _MOST_BYTES.get(self.tier, 4096 * GIB)

    def document(self) -> Json:
        """As GET shows it."""
        family = {"family": self.family} if self.family else {}
        return {"name": self.name, "tier": self.tier, **family, "capacity": self.capacity}


def sku_of(change: Change, current: Json | None = None) -> Sku:
    """The size that a change asks for, else the present one, else Azure's default.

    Raises ArmError InvalidSkuName, MismatchedSkuNameAndTier, MismatchedSkuNameAndFamily or
    MismatchedSkuNameAndCapacity.
    """
    asked: Json = change.get("sku", {}) or current or _DEFAULT
    if not asked.get("name"):
        raise bad_request("MissingSkuName", "Sku name is required.", target="sku.name")
    sku = _known(str(asked["name"]), asked.get("capacity"))
    if asked.get("tier") and str(asked["tier"]).casefold() != sku.tier.casefold():
        message = f"Sku name '{asked['name']}' is of tier '{sku.tier}'; tier '{asked['tier']}' was sent."
        raise bad_request("MismatchedSkuNameAndTier", message, target="sku.tier")
    if asked.get("family") and str(asked["family"]).casefold() != str(sku.family).casefold():
        message = f"Sku name '{asked['name']}' has hardware '{sku.family}'; family '{asked['family']}' was sent."
        raise bad_request("MismatchedSkuNameAndFamily", message, target="sku.family")
    return sku


def _known(name: str, capacity: int | None) -> Sku:
    for tier, objectives in _DTUS.items():
        for objective, dtus in objectives.items():
            if name.casefold() == objective.casefold() or (
                name.casefold() == tier.casefold() and capacity in (None, dtus)
            ):
                return Sku(tier, tier, None, dtus, objective)
    stem, _, size = name.rpartition("_")
    for known, (tier, family, sizes) in _VCORES.items():
        if known.casefold() == name.casefold():
            return _vcores(known, tier, family, sizes, capacity if capacity is not None else sizes[0])
        if known.casefold() == stem.casefold() and size.isdigit():
            return _vcores(known, tier, family, sizes, int(size))
    if name.casefold() in {tier.casefold() for tier in _DTUS}:
        raise _mismatch(name, capacity, _DTUS[name.capitalize()].values())
    names = ", ".join((*_DTUS, *_VCORES))
    message = (
        f"Invalid SKU name '{name}'. This local Azure knows {names}, and service objectives such as S1 or GP_Gen5_2."
    )
    raise bad_request("InvalidSkuName", message, target="sku.name")


def _vcores(name: str, tier: str, family: str, sizes: tuple[int, ...], capacity: int) -> Sku:
    if capacity not in sizes:
        raise _mismatch(name, capacity, sizes)
    return Sku(name, tier, family, capacity, f"{name}_{capacity}")


def _mismatch(name: str, capacity: int | None, sizes: Iterable[int]) -> ArmError:
    listed = ", ".join(str(size) for size in sizes)
    message = f"Sku '{name}' does not come with capacity {capacity}; it comes with {listed}."
    return bad_request("MismatchedSkuNameAndCapacity", message, target="sku.capacity")
