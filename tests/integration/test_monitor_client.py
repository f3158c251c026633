"""Microsoft's azure-mgmt-monitor and azure-mgmt-authorization on the local target, over HTTPS."""

from typing import Any

import pytest

from tests.integration.conftest import Checkout

pytestmark = pytest.mark.integration


@pytest.fixture(scope="module")
def seen(shared_target: Checkout) -> dict[str, Any]:
    """What the clients saw."""
    return shared_target.client("monitor")


def test_a_diagnostic_setting_takes_the_categories_of_its_resource(seen: dict[str, Any]) -> None:
    assert seen["settings"] == {"refused": "BadRequest", "name": "all"}


def test_a_metric_alert_on_a_known_metric_calls_an_action_group(seen: dict[str, Any]) -> None:
    alerts = seen["alerts"]
    assert (alerts["refused"], alerts["severity"], alerts["listed"]) == ("BadRequest", 1, ["availability"])
    assert alerts["receivers"] == ["me@example.com"]


def test_metrics_are_listed_with_a_point_for_each_minute(seen: dict[str, Any]) -> None:
    metrics = seen["metrics"]
    assert {"Availability", "Transactions", "UsedCapacity"} <= set(metrics["definitions"])
    assert (metrics["unit"], metrics["totals"]) == ("Count", [0.0])
    assert metrics["namespace"] == "Microsoft.Storage/storageAccounts"
    assert metrics["points"] >= 60
    assert metrics["refused"] == "BadRequest"


def test_a_custom_role_is_made_assigned_once_and_kept_while_it_is_used(seen: dict[str, Any]) -> None:
    roles = seen["roles"]
    assert (roles["type"], roles["found"], roles["assigned"]) == ("CustomRole", ["Looker"], [True])
    assert (roles["twice"], roles["in_use"]) == ("RoleAssignmentExists", "RoleDefinitionHasAssignments")
