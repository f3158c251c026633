"""Names for resources that the program does not name.

As the official provider has it, so that a stack moves between the two: only the last name is invented; a random one is
the logical name and eight hexadecimal digits drawn from the engine's seed, which makes previews and updates agree.
"""

import random
import uuid
from dataclasses import dataclass
from enum import Enum

from local.arm.contracts import Contract, Json

CREATE_BEFORE_DELETE = "__createBeforeDelete"
"""Marks inputs whose name is random: a replacement never meets its predecessor's name."""


class Mode(Enum):
    """What the engine's auto-naming configuration asks for."""

    PROPOSE = 0
    ENFORCE = 1
    DISABLE = 2


@dataclass(frozen=True)
class Autonaming:
    """A name that the engine's configuration suggests, or the wish for none."""

    proposed: str
    mode: Mode


def name(
    contract: Contract,
    inputs: dict[str, Json],
    old_inputs: dict[str, Json],
    logical_name: str,
    seed: bytes,
    autonaming: Autonaming | None,
) -> dict[str, Json]:
    """Return the inputs to add so that the resource has a name; nothing where the program gives one."""
    key = contract.path_inputs[-1]
    if inputs.get(key) is not None:
        return {}
    if contract.only_name is not None:
        return {key: contract.only_name}
    kept = {name: old_inputs[name] for name in (key, CREATE_BEFORE_DELETE) if old_inputs.get(name) is not None}
    if key in kept:
        return kept
    if autonaming is not None:
        if autonaming.mode is Mode.DISABLE:
            return {}
        if autonaming.mode is Mode.ENFORCE or contract.autoname != "uuid":
            return {key: autonaming.proposed}
    draw = random.Random(seed)  # noqa: S311  # a name, not a secret; it has to follow from the seed
    match contract.autoname:
        case "uuid":
            return {key: str(uuid.UUID(int=draw.getrandbits(128), version=4)), CREATE_BEFORE_DELETE: True}
        case "random":
            return {key: f"{logical_name}{draw.getrandbits(32):08x}", CREATE_BEFORE_DELETE: True}
        case "copy":
            return {key: logical_name}
