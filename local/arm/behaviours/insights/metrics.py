"""The metrics API. Source: learn.microsoft.com/rest/api/monitor/metrics, .../metric-definitions."""

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta

from local.arm.behaviours.insights.alert_rules import DAY, HOUR, MINUTE
from local.arm.behaviours.insights.measures import Measure, aggregated, by_minute, measures
from local.arm.behaviours.insights.metric_names import AGGREGATIONS, METRICS, Metric, metric
from local.arm.clock import timestamp
from local.arm.cloud import Cloud
from local.arm.documents import Json
from local.arm.durations import duration
from local.arm.errors import bad_request
from local.arm.identifiers import ResourceId, missing
from local.arm.resource_types import View
from local.arm.store import Resource

METRICS_VIEW, DEFINITIONS_VIEW = "Microsoft.Insights/metrics", "Microsoft.Insights/metricDefinitions"
GRAINS = (MINUTE, 5 * MINUTE, 15 * MINUTE, 30 * MINUTE, HOUR, 6 * HOUR, 12 * HOUR, DAY)
LONGEST = timedelta(days=31)
MOST_POINTS = 5000
COUNTED = ("Total", "Count")
"""Default aggregations of metrics that count events."""
_CONDITION = re.compile(r"\s*([\w ]+?)\s+(eq|ne)\s+'([^']*)'\s*", re.IGNORECASE)


class _Asked:
    """A request for metrics, read and checked."""

    def __init__(self, cloud: Cloud, id: ResourceId | None, query: Mapping[str, str]) -> None:
        """Raises ArmError for a resource that is missing and for a parameter that is wrong."""
        self.cloud = cloud
        self.resource = _existing(cloud, id)
        self.start, self.end = _span(query.get("timespan", ""), cloud.clock.now())
        self.grain = duration(query.get("interval", "PT1M"))
        if self.grain not in GRAINS or (self.end - self.start) / self.grain > MOST_POINTS:
            grain = query.get("interval", "PT1M")
            raise _refusal(
                "interval", grain, f"a grain of Azure Monitor's, with at most {MOST_POINTS} points in the timespan"
            )
        self.metrics = [_known(self.resource, name) for name in _names(query.get("metricnames", ""))]
        self.metrics = self.metrics or list(METRICS.get(self.resource.type.casefold(), ()))[:1]
        self.aggregations = _aggregations(query.get("aggregation", ""))
        self.conditions = _conditions(query.get("$filter", ""))

    def series(self, one: Metric) -> Iterator[Json]:
        """A series for each combination of the dimensions that the filter names."""
        unknown = set(self.conditions) - {name.casefold() for name in one.dimensions}
        if unknown:
            raise _refusal(
                "$filter", ", ".join(sorted(unknown)), f"dimensions of {one.name}: {', '.join(one.dimensions)}"
            )
        split: dict[tuple[tuple[str, str], ...], list[Measure]] = {} if self.conditions else {(): []}
        for found in measures(self.cloud, self.resource.id, one, self.start):
            if found.minute < self.end and self._fits(found):
                key = tuple((name, found.dimensions.get(name, "")) for name in self.conditions)
                split.setdefault(key, []).append(found)
        for key, measured in split.items():
            names = {name.casefold(): name for name in one.dimensions}
            metadata = [{"name": _text(names[name]), "value": value} for name, value in key]
            yield {"metadatavalues": metadata, "data": self._points(one, by_minute(one, measured))}

    def _fits(self, found: Measure) -> bool:
        return all(
            any(
                (found.dimensions.get(name, "").casefold() == value.casefold() or value == "*") is equal
                for equal, value in wanted
            )
            for name, wanted in self.conditions.items()
        )

    def _points(self, one: Metric, minutes: Mapping[datetime, float]) -> list[Json]:
        """A point for each grain, without a number where nothing was measured, unless the metric counts events."""
        assert self.grain is not None
        names = self.aggregations or [one.aggregation]
        points: list[Json] = []
        moment = self.start
        while moment < self.end:
            values = [value for minute, value in minutes.items() if moment <= minute < moment + self.grain]
            if not values and one.aggregation in COUNTED:
                values = [0.0]
            told = {name.casefold(): aggregated(values, name) for name in names} if values else {}
            points.append({"timeStamp": _shown(moment), **told})
            moment += self.grain
        return points


def _list(cloud: Cloud, id: ResourceId | None, query: Mapping[str, str]) -> list[Json]:
    asked = _Asked(cloud, id, query)
    return [
        {
            "id": asked.resource.id.extension(METRICS_VIEW, one.name).text,
            "type": METRICS_VIEW,
            "name": _text(one.name),
            "displayDescription": one.name,
            "unit": one.unit,
            "timeseries": list(asked.series(one)),
            "errorCode": "Success",
        }
        for one in asked.metrics
    ]


