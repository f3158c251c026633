"""The metrics API, and alerts that rules fire on what it shows."""

from datetime import timedelta
from typing import Any

import pytest

from local.arm.clock import timestamp
from local.arm.documents import Json
from local.arm.inference import bucket_seconds, latency_bucket, minute_of
from tests.unit.arm.doubles import Azure, Platform
from tests.unit.arm.monitoring_samples import metric_alert

METRICS = "providers/Microsoft.Insights/metrics"
ALERTS = "providers/Microsoft.AlertsManagement/alerts"


def score(azure: Azure, endpoint: str, deployment: str, times: int, status: int = 200) -> None:
    azure.serving.status = status
    key = azure("POST", f"{endpoint}/listKeys").body["primaryKey"]
    for _ in range(times):
        chosen = {"azureml-model-deployment": deployment}
        azure("POST", "/inference/wine/score", {"data": []}, version=None, token=key, headers=chosen)


def later(azure: Azure, **by: float) -> None:
    azure("POST", "/local/clock", {"move_seconds": timedelta(**by).total_seconds()}, version=None)


def points(azure: Azure, path: str, **query: str) -> list[list[Json]]:
    """The points with a number of each series."""
    asked = "&".join(f"{name}={value}" for name, value in query.items())
    answer = azure("GET", f"{path}/{METRICS}?{asked}")
    assert answer.status == 200, answer.body
    series = answer.body["value"][0]["timeseries"]
    return [[point for point in one["data"] if len(point) > 1] for one in series]


def test_requests_are_counted_by_the_minute(azure: Azure, endpoint: str) -> None:
    score(azure, endpoint, "blue", 4)
    later(azure, minutes=5)
    (found,) = points(azure, endpoint, metricnames="RequestsPerMinute", aggregation="total")
    assert sum(point["total"] for point in found) == 4
    (hour,) = points(azure, endpoint, metricnames="RequestsPerMinute", aggregation="Total,Count", interval="PT1H")
    assert [point["total"] for point in hour] == [4]


def test_requests_split_by_deployment_and_class_of_status(azure: Azure, endpoint: str) -> None:
    score(azure, endpoint, "blue", 2)
    score(azure, endpoint, "green", 1, status=500)
    later(azure, minutes=1)
    query = "metricnames=RequestsPerMinute&aggregation=total&$filter=deployment eq '*' and statusCodeClass eq '*'"
    series = azure("GET", f"{endpoint}/{METRICS}?{query}").body["value"][0]["timeseries"]
    told = {
        tuple(entry["value"] for entry in one["metadatavalues"]): sum(point.get("total", 0) for point in one["data"])
        for one in series
    }
    assert told == {("blue", "2xx"): 2, ("green", "4xx"): 1}
    failed = points(azure, endpoint, metricnames="RequestsPerMinute", **{"$filter": "statusCodeClass ne '2xx'"})
    assert len(failed) == 1
    query = query.replace("deployment eq '*' and statusCodeClass", "modelStatusCode")
    series = azure("GET", f"{endpoint}/{METRICS}?{query}").body["value"][0]["timeseries"]
    assert sorted(one["metadatavalues"][0]["value"] for one in series) == ["200", "500"]


def test_latencies_are_told_in_milliseconds_on_the_endpoint_and_its_deployments(azure: Azure, endpoint: str) -> None:
    score(azure, endpoint, "blue", 3)
    later(azure, minutes=1)
    (mean,) = points(azure, endpoint, metricnames="RequestLatency")
    (slow,) = points(azure, endpoint, metricnames="RequestLatency_P95")
    (own,) = points(azure, f"{endpoint}/deployments/blue", metricnames="RequestLatency_P95")
    assert mean[0]["average"] > 0
    assert slow == own
    assert points(azure, f"{endpoint}/deployments/green", metricnames="RequestsPerMinute") == [[]]


@pytest.mark.parametrize("seconds", [0.0004, 0.02, 1.5, 42.0])
def test_a_percentile_is_at_most_five_percent_off(seconds: float) -> None:
    assert abs(bucket_seconds(latency_bucket(seconds)) / seconds - 1) <= 0.05


def test_other_resources_count_nothing_and_measure_nothing(azure: Azure, platform: Platform) -> None:
    (transactions,) = points(azure, platform.storage, metricnames="Transactions", aggregation="total")
    assert {point["total"] for point in transactions} == {0}
    assert points(azure, platform.storage, metricnames="Availability") == [[]]


