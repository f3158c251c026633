"""Resource ids: what they consist of, and that no path is read in two ways."""

import string
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from local.arm.errors import ArmError
from local.arm.identifiers import ResourceId, parse_path

GROUP = "/subscriptions/s/resourceGroups/rg"
VAULT = f"{GROUP}/providers/Microsoft.KeyVault/vaults/kv"
FEW = settings(max_examples=40, deadline=None)

names = st.text(string.ascii_letters + string.digits + "-_.()", min_size=1, max_size=20).filter(
    lambda name: name.strip(".") and name.casefold() != "providers"
)


@st.composite
def ids(draw: st.DrawFn) -> str:
    """Ids of all forms: in a subscription or group, of any depth, extending each other."""
    path = f"/subscriptions/{draw(names)}"
    if draw(st.booleans()):
        path += f"/resourceGroups/{draw(names)}"
    for _ in range(draw(st.integers(0, 2))):
        pairs = draw(st.lists(st.tuples(names, names), min_size=1, max_size=3))
        path += f"/providers/{draw(names)}" + "".join(f"/{kind}/{name}" for kind, name in pairs)
    return path


@FEW
@given(ids())
def test_an_id_is_written_as_it_was_read(path: str) -> None:
    assert ResourceId.parse(path).text == path


@FEW
@given(ids())
def test_letter_case_and_doubled_slashes_make_no_other_id(path: str) -> None:
    shouted = path.upper().replace("/", "//")
    assert parse_path(shouted).id == ResourceId.parse(path.upper())
    assert ResourceId.parse(path.upper()).key == ResourceId.parse(path).key


@FEW
@given(ids())
def test_everything_above_an_id_is_a_prefix_of_it(path: str) -> None:
    chain = [upper.text for upper in ResourceId.parse(path).upwards()]
    assert chain[0] == path
    assert all(longer.startswith(f"{shorter}/") for longer, shorter in pairwise(chain))
    assert chain[-1].count("/") == 2


@given(st.text(max_size=60))
def test_any_text_is_an_id_or_refused(text: str) -> None:
    for path in (text, f"/{text}", f"{VAULT}/{text}", f"{VAULT}/providers/{text}"):
        try:
            target = parse_path(path)
        except ArmError:
            continue
        assert ".." not in (target.id.names if target.id else ())


def test_the_parts_of_an_id_of_a_child_and_of_an_extension() -> None:
    secret = ResourceId.parse(f"{VAULT}/secrets/s")
    assert (secret.type, secret.full_name) == ("Microsoft.KeyVault/vaults/secrets", "kv/s")
    assert str(secret.parent) == VAULT
    assert str(secret.group) == GROUP
    lock = ResourceId.parse(f"{VAULT}/providers/Microsoft.Authorization/locks/l")
    assert (str(lock.scope), lock.parent, str(lock.above)) == (VAULT, None, VAULT)


@pytest.mark.parametrize(
    ("path", "type_name", "word"),
    [
        (f"{VAULT}/secrets", "Microsoft.KeyVault/vaults/secrets", "secrets"),
        (f"{GROUP}/providers/Microsoft.KeyVault/vaults", "Microsoft.KeyVault/vaults", "vaults"),
        ("/subscriptions", "Microsoft.Resources/subscriptions", "subscriptions"),
        ("/subscriptions/s/resourceGroups", "Microsoft.Resources/resourceGroups", "resourceGroups"),
    ],
)
def test_the_path_of_a_collection_names_its_type(path: str, type_name: str, word: str) -> None:
    target = parse_path(path)
    assert (target.type, target.word) == (type_name, word)


@pytest.mark.parametrize(
    "text", ["", "kv", VAULT[1:], f"{VAULT}/secrets", f"{GROUP}/providers", f"{GROUP}/x/y/z", None]
)
def test_what_is_no_resource_id_is_refused_where_one_is_wanted(text: str) -> None:
    with pytest.raises(ArmError) as refusal:
        ResourceId.parse(text)
    assert refusal.value.code == "LinkedInvalidPropertyId"
