"""Property values: the protobuf form and back."""

from google.protobuf.struct_pb2 import Struct
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from local.arm.contracts import UNKNOWN, Json
from local.provider.values import OUTPUT, RESOURCE, SIGNATURE, Path, Properties, decode, encode

SCALARS = st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text() | st.just(UNKNOWN)
VALUES: st.SearchStrategy[Json] = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(min_size=1), inner, max_size=4),
    max_leaves=12,
)


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.dictionaries(st.text(min_size=1), VALUES, max_size=4))
def test_any_values_survive_the_wire(values: dict[str, Json]) -> None:
    assert decode(encode(Properties(values))) == Properties(values)


def test_secrets_are_marked_exactly_where_they_are() -> None:
    secrets: frozenset[Path] = frozenset({("a", "b"), ("list", 1)})
    properties = Properties({"a": {"b": "s", "c": "open"}, "list": ["open", "s"]}, secrets)
    assert decode(encode(properties)) == properties


def test_a_secret_place_that_is_not_there_hides_nothing() -> None:
    properties = Properties({"a": {"c": "open"}}, frozenset({("a", "b"), ("x",)}))
    assert decode(encode(properties)).secrets == frozenset()


def test_a_secret_of_a_list_that_came_back_as_an_object_hides_the_object() -> None:
    properties = Properties({"set": {"id": {}}}, frozenset({("set", 0)}))
    assert decode(encode(properties)) == Properties({"set": {"id": {}}}, frozenset({("set",)}))


def test_output_values_and_resource_references_are_understood() -> None:
    struct = Struct()
    struct.update(
        {
            "known": {SIGNATURE: OUTPUT, "value": "v", "secret": True},
            "later": {SIGNATURE: OUTPUT, "dependencies": ["urn"]},
            "resource": {SIGNATURE: RESOURCE, "urn": "urn", "id": "/the/id"},
        }
    )
    assert decode(struct) == Properties(
        {"known": "v", "later": UNKNOWN, "resource": "/the/id"}, frozenset({("known",)})
    )
