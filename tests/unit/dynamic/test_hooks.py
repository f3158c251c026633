"""What is done around the engine's own operations: an endpoint keeps its traffic, a failed deployment shows its log."""

import asyncio

import pulumi
import pytest

from azure_ml_platform.dynamic.hooks import keep_traffic, tell_why
from tests.harness import build
from tests.unit.arm.doubles import platform
from tests.unit.arm.endpoints import deployment_body, endpoint_body, make_assets
from tests.unit.dynamic.local_azure import LocalAzure

DEPLOYMENT = "/endpoints/wine/deployments/blue"


@pytest.fixture
def endpoint(local_azure: LocalAzure) -> str:
    """An endpoint whose slot blue has all traffic, and green copies."""
    parts = platform(local_azure.azure)
    make_assets(local_azure.azure, parts)
    path = f"{parts.workspace}/onlineEndpoints/wine"
    local_azure.azure.put(path, endpoint_body())
    for slot in ("blue", "green"):
        local_azure.azure.put(f"{path}/deployments/{slot}", deployment_body(path))
    local_azure.azure.put(path, endpoint_body(traffic={"blue": 100}, mirrorTraffic={"green": 10}))
    return path


def made(binding) -> pulumi.ResourceHookBinding:
    """The hooks that a function makes inside of a program."""
    found = []
    build(lambda: found.append(binding()))
    return found[0]


def run(hook, **args):
    kind = pulumi.ErrorHookArgs if isinstance(hook, pulumi.ErrorHook) else pulumi.ResourceHookArgs
    return asyncio.run(hook.callback(kind(urn="urn", name="x", type="type", **args)))


def test_an_endpoint_that_is_written_gets_its_traffic_and_its_copies_back(local_azure, endpoint):
    hooks = made(lambda: keep_traffic("x"))
    run(hooks.before_update[0], id=endpoint)
    local_azure.azure.put(endpoint, {**endpoint_body(), "tags": {"owner": "me"}})
    assert local_azure.azure("GET", endpoint).properties["traffic"] == {}
    run(hooks.after_update[0], id=endpoint)
    shown = local_azure.azure("GET", endpoint)
    assert (shown.properties["traffic"], shown.properties["mirrorTraffic"]) == ({"blue": 100}, {"green": 10})
    assert shown.body["tags"] == {"owner": "me"}


def test_traffic_that_the_write_left_is_not_written_again(local_azure, endpoint):
    hooks = made(lambda: keep_traffic("x"))
    run(hooks.before_update[0], id=endpoint)
    run(hooks.after_update[0], id=endpoint)
    assert "PUT" not in [method for method, _ in local_azure.asked]


def failed(azure_, caplog, content: str | None, error: str) -> str:
    """What is shown of a deployment that failed with an error and printed something."""
    if content is not None:
        azure_.resources[f"{DEPLOYMENT}/getLogs"] = {"content": content}
    endpoint = DEPLOYMENT.partition("/deployments")[0]
    hooks = made(lambda: tell_why("x", "blue", pulumi.Output.from_input(endpoint)))
    again = run(hooks.on_error[0], id="", failed_operation="create", errors=[error])
    assert again is False, "the engine is not to try again"
    return caplog.text


def test_a_deployment_that_fails_shows_the_end_of_its_containers_log(azure_, caplog):
    said = failed(azure_, caplog, "starting\n\nKeyError: 'alcohol'\n", "the container crashed")
    assert "the end of the log of blue's container:\nstarting\nKeyError: 'alcohol'" in said


@pytest.mark.parametrize("content", [None, "", "starting\nKeyError: 'alcohol'"])
def test_a_log_that_is_not_there_or_in_the_error_already_is_not_shown(azure_, caplog, content):
    assert failed(azure_, caplog, content, "the container crashed: KeyError: 'alcohol'") == ""
