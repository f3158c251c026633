"""Alert rules, action groups and autoscale settings: what Azure refuses of them."""

from typing import Any

import pytest

from local.arm.documents import Json
from tests.unit.arm.doubles import REGION, Azure, Platform
from tests.unit.arm.monitoring_samples import autoscale, metric_alert, query_alert

INSIGHTS = "providers/Microsoft.Insights"


def put(azure: Azure, platform: Platform, kind: str, body: Json, name: str = "one") -> Any:
    return azure("PUT", f"{platform.group}/{INSIGHTS}/{kind}/{name}", body)


def criterion(body: Json, **changes: object) -> Json:
    body["properties"]["criteria"]["allOf"][0].update(changes)
    return body


def test_a_metric_alert_names_a_metric_of_what_it_watches(azure: Azure, platform: Platform) -> None:
    assert put(azure, platform, "metricAlerts", metric_alert(platform.storage, "Transactions")).status == 200
    answer = put(azure, platform, "metricAlerts", metric_alert(platform.storage, "HeartBeat"))
    assert (answer.code, "Couldn't find a metric named HeartBeat" in answer.message) == ("BadRequest", True)


def test_a_metric_of_a_namespace_of_its_own_is_not_looked_up(azure: Azure, platform: Platform) -> None:
    for changes in ({"metricNamespace": "azure.ml/drift"}, {"skipMetricValidation": True}):
        body = criterion(metric_alert(platform.storage, "HeartBeat"), **changes)
        assert put(azure, platform, "metricAlerts", body).status < 300


def test_a_dimension_is_one_of_the_metrics(azure: Azure, platform: Platform) -> None:
    wrong = [{"name": "deployment", "operator": "Include", "values": ["*"]}]
    body = criterion(metric_alert(platform.storage, "Transactions"), dimensions=wrong)
    answer = put(azure, platform, "metricAlerts", body)
    assert (answer.status, "ResponseType" in answer.message) == (400, True)


@pytest.mark.parametrize(
    "changes",
    [
        {"scopes": []},
        {"scopes": ["/subscriptions/s"]},
        {"evaluationFrequency": "PT2M"},
        {"windowSize": "PT1M", "evaluationFrequency": "PT5M"},
        {"windowSize": "soon"},
        {"criteria": {"odata.type": "Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria", "allOf": []}},
        {"criteria": {"odata.type": "Microsoft.Azure.Monitor.MultipleResourceMultipleMetricCriteria", "allOf": []}},
        {
            "actions": [
                {"actionGroupId": "/subscriptions/s/resourceGroups/g/providers/Microsoft.Insights/actionGroups/a"}
            ]
        },
    ],
)
def test_a_metric_alert_that_could_not_be_evaluated_is_refused(azure: Azure, platform: Platform, changes: Json) -> None:
    answer = put(azure, platform, "metricAlerts", metric_alert(platform.storage, "Transactions", **changes))
    assert answer.status == 400


def test_a_metric_alert_watches_resources_of_one_type(azure: Azure, platform: Platform) -> None:
    body = metric_alert(platform.storage, "Availability", scopes=[platform.storage, platform.vault])
    assert "resources of one type" in put(azure, platform, "metricAlerts", body).message


@pytest.mark.parametrize(
    "changes",
    [
        {"scopes": []},
        {"evaluationFrequency": "PT7M"},
        {"windowSize": "P3D"},
        {"autoMitigate": True, "muteActionsDuration": "PT1H"},
        {"criteria": {"allOf": [{"query": ""}]}},
        {"criteria": {"allOf": [{"query": "T", "failingPeriods": {"numberOfEvaluationPeriods": 9}}]}},
        {"actions": {"actionGroups": ["/subscriptions/s"]}},
    ],
)
def test_a_log_search_alert_that_could_not_be_evaluated_is_refused(
    azure: Azure, platform: Platform, changes: Json
) -> None:
    assert put(azure, platform, "scheduledQueryRules", query_alert(platform.logs)).status == 201
    assert put(azure, platform, "scheduledQueryRules", query_alert(platform.logs, **changes)).status == 400


