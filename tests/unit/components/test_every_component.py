"""What holds for every component, whatever it builds."""

import inspect

import pytest
from pydantic import ValidationError

from azure_ml_platform.args import Args
from azure_ml_platform.component import PlatformComponent
from tests.harness import build


def arguments_class(case) -> type[Args]:
    return case.component.__init__.__annotations__["args"]


@pytest.fixture(scope="session")
def defaults(case):
    return build(lambda: case.component("x", case.defaults()))


def test_the_required_arguments_are_enough(case, defaults):
    assert defaults.one(f"azure-ml-platform:index:{case.name}").name == "x"


def test_the_full_case_gives_every_argument(case):
    assert set(case.max()) == set(arguments_class(case).model_fields)


def test_a_model_builds_what_a_mapping_builds(case, full):
    of_model = build(lambda: case.component("x", arguments_class(case).model_validate(case.max())))
    assert {node.urn: node for node in of_model} == {node.urn: node for node in full}


def test_two_of_a_kind_do_not_collide(case):
    graph = build(lambda: (case.component("x", case.max()), case.component("y", case.max())))
    assert len(graph.all(f"azure-ml-platform:index:{case.name}")) == 2


def test_every_child_is_named_after_the_component(full):
    assert [node.name for node in full if node.name != "x" and not node.name.startswith("x-")] == []


def test_every_resource_sits_in_a_component(full):
    for node in full:
        assert node.name == "x" or full.by_urn(node.parent).type.startswith("azure-ml-platform:index:")


def test_the_sdks_aliases_are_dropped_unless_they_are_asked_for(defaults, full):
    assert [node.name for node in defaults if node.aliases] == []
    native = [node for node in full if node.type.startswith("azure-native:")]
    assert any(node.aliases for node in native) == bool(native)


def test_what_can_bear_tags_bears_them(case, full):
    bearing = [node for node in full if "tags" in node.inputs]
    wanted = case.max()["tags"].items()
    assert [node.name for node in bearing if not wanted <= node.inputs["tags"].items()] == []


def test_every_output_is_known_once_it_is_built(case, full):
    outputs = full.one(f"azure-ml-platform:index:{case.name}").outputs
    assert outputs
    assert [name for name, value in outputs.items() if value in (None, "")] == []


def test_an_unknown_argument_is_refused_before_anything_is_registered(case):
    with pytest.raises(ValidationError, match="surprise"):
        case.component("x", {**case.defaults(), "surprise": 1})


def test_every_argument_says_what_it_is_and_what_happens_without_it(case):
    descriptions = arguments_class(case).descriptions()
    for name, field in arguments_class(case).model_fields.items():
        said = descriptions.get(name, "").split(".")[0]
        assert said in (("Required",) if field.is_required() else ("Optional", "Conditional")), name


def test_every_output_is_documented(case):
    lines = [line.strip() for line in inspect.getsource(case.component).splitlines()]
    names = [name for name in inspect.get_annotations(case.component) if not name.startswith("_")]
    for name in names:
        declared = next(number for number, line in enumerate(lines) if line.startswith(f"{name}: "))
        assert lines[declared + 1].startswith('"""'), name


def test_every_component_is_a_platform_component(case):
    assert issubclass(case.component, PlatformComponent)
