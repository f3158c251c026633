"""What every request meets before any resource type has a say."""

import time
from pathlib import Path
from typing import Any

import jwt
import pytest

from local.arm.wire import BODY_LIMIT
from tests.unit.arm.doubles import REGION, URL, Azure

NESTED = b'{"a":' * 200 + b"1" + b"}" * 200
IDENTITIES = "providers/Microsoft.ManagedIdentity/userAssignedIdentities"


@pytest.mark.parametrize("header", [None, "", "Basic eDp5", "Bearer", "Bearer not.a.token"])
def test_a_request_without_a_valid_token_is_refused_with_401(azure: Azure, header: str | None) -> None:
    headers = {} if header is None else {"authorization": header}
    answer = azure("GET", azure.subscription, headers=headers, token=None)
    assert answer.status == 401
    assert answer.code in ("AuthenticationFailed", "InvalidAuthenticationToken")
    assert "Bearer" in answer.headers["www-authenticate"]


def test_an_expired_token_is_refused(azure: Azure) -> None:
    stale = azure.directory.issue("https://management.azure.com/", lifetime_seconds=-1)
    assert azure("GET", azure.subscription, token=stale).code == "ExpiredAuthenticationToken"


def test_a_token_that_was_good_is_refused_once_it_has_expired(azure: Azure, monkeypatch: pytest.MonkeyPatch) -> None:
    token = azure.directory.issue("https://management.azure.com/", lifetime_seconds=60)
    assert azure("GET", azure.subscription, token=token).status == 200
    later = time.time() + 61
    monkeypatch.setattr(time, "time", lambda: later)
    assert azure("GET", azure.subscription, token=token).code == "ExpiredAuthenticationToken"


def test_a_token_of_another_issuer_is_refused(azure: Azure) -> None:
    claims = {"iss": "https://sts.windows.net/other/", "aud": "x", "oid": "x", "exp": 4_000_000_000}
    forged = jwt.encode(claims, azure.directory.token_key, "HS256")
    assert azure("GET", azure.subscription, token=forged).code == "InvalidAuthenticationToken"


def test_an_unsigned_token_is_refused(azure: Azure) -> None:
    claims = jwt.decode(azure.token, options={"verify_signature": False})
    assert azure("GET", azure.subscription, token=jwt.encode(claims, "", "none")).status == 401


def test_a_token_of_another_directory_is_refused(azure: Azure, tmp_path: Path) -> None:
    other = Azure(tmp_path / "other.db")
    assert azure("GET", azure.subscription, token=other.token).code == "InvalidAuthenticationToken"
    other.close()


@pytest.mark.parametrize(
    ("version", "code"),
    [
        (None, "MissingApiVersionParameter"),
        ("", "MissingApiVersionParameter"),
        ("yesterday", "InvalidApiVersionParameter"),
    ],
)
def test_the_api_version_is_required_and_has_a_form(azure: Azure, version: str | None, code: str) -> None:
    for path in (azure.subscription, f"{azure.subscription}/resourceGroups/rg", f"{azure.subscription}/locations"):
        assert azure("GET", path, version=version).code == code


@pytest.mark.parametrize(
    ("tail", "code"),
    [
        ("providers/Contoso.Toys/trains/t1", "InvalidResourceNamespace"),
        ("providers/Microsoft.Compute/virtualMachines/vm", "InvalidResourceNamespace"),
        ("providers/Microsoft.Storage/trains/t1", "InvalidResourceType"),
        ("providers/Microsoft.Storage/storageAccounts/st/trains/t1", "InvalidResourceType"),
    ],
)
@pytest.mark.parametrize("method", ["GET", "PUT", "PATCH", "DELETE", "HEAD"])
def test_a_type_that_is_not_covered_is_refused_whatever_is_asked_of_it(
    azure: Azure, method: str, tail: str, code: str
) -> None:
    answer = azure(method, f"{azure.group()}/{tail}", {"location": REGION})
    assert answer.status == 404
    if method != "HEAD":
        assert answer.code == code


