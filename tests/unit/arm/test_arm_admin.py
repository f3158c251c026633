"""What only a local Azure has: status, clock and faults."""

from datetime import datetime
from pathlib import Path

import pytest

from local.arm.documents import Json
from tests.unit.arm.doubles import REGION, Azure, Platform


def local(azure: Azure, method: str, route: str, body: Json | None = None) -> Json:
    answer = azure(method, f"/local/{route}", body, version=None)
    assert answer.status == 200, answer.body
    found: Json = answer.body
    return found


@pytest.mark.parametrize("route", ["status", "clock", "faults"])
def test_local_routes_need_a_token_too(azure: Azure, route: str) -> None:
    assert azure("GET", f"/local/{route}", version=None, token=None).status == 401


def test_the_status_counts_resources_and_tells_what_is_real(azure: Azure, platform: Platform) -> None:
    status = local(azure, "GET", "status")
    assert status["resources"]["Microsoft.Storage/storageAccounts"] == 1
    assert status["operations"] == {"Succeeded": 3}
    kinds = {text.partition(" ")[0] for text in status["data_planes"].values()}
    assert kinds <= {"real", "imitated", "recorded", "left"}


def test_the_clock_moves_and_returns_and_is_remembered(azure: Azure, tmp_path: Path) -> None:
    before = datetime.fromisoformat(local(azure, "GET", "clock")["now"])
    moved = local(azure, "POST", "clock", {"move_seconds": 86_400})
    assert 86_400 <= (datetime.fromisoformat(moved["now"]) - before).total_seconds() < 86_460
    assert local(azure, "POST", "clock", {"move_seconds": -3600})["offset_seconds"] == 82_800
    successor = Azure(tmp_path / "store.db")
    assert local(successor, "GET", "clock")["offset_seconds"] == 82_800
    successor.close()
    assert local(azure, "DELETE", "clock")["offset_seconds"] == 0


@pytest.mark.parametrize("move", [None, "1d", True, 1e12])
def test_a_clock_move_is_a_number_within_reason(azure: Azure, move: object) -> None:
    assert azure("POST", "/local/clock", {"move_seconds": move}, version=None).code == "InvalidClockMove"


@pytest.mark.parametrize(
    "profile",
    [{"throttle_rate": 2}, {"error_rate": "often"}, {"latency_seconds": -1}, {"x": 1}, {"failing_operations": "all"}],
)
def test_a_fault_profile_that_cannot_be_is_refused_and_changes_nothing(azure: Azure, profile: Json) -> None:
    before = local(azure, "GET", "faults")
    assert azure("PUT", "/local/faults", profile, version=None).code == "InvalidFaultProfile"
    assert local(azure, "GET", "faults") == before


def test_throttled_requests_say_when_to_come_back(azure: Azure) -> None:
    local(azure, "PUT", "faults", {"throttle_rate": 1.0, "retry_after_seconds": 7})
    answer = azure("GET", azure.subscription)
    assert (answer.status, answer.code, answer.headers["retry-after"]) == (429, "TooManyRequests", "7")


def test_failing_requests_fail_as_the_service_would(azure: Azure) -> None:
    local(azure, "PUT", "faults", {"error_rate": 1.0})
    assert azure("GET", azure.subscription).status in (500, 503)


def test_a_lost_answer_breaks_off_after_the_work_was_done(azure: Azure) -> None:
    local(azure, "PUT", "faults", {"drop_rate": 1.0})
    path = f"{azure.subscription}/resourceGroups/rg-lost"
    lost = azure("PUT", path, {"location": REGION})
    assert (lost.headers["content-length"], lost.body) == ("1", None)
    local(azure, "DELETE", "faults")
    assert azure("GET", path).status == 200


def test_faults_are_laid_over_each_other_remembered_and_taken_back(azure: Azure, tmp_path: Path) -> None:
    local(azure, "PUT", "faults", {"throttle_rate": 0.5})
    local(azure, "PUT", "faults", {"failing_operations": ["Microsoft.Storage/storageAccounts"]})
    successor = Azure(tmp_path / "store.db")
    profile = local(successor, "GET", "faults")
    successor.close()
    assert (profile["throttle_rate"], profile["failing_operations"]) == (0.5, ["microsoft.storage/storageaccounts"])
    cleared = local(azure, "DELETE", "faults")
    assert (cleared["throttle_rate"], cleared["failing_operations"]) == (0.0, [])


def test_an_unknown_local_route_is_not_found(azure: Azure) -> None:
    assert azure("GET", "/local/secrets", version=None).status == 404
    assert azure("DELETE", "/local/status", version=None).status == 404
