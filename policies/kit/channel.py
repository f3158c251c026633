"""Reports at a level other than that of the rule that has something to report.

Pulumi fixes the level per policy, not per report. So what a mandatory rule has to say without stopping anything
(values not known yet, waived violations), and a crash of an advisory rule, which has to stop everything, go through
policies of their own, which the engine runs after the rules.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from pulumi_policy import (
    EnforcementLevel,
    Policy,
    ReportViolation,
    ResourceValidationArgs,
    ResourceValidationPolicy,
    StackValidationArgs,
    StackValidationPolicy,
)


@dataclass(frozen=True)
class Note:
    """What one rule has to say about a resource."""

    rule: str
    text: str


class Channel:
    """Collects notes while the rules judge, and reports them afterwards, all at one level."""

    def __init__(self, id: str, level: EnforcementLevel, description: str) -> None:
        self._declaration: dict[str, Any] = {"description": description, "enforcement_level": level}
        self._id = id
        self._notes: defaultdict[str, list[Note]] = defaultdict(list)

    def add(self, urn: str, rule: str, text: str) -> None:
        """Have a note reported on a resource, or with an empty URN on the stack."""
        note = Note(rule, text)
        # A rule that remediates comes to a resource twice.
        if note not in self._notes[urn]:
            self._notes[urn].append(note)

    def policies(self) -> list[Policy]:
        """The policies that report: during the analysis of each resource, and of the stack."""
        return [
            ResourceValidationPolicy(self._id, validate=self._report_resource, **self._declaration),
            StackValidationPolicy(f"{self._id}-in-stack", validate=self._report_stack, **self._declaration),
        ]

    def messages(self, notes: Sequence[Note]) -> Iterable[str]:
        """The messages on one resource: one per note."""
        return (f"{note.rule}: {note.text}" for note in notes)

    def _report_resource(self, args: ResourceValidationArgs, report: ReportViolation) -> None:
        for message in self.messages(self._notes.pop(args.urn, ())):
            report(message, None)

    def _report_stack(self, _: StackValidationArgs, report: ReportViolation) -> None:
        while self._notes:
            urn, notes = self._notes.popitem()
            for message in self.messages(notes):
                report(message, urn or None)


class Undecided(Channel):
    """Paths whose values rules wait for; one message per resource, each path with its rules."""

    def messages(self, notes: Sequence[Note]) -> Iterable[str]:
        """One message for all paths, or none."""
        rules: defaultdict[str, list[str]] = defaultdict(list)
        for note in notes:
            rules[note.text].append(note.rule)
        if rules:
            paths = ", ".join(f"{path} ({', '.join(waiting)})" for path, waiting in rules.items())
            yield f"undecided at preview: {paths}; will be enforced at update"