def test_another_subscription_is_not_found(azure: Azure) -> None:
    path = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg"
    assert azure("PUT", path, {"location": REGION}).code == "SubscriptionNotFound"


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"{",
        b"[]",
        b'"text"',
        b"null",
        b"\xff\xfe",
        b'{"a": NaN}',
        b"[" * 100_000,
        NESTED,
        b'{"a":' * 200 + b"1" + b"}" * 200,
        b'{"n": 1' + b"0" * 5000 + b"}",
    ],
)
def test_a_body_that_is_no_json_object_is_refused(azure: Azure, raw: bytes) -> None:
    answer = azure("PUT", f"{azure.subscription}/resourceGroups/rg", raw=raw)
    assert (answer.status, answer.code) == (400, "InvalidRequestContent")


@pytest.mark.parametrize(
    "raw",
    [
        '{"location": "westeurope", tags: {"a": "b: c, // d"}}',
        '{"location": "westeurope", // here\n"tags": {"a": "b: c, // d",},}',
        '/* one\ntwo */ {"location": "westeurope", "tags": /* , } */ {"a": "b: c, // d", /* last */ }}',
        '\ufeff{"location": "westeurope", "tags": {"a": "b: c, // d"}}',
    ],
)
def test_a_body_may_have_comments_bare_names_and_trailing_commas(azure: Azure, raw: str) -> None:
    answer = azure("PUT", f"{azure.subscription}/resourceGroups/rg", raw=raw.encode())
    assert (answer.status, answer.body["tags"]) == (201, {"a": "b: c, // d"})


def test_a_body_beyond_the_limit_is_refused_unread(azure: Azure) -> None:
    answer = azure("PUT", f"{azure.subscription}/resourceGroups/rg", raw=b" " * (BODY_LIMIT + 1))
    assert (answer.status, answer.code) == (413, "RequestEntityTooLarge")


def test_doubled_slashes_and_letter_case_do_not_matter(azure: Azure) -> None:
    group = azure.group("rg-Mixed")
    azure.put(f"{group}/{IDENTITIES}/Id-One", {"location": REGION})
    shouted = f"//RESOURCEGROUPS/RG-MIXED//providers//{IDENTITIES.upper().removeprefix('PROVIDERS/')}/ID-ONE"
    answer = azure("GET", f"{azure.subscription}{shouted}")
    assert answer.body["id"] == f"{group}/{IDENTITIES}/Id-One"
    assert answer.body["name"] == "Id-One"
    assert answer.body["type"] == "Microsoft.ManagedIdentity/userAssignedIdentities"


def test_a_resource_put_under_another_spelling_of_its_group_takes_the_groups_own(azure: Azure) -> None:
    group = azure.group("rg-Mixed")
    spelled = f"{azure.subscription}/resourcegroups/RG-mixed/{IDENTITIES}/id-one"
    assert azure("PUT", spelled, {"location": REGION}).body["id"] == f"{group}/{IDENTITIES}/id-one"


@pytest.mark.parametrize(
    "name", ["%2e%2e", "..%2f..", "%00", "a%0d%0aX-Injected: 1", "%ff", "a%3Fb", "%20", "x" * 300, "%3Cscript%3E"]
)
def test_a_name_that_is_path_syntax_or_unprintable_is_refused(azure: Azure, name: str) -> None:
    answer = azure("PUT", f"{azure.group()}/{IDENTITIES}/{name}", {"location": REGION})
    assert answer.status == 400
    assert "x-injected" not in answer.headers


def test_every_answer_carries_ids_and_echoes_the_callers(azure: Azure) -> None:
    sent = {"x-ms-correlation-request-id": "c-1", "x-ms-client-request-id": "r-1"}
    for path, token in ((azure.subscription, ""), ("/nowhere", ""), ("/nowhere", None)):
        answer = azure("GET", path, headers=sent, token=token)
        assert answer.headers["x-ms-request-id"]
        assert answer.headers["x-ms-correlation-request-id"] == "c-1"
        assert answer.headers["x-ms-client-request-id"] == "r-1"


@pytest.mark.parametrize(
    ("method", "tail"), [("PUT", "resources"), ("POST", ""), ("OPTIONS", ""), ("DELETE", "providers")]
)
def test_a_method_that_a_path_does_not_have_is_refused_in_arms_form(azure: Azure, method: str, tail: str) -> None:
    answer = azure(method, f"{azure.group()}/{tail}", {})
    assert (answer.status, answer.code) == (405, "HttpMethodNotAllowed")


