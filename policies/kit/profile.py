"""Profiles: how strict the packs are for a kind of stack, and within which limits."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from types import GenericAlias
from typing import Any, Generic, TypeVar

import yaml
from pulumi_policy import EnforcementLevel

from policies.kit.rule import AnyRule, Rule
from policies.kit.wording import choices

FOLDER = Path(__file__).parent.parent / "profiles"
DEFAULT = "prod"
"""The strictest profile, for a stack that names none."""

PACKS = ("security", "cost")
"""The packs, as the profiles name their parts."""

LEVELS = {
    "off": EnforcementLevel.DISABLED,
    "advisory": EnforcementLevel.ADVISORY,
    "mandatory": EnforcementLevel.MANDATORY,
    "remediate": EnforcementLevel.REMEDIATE,
}

LimitsT = TypeVar("LimitsT")


class ProfileError(Exception):
    """A profile that cannot be used; the message names the file, the value, the rule and the fix."""


@dataclass(frozen=True)
class Profile(Generic[LimitsT]):
    """Levels and limits of one pack for one kind of stack."""

    name: str
    levels: Mapping[str, EnforcementLevel]
    """Level of each rule by its id."""
    limits: LimitsT
    other_rules: frozenset[str] = frozenset()
    """Ids of the rules of the other packs."""


def load(name: str, pack: str, limits: type[LimitsT], folder: Path = FOLDER) -> Profile[LimitsT]:
    """The part of a profile that concerns one pack, `security` or `cost`.

    Raises ProfileError when there is no such profile, or when a key or value in it is missing, unknown or of the
    wrong type. Whether the levels name the right rules is for `check_rules`.
    """
    known = sorted(path.stem for path in folder.glob("*.yaml"))
    if name not in known:
        raise ProfileError(
            f'there is no policy profile "{name}": the setting azure-ml-platform:profile must be {choices(known)}; '
            f"mend it with: pulumi config set azure-ml-platform:profile {DEFAULT}"
        )
    file = f"policies/profiles/{name}.yaml"
    content = _document(folder / f"{name}.yaml", file)
    parts = {part: _part(content, part, file) for part in _checked(content, PACKS, file)}
    levels, values = parts.pop(pack)
    return Profile(
        name,
        {rule: _level(level, f"{file}: {pack}.levels.{rule}") for rule, level in levels.items()},
        _limits(limits, values, f"{file}: {pack}.limits"),
        frozenset(rule for other, _ in parts.values() for rule in other),
    )


def check_rules(profile: Profile[Any], pack: str, rules: Sequence[AnyRule]) -> None:
    """Raise ProfileError unless the profile names a level that each rule of a pack can have, and nothing else."""
    where = f"policies/profiles/{profile.name}.yaml: {pack}.levels"
    _checked(profile.levels, sorted(rule.id for rule in rules), where)
    helpless = [
        f'{where}.{rule.id} is "remediate", but the rule has no remedy: choose "mandatory"'
        for rule in rules
        if profile.levels[rule.id] is EnforcementLevel.REMEDIATE and not (isinstance(rule, Rule) and rule.remedies)
    ]
    if helpless:
        raise ProfileError("; ".join(helpless))


def _part(content: dict[str, Any], pack: str, file: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Levels and limits of one pack, as they stand in the file."""
    part = _mapping(content[pack], f"{file}: {pack}")
    _checked(part, ("levels", "limits"), f"{file}: {pack}")
    return _mapping(part["levels"], f"{file}: {pack}.levels"), _mapping(part["limits"], f"{file}: {pack}.limits")


def _document(path: Path, file: str) -> dict[str, Any]:
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except yaml.YAMLError as error:
        raise ProfileError(f"{file} is not valid YAML: {' '.join(str(error).split())}") from None
    return _mapping(content, file)


def _mapping(value: Any, where: str) -> dict[str, Any]:
    if not isinstance(value, dict) or not all(isinstance(key, str) for key in value):
        raise ProfileError(f"{where} must be a mapping of names to values, not {value!r}")
    return value


def _checked(found: Iterable[str], expected: Sequence[str], where: str) -> Sequence[str]:
    """The expected keys, if exactly those were found."""
    missing, unknown = sorted(set(expected) - set(found)), sorted(set(found) - set(expected))
    problems = [f"{where} lacks {choices(missing)}: add it"] * bool(missing)
    problems += [f"{where} has the unknown key {key!r}: remove it, or correct its spelling" for key in unknown]
    if problems:
        raise ProfileError("; ".join(problems))
    return expected


def _level(value: Any, where: str) -> EnforcementLevel:
    # YAML reads a bare `off` as false.
    level = LEVELS.get("off" if value is False else str(value))
    if level is None:
        raise ProfileError(f"{where} is {value!r}, must be {choices(list(LEVELS))}")
    return level


def _limits(limits: type[LimitsT], values: dict[str, Any], where: str) -> LimitsT:
    declared = {field.name: field.type for field in fields(limits)}  # type: ignore[arg-type]
    _checked(values, list(declared), where)
    return limits(**{name: _limit(values[name], kind, f"{where}.{name}") for name, kind in declared.items()})


def _limit(value: Any, kind: Any, where: str) -> Any:
    if isinstance(kind, GenericAlias):
        if isinstance(value, list) and all(isinstance(item, str) for item in value):
            return tuple(value)
        raise ProfileError(f"{where} is {value!r}, must be a list of texts")
    accepted = (int, float) if kind is float else kind
    if isinstance(value, accepted) and isinstance(value, bool) == (kind is bool):
        return value
    names = {int: "a whole number", float: "a number", bool: "true or false", str: "a text"}
    raise ProfileError(f"{where} is {value!r}, must be {names[kind]}")
