"""What an estimate takes for granted: how much is used, and on which terms it is bought.

The stack's setting `cost` says it; what that leaves out comes from the table of the profile here, which the settings
themselves use too. So the policy pack, which loads no settings, estimates as everything else does.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any

HOURS_PER_MONTH = 730
"""Hours of a month, as Azure's own calculator counts them."""
DAYS_PER_MONTH = HOURS_PER_MONTH / 24

_KEY = "azure-ml-platform:cost"


class AssumptionError(Exception):
    """An assumption that cannot be used; the message names the setting, the value and the rule."""


def _of(unit: str) -> Any:
    return field(metadata={"unit": unit})


@dataclass(frozen=True, kw_only=True)
class Assumptions:
    """Quantities are per month, and for each resource of their kind."""

    cluster_hours: float = _of("h")
    """Time in which a training cluster has all of its nodes."""
    instance_hours: float = _of("h")
    """Time in which a compute instance runs."""
    deployment_peak_hours: float = _of("h")
    """Time in which a deployment that scales has all of its instances."""
    kubernetes_peak_hours: float = _of("h")
    """Time in which a node pool that scales has all of its nodes."""
    databricks_hours: float = _of("h")
    """Time in which a Databricks workspace runs job clusters."""
    databricks_nodes: float = _of("nodes")
    """Machines of those clusters, drivers among them."""
    databricks_node_type: str = _of("")
    """Size of those machines."""
    sql_active_hours: float = _of("h")
    """Time in which a serverless database is awake."""
    sql_active_vcores: float = _of("vCores")
    """Processors that it uses then."""
    sql_backup_gb: float = _of("GB")
    """Backups beyond what comes with a database: as much as its largest size."""
    sql_long_term_gb: float = _of("GB")
    """Backups kept for years, of a database that keeps them."""
    blob_gb: float = _of("GB")
    """Data in a storage account without a hierarchical namespace."""
    lake_gb: float = _of("GB")
    """Data in a storage account with one."""
    storage_writes_10k: float = _of("x 10k operations")
    """Writes to a storage account."""
    storage_reads_10k: float = _of("x 10k operations")
    """Reads from a storage account."""
    malware_scan_gb: float = _of("GB")
    """Uploads that Defender scans, of an account where it does."""
    log_gb: float = _of("GB")
    """Logs that a Log Analytics workspace takes in."""
    basic_log_gb: float = _of("GB")
    """Logs that each table of the plan Basic takes in."""
    flow_log_gb: float = _of("GB")
    """Records of a flow log."""
    nat_gb: float = _of("GB")
    """Data through a NAT gateway."""
    firewall_gb: float = _of("GB")
    """Data through the firewall of a managed network."""
    private_endpoint_gb: float = _of("GB")
    """Data through a private endpoint."""
    peering_gb: float = _of("GB")
    """Data through a peering of virtual networks, each way."""
    registry_gb: float = _of("GB")
    """Images in a registry."""
    key_operations_10k: float = _of("x 10k operations")
    """Operations on a key vault."""

    currency: str = "USD"
    """Currency of the estimate, as ISO 4217 writes it."""
    exchange_rate: float = field(default=1.0, metadata={"unit": "per USD"})
    """What one US dollar is in that currency."""
    discount_percent: float = field(default=0.0, metadata={"unit": "%"})
    """What is off Azure's list prices."""
    region_factor: float | None = field(default=None, metadata={"unit": "x East US"})
    """Factor on prices that are known of other regions only; None for the catalogue's."""
    prices: Mapping[str, float] = field(default_factory=dict)
    """One's own prices by meter, in that currency, instead of the table's."""

    @property
    def rate(self) -> float:
        """What a list price in US dollars is multiplied by."""
        return self.exchange_rate * (1 - self.discount_percent / 100)

    def text(self) -> list[str]:
        """Every assumption with its unit, as it is printed beside the totals."""
        shown = {each.name: getattr(self, each.name) for each in fields(self) if each.name != "prices"}
        units = {each.name: each.metadata.get("unit", "") for each in fields(self)}
        own = [f"price of {meter}: {price:g} {self.currency}" for meter, price in sorted(self.prices.items())]
        return [_shown(name, value, units[name]) for name, value in shown.items()] + own


def assumptions(profile: str, changes: Mapping[str, Any] | None = None) -> Assumptions:
    """A profile's assumptions with the changes of the stack's setting `cost`; raises AssumptionError.

    An unknown profile has the assumptions of production, as it has its rules.
    """
    base = DEFAULTS.get(profile, DEFAULTS["prod"])
    known = [each.name for each in fields(base)]
    for name, value in (changes or {}).items():
        if name not in known:
            raise AssumptionError(f"there is no setting {_KEY}.{name}; there are {', '.join(known)}")
        _check(name, value, getattr(base, name))
    return replace(base, **(changes or {}))


def _check(name: str, value: Any, before: Any) -> None:
    if name == "prices":
        valid = isinstance(value, Mapping) and all(map(_is_amount, value.values()))
        must = "prices of 0 or more by meter"
    elif isinstance(before, str):
        valid, must = isinstance(value, str), "a text"
    else:
        valid, must = _is_amount(value) or (value is before is None), "a number of 0 or more"
    if not valid:
        raise AssumptionError(f"the setting {_KEY}.{name} is {value!r}, must be {must}")


def _is_amount(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value < float("inf")


def _shown(name: str, value: Any, unit: str) -> str:
    if value is None or isinstance(value, str):
        return f"{name}: {value or 'none'}"
    return f"{name}: {value:g} {unit}".rstrip()


_DEV = Assumptions(
    cluster_hours=20,
    instance_hours=60,
    deployment_peak_hours=0,
    kubernetes_peak_hours=10,
    databricks_hours=20,
    databricks_nodes=2,
    databricks_node_type="Standard_D4ds_v5",
    sql_active_hours=60,
    sql_active_vcores=1,
    sql_backup_gb=0,
    sql_long_term_gb=0,
    blob_gb=50,
    lake_gb=100,
    storage_writes_10k=20,
    storage_reads_10k=100,
    malware_scan_gb=0,
    log_gb=10,
    basic_log_gb=0,
    flow_log_gb=0,
    nat_gb=50,
    firewall_gb=20,
    private_endpoint_gb=10,
    peering_gb=10,
    registry_gb=40,
    key_operations_10k=5,
)
_PROD = replace(
    _DEV,
    cluster_hours=80,
    deployment_peak_hours=100,
    kubernetes_peak_hours=100,
    databricks_hours=80,
    databricks_nodes=3,
    databricks_node_type="Standard_D8ds_v5",
    sql_active_hours=300,
    sql_active_vcores=2,
    sql_backup_gb=50,
    sql_long_term_gb=100,
    blob_gb=500,
    lake_gb=1000,
    storage_writes_10k=200,
    storage_reads_10k=1000,
    malware_scan_gb=100,
    log_gb=60,
    basic_log_gb=10,
    flow_log_gb=20,
    nat_gb=200,
    firewall_gb=100,
    private_endpoint_gb=50,
    peering_gb=100,
    registry_gb=200,
    key_operations_10k=50,
)
DEFAULTS: Mapping[str, Assumptions] = {"local": _DEV, "dev": _DEV, "prod": _PROD}
"""Assumptions by profile."""
