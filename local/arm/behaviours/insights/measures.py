"""What the platform's metrics measured, minute by minute.

Requests and latencies of online endpoints are those that the scoring route counted. Of what is left out here, metrics
that count events are zero and those that measure something have no value.
"""

import sqlite3
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from local.arm.behaviours.insights.metric_names import Metric
from local.arm.cloud import Cloud
from local.arm.identifiers import ResourceId
from local.arm.inference import DEPLOYMENT, ENDPOINT, bucket_seconds, minute_of

Dimensions = Mapping[str, str]
Wanted = Callable[[Dimensions], bool]


@dataclass(frozen=True)
class Measure:
    """What was counted in one minute for one combination of dimensions."""

    minute: datetime
    dimensions: Dimensions
    requests: int
    seconds: float = 0.0
    buckets: Mapping[int, int] = field(default_factory=dict)
    """Requests by bucket of latency."""


def measures(cloud: Cloud, id: ResourceId, metric: Metric, since: datetime) -> list[Measure]:
    """Everything that was counted for a metric of a resource since a moment, in order of time."""
    kind = id.type.casefold()
    if kind == ENDPOINT.casefold():
        endpoint, deployment = id.name, None
    elif kind == DEPLOYMENT.casefold() and id.parent is not None:
        endpoint, deployment = id.parent.name, id.name
    else:
        return []
    if metric.name == "RequestsPerMinute":
        return _requests(cloud, endpoint, deployment, minute_of(since))
    return _latencies(cloud, endpoint, deployment, minute_of(since)) if metric.name.startswith("RequestLatency") else []


def value(metric: Metric, found: Iterable[Measure]) -> float:
    """The metric's value over measures of one minute."""
    found = list(found)
    if metric.name == "RequestsPerMinute":
        return float(sum(one.requests for one in found))
    percent = metric.name.partition("_P")[2]
    if not percent:
        return 1000 * sum(one.seconds for one in found) / sum(one.requests for one in found)
    return 1000 * _percentile(found, int(percent))


def by_minute(metric: Metric, found: Iterable[Measure]) -> dict[datetime, float]:
    """The metric's value for each minute that has one."""
    minutes: dict[datetime, list[Measure]] = {}
    for one in found:
        minutes.setdefault(one.minute, []).append(one)
    return {minute: value(metric, minutes[minute]) for minute in sorted(minutes)}


def aggregated(values: list[float], aggregation: str) -> float | None:
    """Values of minutes as one number; None where there is none to tell."""
    if not values:
        return None
    ways: dict[str, Callable[[list[float]], float]] = {
        "average": lambda them: sum(them) / len(them),
        "minimum": min,
        "maximum": max,
        "total": sum,
        "count": lambda them: float(len(them)),
    }
    return ways[aggregation.casefold()](values)


def _requests(cloud: Cloud, endpoint: str, deployment: str | None, since: str) -> list[Measure]:
    rows = cloud.store.rows(
        """SELECT deployment, minute, status, model_status, requests FROM scoring
           WHERE endpoint = ? AND deployment = COALESCE(?, deployment) AND minute >= ? ORDER BY minute""",
        endpoint,
        deployment,
        since,
    )
    return [Measure(datetime.fromisoformat(row["minute"]), _described(row), row["requests"]) for row in rows]


def _described(row: sqlite3.Row) -> Dimensions:
    """A request's dimensions, by the endpoint's names and by the deployment's."""
    code = str(row["status"])
    return {
        "deployment": row["deployment"],
        "statuscode": code,
        "statuscodeclass": f"{code[0]}xx",
        "modelstatuscode": str(row["model_status"] or ""),
        "envoy_response_code": code,
    }


def _latencies(cloud: Cloud, endpoint: str, deployment: str | None, since: str) -> list[Measure]:
    totals = cloud.store.rows(
        """SELECT deployment, minute, SUM(requests) AS requests, SUM(seconds) AS seconds FROM scoring
           WHERE endpoint = ? AND deployment = COALESCE(?, deployment) AND minute >= ?
           GROUP BY deployment, minute ORDER BY minute""",
        endpoint,
        deployment,
        since,
    )
    buckets: dict[tuple[str, str], dict[int, int]] = {}
    for row in cloud.store.rows(
        """SELECT deployment, minute, bucket, requests FROM latencies
           WHERE endpoint = ? AND deployment = COALESCE(?, deployment) AND minute >= ?""",
        endpoint,
        deployment,
        since,
    ):
        buckets.setdefault((row["deployment"], row["minute"]), {})[row["bucket"]] = row["requests"]
    return [
        Measure(
            datetime.fromisoformat(row["minute"]),
            {"deployment": row["deployment"]},
            row["requests"],
            row["seconds"],
            buckets.get((row["deployment"], row["minute"]), {}),
        )
        for row in totals
    ]


def _percentile(found: list[Measure], percent: int) -> float:
    """The latency in seconds that so many percent of the requests did not exceed."""
    counts: dict[int, int] = {}
    for one in found:
        for bucket, number in one.buckets.items():
            counts[bucket] = counts.get(bucket, 0) + number
    left = sum(counts.values()) * percent / 100
    for bucket in sorted(counts):
        left -= counts[bucket]
        if left <= 0:
            return bucket_seconds(bucket)
    return 0.0
