"""Component arguments: instance or mapping in, model out."""

import pulumi
import pytest
from pydantic import ValidationError

from azure_ml_platform.args import Args, Input
from tests.harness import build


class Door(Args):
    """A part."""

    width_cm: int = 80
    """Width of the door."""


class HouseArgs(Args):
    """Arguments."""

    owner: Input[str]
    doors: dict[str, Door] = {}
    locked: Input[bool] = True


def test_an_instance_is_taken_as_it_is():
    args = HouseArgs(owner="me")
    assert HouseArgs.model_validate(args) is args


def test_a_mapping_becomes_the_model_with_its_parts():
    args = HouseArgs.model_validate({"owner": "me", "doors": {"front": {"width_cm": 90.0}}})
    assert args.doors["front"] == Door(width_cm=90)
    assert isinstance(args.doors["front"].width_cm, int)


def test_an_output_passes_untouched():
    def program() -> None:
        owner = pulumi.Output.secret("me")
        locked = pulumi.Output.from_input(False)
        args = HouseArgs(owner=owner, locked=locked)
        assert args.owner is owner
        assert args.locked is locked

    build(program)


@pytest.mark.parametrize(
    ("given", "where"),
    [
        ({}, "owner"),
        ({"owner": 3}, "owner"),
        ({"owner": "me", "roof": 1}, "roof"),
        ({"owner": "me", "doors": {"front": {"width_cm": "wide"}}}, "width_cm"),
    ],
)
def test_what_does_not_fit_is_refused_with_its_place(given, where):
    with pytest.raises(ValidationError, match=where):
        HouseArgs.model_validate(given)


def test_arguments_cannot_change():
    with pytest.raises(ValidationError, match="frozen"):
        HouseArgs(owner="me").owner = "you"


def test_a_field_is_described_by_the_text_below_it():
    assert Door.descriptions() == {"width_cm": "Width of the door."}
    assert Door.model_json_schema()["properties"]["width_cm"]["description"] == "Width of the door."
