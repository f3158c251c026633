"""The status says what runs, what it holds, and which parts are real."""

from typing import Any

from local.status import describe

FACTS: dict[str, Any] = {
    "url": "https://127.0.0.1:4711",
    "clock": {"now": "2026-11-23T08:00:00Z", "offset_seconds": 0.0},
    "faults": {"latency_seconds": 0.0, "retry_after_seconds": 1, "failing_operations": []},
    "resources": {},
    "soft_deleted": {},
    "endpoints": [],
    "data_planes": {"blob storage": "real (Azurite)", "Key Vault secrets": "left out"},
}

MODEL = {
    "name": "ep",
    "scoring_uri": "https://127.0.0.1:4711/inference/ep/score",
    "auth_mode": "AADToken",
    "traffic": {"blue": 100},
    "deployments": [
        {"name": "blue", "state": "Succeeded", "requests": {"200": 3, "424": 1}},
        {"name": "green", "state": "Failed", "requests": {}},
    ],
}


def test_an_empty_endpoint_is_described_in_short() -> None:
    assert describe(FACTS, pid=7).splitlines() == [
        "endpoint     https://127.0.0.1:4711 (process 7)",
        "page         https://127.0.0.1:4711/ (sign in with the token in .local/arm.json)",
        "resources    0",
        "data planes",
        "  real (Azurite)                           blob storage",
        "  left out                                 Key Vault secrets",
    ]


def test_resources_are_counted_by_type() -> None:
    shown = describe({**FACTS, "resources": {"B/b": 2, "A/a": 1}, "soft_deleted": {"C/c": 1}}, pid=7)
    assert "resources    3\n     1  A/a\n     2  B/b\nsoft-deleted 1\n     1  C/c" in shown


def test_models_are_shown_with_their_traffic_and_answers() -> None:
    shown = describe({**FACTS, "endpoints": [MODEL]}, pid=7)
    assert "model        ep: https://127.0.0.1:4711/inference/ep/score (AADToken)" in shown
    assert "  100%  blue: Succeeded, 3 x 200, 1 x 424" in shown
    assert "    0%  green: Failed, no requests" in shown


def test_a_moved_clock_and_faults_are_pointed_out() -> None:
    clock = {"now": "2027-02-21T08:00:00Z", "offset_seconds": 7776000.0}
    shown = describe({**FACTS, "clock": clock, "faults": {"error_rate": 0.1, "refused_sizes": ["a", "b"]}}, pid=7)
    assert "clock        2027-02-21T08:00:00Z, +7776000 s from the machine's" in shown
    assert "faults       error_rate=0.1, refused_sizes=a,b" in shown
