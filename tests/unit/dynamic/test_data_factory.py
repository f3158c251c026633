"""A factory's network, triggers and private endpoints, against the local Azure itself."""

import json

import pytest

from azure_ml_platform.dynamic import data_factory
from azure_ml_platform.dynamic.arm import ArmClient, ArmError
from azure_ml_platform.dynamic.data_factory import FactoryNetworkProvider, TriggerProvider
from azure_ml_platform.dynamic.link_approval import LinkApprovalProvider
from tests.unit.arm.doubles import platform

REFERENCE = {"pipelineReference": {"referenceName": "copy", "type": "PipelineReference"}}


@pytest.fixture
def cloud(local_azure):
    """The local Azure in this process, which every HTTPS request ends at."""
    return local_azure.azure


@pytest.fixture
def parts(cloud):
    """A small platform on it."""
    return platform(cloud)


@pytest.fixture
def factory(cloud, parts):
    path = f"{parts.group}/providers/Microsoft.DataFactory/factories/adf-test"
    cloud.put(path, {"location": "westeurope", "identity": {"type": "SystemAssigned"}, "properties": {}})
    cloud.put(f"{path}/pipelines/copy", {"properties": {"activities": []}})
    return path


def schedule(hour=2):
    recurrence = {"frequency": "Day", "interval": 1, "schedule": {"hours": [hour], "minutes": [0]}}
    return {"type": "ScheduleTrigger", "typeProperties": {"recurrence": recurrence}, "pipelines": [REFERENCE]}


def events(scope):
    listens = {"scope": scope, "events": ["Microsoft.Storage.BlobCreated"], "blobPathBeginsWith": "/a/blobs/"}
    return {"type": "BlobEventsTrigger", "typeProperties": listens, "pipelines": [REFERENCE]}


def inputs(factory, definition):
    own = {"factory_id": factory, "trigger_name": "daily", "definition": definition}
    return {**own, "revision": 1.0, "written": None}


def state(azure, factory):
    return azure("GET", f"{factory}/triggers/daily").properties["runtimeState"]


def test_a_trigger_runs_once_it_is_written(cloud, factory):
    made = TriggerProvider().create(inputs(factory, schedule()))
    assert made.id == f"{factory}/triggers/daily"
    assert state(cloud, factory) == "Started"


def test_a_trigger_that_runs_is_changed_and_runs_on(cloud, factory):
    olds = TriggerProvider().create(inputs(factory, schedule(2))).outs
    refused = cloud("PUT", f"{factory}/triggers/daily", {"properties": schedule(3)})
    assert refused.code == "TriggerEnabledCannotUpdate"
    TriggerProvider().update("", olds, inputs(factory, schedule(3)))
    trigger = cloud("GET", f"{factory}/triggers/daily").properties
    assert trigger["typeProperties"]["recurrence"]["schedule"]["hours"] == [3]
    assert trigger["runtimeState"] == "Started"


def test_a_trigger_that_an_interrupted_update_left_is_taken_over(cloud, factory):
    TriggerProvider().create(inputs(factory, schedule(2)))
    TriggerProvider().create(inputs(factory, schedule(3)))
    assert state(cloud, factory) == "Started"


def test_a_trigger_that_runs_is_stopped_and_deleted(cloud, factory):
    made = TriggerProvider().create(inputs(factory, schedule()))
    TriggerProvider().delete(made.id, made.outs)
    assert cloud("GET", made.id).status == 404
    TriggerProvider().delete(made.id, made.outs)


def test_a_trigger_on_events_is_subscribed_before_it_runs_and_taken_off_before_it_goes(cloud, parts, factory):
    made = TriggerProvider().create(inputs(factory, events(parts.storage)))

    def subscription():
        return cloud("POST", f"{made.id}/getEventSubscriptionStatus").body["status"]

    assert (state(cloud, factory), subscription()) == ("Started", "Enabled")
    with ArmClient() as arm:
        data_factory._stop(arm, made.id)
    assert (state(cloud, factory), subscription()) == ("Stopped", "Disabled")


def test_a_subscription_that_never_comes_up_is_an_error_in_time(cloud, parts, factory, monkeypatch):
    monkeypatch.setattr(data_factory, "_SUBSCRIPTION_SECONDS", -1.0)
    made = TriggerProvider().create(inputs(factory, events(parts.storage)))
    with pytest.raises(ArmError, match="not Disabled after"), ArmClient() as arm:
        data_factory._subscribe(arm, made.id, "subscribeToEvents", until="Disabled")


