"""How Azure's retail price list names the meters of the price table.

Source: learn.microsoft.com/rest/api/cost-management/retail-prices/azure-retail-prices (fields), names as read 2026-11.
Meters that are not here keep the price that they have.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class RetailMeter:
    """What singles the rows of one meter out of the list."""

    service: str
    """`serviceName`."""
    unit: str
    """`unitOfMeasure`; the unit of the price table in Azure's words."""
    sku: str = ""
    """`skuName`, where it is needed."""
    product: str = ""
    """`productName`, where it is needed."""
    name_end: str = ""
    """End of `meterName`, where it is needed: its start may be the name of the tier."""
    size: str = ""
    """`armSkuName`, of machines."""
    tier_from: float = 0
    """`tierMinimumUnits`: what comes free is a tier of its own, from 0."""
    not_in_product: Sequence[str] = ()
    """Parts of `productName` that rule a row out."""
    not_in_sku: Sequence[str] = ()
    """Parts of `skuName` that rule a row out."""

    @property
    def query(self) -> str:
        """The list's own filter for it, in OData."""
        wanted = {
            "serviceName": self.service,
            "armSkuName": self.size,
            "skuName": self.sku,
            "productName": self.product,
        }
        return " and ".join(f"{name} eq '{value}'" for name, value in wanted.items() if value)


_HOUR, _GB, _GB_MONTH = "1 Hour", "1 GB", "1 GB/Month"
_LOGS, _MONITOR, _NETWORK, _WATCHER = "Log Analytics", "Azure Monitor", "Virtual Network", "Network Watcher"
_PAYG = "Pay-as-you-go"
_LINK = "Virtual Network Private Link"

_METERS: Mapping[str, RetailMeter] = {
    **{
        f"acr-{tier.lower()}": RetailMeter("Container Registry", "1/Day", sku=tier, name_end="Registry Unit")
        for tier in ("Basic", "Standard", "Premium")
    },
    "acr-storage": RetailMeter("Container Registry", _GB_MONTH, sku="Basic", name_end="Data Stored"),
    "aks-standard": RetailMeter("Azure Kubernetes Service", _HOUR, sku="Standard"),
    **{
        f"dbu-{tier.lower()}-{work.lower().replace(' ', '-')}": RetailMeter(
            "Azure Databricks", _HOUR, sku=f"{tier} {work} Compute"
        )
        for tier in ("Premium", "Standard")
        for work in ("All-purpose", "Jobs", "Jobs Light")
    },
    "flow-log": RetailMeter(_WATCHER, _GB, name_end="Network Logs Collected", tier_from=5),
    "load-balancer-data": RetailMeter("Load Balancer", _GB, sku="Standard", name_end="Data Processed"),
    "log-archive": RetailMeter(_MONITOR, _GB_MONTH, sku="Data Archive", name_end="Data Archive"),
    "log-basic-ingestion": RetailMeter(_MONITOR, _GB, sku="Basic Logs", name_end="Data Ingestion"),
    "log-ingestion": RetailMeter(_LOGS, _GB, sku=_PAYG, name_end="Data Ingestion", tier_from=5),
    "log-retention": RetailMeter(_LOGS, _GB_MONTH, sku=_PAYG, name_end="Data Retention"),
    "metric-alert": RetailMeter(_MONITOR, "1", name_end="Alerts Metric Monitored", tier_from=10),
    "metric-alert-dynamic": RetailMeter(_MONITOR, "1", name_end="Alerts Dynamic Threshold"),
    "private-endpoint": RetailMeter(_NETWORK, _HOUR, product=_LINK, name_end="Private Endpoint"),
    "private-endpoint-data": RetailMeter(_NETWORK, _GB, product=_LINK, name_end="Data Processed - Ingress"),
    "public-ip": RetailMeter(_NETWORK, _HOUR, product="IP Addresses", sku="Standard", name_end="Static Public IP"),
    "traffic-analytics-10": RetailMeter(_WATCHER, _GB, name_end="Processing at 10-Minute Interval"),
    "traffic-analytics-60": RetailMeter(_WATCHER, _GB, name_end="Traffic Analytics Processing"),
}


def find(meter: str) -> RetailMeter | None:
    """How the list names a meter of the price table; None where that is not known."""
    if meter.startswith("vm/"):
        others = ("Spot", "Low Priority")
        size = meter.removeprefix("vm/")
        return RetailMeter("Virtual Machines", _HOUR, size=size, not_in_product=("Windows",), not_in_sku=others)
    return _METERS.get(meter)