@pytest.mark.parametrize(
    "query",
    [
        "metricnames=HeartBeat",
        "metricnames=Transactions&interval=PT2M",
        "metricnames=Transactions&timespan=soon",
        "metricnames=Transactions&timespan=2026-02-01T00:00:00Z/2026-01-01T00:00:00Z",
        "metricnames=Transactions&aggregation=median",
        "metricnames=Transactions&$filter=colour eq 'blue'",
        "metricnames=Transactions&$filter=startswith(ApiName, 'Get')",
    ],
)
def test_a_question_that_has_no_answer_is_refused(azure: Azure, platform: Platform, query: str) -> None:
    assert azure("GET", f"{platform.storage}/{METRICS}?{query}").code == "BadRequest"


def test_metrics_are_those_of_something_that_exists(azure: Azure, platform: Platform) -> None:
    assert azure("GET", f"{platform.storage}x/{METRICS}").status == 404


def test_definitions_tell_units_and_dimensions(azure: Azure, endpoint: str) -> None:
    entries = azure("GET", f"{endpoint}/providers/Microsoft.Insights/metricDefinitions").body["value"]
    found = {entry["name"]["value"]: entry for entry in entries}
    assert found["RequestLatency_P95"]["unit"] == "MilliSeconds"
    assert "statusCodeClass" in [one["value"] for one in found["RequestsPerMinute"]["dimensions"]]


def failures(endpoint: str, **changes: Any) -> Json:
    body = metric_alert(endpoint, "RequestsPerMinute", **changes)
    failed = [{"name": "statusCodeClass", "operator": "Exclude", "values": ["2xx"]}]
    body["properties"]["criteria"]["allOf"][0]["dimensions"] = failed
    return body


def told(azure: Azure, query: str = "") -> list[tuple[str, str]]:
    entries = azure("GET", f"{azure.subscription}/{ALERTS}{query}").body["value"]
    return [(entry["name"], entry["properties"]["essentials"]["monitorCondition"]) for entry in entries]


def test_an_alert_fires_with_what_was_measured_and_resolves_when_it_is_over(
    azure: Azure, platform: Platform, endpoint: str
) -> None:
    azure.put(f"{platform.group}/providers/Microsoft.Insights/metricAlerts/failing", failures(endpoint))
    score(azure, endpoint, "blue", 3)
    later(azure, minutes=2)
    assert told(azure) == []
    score(azure, endpoint, "blue", 1, status=500)
    later(azure, minutes=2)
    assert told(azure) == [("failing", "Fired")]
    later(azure, minutes=10)
    assert told(azure) == [("failing", "Resolved")]
    assert told(azure, "?monitorCondition=Fired") == []


def test_an_alert_keeps_its_id_and_names_rule_target_and_times(azure: Azure, platform: Platform, endpoint: str) -> None:
    rule = f"{platform.group}/providers/Microsoft.Insights/metricAlerts/failing"
    azure.put(rule, failures(endpoint, autoMitigate=False))
    score(azure, endpoint, "blue", 1, status=500)
    later(azure, hours=2)
    (entry,) = azure("GET", f"{endpoint}/{ALERTS}").body["value"]
    essentials = azure("GET", entry["id"]).properties["essentials"]
    assert (essentials["alertRule"], essentials["targetResource"]) == (rule, endpoint)
    assert (essentials["severity"], essentials["monitorCondition"]) == ("Sev2", "Fired")
    assert essentials["startDateTime"] < timestamp(azure.cloud.clock.now())
    assert azure("GET", entry["id"][:-4] + "0000").status == 404


def test_a_rule_counts_from_its_last_change_and_not_while_it_is_off(
    azure: Azure, platform: Platform, endpoint: str
) -> None:
    rule = f"{platform.group}/providers/Microsoft.Insights/metricAlerts/failing"
    score(azure, endpoint, "blue", 1, status=500)
    later(azure, minutes=30)
    azure.put(rule, failures(endpoint))
    assert told(azure) == []
    score(azure, endpoint, "blue", 1, status=500)
    later(azure, minutes=2)
    assert told(azure) == [("failing", "Fired")]
    azure.put(rule, failures(endpoint, enabled=False))
    assert told(azure) == []


def test_minutes_are_those_of_the_endpoints_clock(azure: Azure, endpoint: str) -> None:
    later(azure, days=3)
    score(azure, endpoint, "blue", 1)
    (row,) = azure.store.rows("SELECT minute FROM scoring")
    assert row["minute"][:10] == minute_of(azure.cloud.clock.now())[:10]