@pytest.mark.parametrize(
    "conditions",
    [
        [],
        [{"field": "status", "equals": "Failed"}],
        [{"field": "category", "equals": "Weather"}],
        [{"field": "category", "equals": "ServiceHealth"}, {"field": "a", "equals": "b", "containsAny": ["c"]}],
        [{"field": "category", "equals": "ServiceHealth"}, {"anyOf": [{"equals": "b"}]}],
    ],
)
def test_an_activity_log_alert_names_one_category(azure: Azure, platform: Platform, conditions: list[Json]) -> None:
    properties = {"scopes": [platform.group], "condition": {"allOf": conditions}, "actions": {"actionGroups": []}}
    assert put(azure, platform, "activityLogAlerts", {"location": "global", "properties": properties}).status == 400


def test_the_short_name_of_an_action_group_has_at_most_twelve_characters(azure: Azure, platform: Platform) -> None:
    for name, status in (("twelve-chars", 201), ("thirteen-char", 400), ("", 400)):
        body = {"location": "global", "properties": {"groupShortName": name, "enabled": True}}
        assert put(azure, platform, "actionGroups", body, name=f"ag-{len(name)}").status == status


def test_the_receivers_of_an_action_group_have_names_of_their_own(azure: Azure, platform: Platform) -> None:
    mails = [{"name": "me", "emailAddress": f"{who}@example.com"} for who in ("one", "two")]
    body = {"location": "global", "properties": {"groupShortName": "ops", "enabled": True, "emailReceivers": mails}}
    assert "unique in the group" in put(azure, platform, "actionGroups", body).message


def test_a_resource_is_scaled_by_one_setting(azure: Azure, platform: Platform) -> None:
    assert put(azure, platform, "autoscaleSettings", autoscale(platform.storage)).status == 201
    assert put(azure, platform, "autoscaleSettings", autoscale(platform.storage)).status == 200
    assert put(azure, platform, "autoscaleSettings", autoscale(platform.storage), name="two").status == 409


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda profile: profile["capacity"].update(minimum="5"), "minimum <= default <= maximum"),
        (lambda profile: profile["capacity"].update(maximum=3), "whole numbers in strings"),
        (lambda profile: profile["rules"][0]["metricTrigger"].update(metricName="HeartBeat"), "Couldn't find a metric"),
        (lambda profile: profile["rules"][0]["metricTrigger"].update(timeWindow="PT1M"), "timeWindow"),
        (lambda profile: profile["rules"][0]["scaleAction"].update(cooldown="P8D"), "cooldown"),
        (lambda profile: profile["rules"].extend(profile["rules"] * 10), "at most 10 rules"),
    ],
)
def test_an_autoscale_profile_has_to_make_sense(azure: Azure, platform: Platform, change: Any, words: str) -> None:
    body = autoscale(platform.storage)
    change(body["properties"]["profiles"][0])
    answer = put(azure, platform, "autoscaleSettings", body)
    assert (answer.status, words in answer.message) == (400, True)


def test_what_is_scaled_must_exist(azure: Azure, platform: Platform) -> None:
    body = autoscale(platform.storage, targetResourceUri=platform.storage + "x")
    assert put(azure, platform, "autoscaleSettings", body).code == "LinkedResourceNotFound"


def test_a_private_link_scope_takes_what_can_be_linked_once(azure: Azure, platform: Platform) -> None:
    modes = {"ingestionAccessMode": "PrivateOnly", "queryAccessMode": "PrivateOnly"}
    assert put(azure, platform, "privateLinkScopes", {"location": "global", "properties": {}}).status == 400
    put(azure, platform, "privateLinkScopes", {"location": "global", "properties": {"accessModeSettings": modes}})
    scope = f"{platform.group}/{INSIGHTS}/privateLinkScopes/one/scopedResources"
    link: Json = {"properties": {"linkedResourceId": platform.logs}}
    assert azure("PUT", f"{scope}/logs", link).status == 201
    assert azure("PUT", f"{scope}/again", link).status == 409
    assert azure("PUT", f"{scope}/vault", {"properties": {"linkedResourceId": platform.vault}}).status == 400


