"""The page in a real browser: signing in, what it shows, how it looks in light, dark and on a narrow screen."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.harness.browser import Browser, browser, find
from tests.integration.conftest import Checkout

pytestmark = pytest.mark.integration


@pytest.fixture(scope="module")
def token(local_target: Checkout) -> str:
    """The token of an endpoint that holds a group with an identity."""
    local_target.run(local_target.within("true"))
    arm = json.loads(local_target.paths.arm.read_text())
    group = f"/subscriptions/{arm['subscription_id']}/resourceGroups/rg-page"
    identity = f"{group}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id-page"
    for path, version in ((group, "2024-03-01"), (identity, "2023-01-31")):
        local_target.arm("PUT", f"{path}?api-version={version}", {"location": "westeurope"})
    return str(arm["token"])


@pytest.fixture(scope="module")
def tab(local_target: Checkout, token: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """A tab that has opened the page."""
    program = find()
    if program is None:
        pytest.skip("no browser on this machine: install Debian's package chromium to have the page tested in one")
    url = json.loads(local_target.paths.arm.read_text())["endpoint"]
    with browser(program, tmp_path_factory.mktemp("browser")) as opened:
        opened.open(url)
        yield opened


def test_signing_in_leads_to_the_page_and_leaves_no_token_behind(tab: Browser, token: str) -> None:
    assert tab.evaluate("document.querySelector('h1').textContent") == "Local Azure"
    tab.submit("#token", "wrong")
    assert "invalid" in tab.evaluate("document.querySelector('[role=alert]').textContent")
    tab.submit("#token", token)
    assert "id-page" in tab.evaluate("document.body.textContent")
    visited = [entry["url"] for entry in tab("Page.getNavigationHistory")["entries"]]
    assert not any(token in url for url in visited)
    assert tab.evaluate("document.cookie") == ""


def test_nothing_is_blocked_and_nothing_comes_from_elsewhere(tab: Browser) -> None:
    entries = [event["params"]["entry"] for event in tab.events if event.get("method") == "Log.entryAdded"]
    assert [entry["text"] for entry in entries if entry["source"] == "security"] == []
    assert tab.evaluate("getComputedStyle(document.querySelector('.tiles')).display") == "grid"
    origins = "performance.getEntriesByType('resource').map(entry => new URL(entry.name).origin === location.origin)"
    assert tab.evaluate(f"{origins}.every(Boolean)")


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("width", [360, 1200])
def test_the_page_fits_its_window_and_follows_the_readers_preference(
    tab: Browser, width: int, dark: bool, tmp_path: Path
) -> None:
    tab.look(width=width, dark=dark)
    assert tab.evaluate("document.documentElement.scrollWidth") <= width
    back, text = (
        tab.evaluate(f"getComputedStyle(document.body).{name}.match(/\\d+/g).map(Number)")
        for name in ("backgroundColor", "color")
    )
    assert (sum(back) < sum(text)) == dark
    tab.screenshot(tmp_path / "page.png")


def test_every_table_and_field_has_a_name(tab: Browser) -> None:
    assert tab.evaluate("[...document.querySelectorAll('table')].every(table => table.caption.textContent)")
    assert tab.evaluate("[...document.querySelectorAll('th')].every(head => head.scope)")
    assert tab.evaluate("document.documentElement.lang") == "en"
    assert tab.evaluate("document.querySelectorAll('h1').length") == 1
