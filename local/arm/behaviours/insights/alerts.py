"""Alerts that metric alert rules have fired, told from what was measured and the endpoint's clock.

A rule is evaluated each `evaluationFrequency` over the last `windowSize`, from its last change on. It fires when all
of its criteria are met, each by one combination of dimensions at least, and resolves by itself after three evaluations
in a row without that (learn.microsoft.com/azure/azure-monitor/alerts/alerts-types#metric-alerts). Minutes without a
measure meet no criterion.

Source of the form: learn.microsoft.com/rest/api/monitor/alertsmanagement/alerts.
"""

import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from operator import eq, ge, gt, le, lt

from local.arm.behaviours.insights.alert_rules import MINUTE
from local.arm.behaviours.insights.measures import Measure, aggregated, by_minute, measures
from local.arm.behaviours.insights.metric_alerts import METRIC_ALERT
from local.arm.behaviours.insights.metric_names import metric
from local.arm.clock import moment, timestamp
from local.arm.cloud import Cloud
from local.arm.documents import Json, member
from local.arm.durations import duration
from local.arm.identifiers import ResourceId
from local.arm.resource_types import View
from local.arm.store import Resource

NAME = "Microsoft.AlertsManagement/alerts"
KEPT = timedelta(days=30)
"""How far back alerts are told."""
HEALTHY_TO_RESOLVE = 3
OPERATORS = {"GreaterThan": gt, "GreaterThanOrEqual": ge, "LessThan": lt, "LessThanOrEqual": le, "Equals": eq}


@dataclass(frozen=True)
class Alert:
    """A time during which a rule's condition held for a target."""

    rule: Resource
    target: ResourceId
    fired: datetime
    resolved: datetime | None

    @property
    def id(self) -> ResourceId:
        """The alert's own id: the same each time it is told."""
        guid = str(uuid.uuid5(uuid.NAMESPACE_URL, f"{self.rule.id.key}|{self.target.key}|{timestamp(self.fired)}"))
        subscription = self.rule.id.subscription
        assert subscription is not None
        return subscription.extension(NAME, guid)


@dataclass(frozen=True)
class _Criterion:
    """One criterion over what was measured for a target: the series of each combination of its dimensions."""

    series: tuple[Mapping[datetime, float], ...]
    operator: str
    threshold: float
    aggregation: str

    def is_met(self, end: datetime, window: timedelta) -> bool:
        """Whether a series exceeds the threshold in the window that ends at a moment."""
        return any(self._is_met(values, end, window) for values in self.series)

    def _is_met(self, values: Mapping[datetime, float], end: datetime, window: timedelta) -> bool:
        found = aggregated(
            [value for minute, value in values.items() if end - window <= minute < end], self.aggregation
        )
        return found is not None and bool(OPERATORS[self.operator](found, self.threshold))


def alerts(cloud: Cloud) -> Iterator[Alert]:
    """All alerts of the last thirty days."""
    for rule in cloud.store.of_type(METRIC_ALERT):
        if rule.properties.get("enabled") is True:
            for scope in rule.properties["scopes"]:
                target = cloud.store.get(ResourceId.parse(scope))
                if target is not None:
                    yield from _of(cloud, rule, target)


def _of(cloud: Cloud, rule: Resource, target: Resource) -> Iterator[Alert]:
    """The alerts of one rule and target, in order of time."""
    now = cloud.clock.now()
    since = max(moment(rule.properties["lastUpdatedTime"]), now - KEPT)
    window, frequency = (duration(rule.properties[name]) for name in ("windowSize", "evaluationFrequency"))
    assert window is not None
    assert frequency is not None
    criteria = list(_criteria(cloud, rule, target, since - window))
    if not criteria:
        return
    fired: datetime | None = None
    healthy = 0
    for at in _evaluations(criteria, since, now, window, frequency):
        if all(criterion.is_met(at, window) for criterion in criteria):
            fired, healthy = fired or at, 0
        elif fired is not None:
            healthy += 1
            if healthy == HEALTHY_TO_RESOLVE and rule.properties.get("autoMitigate") is not False:
                yield Alert(rule, target.id, fired, at)
                fired = None
    if fired is not None:
        yield Alert(rule, target.id, fired, None)