@pytest.mark.parametrize(
    ("flow", "words"),
    [
        ({"streams": ["Microsoft-Perf"], "destinations": ["elsewhere"]}, "which destinations does not declare"),
        ({"streams": [], "destinations": ["logs"]}, "needs streams and destinations"),
    ],
)
def test_the_flows_of_a_data_collection_rule_end_where_it_says(
    azure: Azure, platform: Platform, flow: Json, words: str
) -> None:
    sinks = {"logAnalytics": [{"name": "logs", "workspaceResourceId": platform.logs}]}
    body = {"location": REGION, "properties": {"destinations": sinks, "dataFlows": [flow]}}
    answer = put(azure, platform, "dataCollectionRules", body, name="dcr-one")
    assert (answer.code, words in answer.message) == ("InvalidPayload", True)


def test_an_association_with_a_collection_endpoint_has_one_name(azure: Azure, platform: Platform) -> None:
    put(azure, platform, "dataCollectionEndpoints", {"location": REGION, "properties": {}}, name="dce-one")
    endpoint = f"{platform.group}/{INSIGHTS}/dataCollectionEndpoints/dce-one"
    base, body = f"{platform.vault}/{INSIGHTS}/dataCollectionRuleAssociations", {"dataCollectionEndpointId": endpoint}
    assert azure("PUT", f"{base}/mine", {"properties": body}).code == "InvalidPayload"
    assert azure("PUT", f"{base}/configurationAccessEndpoint", {"properties": body}).status == 201
    assert azure("PUT", f"{base}/none", {"properties": {}}).code == "InvalidPayload"


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ({"expression": "up"}, "either 'alert' or 'record'"),
        ({"alert": "A", "record": "r", "expression": "up"}, "either 'alert' or 'record'"),
        ({"alert": "A"}, "a PromQL expression"),
        ({"record": "r", "expression": "up", "actions": [{"actionGroupId": "a"}]}, "absent in a recording rule"),
    ],
)
def test_a_prometheus_rule_is_an_alert_or_a_recording(azure: Azure, platform: Platform, rule: Json, words: str) -> None:
    account = f"{platform.group}/providers/Microsoft.Monitor/accounts/amw-one"
    azure.put(account, {"location": REGION, "properties": {}})
    path = f"{platform.group}/providers/Microsoft.AlertsManagement/prometheusRuleGroups/one"
    answer = azure("PUT", path, {"location": REGION, "properties": {"scopes": [account], "rules": [rule]}})
    assert (answer.status, words in answer.message) == (400, True)


def test_an_availability_test_is_tied_to_one_component_by_a_tag(azure: Azure, platform: Platform) -> None:
    body: Json = {
        "location": REGION,
        "properties": {"Kind": "standard", "Frequency": 300, "Request": {"RequestUrl": "u"}},
    }
    assert "'hidden-link'" in put(azure, platform, "webtests", body).message
    tagged = body | {"tags": {f"hidden-link:{platform.insights}": "Resource"}}
    assert put(azure, platform, "webtests", tagged).status == 200
    tagged["properties"]["Frequency"] = 60
    assert "Frequency is 60 seconds" in put(azure, platform, "webtests", tagged).message


def test_a_workbook_has_a_guid_and_json(azure: Azure, platform: Platform) -> None:
    shown = {"displayName": "a", "category": "workbook", "serializedData": "{}"}
    guid = "00000000-0000-4000-8000-000000000001"
    body: Json = {"location": REGION, "properties": shown}
    assert put(azure, platform, "workbooks", body, name="mine").status == 400
    assert put(azure, platform, "workbooks", body, name=guid).status == 201
    body["properties"]["serializedData"] = "{"
    assert "is not a JSON document" in put(azure, platform, "workbooks", body, name=guid).message
