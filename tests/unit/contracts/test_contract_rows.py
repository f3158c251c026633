"""The rows: what the format refuses, and what each kind of row does to a synthetic SDK."""

from pathlib import Path

import pytest

from local.arm.contracts import Contracts
from local.arm.contracts.cache import cached
from local.arm.contracts.compiler import compile_contracts
from local.arm.contracts.installed import SdkError
from local.arm.contracts.rows import RowError, load
from local.arm.contracts.sdk import Sdk

RESOURCE = '''
class ThingArgs:
    def __init__(__self__, *,
                 group: pulumi.Input[_builtins.str],
                 part: pulumi.Input[Optional['PartArgs']] = None,
                 size: pulumi.Input[Optional[_builtins.int]] = None,
                 thing_name: pulumi.Input[Optional[_builtins.str]] = None):
        """Things."""
        if size is None:
            size = 3

    @pulumi.getter(name="resourceGroupName")
    def group(self) -> pulumi.Input[_builtins.str]: ...

    @pulumi.getter
    def part(self) -> pulumi.Input[Optional['PartArgs']]: ...

    @pulumi.getter
    def size(self) -> pulumi.Input[Optional[_builtins.int]]: ...

    @pulumi.getter(name="thingName")
    def thing_name(self) -> pulumi.Input[Optional[_builtins.str]]: ...


class Thing(pulumi.CustomResource):
    """Uses Azure REST API version 2030-01-01."""

    @pulumi.getter
    def part(self) -> pulumi.Output[Optional['outputs.PartResponse']]: ...
'''
PART = '''
class PartArgs:
    def __init__(__self__, *,
                 id: pulumi.Input[Optional[_builtins.str]] = None,
                 state: pulumi.Input[Optional[_builtins.str]] = None,
                 weight: pulumi.Input[Optional[_builtins.float]] = None):
        """Parts."""

    @pulumi.getter
    def id(self) -> pulumi.Input[Optional[_builtins.str]]: ...

    @pulumi.getter
    def state(self) -> pulumi.Input[Optional[_builtins.str]]: ...

    @pulumi.getter
    def weight(self) -> pulumi.Input[Optional[_builtins.float]]: ...
'''
ANSWER = '''
class PartResponse(dict):
    def __init__(__self__, *, state: _builtins.str):
        """Parts."""

    @pulumi.getter
    def state(self) -> _builtins.str: ...
'''
ROWS = """
provider: Microsoft.Things
module: things
types:
  Thing:
    source: https://learn.microsoft.com/things
    path: things/{thingName}
"""


@pytest.fixture
def sdk(tmp_path: Path) -> Sdk:
    folder = tmp_path / "sdk" / "things"
    folder.mkdir(parents=True)
    (folder / "thing.py").write_text(RESOURCE)
    (folder / "get_thing.py").write_text("__args__['resourceGroupName'] = x\n__args__['thingName'] = y\n")
    (folder / "_inputs.py").write_text(PART)
    (folder / "outputs.py").write_text(ANSWER)
    return Sdk(folder.parent)


def contracts(sdk: Sdk, folder: Path, rows: str) -> Contracts:
    (folder / "things.yaml").write_text(rows)
    return Contracts(compile_contracts(sdk, load(folder)))


def test_a_plain_row_follows_the_rules(sdk: Sdk, tmp_path: Path) -> None:
    thing = contracts(sdk, tmp_path, ROWS).by_token("azure-native:things:Thing")
    assert thing.arm_type == "Microsoft.Things/things"
    assert thing.api_version == "2030-01-01"
    assert thing.autoname == "random"
    assert thing.inputs["size"].default == 3
    assert thing.to_body({"size": 1, "part": {"id": "i"}})[0] == {"properties": {"size": 1, "part": {"id": "i"}}}


