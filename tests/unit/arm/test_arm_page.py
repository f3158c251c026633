"""The page: who may see it, that what it shows is only shown, and what it tells the browser."""

from dataclasses import replace
from datetime import timedelta

import pytest

from local.arm.page.html import Markup, tag
from local.arm.page.overview import MOST_RESOURCES
from local.arm.page.routes import COOKIE, FORM_LIMIT
from tests.unit.arm.doubles import REGION, Answer, Azure, Platform

FORM = {"content-type": "application/x-www-form-urlencoded"}


def sign_in(azure: Azure, token: str) -> Answer:
    return azure("POST", "/page/sign-in", raw=f"token={token}".encode(), headers=FORM, token=None, version=None)


def shown(azure: Azure, cookie: str | None = None) -> Answer:
    """The root page; by default for who has just signed in."""
    cookie = cookie or sign_in(azure, azure.token).headers["set-cookie"].partition(";")[0]
    return azure("GET", "/", headers={"cookie": cookie}, token=None, version=None)


def html(answer: Answer) -> str:
    return bytes(answer.body).decode()


def test_who_has_not_signed_in_sees_a_form_and_nothing_else(azure: Azure, platform: Platform) -> None:
    for headers in ({}, {"cookie": f"{COOKIE}=guessed"}, {"authorization": f"Bearer {azure.token}"}):
        answer = azure("GET", "/", headers=headers, token=None, version=None)
        assert answer.status == 401
        assert '<form method="post" action="/page/sign-in">' in html(answer)
        assert "kv-test" not in html(answer)
        assert azure.directory.subscription_id not in html(answer)


@pytest.mark.parametrize("token", ["", "wrong", "%ff%00", "a" * (FORM_LIMIT + 1)])
def test_a_wrong_token_brings_the_form_back_with_a_reason(azure: Azure, token: str) -> None:
    answer = sign_in(azure, token)
    assert (answer.status, "set-cookie" in answer.headers) == (401, False)
    assert 'role="alert"' in html(answer)


def test_the_cookie_is_for_this_page_alone(azure: Azure) -> None:
    answer = sign_in(azure, azure.token)
    assert (answer.status, answer.headers["location"]) == (303, "/")
    cookie = answer.headers["set-cookie"]
    assert azure.token not in cookie
    assert cookie.startswith("__Host-")
    assert {"HttpOnly", "Secure", "SameSite=strict", "Path=/"} <= set(cookie.split("; "))
    pair = cookie.partition(";")[0]
    assert shown(azure, pair).status == 200
    assert azure("GET", azure.subscription, headers={"cookie": pair}, token=None).status == 401
    value = pair.partition("=")[2]
    assert azure("GET", azure.subscription, token=value).status == 401


def test_signing_out_ends_it(azure: Azure) -> None:
    pair = sign_in(azure, azure.token).headers["set-cookie"].partition(";")[0]
    assert azure("POST", "/page/sign-out", headers={"cookie": pair}, token=None, version=None).status == 303
    assert shown(azure, pair).status == 401


def test_every_answer_forbids_what_the_page_does_not_need(azure: Azure) -> None:
    style = azure("GET", "/page/style.css", token=None, version=None)
    assert (style.status, style.headers["content-type"]) == (200, "text/css; charset=utf-8")
    for answer in (style, shown(azure), shown(azure, "none=1"), sign_in(azure, azure.token), sign_in(azure, "wrong")):
        policy = answer.headers["content-security-policy"]
        assert policy.startswith("default-src 'none'; style-src 'self'; ")
        assert "unsafe" not in policy
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert answer.headers["cache-control"] == "no-store"


def test_the_page_shows_what_is_deployed(azure: Azure, platform: Platform) -> None:
    azure.put(
        f"{platform.group}/providers/Microsoft.AlertsManagement/smartDetectorAlertRules/failures",
        {"location": "global", "properties": {"scope": [platform.insights]}},
    )
    endpoint = {"location": REGION, "identity": {"type": "SystemAssigned"}, "properties": {"authMode": "Key"}}
    azure.put(f"{platform.workspace}/onlineEndpoints/shown-endpoint", endpoint)
    azure.cloud.clock.move(timedelta(days=2))
    page = html(shown(azure))
    for text in ("rg-test", "kv-test", "mlw-test/shown-endpoint", "failures", "+2.0 days", "Succeeded"):
        assert text in page
    assert azure.token not in page
    assert azure.directory.secret not in page


def test_whatever_is_deployed_is_text_and_no_markup(azure: Azure, platform: Platform) -> None:
    vault = next(azure.store.scan(type_name="Microsoft.KeyVault/vaults"))
    azure.store.put(replace(vault, body={**vault.body, "location": "<script>alert('&')</script>"}))
    page = html(shown(azure))
    assert "<script" not in page
    assert "&lt;script&gt;alert(&#x27;&amp;&#x27;)&lt;/script&gt;" in page


def test_text_is_escaped_and_markup_is_not_escaped_twice() -> None:
    assert tag("p", "<b>", tag("i", "&"), None, 3) == "<p>&lt;b&gt;<i>&amp;</i>3</p>"
    assert tag("a", "x", href='"><script>', hidden=True, title=None) == (
        '<a href="&quot;&gt;&lt;script&gt;" hidden>x</a>'
    )
    assert tag("input", data_label="a") == '<input data-label="a">'
    assert isinstance(tag("p"), Markup)


def test_a_large_group_is_counted_beyond_what_is_shown(azure: Azure) -> None:
    group = azure.group()
    identity = f"{group}/providers/Microsoft.ManagedIdentity/userAssignedIdentities"
    first = azure.put(f"{identity}/id-first", {"location": REGION})
    assert first.status == 200
    stored = next(azure.store.scan(type_name="Microsoft.ManagedIdentity/userAssignedIdentities"))
    with azure.store.transaction():
        for number in range(MOST_RESOURCES + 4):
            parent = stored.id.scope
            assert parent is not None
            azure.store.put(replace(stored, id=parent.extension(stored.type, f"id-{number}")))
    assert "… and 5 more" in html(shown(azure))
