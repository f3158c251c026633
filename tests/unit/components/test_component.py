"""The component base: tokens, children, outputs, aliases."""

import pulumi
import pytest
from pulumi_azure_native import resources

from azure_ml_platform.component import PlatformComponent
from tests.harness import build

GROUP = "azure-native:resources:ResourceGroup"


class Rooms(PlatformComponent):
    """A component with one child."""

    group_id: pulumi.Output[str]
    _private: str

    def __init__(
        self,
        name: str,
        opts: pulumi.ResourceOptions | None = None,
        keep_sdk_aliases: bool | None = None,
        **child: object,
    ) -> None:
        super().__init__(name, opts, keep_sdk_aliases=keep_sdk_aliases)
        group = resources.ResourceGroup(f"{name}-group", resource_group_name=f"rg-{name}", opts=self.child(**child))
        self.group_id = group.id
        self.finish()


class House(PlatformComponent):
    """A component that holds another one."""

    def __init__(self, name: str, keep_sdk_aliases: bool | None = None, inner: bool | None = None) -> None:
        super().__init__(name, keep_sdk_aliases=keep_sdk_aliases)
        Rooms(f"{name}-rooms", self.child(), keep_sdk_aliases=inner)
        self.finish()


def test_the_token_names_the_package_and_the_class():
    assert build(lambda: Rooms("a")).one("azure-ml-platform:index:Rooms").name == "a"


def test_annotated_public_attributes_become_the_outputs():
    rooms = build(lambda: Rooms("a")).one("azure-ml-platform:index:Rooms")
    assert set(rooms.outputs) == {"group_id"}
    assert rooms.outputs["group_id"].endswith("/resourceGroups/rg-a")


def test_a_child_sits_under_its_component():
    graph = build(lambda: Rooms("a"))
    assert graph.one(GROUP).parent == graph.one("azure-ml-platform:index:Rooms").urn


def test_an_output_that_is_declared_but_never_set_is_named():
    class Forgetful(PlatformComponent):
        door: pulumi.Output[str]

        def __init__(self, name: str) -> None:
            super().__init__(name)
            self.finish()

    with pytest.raises(AttributeError, match="Forgetful declares the output 'door' but never sets it"):
        build(lambda: Forgetful("a"))


def test_the_sdks_aliases_are_dropped():
    assert build(lambda: Rooms("a")).one(GROUP).aliases == []


def test_the_sdks_aliases_stay_when_asked_for():
    aliases = build(lambda: Rooms("a", keep_sdk_aliases=True)).one(GROUP).aliases
    assert len(aliases) > 5
    assert all(alias["type"].startswith("azure-native:resources/v") for alias in aliases)


def test_a_resource_outside_a_component_keeps_its_aliases():
    assert build(lambda: resources.ResourceGroup("g", resource_group_name="rg-g")).one(GROUP).aliases


@pytest.mark.parametrize(
    ("alias", "recorded"),
    [
        (pulumi.Alias(name="old-group"), {"name": "old-group"}),
        (
            pulumi.Alias(name="old", type_="azure-native:resources/v20210401:ResourceGroup"),
            {"name": "old", "type": "azure-native:resources/v20210401:ResourceGroup"},
        ),
        (
            pulumi.Alias(type_="azure:core/resourceGroup:ResourceGroup"),
            {"type": "azure:core/resourceGroup:ResourceGroup"},
        ),
        ("urn:pulumi:test::other::x::y", {"urn": "urn:pulumi:test::other::x::y"}),
    ],
)
def test_an_alias_that_a_user_wrote_stays(alias, recorded):
    assert build(lambda: Rooms("a", aliases=[alias])).one(GROUP).aliases == [recorded]


def test_a_nested_component_takes_the_decision_of_the_one_around_it():
    assert build(lambda: House("a")).one(GROUP).aliases == []
    assert build(lambda: House("a", keep_sdk_aliases=True)).one(GROUP).aliases


def test_a_nested_component_may_decide_for_itself():
    assert build(lambda: House("a", inner=True)).one(GROUP).aliases
    assert build(lambda: House("a", keep_sdk_aliases=True, inner=False)).one(GROUP).aliases == []


def test_a_callers_alias_renames_the_component_and_not_its_children():
    graph = build(lambda: Rooms("a", pulumi.ResourceOptions(aliases=[pulumi.Alias(name="was")])))
    assert graph.one("azure-ml-platform:index:Rooms").aliases == [{"name": "was"}]
    assert graph.one(GROUP).aliases == []


def test_a_callers_transformation_reaches_each_child_once():
    seen: list[str] = []

    def note(args: pulumi.ResourceTransformationArgs) -> None:
        seen.append(args.name)

    build(lambda: Rooms("a", pulumi.ResourceOptions(transformations=[note])))
    assert seen == ["a", "a-group"]
