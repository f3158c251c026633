"""Slots of an endpoint on the local Azure: what the traffic step and the drain do to live traffic."""

from collections.abc import Callable

import pytest

from azure_ml_platform.dynamic import arm, rollout
from azure_ml_platform.dynamic.arm import ArmError
from azure_ml_platform.dynamic.drain import DrainProvider
from azure_ml_platform.dynamic.rollout import RolloutStopped
from azure_ml_platform.dynamic.traffic import TrafficProvider
from tests.unit.arm.doubles import platform
from tests.unit.arm.endpoints import deployment_body, endpoint_body, make_assets
from tests.unit.dynamic.local_azure import LocalAzure

CANARY = {"slot": "green", "steps": [10.0, 50.0], "hold_minutes": 10.0, "error_rate_percent": 20.0}


@pytest.fixture
def local(local_azure: LocalAzure, monkeypatch: pytest.MonkeyPatch) -> LocalAzure:
    """A local Azure with the endpoint wine, whose slots blue and green have no traffic."""
    parts = platform(local_azure.azure)
    make_assets(local_azure.azure, parts)
    endpoint = f"{parts.workspace}/onlineEndpoints/wine"
    local_azure.azure.put(endpoint, endpoint_body("AADToken"))
    for slot in ("blue", "green"):
        local_azure.azure.put(f"{endpoint}/deployments/{slot}", deployment_body(endpoint))
    monkeypatch.setattr(rollout.time, "sleep", local_azure.sleep)
    return local_azure


@pytest.fixture
def endpoint(local: LocalAzure) -> str:
    workspaces = "providers/Microsoft.MachineLearningServices/workspaces"
    return f"{local.azure.subscription}/resourceGroups/rg-test/{workspaces}/mlw-test/onlineEndpoints/wine"


@pytest.fixture
def traffic(local: LocalAzure, endpoint: str) -> Callable[[], tuple[dict[str, int], dict[str, int]]]:
    """What the endpoint says of its traffic, and of what it copies."""

    def read() -> tuple[dict[str, int], dict[str, int]]:
        properties = local.azure("GET", endpoint).properties
        return properties["traffic"], properties["mirrorTraffic"]

    return read


def inputs(endpoint: str, split: dict[str, float], **more: object) -> dict[str, object]:
    return {
        "endpoint_id": endpoint,
        "split": split,
        "mirror": {},
        "deployments": {slot: f"{endpoint}/deployments/{slot}" for slot in ("blue", "green")},
        "made": ["1", "1"],
        "trigger": "1",
        "revision": 2.0,
        **more,
    }


def test_the_first_split_is_set_at_once_whatever_the_canary_says(local, endpoint, traffic):
    TrafficProvider().create(inputs(endpoint, {"blue": 20.0, "green": 80.0}, canary=CANARY))
    assert traffic()[0] == {"blue": 20, "green": 80}


def test_requests_are_copied_to_a_slot_without_traffic(local, endpoint, traffic):
    TrafficProvider().create(inputs(endpoint, {"blue": 100.0}, mirror={"green": 20.0}))
    assert traffic() == ({"blue": 100}, {"green": 20})


def test_a_canary_that_answers_well_goes_step_by_step_to_its_share(local, endpoint, traffic):
    provider, seen = TrafficProvider(), []
    before = provider.create(inputs(endpoint, {"blue": 100.0})).outs

    def look() -> None:
        seen.append(traffic()[0])
        assert local.score("wine", "green") == 200

    local.asleep = look
    provider.update("id", before, inputs(endpoint, {"green": 100.0}, canary=CANARY))
    steps = [split for split, earlier in zip(seen, [None, *seen], strict=False) if split != earlier]
    assert steps == [{"blue": 90, "green": 10}, {"blue": 50, "green": 50}]
    assert traffic()[0] == {"green": 100}


def test_each_step_is_held_by_azures_clock(local, endpoint):
    provider = TrafficProvider()
    before = provider.create(inputs(endpoint, {"blue": 100.0})).outs
    started = local.azure.cloud.clock.now()
    provider.update("id", before, inputs(endpoint, {"green": 100.0}, canary=CANARY))
    assert 20 <= (local.azure.cloud.clock.now() - started).total_seconds() / 60 < 22


def test_a_canary_that_answers_with_errors_gives_its_traffic_back_and_says_why(local, endpoint, traffic):
    provider = TrafficProvider()
    before = provider.create(inputs(endpoint, {"blue": 100.0})).outs

    def fail() -> None:
        local.azure.serving.status = 500
        local.score("wine", "green")

    local.asleep = fail
    with pytest.raises(RolloutStopped) as stopped:
        provider.update("id", before, inputs(endpoint, {"green": 100.0}, canary=CANARY))
    assert "green answered 1 of 1 requests with an error (1 with 424) at 10 percent" in str(stopped.value)
    assert "blue 100" in str(stopped.value)
    assert traffic()[0] == {"blue": 100}


def test_few_errors_among_many_answers_are_let_pass(local, endpoint, traffic):
    provider = TrafficProvider()
    before = provider.create(inputs(endpoint, {"blue": 100.0})).outs

    def answer() -> None:
        for status in (200, 200, 200, 200, 200, 500):
            local.azure.serving.status = status
            local.score("wine", "green")
        local.asleep = lambda: None

    local.asleep = answer
    provider.update("id", before, inputs(endpoint, {"green": 100.0}, canary=CANARY))
    assert traffic()[0] == {"green": 100}