def test_a_nested_class_can_be_flattened_and_have_what_azure_only_reports(sdk: Sdk, tmp_path: Path) -> None:
    rows = ROWS + "classes:\n  Part:\n    source: https://x\n    flattened: true\n    read_only: [state]\n"
    thing = contracts(sdk, tmp_path, rows).by_token("azure-native:things:Thing")
    part = {"id": "i", "state": "s", "weight": 2}
    assert thing.to_body({"part": part})[0] == {"properties": {"part": {"id": "i", "properties": {"weight": 2}}}}
    assert thing.to_outputs({"properties": {"part": {"properties": {"state": "ok"}}}})["part"] == {"state": "ok"}


def test_a_place_is_a_dotted_path_or_a_list_of_keys(sdk: Sdk, tmp_path: Path) -> None:
    rows = ROWS + "    place: {size: a.b}\nclasses:\n  Part: {source: https://x, place: {id: [odata.id]}}\n"
    thing = contracts(sdk, tmp_path, rows).by_token("azure-native:things:Thing")
    assert thing.to_body({"size": 1, "part": {"id": "i"}})[0] == {
        "a": {"b": 1},
        "properties": {"part": {"odata.id": "i"}},
    }


@pytest.mark.parametrize(
    ("rows", "error"),
    [
        (ROWS.replace("path", "pth"), "unknown field pth"),
        (ROWS.replace("    path: things/{thingName}\n", ""), "path missing"),
        (ROWS.replace("https", "http"), "source is missing or not the address of a page"),
        (ROWS.replace("{thingName}", "{name}"), "the path has"),
        (ROWS + "    immutable: [weight]\n", "the SDK has no weight"),
        (ROWS + "    place: {part: properties.size}\n", "both stand at properties.size"),
        (ROWS + "classes:\n  Other: {source: https://x}\n", "no type of this file reaches Other"),
        (ROWS + "classes:\n  Part: {source: https://x, limits: {size: {range: [1, 2]}}}\n", "the SDK has no size"),
    ],
)
def test_a_wrong_row_is_refused_with_its_place(sdk: Sdk, tmp_path: Path, rows: str, error: str) -> None:
    with pytest.raises(RowError, match=error):
        contracts(sdk, tmp_path, rows)


def test_a_resource_that_the_sdk_does_not_have_is_named(sdk: Sdk, tmp_path: Path) -> None:
    with pytest.raises(SdkError, match="has no resource things:Missing"):
        contracts(sdk, tmp_path, ROWS.replace("Thing:", "Missing:"))


def test_the_cache_makes_a_document_once_and_mends_a_broken_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    made: list[int] = []

    def make() -> dict[str, int]:
        made.append(1)
        return {"made": len(made)}

    assert [cached("kind", "key", make) for _ in range(2)] == [{"made": 1}, {"made": 1}]
    file = tmp_path / "azure-ml-platform" / "kind" / "key.json"
    file.write_text('{"half')
    assert cached("kind", "key", make) == {"made": 2}
    assert cached("kind", "key", make) == {"made": 2}
    assert list(file.parent.iterdir()) == [file]


def test_a_cache_that_cannot_be_written_is_no_obstacle(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    assert cached("kind", "key", lambda: {"made": 1}) == {"made": 1}


FAMILY = """
families:
  Part: {source: https://x, into: typeProperties, beside: [id]}
"""


def test_a_family_of_classes_keeps_its_own_members_in_one_object(sdk: Sdk, tmp_path: Path) -> None:
    thing = contracts(sdk, tmp_path, ROWS + FAMILY).by_token("azure-native:things:Thing")
    part = {"id": "i", "weight": 2.0}
    body = thing.to_body({"part": part})[0]
    assert body == {"properties": {"part": {"id": "i", "typeProperties": {"weight": 2.0}}}}
    assert thing.to_outputs({"properties": {"part": {"typeProperties": {"state": "ok"}}}})["part"] == {"state": "ok"}


def test_a_family_without_a_source_is_refused(tmp_path: Path) -> None:
    (tmp_path / "things.yaml").write_text(ROWS + FAMILY.replace("https://x", "a book"))
    with pytest.raises(RowError, match=r"things.yaml: Part: source is missing"):
        list(load(tmp_path))
