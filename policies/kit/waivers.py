"""Waivers: a rule set aside for one resource, with a reason, someone who approved it, and an end."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import yaml

from policies.kit.resource import Resource

FILE = Path(__file__).parent.parent / "waivers.yaml"
_REQUIRED = ("rule", "resource", "reason", "approver", "expires")
_KEYS = (*_REQUIRED, "profiles")


@dataclass(frozen=True)
class Waiver:
    """One entry of the waiver file."""

    rule: str
    resource: str
    """Glob on the URN, the program's name or the Azure name."""
    reason: str
    approver: str
    expires: date
    """Last day on which it holds, in UTC."""
    profiles: tuple[str, ...] = ()
    """Profiles in which it holds; empty for all."""

    def covers(self, resource: Resource) -> bool:
        """Whether the waiver is about a resource."""
        names = (resource.urn, resource.name, resource.azure_name)
        return any(name is not None and fnmatchcase(name, self.resource) for name in names)

    def __str__(self) -> str:
        return f'waiver of {self.rule} for "{self.resource}"'


@dataclass(frozen=True)
class Waivers:
    """The waivers that hold now, and what is wrong with the others."""

    current: tuple[Waiver, ...] = ()
    problems: tuple[str, ...] = ()

    def find(self, rule: str, resource: Resource) -> Waiver | None:
        """The waiver of a rule for a resource, if there is one."""
        return next((waiver for waiver in self.current if waiver.rule == rule and waiver.covers(resource)), None)


def load(profile: str, rules: Iterable[str], other_rules: Iterable[str], today: date, path: Path = FILE) -> Waivers:
    """The waivers of a pack's `rules` in a profile; entries on `other_rules` belong to the other packs.

    What is malformed or expired becomes a problem: a message that names the entry, the value, the rule and the fix.
    """
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except yaml.YAMLError as error:
        return Waivers(problems=(f"policies/{path.name} is not valid YAML: {' '.join(str(error).split())}",))
    entries = content.get("waivers") if isinstance(content, dict) and set(content) == {"waivers"} else None
    if not isinstance(entries, list):
        return Waivers(problems=(f"policies/{path.name} must hold one list under the key `waivers`",))
    own, others = set(rules), set(other_rules)
    current, problems = [], []
    for number, entry in enumerate(entries, start=1):
        if isinstance(entry, dict) and entry.get("rule") in others:
            continue
        where = f"policies/{path.name}, entry {number}"
        faults = _faults(entry, own)
        if faults:
            problems.append(f"{where}: {'; '.join(faults)}")
            continue
        waiver = Waiver(**{**entry, "profiles": tuple(entry.get("profiles", ()))})
        if waiver.profiles and profile not in waiver.profiles:
            continue
        if waiver.expires < today:
            problems.append(f"{where}: the {waiver} expired on {waiver.expires}; mend the resource, or renew it")
        else:
            current.append(waiver)
    return Waivers(tuple(current), tuple(problems))


def _faults(entry: Any, rules: set[str]) -> list[str]:
    if not isinstance(entry, dict):
        return [f"{entry!r} is no mapping; write {', '.join(_REQUIRED)}"]
    faults = [f"{key} is missing; add it" for key in _REQUIRED if key not in entry]
    faults += [f"the key {key!r} is unknown; remove it" for key in entry if key not in _KEYS]
    for key in ("rule", "resource", "reason", "approver"):
        if key in entry and not (isinstance(entry[key], str) and entry[key].strip()):
            faults.append(f"{key} is {entry[key]!r}, must be a text that is not empty")
    if "expires" in entry and type(entry["expires"]) is not date:
        faults.append(f"expires is {entry['expires']!r}, must be a date such as 2027-03-31")
    if not isinstance(entry.get("profiles", []), list):
        faults.append(f"profiles is {entry['profiles']!r}, must be a list of profiles")
    if isinstance(entry.get("rule"), str) and entry["rule"].strip() and entry["rule"] not in rules:
        faults.append(f'there is no rule "{entry["rule"]}"; policies/README.md lists them')
    return faults