def test_an_unknown_action_is_not_found(azure: Azure) -> None:
    assert azure("POST", f"{azure.group()}/explode").code == "InvalidResourceAction"


def test_a_handler_that_breaks_shows_no_traceback(azure: Azure, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: Any) -> None:
        raise RuntimeError("inner secret")

    monkeypatch.setattr(azure.store, "get", broken)
    answer = azure("GET", f"{azure.subscription}/resourceGroups/rg")
    assert (answer.status, answer.code) == (500, "InternalServerError")
    assert "inner secret" not in str(answer.body)


def test_the_subscription_tells_of_itself(azure: Azure) -> None:
    identifier = azure.directory.subscription_id
    assert azure("GET", azure.subscription).body["subscriptionId"] == identifier
    assert [entry["subscriptionId"] for entry in azure("GET", "/subscriptions").body["value"]] == [identifier]
    assert azure("GET", "/tenants").body["value"][0]["tenantId"] == azure.directory.tenant_id
    locations = azure("GET", f"{azure.subscription}/locations").body["value"]
    assert {"westeurope", "eastus2"} <= {entry["name"] for entry in locations}


def test_covered_providers_are_registered_and_others_unknown(azure: Azure) -> None:
    provider = azure("GET", f"{azure.subscription}/providers/microsoft.storage").body
    assert provider["registrationState"] == "Registered"
    assert "storageAccounts/blobServices/containers" in {kind["resourceType"] for kind in provider["resourceTypes"]}
    assert azure("GET", f"{azure.subscription}/providers/Contoso.Toys").code == "InvalidResourceNamespace"
    namespaces = {entry["namespace"] for entry in azure("GET", f"{azure.subscription}/providers").body["value"]}
    assert "Microsoft.MachineLearningServices" in namespaces


@pytest.mark.parametrize(("order", "step"), [("", 1), ("$orderBy=createdtime desc", -1)])
def test_lists_are_paged_and_the_next_link_leads_through_all(azure: Azure, order: str, step: int) -> None:
    group = azure.group()
    names = [f"id-{number:02}" for number in range(7)]
    for name in names:
        azure.put(f"{group}/{IDENTITIES}/{name}", {"location": REGION})
    found: list[str] = []
    path, pages = f"{group}/{IDENTITIES}?$top=3&{order}&api-version=2024-01-01", 0
    while path:
        page = azure("GET", path, version=None).body
        found += [entry["name"] for entry in page["value"]]
        path, pages = page.get("nextLink", "").removeprefix(URL), pages + 1
    assert (found, pages) == (names[::step], 3)


@pytest.mark.parametrize(
    "query", ["$top=-1", "$top=0", "$top=many", "$skiptoken=x", "$filter=name lt 'x'", "$filter=)("]
)
def test_a_query_that_is_not_understood_is_refused(azure: Azure, query: str) -> None:
    assert azure("GET", f"{azure.group()}/resources?{query}").status == 400


def test_lists_by_group_subscription_type_and_tag(azure: Azure) -> None:
    one, two = azure.group("rg-one"), azure.group("rg-two")
    azure.put(f"{one}/{IDENTITIES}/id-a", {"location": REGION, "tags": {"owner": "me"}})
    azure.put(f"{two}/{IDENTITIES}/id-b", {"location": REGION})

    def names(path: str) -> list[str]:
        return [entry["name"] for entry in azure("GET", path).body["value"]]

    assert names(f"{one}/resources") == ["id-a"]
    assert names(f"{azure.subscription}/resources") == ["id-a", "id-b"]
    assert names(f"{azure.subscription}/resources?$filter=tagName eq 'owner' and tagValue eq 'me'") == ["id-a"]
    assert names(f"{azure.subscription}/{IDENTITIES}") == ["id-a", "id-b"]
    assert names(f"{azure.subscription}/resourceGroups") == ["rg-one", "rg-two"]


def test_a_list_in_a_group_that_is_missing_is_not_found(azure: Azure) -> None:
    group = f"{azure.subscription}/resourceGroups/nowhere"
    assert azure("GET", f"{group}/resources").code == "ResourceGroupNotFound"
    assert azure("GET", f"{group}/{IDENTITIES}").code == "ResourceGroupNotFound"
