"""Log Analytics, Application Insights, diagnostic settings, smart detection and budgets."""

from datetime import UTC, datetime

import pytest

from local.arm.documents import Json
from tests.unit.arm.doubles import REGION, Azure, Platform

SETTINGS = "providers/Microsoft.Insights/diagnosticSettings"


def test_a_component_gives_a_connection_string_that_names_its_key(azure: Azure, platform: Platform) -> None:
    shown = azure("GET", platform.insights).properties
    assert f"InstrumentationKey={shown['InstrumentationKey']}" in shown["ConnectionString"]
    assert shown["AppId"] in shown["ConnectionString"]


@pytest.mark.parametrize(
    ("workspace", "code"), [(None, "InvalidWorkspaceResourceId"), ("missing", "LinkedResourceNotFound")]
)
def test_a_component_needs_a_workspace_that_exists(
    azure: Azure, platform: Platform, workspace: str | None, code: str
) -> None:
    properties = {} if workspace is None else {"WorkspaceResourceId": platform.logs.replace("log-test", "log-none")}
    path = platform.insights.replace("appi-test", "appi-other")
    assert azure("PUT", path, {"location": REGION, "properties": properties}).code == code


def test_shared_keys_come_by_action_and_never_by_get(azure: Azure, platform: Platform) -> None:
    keys = azure("POST", f"{platform.logs}/sharedKeys").body
    assert keys["primarySharedKey"] != keys["secondarySharedKey"]
    assert keys["primarySharedKey"] not in str(azure("GET", platform.logs).body)


def setting(platform: Platform, category: str = "audit") -> Json:
    return {"properties": {"workspaceId": platform.logs, "logs": [{"categoryGroup": category, "enabled": True}]}}


def test_a_diagnostic_setting_needs_a_destination_that_exists(azure: Azure, platform: Platform) -> None:
    path = f"{platform.vault}/{SETTINGS}/one"
    assert azure("PUT", path, {"properties": {"logs": []}}).code == "BadRequest"
    missing = {"properties": {"workspaceId": platform.logs + "-none"}}
    assert azure("PUT", path, missing).code == "LinkedResourceNotFound"
    wrong = {"properties": {"workspaceId": platform.storage}}
    assert azure("PUT", path, wrong).code == "LinkedInvalidPropertyId"


def test_a_category_goes_to_a_destination_once(azure: Azure, platform: Platform) -> None:
    azure.put(f"{platform.vault}/{SETTINGS}/one", setting(platform))
    assert azure("PUT", f"{platform.vault}/{SETTINGS}/two", setting(platform)).code == "Conflict"
    assert azure("PUT", f"{platform.vault}/{SETTINGS}/two", setting(platform, "allLogs")).status == 200
    blobs = f"{platform.storage}/blobServices/default"
    assert azure("PUT", f"{blobs}/{SETTINGS}/one", setting(platform)).status == 200


def logs(platform: Platform, *entries: Json) -> Json:
    return {"properties": {"workspaceId": platform.logs, "logs": list(entries)}}


def test_a_resource_has_at_most_five_diagnostic_settings(azure: Azure, platform: Platform) -> None:
    categories = (
        "RunEvent",
        "RunReadEvent",
        "PipelineReadEvent",
        "DataSetReadEvent",
        "ModelsReadEvent",
        "ModelsChangeEvent",
    )
    paths = [f"{platform.workspace}/{SETTINGS}/{category}" for category in categories]
    bodies = [logs(platform, {"category": category, "enabled": True}) for category in categories]
    for path, body in list(zip(paths, bodies, strict=True))[:5]:
        azure.put(path, body)
    assert azure("PUT", paths[5], bodies[5]).status == 409
    assert len(azure("GET", f"{platform.workspace}/{SETTINGS}").body["value"]) == 5


@pytest.mark.trap("logs-that-cost")
@pytest.mark.parametrize(
    ("entry", "words"),
    [
        ({"category": "kube-audit", "enabled": True}, "Category 'kube-audit' is not supported"),
        ({"categoryGroup": "everything", "enabled": True}, "Category group 'everything' is not supported"),
        ({"category": "AuditEvent", "categoryGroup": "audit", "enabled": True}, "either category or categoryGroup"),
        ({"enabled": True}, "either category or categoryGroup"),
        (
            {"category": "AuditEvent", "enabled": True, "retentionPolicy": {"enabled": True, "days": 30}},
            "does not support retention",
        ),
    ],
)
def test_a_diagnostic_setting_names_what_the_resource_has(
    azure: Azure, platform: Platform, entry: Json, words: str
) -> None:
    answer = azure("PUT", f"{platform.vault}/{SETTINGS}/one", logs(platform, entry))
    assert (answer.status, answer.code) == (400, "BadRequest")
    assert words in answer.message