def _evaluations(
    criteria: list[_Criterion], since: datetime, now: datetime, window: timedelta, frequency: timedelta
) -> list[datetime]:
    """The moments of evaluation that something was measured before, and as many after as resolve an alert."""
    minutes = {minute for criterion in criteria for values in criterion.series for minute in values}
    found: set[datetime] = set()
    for minute in minutes:
        at = _next(minute + MINUTE, frequency)
        while at <= minute + window + HEALTHY_TO_RESOLVE * frequency:
            found.add(at)
            at += frequency
    return sorted(at for at in found if since < at <= now)


def _next(earliest: datetime, frequency: timedelta) -> datetime:
    """The first evaluation that is not before a moment; they are at multiples of the frequency."""
    midnight = earliest.replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight - (midnight - earliest) // frequency * frequency


def _criteria(cloud: Cloud, rule: Resource, target: Resource, since: datetime) -> Iterator[_Criterion]:
    """The rule's criteria with a fixed threshold; thresholds that are learned are not told here."""
    for entry in member(rule.properties["criteria"], "allOf") or []:
        known = metric(target.type, str(entry.get("metricName")))
        if (
            known is None
            or entry.get("criterionType") == "DynamicThresholdCriterion"
            or entry.get("operator") not in OPERATORS
        ):
            continue
        wanted = entry.get("dimensions") or []
        split: dict[tuple[str, ...], list[Measure]] = {}
        for one in measures(cloud, target.id, known, since):
            if all(_fits(one, dimension) for dimension in wanted):
                key = tuple(one.dimensions.get(str(dimension["name"]).casefold(), "") for dimension in wanted)
                split.setdefault(key, []).append(one)
        series = tuple(by_minute(known, found) for found in split.values())
        yield _Criterion(series, entry["operator"], float(entry["threshold"]), entry["timeAggregation"])


def _fits(one: Measure, dimension: Json) -> bool:
    values = {str(value).casefold() for value in dimension.get("values") or []}
    found = one.dimensions.get(str(dimension.get("name")).casefold(), "").casefold()
    return ("*" in values or found in values) is (dimension.get("operator") != "Exclude")


def _document(alert: Alert) -> Json:
    severity = alert.rule.properties.get("severity", 3)
    last = alert.resolved or alert.fired
    essentials: Json = {
        "severity": f"Sev{severity}",
        "signalType": "Metric",
        "alertState": "New",
        "monitorCondition": "Resolved" if alert.resolved else "Fired",
        "monitorService": "Platform",
        "targetResource": alert.target.text,
        "targetResourceName": alert.target.name,
        "targetResourceGroup": alert.target.group.name if alert.target.group else "",
        "targetResourceType": alert.target.type.casefold(),
        "alertRule": alert.rule.id.text,
        "description": alert.rule.properties.get("description", ""),
        "startDateTime": timestamp(alert.fired),
        "lastModifiedDateTime": timestamp(last),
    }
    if alert.resolved:
        essentials["monitorConditionResolvedDateTime"] = timestamp(alert.resolved)
    return {
        "id": alert.id.text,
        "name": alert.rule.name,
        "type": NAME,
        "properties": {"essentials": essentials},
    }


def _list(cloud: Cloud, scope: ResourceId | None, query: Mapping[str, str]) -> list[Json]:
    """Alerts whose target lies at or below a scope, the latest first."""
    wanted = {
        name: query.get(name.casefold()) for name in ("monitorCondition", "targetResource", "alertRule", "severity")
    }
    found = [
        alert
        for alert in alerts(cloud)
        if scope is None or scope.key in {upper.key for upper in alert.target.upwards()}
    ]
    documents = [_document(alert) for alert in sorted(found, key=lambda one: one.fired, reverse=True)]
    return [document for document in documents if _is_wanted(document["properties"]["essentials"], wanted)]


def _is_wanted(essentials: Json, wanted: Mapping[str, str | None]) -> bool:
    return all(value is None or str(essentials[name]).casefold() == value.casefold() for name, value in wanted.items())


def _one(cloud: Cloud, id: ResourceId) -> Json | None:
    return next((_document(alert) for alert in alerts(cloud) if alert.id.key == id.key), None)


ALERTS_VIEW = View(name=NAME, list=_list, get=_one, shows_alerts=True)