def test_what_was_done_to_a_trigger_by_hand_is_seen_and_mended(cloud, factory):
    made = TriggerProvider().create(inputs(factory, schedule(2)))
    assert TriggerProvider().read(made.id, made.outs).outs == made.outs
    cloud("POST", f"{made.id}/stop")
    stopped = TriggerProvider().read(made.id, made.outs).outs
    assert TriggerProvider().diff(made.id, stopped, inputs(factory, schedule(2))).changes
    cloud.put(made.id, {"properties": schedule(5)})
    cloud("POST", f"{made.id}/start")
    changed = TriggerProvider().read(made.id, made.outs).outs
    assert TriggerProvider().diff(made.id, changed, inputs(factory, schedule(2))).changes
    cloud("POST", f"{made.id}/stop")
    cloud.delete(made.id)
    assert TriggerProvider().read(made.id, made.outs).id == ""


@pytest.mark.parametrize(
    ("changes", "replaces", "changed"),
    [
        ({}, [], False),
        ({"definition": schedule(9)}, [], True),
        ({"trigger_name": "other"}, ["trigger_name"], True),
    ],
)
def test_another_name_is_another_trigger(changes, replaces, changed):
    olds = inputs("/f", schedule())
    diff = TriggerProvider().diff("", olds, {**olds, **changes})
    assert (diff.replaces, diff.changes) == (replaces, changed)


def test_a_factory_has_one_network_which_goes_with_it(cloud, factory):
    made = FactoryNetworkProvider().create({"factory_id": factory, "revision": 1.0})
    assert cloud("GET", made.id).status == 200
    assert FactoryNetworkProvider().read(made.id, made.outs).id == made.id
    cloud.delete(factory)
    assert FactoryNetworkProvider().read(made.id, made.outs).id == ""


@pytest.fixture
def waiting(cloud, parts, factory):
    """A private endpoint that its target's owner has not approved yet."""
    network = FactoryNetworkProvider().create({"factory_id": factory, "revision": 1.0})
    wanted = {"privateLinkResourceId": parts.storage, "groupId": "blob"}
    path = f"{network.id}/managedPrivateEndpoints/adf-test-lake"
    assert cloud.put(path, {"properties": wanted}).properties["connectionState"]["status"] == "Pending"
    return path


def approval(platform, endpoint="adf-test-lake"):
    wanted = {"target_id": platform.storage, "endpoint_name": endpoint, "api_version": "2024-01-01"}
    return {**wanted, "status": "Approved", "revision": 1.0}


def test_the_owner_of_both_ends_approves_an_endpoint(cloud, parts, waiting):
    made = LinkApprovalProvider().create(approval(parts))
    assert made.id.startswith(f"{parts.storage}/privateEndpointConnections/")
    assert cloud("GET", waiting).properties["connectionState"]["status"] == "Approved"


def test_an_approval_that_was_taken_back_is_given_again(cloud, parts, waiting):
    made = LinkApprovalProvider().create(approval(parts))
    rejected = {"properties": {"privateLinkServiceConnectionState": {"status": "Rejected", "description": "no"}}}
    cloud.put(made.id, rejected)
    seen = LinkApprovalProvider().read(made.id, made.outs).outs
    assert LinkApprovalProvider().diff(made.id, seen, made.outs).changes
    LinkApprovalProvider().update(made.id, seen, made.outs)
    assert cloud("GET", waiting).properties["connectionState"]["status"] == "Approved"


def test_an_endpoint_that_never_shows_at_its_target_is_an_error_in_time(parts, waiting, monkeypatch):
    monkeypatch.setattr("azure_ml_platform.dynamic.link_approval._WAIT_SECONDS", -1.0)
    with pytest.raises(ArmError, match="no connection of lake after"):
        LinkApprovalProvider().create(approval(parts, "lake"))


def test_an_endpoint_that_is_gone_takes_its_connection_along(cloud, parts, waiting):
    made = LinkApprovalProvider().create(approval(parts))
    cloud.delete(waiting)
    assert LinkApprovalProvider().read(made.id, made.outs).id == ""


def test_triggers_say_nothing_that_the_engine_could_not_keep(factory):
    json.dumps(TriggerProvider().create(inputs(factory, schedule())).outs)