def _beside(cloud: Cloud, id: ResourceId | None, query: Mapping[str, str]) -> Json:
    asked = _Asked(cloud, id, query)
    return {
        "cost": 0,
        "timespan": f"{_shown(asked.start)}/{_shown(asked.end)}",
        "interval": query.get("interval", "PT1M"),
        "namespace": asked.resource.type,
        "resourceregion": asked.resource.location,
    }


def _definitions(cloud: Cloud, id: ResourceId | None, _: Mapping[str, str]) -> list[Json]:
    resource = _existing(cloud, id)
    return [
        {
            "id": resource.id.extension(DEFINITIONS_VIEW, one.name).text,
            "resourceId": resource.id.text,
            "namespace": resource.type,
            "name": _text(one.name),
            "unit": one.unit,
            "primaryAggregationType": one.aggregation,
            "supportedAggregationTypes": list(AGGREGATIONS),
            "isDimensionRequired": False,
            "dimensions": [_text(dimension) for dimension in one.dimensions],
            "metricAvailabilities": [{"timeGrain": "PT1M", "retention": "P93D"}],
        }
        for one in METRICS.get(resource.type.casefold(), ())
    ]


def _existing(cloud: Cloud, id: ResourceId | None) -> Resource:
    resource = cloud.store.get(id)
    if resource is None:
        raise missing(id) if id else bad_request("BadRequest", "Metrics are those of a resource.")
    return resource


def _known(resource: Resource, name: str) -> Metric:
    found = metric(resource.type, name)
    if found is None:
        valid = ",".join(one.name for one in METRICS.get(resource.type.casefold(), ())) or "none"
        message = (
            f"Failed to find metric configuration for provider: {resource.id.namespace}, resource Type: "
            f"{'/'.join(resource.id.types)}, metric: {name}, Valid metrics: {valid}"
        )
        raise bad_request("BadRequest", message, target="metricnames")
    return found


def _names(text: str) -> list[str]:
    return [name.strip() for name in text.split(",") if name.strip()]


def _aggregations(text: str) -> list[str]:
    known = {name.casefold(): name for name in AGGREGATIONS}
    wanted = [name.casefold() for name in _names(text)]
    if unknown := set(wanted) - set(known):
        raise _refusal("aggregation", ", ".join(sorted(unknown)), f"out of {', '.join(AGGREGATIONS)}")
    return [known[name] for name in wanted]


def _conditions(text: str) -> dict[str, list[tuple[bool, str]]]:
    """By dimension in lower case: whether it is to equal a value, and the value; `*` is any."""
    conditions: dict[str, list[tuple[bool, str]]] = {}
    for part in (
        re.split(r"\s+(?:and|or)\s+", text.replace("(", " ").replace(")", " "), flags=re.IGNORECASE)
        if text.strip()
        else []
    ):
        match = _CONDITION.fullmatch(part)
        if match is None:
            raise _refusal("$filter", text, "conditions like deployment eq '*', joined by and")
        conditions.setdefault(match[1].casefold(), []).append((match[2].casefold() == "eq", match[3]))
    return conditions


def _span(text: str, now: datetime) -> tuple[datetime, datetime]:
    """Start and end, whole minutes: two moments, or a duration before now; the last hour unless it is said."""
    start, _, end = text.partition("/")
    length = duration(start) if start else HOUR
    try:
        last = datetime.fromisoformat(end) if end else now
        first = now - length if length is not None else datetime.fromisoformat(start)
    except (ValueError, OverflowError) as error:
        raise _refusal("timespan", text, "two moments like 2026-11-01T00:00:00Z/2026-11-02T00:00:00Z") from error
    first, last = (moment.replace(tzinfo=moment.tzinfo or UTC) for moment in (first, last))
    if not timedelta() < last - first <= LONGEST:
        raise _refusal("timespan", text, f"a start and a later end, at most {LONGEST.days} days apart")
    return first.replace(second=0, microsecond=0), last


def _refusal(name: str, found: str, rule: str) -> Exception:
    return bad_request("BadRequest", f"{name} is '{found}'; it must be {rule}.", target=name)


def _text(name: str) -> Json:
    return {"value": name, "localizedValue": name}


def _shown(moment: datetime) -> str:
    return timestamp(moment).partition(".")[0] + "Z"


VIEWS = (
    View(name=METRICS_VIEW, list=_list, get=lambda _cloud, _id: None, beside=_beside),
    View(name=DEFINITIONS_VIEW, list=_definitions, get=lambda _cloud, _id: None),
)
