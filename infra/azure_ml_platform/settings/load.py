"""Understands a stack's configuration: areas, profile, rules, and every error at once."""

import difflib
import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from azure_ml_platform.settings.area import Broken, Mend
from azure_ml_platform.settings.areas import AREAS
from azure_ml_platform.settings.errors import (
    HIDDEN,
    MISSING,
    Problem,
    SettingsError,
    dotted,
    remove_command,
    secret_command,
    sensitive,
    set_command,
)
from azure_ml_platform.settings.explain import explain, unknown
from azure_ml_platform.settings.merge import effective
from azure_ml_platform.settings.profiles import profile_defaults
from azure_ml_platform.settings.rules import broken_rules
from azure_ml_platform.settings.source import SECRET_PREFIX, Source
from azure_ml_platform.vocabulary import Profile


def understand(source: Source, root: Path | None) -> dict[str, Any]:
    """Return the profile and every area by name; raises SettingsError with all that is wrong.

    `root` is the project's folder, in which the files that settings name have to exist; None looks for none.
    """
    reading = _Reading(source)
    known = {"stack": source.stack, "profile": reading.profile, **reading.areas()}
    reading.note(broken_rules(known if root is None else known | {"root": root}))
    if reading.problems:
        raise SettingsError(source.file, reading.problems)
    if not known["compute"].enabled:
        # Without clusters of its own the workspace builds images in the registry.
        alone = {"image_build_cluster": None}
        known["machine_learning"] = known["machine_learning"].model_copy(update=alone)
    return {name: known[name] for name in ("profile", *AREAS)}


class _Reading:
    """One pass over a stack's configuration, collecting problems as it goes."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._said = {key: _decoded(text) for key, text in source.values.items()}
        self._effective: dict[str, Any] = {"stack": source.stack}
        self.problems: list[Problem] = [*_secrecy(source)]
        self.profile = self._profile()
        self._refuse_unknown_keys()

    def note(self, broken: Iterator[Broken]) -> None:
        """Add broken rules to the problems."""
        self.problems.extend(self._problem(each) for each in broken)

    def areas(self) -> dict[str, Any]:
        """Return the areas that are right in themselves; the others' errors are noted."""
        defaults = profile_defaults()[self.profile]
        areas = {}
        for name in AREAS:
            if name in self._source.secret_keys:
                continue
            value = self._effective[name] = effective(name, self._said.get(name, {}), defaults)
            try:
                areas[name] = _adapter(name).validate_json(json.dumps(value))
            except ValidationError as error:
                broken = explain(AREAS[name], error.errors(include_url=False))
                self.note(_within(name, each) for each in broken)
        return areas

    def _profile(self) -> Profile:
        """The stack's profile; where it says none that exists, note it and go on with the likeliest."""
        said = self._said.get("profile")
        if said in tuple(Profile):
            return Profile(said)
        near = difflib.get_close_matches(str(said), Profile, n=1, cutoff=0.5) or [self._source.stack]
        likely = Profile(near[0]) if near[0] in tuple(Profile) else Profile.DEV
        if "profile" not in self._source.secret_keys:
            self.note(iter([Broken(("profile",), f"one of {', '.join(Profile)}", likely)]))
        return likely

    def _refuse_unknown_keys(self) -> None:
        keys = [key for key in self._said if key not in ("profile", *AREAS) and not key.startswith(SECRET_PREFIX)]
        self.note(unknown((key,), ("profile", *AREAS)) for key in keys)

    def _problem(self, broken: Broken) -> Problem:
        found, origin = _look_up(self._said, broken.path), ""
        if found is MISSING and (found := _look_up(self._effective, broken.path)) is not MISSING:
            origin = f"the default of profile {self.profile}" if broken.path[0] in AREAS else ""
        return Problem(dotted(broken.path), found, broken.rule, _mend(self._source, broken, found), origin)


@cache
def _adapter(area: str) -> TypeAdapter[Any]:
    return TypeAdapter(AREAS[area])


def _decoded(text: str) -> Any:
    """Objects, lists, numbers and booleans reach the program as JSON, strings as they are."""
    try:
        return json.loads(text)
    except json.JSONDecodeError:
        return text


def _within(area: str, broken: Broken) -> Broken:
    mend_path = broken.mend_path and (area, *broken.mend_path)
    return Broken((area, *broken.path), broken.rule, broken.value, mend_path)


def _look_up(value: Any, path: tuple[str | int, ...]) -> Any:
    for part in path:
        try:
            value = value[part]
        except (KeyError, IndexError, TypeError):
            return MISSING
    return value


def _secrecy(source: Source) -> Iterator[Problem]:
    """Secrets have keys of their own: one encrypted leaf hides the whole area from the program."""
    for key in source.secret_keys:
        if not key.startswith(SECRET_PREFIX):
            rule = f"free of encrypted values; a secret has a key of its own, {SECRET_PREFIX}<name>"
            out = f'edit {key} in {source.file}: take the value under "secure" out'
            yield Problem(key, HIDDEN, rule, (secret_command(source.stack, f"{SECRET_PREFIX}<name>"), out))
    for key in source.values:
        if key.startswith(SECRET_PREFIX):
            yield Problem(key, HIDDEN, "stored encrypted", (secret_command(source.stack, key),))


def _mend(source: Source, broken: Broken, found: Any) -> tuple[str, ...]:
    stack, path = source.stack, dotted(broken.path)
    target = dotted(broken.mend_path or broken.path)
    match broken.value:
        case Mend.REMOVE:
            return (remove_command(stack, path),)
        case _ if sensitive(path):
            return (f"edit {path} in {source.file}",)
        case Mend.RENAME if isinstance(found, str | int | float):
            return set_command(stack, target, found), remove_command(stack, path)
        case Mend.RENAME_STACK:
            return (f"pulumi stack rename --stack {stack} <name>",)
        case Mend.RENAME | Mend.EDIT:
            return (f"edit {path} in {source.file}",)
        case [item]:
            return remove_command(stack, path), set_command(stack, f"{path}[0]", item)
        case value:
            return (set_command(stack, target, value),)
