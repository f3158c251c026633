"""Physical names: `<abbreviation>-<workload>-<environment>-<region>-<role or suffix>`.

Names are plain strings, known before anything is deployed, and never cut: a name that Azure would
refuse is an error that names the parts to shorten.
"""

from dataclasses import dataclass

from azure_ml_platform.catalog.name_rules import NAME_RULES, Kind, NameRule
from azure_ml_platform.catalog.regions import REGIONS


class NameRefused(ValueError):
    """A name that Azure would refuse, with what it takes to make one that it accepts."""

    def __init__(self, kind: Kind, name: str, rule: NameRule) -> None:
        """Describe `name` against `rule`."""
        self.kind, self.name, self.rule = kind, name, rule
        self.excess = len(name) - rule.max_length
        """Characters over the limit; not positive where the length is not what is wrong."""
        limits = f"{rule.min_length} to {rule.max_length} characters"
        super().__init__(f"{kind} would be named {name!r} ({len(name)} characters), and Azure allows {limits}")


@dataclass(frozen=True)
class Names:
    """The names of one stack's resources."""

    workload: str
    environment: str
    """The stack's name: two stacks of one workload never share a resource."""
    location: str
    """Azure region; its short code is what names carry."""
    seed: str
    """Five characters of the stack's own."""
    generation: int = 1
    """Counts rebuilds of the stack; from the second on it is part of the suffix."""

    @property
    def region(self) -> str:
        """Short code of the region."""
        return REGIONS[self.location].code

    @property
    def suffix(self) -> str:
        """What makes a name unique beyond the stack. The seed has a fixed length, so no two stacks can meet."""
        return self.seed if self.generation == 1 else f"{self.seed}{self.generation}"

    def of(self, kind: Kind, role: str = "") -> str:
        """Return the name of a resource of `kind`; `role` tells several of one kind apart.

        Raises NameRefused when Azure would not accept it.
        """
        rule = NAME_RULES[kind]
        parts = self._parts(rule, role)
        name = rule.separator.join(part if rule.separator else part.replace("-", "") for part in parts if part)
        if not rule.allows(name):
            raise NameRefused(kind, name, rule)
        return name

    def _parts(self, rule: NameRule, role: str) -> tuple[str, ...]:
        suffix = self.suffix if rule.suffixed else ""
        if not rule.regional:
            return role, self.environment, suffix
        return rule.abbreviation, self.workload, self.environment, self.region, role, suffix
