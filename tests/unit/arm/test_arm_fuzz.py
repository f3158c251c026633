"""Malformed requests of every kind: an answer below 500, always in ARM's form, and nothing left half done."""

from collections.abc import Iterator
from itertools import cycle, islice
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from local.arm.behaviours.covered import catalogue
from tests.unit.arm.doubles import Answer, Azure, answer_in_turn, platform
from tests.unit.arm.samples import samples

TYPES = [kind.name for kind in catalogue().types]
ODD_VALUES: list[Any] = [None, "x", {"a": [1]}, True, "/subscriptions/s", [1, None], -0.5]
AT_EACH_PLACE = 2
"""Odd values that are tried at a place of a body; the next place gets the next ones."""
QUICK = settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
SEGMENTS = st.text(max_size=6) | st.sampled_from(["providers", "Microsoft.Storage", "storageAccounts", "resources"])
PARAMETERS = st.sampled_from(["$top", "$filter", "$skiptoken", "$orderby", "api-version", "other"])
HEADERS = st.sampled_from(["authorization", "if-match", "if-none-match", "x-ms-client-request-id"])


def well(answer: Answer) -> bool:
    """Whether an answer is a success, or an error of the caller's in ARM's form."""
    return answer.status < 400 or (answer.status < 500 and bool(answer.code and answer.message))


def mutations(document: Any) -> Iterator[Any]:
    """Copies of a document in which one value, at any depth, is one that nobody expects there."""
    values = cycle(ODD_VALUES)
    for path in places(document):
        for value in islice(values, AT_EACH_PLACE):
            yield replaced(document, path, value)


def places(document: Any) -> Iterator[tuple[Any, ...]]:
    """The path of every value in a document, the document itself first."""
    yield ()
    pairs = (
        document.items() if isinstance(document, dict) else enumerate(document) if isinstance(document, list) else ()
    )
    for key, child in pairs:
        yield from ((key, *path) for path in places(child))


def replaced(document: Any, path: tuple[Any, ...], value: Any) -> Any:
    """A copy of a document with another value at a path."""
    if not path:
        return value
    copy = dict(document) if isinstance(document, dict) else list(document)
    copy[path[0]] = replaced(copy[path[0]], path[1:], value)
    return copy


@pytest.fixture(scope="module")
def crowd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Azure, dict[str, tuple[str, Any]]]]:
    """An endpoint that holds every type's sample."""
    endpoint = Azure(tmp_path_factory.mktemp("crowd") / "store.db")
    with pytest.MonkeyPatch.context() as patch:
        answer_in_turn(patch)
        found = samples(endpoint, platform(endpoint))
        for path, body in found.values():
            endpoint.put(path, body)
        yield endpoint, found
    endpoint.close()


def test_every_covered_type_has_a_sample_that_is_accepted(crowd: tuple[Azure, dict[str, tuple[str, Any]]]) -> None:
    azure, placed = crowd
    assert sorted(placed) == sorted(TYPES)
    for path, _ in placed.values():
        assert azure("GET", path).status == 200


@pytest.mark.parametrize("provider", sorted({kind.partition("/")[0] for kind in TYPES}))
def test_a_wrong_value_anywhere_in_a_body_is_refused_or_kept_but_never_breaks_the_endpoint(
    crowd: tuple[Azure, dict[str, tuple[str, Any]]], provider: str
) -> None:
    azure, placed = crowd
    broken = []
    for path, body in (sample for kind, sample in placed.items() if kind.startswith(f"{provider}/")):
        for changed in mutations(body):
            answer = azure("PUT", path, changed)
            if not well(answer):
                broken.append((path, changed, answer.body))
            azure.settle(answer)
    assert broken == []


def test_nothing_of_that_damages_the_store(crowd: tuple[Azure, dict[str, tuple[str, Any]]]) -> None:
    azure, placed = crowd
    assert azure.store.rows("PRAGMA integrity_check")[0][0] == "ok"
    # What its parent's body lists goes with a body that does not list it.
    assert {azure("GET", path).status for path, _ in placed.values()} <= {200, 404}


@QUICK
@given(
    st.sampled_from(["GET", "PUT", "PATCH", "POST", "DELETE"]), st.lists(SEGMENTS, max_size=6), st.binary(max_size=40)
)
def test_any_path_and_any_bytes_are_answered(azure: Azure, method: str, tail: list[str], raw: bytes) -> None:
    path = "/".join([azure.subscription, "resourceGroups", "rg", *tail])
    assert well(azure(method, path.replace("?", "%3F"), raw=raw))


@QUICK
@given(st.lists(st.tuples(PARAMETERS, st.text(max_size=8))))
def test_any_query_is_answered(azure: Azure, query: list[tuple[str, str]]) -> None:
    text = "&".join(f"{name}={value}" for name, value in query)
    assert well(azure("GET", f"{azure.subscription}/resources?{text}"))


@QUICK
@given(st.dictionaries(HEADERS, st.text("\x20\x21\x22*az,", max_size=9)))
def test_any_header_is_answered(azure: Azure, headers: dict[str, str]) -> None:
    assert well(azure("GET", azure.subscription, headers=headers))
