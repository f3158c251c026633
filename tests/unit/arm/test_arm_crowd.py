"""A thousand requests at once: each is answered, and the store is as if they had come one by one."""

import asyncio
import json

from local.arm.identifiers import ResourceId
from tests.unit.arm.doubles import REGION, Answer, Azure, drive

IDENTITY = "providers/Microsoft.ManagedIdentity/userAssignedIdentities"
VERSION = "api-version=2024-01-01"


def together(azure: Azure, requests: list[tuple[str, str, object]]) -> list[Answer]:
    """The answers to requests that are all under way at once."""
    headers = {"authorization": f"Bearer {azure.token}", "host": "127.0.0.1"}

    async def all_of_them() -> list[Answer]:
        sent = (
            drive(
                azure.app,
                method,
                f"{path}{'&' if '?' in path else '?'}{VERSION}",
                headers,
                json.dumps(body).encode() if body else b"",
            )
            for method, path, body in requests
        )
        return list(await asyncio.gather(*sent))

    return azure.loop.run_until_complete(all_of_them())


def test_a_thousand_requests_at_once_are_all_answered_and_leave_a_whole_store(threaded_azure: Azure) -> None:
    azure = threaded_azure
    group = azure.group()
    names = [f"{group}/{IDENTITY}/id-{number:03}" for number in range(250)]
    requests: list[tuple[str, str, object]] = []
    for name in names:
        requests += [
            ("PUT", name, {"location": REGION, "tags": {"owner": "me"}}),
            ("GET", f"{group}/resources?$top=5", None),
            ("PUT", f"{group}/{IDENTITY}/shared", {"location": REGION, "tags": {"from": name[-3:]}}),
            ("DELETE", f"{name}-never", None),
        ]
    answers = together(azure, requests)
    assert len(answers) == 1000
    assert {answer.status for answer in answers} == {200, 201, 204}
    assert [answer.status for answer in answers[::4]] == [201] * 250
    assert sorted(answer.status for answer in answers[2::4]).count(201) == 1
    stored = [resource.id.text for resource in azure.store.below(ResourceId.parse(group))]
    assert sorted(stored) == sorted([*names, f"{group}/{IDENTITY}/shared"])
    assert azure.store.rows("PRAGMA integrity_check")[0][0] == "ok"


def test_one_name_that_many_want_is_created_once(threaded_azure: Azure) -> None:
    azure = threaded_azure
    group = azure.group()
    path = f"{group}/{IDENTITY}/wanted"
    headers = {"authorization": f"Bearer {azure.token}", "host": "127.0.0.1", "if-none-match": "*"}
    body = json.dumps({"location": REGION}).encode()

    async def race() -> list[Answer]:
        return list(
            await asyncio.gather(*(drive(azure.app, "PUT", f"{path}?{VERSION}", headers, body) for _ in range(50)))
        )

    statuses = [answer.status for answer in azure.loop.run_until_complete(race())]
    assert sorted(statuses) == [201, *[412] * 49]
