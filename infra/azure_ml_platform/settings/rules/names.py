"""Names of resources fit the rules of their types."""

import re
from collections.abc import Iterator, Mapping

from azure_ml_platform.catalog.name_rules import NAME_RULES, Kind
from azure_ml_platform.naming import NameRefused, Names
from azure_ml_platform.settings.area import Broken, Mend
from azure_ml_platform.settings.areas.models import ModelSettings
from azure_ml_platform.settings.areas.platform import PlatformSettings
from azure_ml_platform.settings.rules.rule import Rule

Models = Mapping[str, ModelSettings]


def platform_names(platform: PlatformSettings, stack: str) -> Names:
    """Return the names of a stack's resources."""
    return Names(platform.workload, stack, platform.location, platform.seed, platform.generation)


def _stack_name(stack: str) -> Iterator[Broken]:
    if not re.fullmatch(r"[a-z](-?[a-z0-9])*", stack):
        rule = "a name of lower-case letters, digits and single hyphens, a letter first: it is part of every name"
        yield Broken(("stack",), rule, Mend.RENAME_STACK)


def _names_fit(stack: str, platform: PlatformSettings) -> Iterator[Broken]:
    names = platform_names(platform, stack)
    refusals = [refusal for kind in Kind if NAME_RULES[kind].regional for refusal in _refusals(names, kind)]
    worst = max(refusals, key=lambda refusal: refusal.excess, default=None)
    if worst is None:
        return
    room = len(platform.workload) - worst.excess
    if room >= 2:
        yield Broken(("platform", "workload"), f"at most {room} characters: the {worst}", platform.workload[:room])
    else:
        rule = f"a name with {worst.excess} letters or digits less: the {worst}"
        yield Broken(("stack",), rule, Mend.RENAME_STACK)


def _endpoint_names_fit(stack: str, platform: PlatformSettings, models: Models) -> Iterator[Broken]:
    names = platform_names(platform, stack)
    for model in models:
        for refusal in _refusals(names, Kind.ONLINE_ENDPOINT, model):
            room = len(model) - refusal.excess
            yield Broken(("models", model), f"named with at most {room} characters: the {refusal}", Mend.EDIT)


def _refusals(names: Names, kind: Kind, role: str = "") -> Iterator[NameRefused]:
    try:
        names.of(kind, role)
    except NameRefused as refusal:
        if refusal.excess > 0:
            yield refusal


RULES: tuple[Rule, ...] = (
    _stack_name,
    _names_fit,
    _endpoint_names_fit,
)
