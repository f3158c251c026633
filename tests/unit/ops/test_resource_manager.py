"""Resource Manager's answers become documents, its errors one sentence, its long operations are waited for."""

import pytest
from azure.core.credentials import TokenCredential
from azure.core.exceptions import ClientAuthenticationError

from ops.azure import ResourceManager, token
from ops.errors import OpsError
from tests.unit.ops.https_double import Https

GROUP = "/subscriptions/s/resourceGroups/rg"


@pytest.fixture
def azure(https: Https, caller: TokenCredential) -> ResourceManager:
    return ResourceManager(https.url, caller, "https://management.azure.com/.default")


def test_a_resource_is_read_as_the_caller(azure: ResourceManager, https: Https) -> None:
    https.answer(GROUP, 200, {"name": "rg"})
    assert azure.get(GROUP, "2024-03-01") == {"name": "rg"}
    assert https.requests[0].path == f"{GROUP}?api-version=2024-03-01"
    assert https.requests[0].authorization == "Bearer token-for-https://management.azure.com/.default"


def test_what_does_not_exist_is_none(azure: ResourceManager) -> None:
    assert azure.get(GROUP, "2024-03-01") is None
    assert azure.post(f"{GROUP}/exportTemplate", "2021-04-01") is None


def test_azures_own_words_are_the_error(azure: ResourceManager, https: Https) -> None:
    https.answer(GROUP, 403, {"error": {"code": "AuthorizationFailed", "message": "The client has no right."}})
    with pytest.raises(OpsError, match=r"Azure refused: AuthorizationFailed: The client has no right\."):
        azure.get(GROUP, "2024-03-01")


def test_an_error_without_words_has_status_and_address(azure: ResourceManager, https: Https) -> None:
    https.answer(GROUP, 418, "<html>")
    with pytest.raises(OpsError, match=f"418 .* GET .*{GROUP}"):
        azure.get(GROUP, "2024-03-01")


def test_pages_are_joined(azure: ResourceManager, https: Https) -> None:
    https.answer("/list", 200, {"value": [{"name": "a"}, {"name": "b"}], "nextLink": f"{https.url}/more"})
    https.answer("/more", 200, {"value": [{"name": "c"}]})
    assert [member["name"] for member in azure.list("/list", "1")] == ["a", "b", "c"]


def test_a_long_action_is_waited_for(azure: ResourceManager, https: Https) -> None:
    https.answer("/act", 202, {}, Location=f"{https.url}/later", Retry_After="0")
    https.answer("/later", 202, {}, Location=f"{https.url}/later", Retry_After="0")
    https.answer("/later", 200, {"done": True})
    assert azure.post("/act", "1") == {"done": True}


def test_a_deletion_is_waited_for_and_one_of_nothing_is_none(azure: ResourceManager, https: Https) -> None:
    https.answer(GROUP, 202, "", Location=f"{https.url}/later", Retry_After="0")
    https.answer("/later", 204, "")
    azure.delete(GROUP, "1", "&force=true")
    assert [request.method for request in https.requests] == ["DELETE", "GET"]
    assert https.requests[0].path.endswith("?api-version=1&force=true")
    azure.delete("/absent", "1")


def test_a_deletion_that_is_refused_is_an_error(azure: ResourceManager, https: Https) -> None:
    https.answer(GROUP, 409, {"error": {"code": "ScopeLocked", "message": "It is locked."}})
    with pytest.raises(OpsError, match="ScopeLocked"):
        azure.delete(GROUP, "1")


def test_a_resource_in_the_making_is_waited_for(
    azure: ResourceManager, https: Https, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ops.azure.POLL_SECONDS", 0.0)
    https.answer(GROUP, 200, {"properties": {"provisioningState": "Creating"}})
    https.answer(GROUP, 200, {"properties": {"provisioningState": "Succeeded"}})
    settled = azure.settled(GROUP, "1")
    assert settled == {"properties": {"provisioningState": "Succeeded"}}


def test_a_resource_without_a_state_is_settled(azure: ResourceManager, https: Https) -> None:
    https.answer(GROUP, 200, {"name": "assignment"})
    assert azure.settled(GROUP, "1") == {"name": "assignment"}


def test_an_endpoint_that_is_down_is_named(caller: TokenCredential) -> None:
    azure = ResourceManager("https://127.0.0.1:1", caller, "scope", retries=0)
    with pytest.raises(OpsError, match=r"Azure Resource Manager at https://127\.0\.0\.1:1 does not answer"):
        azure.get(GROUP, "1")


def test_without_a_login_the_way_to_one_is_shown() -> None:
    class Nobody:
        def get_token(self, *_: str, **__: object) -> None:
            raise ClientAuthenticationError("long story")

    with pytest.raises(OpsError, match="az login"):
        token(Nobody(), "scope")  # type: ignore[arg-type]
