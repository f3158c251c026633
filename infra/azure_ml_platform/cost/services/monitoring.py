"""Logs and alerts.

Source: learn.microsoft.com/azure/azure-monitor/cost-usage, .../logs/data-retention-configure: 31 days of retention come
with what a workspace takes in. A component of Application Insights is billed at its workspace.
"""

from collections.abc import Iterator

from azure_ml_platform.cost.assumptions import DAYS_PER_MONTH, Assumptions
from azure_ml_platform.cost.line import Basis, Item
from azure_ml_platform.cost.resource import NotPricedError, Resource, Resources
from azure_ml_platform.cost.services import Parts

_DAYS_INCLUDED = 31
_FREQUENCIES = {"PT1M": 1, "PT5M": 5, "PT10M": 10}
"""The minutes of the meters of log alerts; whatever is rarer is billed as every 15 minutes."""
_RAREST = 15


def _ingestion(workspace: Resource, _: Resources, terms: Assumptions) -> Iterator[Item]:
    if workspace.text("sku.name", "PerGB2018").casefold() != "pergb2018":
        raise NotPricedError("a workspace that does not pay per GB has no price here")
    cap = workspace.number("workspaceCapping.dailyQuotaGb", 0) if _capped(workspace) else 0
    most = cap * DAYS_PER_MONTH
    taken = min(terms.log_gb, most) if cap else terms.log_gb
    why = f"{taken:.4g} GB (log_gb{', as the daily cap lets in' if taken < terms.log_gb else ''})"
    yield Item("log-ingestion", taken, why, Basis.ASSUMED)


def _capped(workspace: Resource) -> bool:
    """Whether a day's logs have a limit; Azure writes -1 for none."""
    return workspace.get("workspaceCapping.dailyQuotaGb") not in (None, -1)


def _retention(workspace: Resource, _: Resources, terms: Assumptions) -> Iterator[Item]:
    days = workspace.number("retentionInDays", _DAYS_INCLUDED) - _DAYS_INCLUDED
    if days > 0:
        kept = terms.log_gb * days / DAYS_PER_MONTH
        why = f"{terms.log_gb:g} GB (log_gb) for {days:g} days more than come with it"
        yield Item("log-retention", kept, why, Basis.ASSUMED)


def _table(table: Resource, _: Resources, terms: Assumptions) -> Iterator[Item]:
    """A table of the plan Basic is billed apart from the others."""
    if table.text("plan").casefold() == "basic":
        why = f"{terms.basic_log_gb:g} GB (basic_log_gb)"
        yield Item("log-basic-ingestion", terms.basic_log_gb, why, Basis.ASSUMED)


def _metric_alert(alert: Resource, _: Resources, __: Assumptions) -> Iterator[Item]:
    """One time series for each condition on each resource; dimensions make it more."""
    if alert.get("enabled") is False:
        return
    conditions = list(alert.objects("criteria.allOf"))
    scopes = len(alert.elements("scopes"))
    yield Item("metric-alert", scopes * len(conditions), f"{scopes} x {len(conditions)} time series")
    dynamic = sum(each.text("criterionType").casefold() == "dynamicthresholdcriterion" for each in conditions)
    if dynamic:
        yield Item("metric-alert-dynamic", scopes * dynamic, f"{scopes} x {dynamic} dynamic thresholds")


def _log_alert(alert: Resource, _: Resources, __: Assumptions) -> Iterator[Item]:
    if alert.get("enabled") is False:
        return
    frequency = alert.text("evaluationFrequency", "PT15M")
    minutes = _FREQUENCIES.get(frequency.upper(), _RAREST)
    yield Item(f"log-alert-{minutes}-minutes", 1, f"1 rule, every {frequency}")


PARTS: Parts = {
    "dynamic:LogTable": (_table,),
    "monitor:MetricAlert": (_metric_alert,),
    "monitor:ScheduledQueryRule": (_log_alert,),
    "operationalinsights:Workspace": (_ingestion, _retention),
}