@pytest.mark.trap("logs-of-parts")
def test_a_storage_account_itself_has_metrics_and_no_logs(azure: Azure, platform: Platform) -> None:
    read = logs(platform, {"category": "StorageRead", "enabled": True})
    assert azure("PUT", f"{platform.storage}/{SETTINGS}/one", read).code == "BadRequest"
    assert azure("PUT", f"{platform.storage}/blobServices/default/{SETTINGS}/one", read).status == 200


def test_the_categories_of_a_resource_can_be_listed(azure: Azure, platform: Platform) -> None:
    path = f"{platform.vault}/providers/Microsoft.Insights/diagnosticSettingsCategories"
    kinds = {entry["name"]: entry["properties"]["categoryType"] for entry in azure("GET", path).body["value"]}
    assert kinds == {"AuditEvent": "Logs", "AzurePolicyEvaluationDetails": "Logs", "AllMetrics": "Metrics"}
    assert azure("GET", f"{path}/AuditEvent").properties["categoryType"] == "Logs"
    assert azure("GET", f"{path}/Other").status == 404


def test_smart_detection_watches_components_that_exist(azure: Azure, platform: Platform) -> None:
    path = f"{platform.group}/providers/Microsoft.AlertsManagement/smartDetectorAlertRules/rule"
    assert azure("PUT", path, {"properties": {"scope": [platform.insights]}}).status == 201
    assert azure("PUT", path, {"properties": {"scope": [platform.insights + "x"]}}).code == "LinkedResourceNotFound"


def budget(start: str, **properties: object) -> Json:
    base = {"amount": 10, "timeGrain": "Monthly", "category": "Cost", "timePeriod": {"startDate": start}}
    return {"properties": {**base, **properties}}


def month(offset: int) -> str:
    now = datetime.now(UTC)
    months = now.year * 12 + now.month - 1 + offset
    return f"{months // 12:04}-{months % 12 + 1:02}-01T00:00:00Z"


@pytest.mark.trap("budgets-of-the-past")
@pytest.mark.parametrize(
    ("start", "status"),
    [
        (month(0), 201),
        (month(12), 201),
        (month(-1), 400),
        (month(13), 400),
        (month(0).replace("-01T", "-02T"), 400),
        ("soon", 400),
        ("", 400),
    ],
)
def test_a_budget_starts_with_the_present_month_or_one_of_the_next_twelve(
    azure: Azure, start: str, status: int
) -> None:
    path = f"{azure.group()}/providers/Microsoft.Consumption/budgets/monthly"
    assert azure("PUT", path, budget(start)).status == status


@pytest.mark.trap("budgets-of-the-past")
def test_a_budget_that_exists_keeps_its_start_when_time_has_passed(azure: Azure) -> None:
    path = f"{azure.group()}/providers/Microsoft.Consumption/budgets/monthly"
    azure.put(path, budget(month(0)))
    azure("POST", "/local/clock", {"move_seconds": 90 * 86_400}, version=None)
    assert azure("PUT", path, budget(month(0), amount=20)).status == 200


def test_a_budget_that_was_changed_meanwhile_is_not_overwritten(azure: Azure) -> None:
    path = f"{azure.group()}/providers/Microsoft.Consumption/budgets/monthly"
    seen = azure.put(path, budget(month(0))).body["eTag"]
    azure.put(path, budget(month(0), amount=20))
    assert azure("PUT", path, budget(month(0)) | {"eTag": seen}).status == 412


def test_a_budget_has_at_most_five_notifications(azure: Azure) -> None:
    path = f"{azure.group()}/providers/Microsoft.Consumption/budgets/monthly"
    notifications: Json = {f"n{number}": {} for number in range(6)}
    assert azure("PUT", path, budget(month(0), notifications=notifications)).code == "InvalidBudget"
