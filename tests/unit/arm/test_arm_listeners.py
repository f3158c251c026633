"""Data planes with an address of their own: a port that stays, and goes only when it has to."""

import socket
import ssl
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.types import ASGIApp

from local.arm import certificates
from local.arm.listeners import ADDRESS, Listeners
from local.arm.store import Store


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store(tmp_path / "store.db")
    yield opened
    opened.close()


@pytest.fixture
def listeners(store: Store, tmp_path: Path) -> Iterator[Listeners]:
    made = new(store, tmp_path)
    yield made
    made.close_all()


def new(store: Store, folder: Path) -> Listeners:
    return Listeners(store, certificates.ensure(folder / "ca.pem", folder / "tls"))


def saying(text: str) -> ASGIApp:
    return Starlette(routes=[Route("/", lambda _: PlainTextResponse(text))])


def said(address: str, folder: Path) -> str:
    context = ssl.create_default_context(cafile=str(folder / "ca.pem"))
    with urllib.request.urlopen(address, context=context) as answer:
        return str(answer.read().decode())


def test_each_data_plane_answers_at_its_own_address(listeners: Listeners, tmp_path: Path) -> None:
    one, two = listeners.open("one", saying("first")), listeners.open("two", saying("second"))
    assert (said(one, tmp_path), said(two, tmp_path)) == ("first", "second")
    assert listeners.open("one", saying("other")) == one
    assert said(one, tmp_path) == "first"


def test_what_is_closed_answers_no_more(listeners: Listeners, tmp_path: Path) -> None:
    address = listeners.open("one", saying("first"))
    listeners.close("one")
    listeners.close("one")
    with pytest.raises(OSError, match="refused"):
        said(address, tmp_path)


def test_an_address_is_the_same_after_a_restart(listeners: Listeners, store: Store, tmp_path: Path) -> None:
    address = listeners.open("one", saying("first"))
    listeners.close_all()
    successor = new(store, tmp_path)
    assert successor.open("one", saying("again")) == address
    successor.close_all()


def test_a_port_that_was_taken_is_given_up_with_a_warning(
    listeners: Listeners, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    old = listeners.open("one", saying("first"))
    listeners.close("one")
    with socket.create_server((ADDRESS, urlsplit(old).port or 0)):
        moved = listeners.open("one", saying("moved"))
        assert moved != old
        assert said(moved, tmp_path) == "moved"
    assert "is taken by another process: it moves; refresh the stack" in caplog.text