def test_errors_from_before_the_step_do_not_count(local, endpoint, traffic):
    provider = TrafficProvider()
    before = provider.create(inputs(endpoint, {"blue": 100.0})).outs
    local.azure.serving.status = 500
    local.score("wine", "green")
    provider.update("id", before, inputs(endpoint, {"green": 100.0}, canary=CANARY))
    assert traffic()[0] == {"green": 100}


def test_the_way_back_is_taken_at_once(local, endpoint, traffic):
    provider = TrafficProvider()
    before = provider.create(inputs(endpoint, {"green": 100.0}, canary=CANARY)).outs
    local.asleep = lambda: pytest.fail("a rollback waits for nothing")
    provider.update("id", before, inputs(endpoint, {"blue": 100.0}, canary=CANARY))
    assert traffic()[0] == {"blue": 100}


def test_a_rollout_that_was_cut_short_goes_on_where_it_was(local, endpoint, traffic):
    provider, seen = TrafficProvider(), []
    before = provider.create(inputs(endpoint, {"blue": 100.0})).outs
    local.azure.put(endpoint, endpoint_body("AADToken", traffic={"blue": 50, "green": 50}))
    local.asleep = lambda: seen.append(traffic()[0])
    provider.update("id", before, inputs(endpoint, {"green": 100.0}, canary=CANARY))
    assert seen == []
    assert traffic()[0] == {"green": 100}


def test_copies_end_for_a_slot_that_comes_to_answer(local, endpoint, traffic):
    provider = TrafficProvider()
    before = provider.create(inputs(endpoint, {"blue": 100.0}, mirror={"green": 20.0})).outs
    provider.update("id", before, inputs(endpoint, {"green": 100.0}, mirror={"blue": 10.0}, canary=CANARY))
    assert traffic() == ({"green": 100}, {"blue": 10})


def test_traffic_that_somebody_moved_stays_where_it_is_until_its_share_is_changed(local, endpoint, traffic):
    provider = TrafficProvider()
    before = provider.create(inputs(endpoint, {"blue": 100.0})).outs
    local.azure.put(endpoint, endpoint_body("AADToken", traffic={"blue": 60, "green": 40}))
    provider.update("id", before, inputs(endpoint, {"blue": 100.0}, trigger="2"))
    assert traffic()[0] == {"blue": 60, "green": 40}
    provider.update("id", before, inputs(endpoint, {"blue": 90.0, "green": 10.0}))
    assert traffic()[0] == {"blue": 90, "green": 10}


def test_a_slot_that_did_not_come_up_gets_nothing(local, endpoint, traffic):
    provider = TrafficProvider()
    before = provider.create(inputs(endpoint, {"blue": 100.0})).outs
    local.azure.serving.failure = "no module named skopt"
    local.azure.settle(local.azure("PUT", f"{endpoint}/deployments/green", deployment_body(endpoint)))
    with pytest.raises(ArmError, match="only a healthy deployment"):
        provider.update("id", before, inputs(endpoint, {"green": 100.0}))
    assert traffic()[0] == {"blue": 100}


def test_a_throttled_and_failing_azure_is_asked_again(local, endpoint, traffic, monkeypatch):
    monkeypatch.setattr(arm.time, "sleep", lambda _: None)
    local.azure("PUT", "/local/faults", {"throttle_rate": 0.3, "error_rate": 0.2, "retry_after_seconds": 0})
    TrafficProvider().create(inputs(endpoint, {"blue": 100.0}))
    local.azure("PUT", "/local/faults", {})
    assert traffic()[0] == {"blue": 100}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({"traffic": {"blue": 90, "green": 10}}, ({"blue": 100}, {})),
        ({"traffic": {"green": 100}}, ({}, {})),
        ({"traffic": {"blue": 100}, "mirrorTraffic": {"green": 20}}, ({"blue": 100}, {})),
        ({"traffic": {"blue": 100}}, ({"blue": 100}, {})),
    ],
)
def test_a_slot_that_goes_leaves_its_share_to_the_others(local, endpoint, traffic, before, after):
    local.azure.put(endpoint, endpoint_body("AADToken", **before))
    made = DrainProvider().create({"deployment_id": f"{endpoint}/deployments/green", "revision": 1.0})
    DrainProvider().delete(made.id, made.outs)
    assert traffic() == after
    local.azure.delete(f"{endpoint}/deployments/green")


def test_a_slot_of_an_endpoint_that_is_gone_needs_no_draining(local, endpoint):
    local.azure.delete(endpoint)
    DrainProvider().delete("id", {"deployment_id": f"{endpoint}/deployments/green"})


def test_a_deployment_that_is_replaced_is_drained_first_and_told_apart_from_the_one_before():
    provider = DrainProvider()
    olds = provider.create({"deployment_id": "id", "revision": 1.0}).outs
    diff = provider.diff("id", olds, {"deployment_id": "other", "revision": 1.0})
    assert (diff.changes, diff.replaces, diff.delete_before_replace) == (True, ["deployment_id"], True)
    assert not provider.diff("id", olds, {"deployment_id": "id", "revision": 1.0}).changes
    assert olds["made"] != provider.create({"deployment_id": "id", "revision": 1.0}).outs["made"]
