"""The ARM client: retries, identity, and the one error that says how to start the endpoint."""

import socket
from concurrent.futures import ThreadPoolExecutor

import pytest

from local.provider.client import ArmClient
from local.provider.errors import ArmError, ProviderError, UnansweredError, UnreachableError
from local.provider.waiting import Cancellation
from tests.unit.provider.arm_double import ArmDouble, answers, drops, refusal
from tests.unit.provider.engine_double import GROUP


def client_of(url: str) -> ArmClient:
    return ArmClient(url, f"{url}/identity/token", "header", None, Cancellation(), first_wait_seconds=0.01)


@pytest.fixture
def client(arm: ArmDouble) -> ArmClient:
    return client_of(arm.url)


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_transient_refusal_is_retried_as_azure_asks(client: ArmClient, arm: ArmDouble, status: int) -> None:
    arm.script("PUT", "/x", answers(*refusal(status, "Busy", "later", {"Retry-After": "0"})))
    client.request("PUT", "/x", "1", body={})
    assert arm.count("PUT", "/x") == 2


def test_a_parent_that_is_busy_with_another_operation_is_waited_for(client: ArmClient, arm: ArmDouble) -> None:
    arm.script("PUT", "/x", answers(*refusal(409, "AnotherOperationInProgress", "busy")))
    assert client.request("PUT", "/x", "1", body={}).status == 201


def test_a_conflict_is_not_retried(client: ArmClient, arm: ArmDouble) -> None:
    arm.script("PUT", "/x", answers(*refusal(409, "Conflict", "no")))
    with pytest.raises(ArmError, match="Conflict: no"):
        client.request("PUT", "/x", "1", body={})


def test_retries_end(client: ArmClient, arm: ArmDouble) -> None:
    arm.script("GET", "/x", *[answers(*refusal(503, "Down", "down"))] * 10)
    with pytest.raises(ArmError, match="Down"):
        client.request("GET", "/x", "1")
    assert arm.count("GET", "/x") == 6


def test_a_lost_answer_is_asked_for_again_unless_it_was_a_put(client: ArmClient, arm: ArmDouble) -> None:
    arm.script("GET", GROUP, drops)
    arm.script("PUT", GROUP, drops)
    assert client.get(GROUP, "1") is not None
    with pytest.raises(UnansweredError):
        client.request("PUT", GROUP, "1", body={})
    assert arm.count("PUT", GROUP) == 1


def test_requests_in_turn_share_one_connection(client: ArmClient, arm: ArmDouble) -> None:
    for number in range(5):
        client.request("PUT", f"/{number}", "1", body={})
        client.get("/nothing", "1")
    assert arm.connections == 1


def test_requests_at_once_need_no_more_connections_than_there_are_of_them(client: ArmClient, arm: ArmDouble) -> None:
    client.get(GROUP, "1")
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: client.get(GROUP, "1"), range(200)))
    assert all(found)
    assert arm.connections <= 8


def test_what_failed_together_does_not_come_again_together(arm: ArmDouble, monkeypatch: pytest.MonkeyPatch) -> None:
    waits: list[float] = []
    stop = Cancellation()
    monkeypatch.setattr(stop, "wait", waits.append)
    client = ArmClient(arm.url, f"{arm.url}/identity/token", "header", None, stop, first_wait_seconds=4)
    for _ in range(5):
        arm.script("GET", GROUP, answers(*refusal(503, "Down", "down")))
        client.get(GROUP, "1")
    assert len(set(waits)) == 5
    assert all(2 <= wait <= 6 for wait in waits)


def test_one_token_serves_many_requests(client: ArmClient, arm: ArmDouble) -> None:
    for _ in range(3):
        client.get(GROUP, "1")
    assert arm.tokens_issued == 1
    assert arm.asked[-1].headers["Authorization"].startswith("Bearer head.")


def test_a_token_about_to_expire_is_renewed(client: ArmClient, arm: ArmDouble) -> None:
    arm.token_lifetime_seconds = 60
    for _ in range(2):
        client.get(GROUP, "1")
    assert arm.tokens_issued == 2


def test_a_refused_token_is_renewed_once(client: ArmClient, arm: ArmDouble) -> None:
    denied = answers(*refusal(401, "ExpiredAuthenticationToken", "expired"))
    arm.script("GET", GROUP, denied)
    assert client.get(GROUP, "1") is not None
    arm.script("GET", GROUP, denied, denied)
    with pytest.raises(ArmError, match="ExpiredAuthenticationToken"):
        client.get(GROUP, "1")


def test_an_endpoint_that_does_not_listen_is_named_with_the_command_that_starts_it() -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{closed.getsockname()[1]}"
    with pytest.raises(UnreachableError) as error:
        client_of(url).get("/x", "1")
    assert url in str(error.value)
    assert "Connection refused" in str(error.value)
    assert "`make up`" in str(error.value)


def test_a_token_is_not_sent_to_another_host(client: ArmClient) -> None:
    with pytest.raises(ProviderError, match="is not sent there"):
        client.request("GET", "http://example.invalid/operation", None)


def test_parameters_are_written_as_azure_reads_them(client: ArmClient, arm: ArmDouble) -> None:
    client.request("PUT", "/names with space", "1", query={"skipValidation": True}, body={})
    assert arm.asked[-1].path == "/names%20with%20space"
    assert arm.asked[-1].query == {"skipValidation": "true", "api-version": "1"}
