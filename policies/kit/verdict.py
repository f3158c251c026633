"""What a rule says of a resource."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Verdict:
    """The outcome of one rule for one resource; empty means that the resource passes.

    `findings` are violations, each with the value found and what must hold. `undecided` are paths whose values are
    not known yet. Both may be there: what is known is judged even when the rest has to wait.
    """

    findings: tuple[str, ...] = ()
    undecided: tuple[str, ...] = ()
    not_applicable: str = ""

    @property
    def violated(self) -> bool:
        """Whether no value that is still unknown could make the resource pass."""
        return bool(self.findings)

    @property
    def open(self) -> bool:
        """Whether the resource may pass or fail, depending on values not known yet."""
        return not self.findings and bool(self.undecided)

    @property
    def passed(self) -> bool:
        """Whether the resource satisfies the rule, or the rule does not apply to it."""
        return not self.findings and not self.undecided


PASSED = Verdict()


def violation(*findings: str) -> Verdict:
    """The rule is broken; each finding names the value found and what must hold."""
    return Verdict(findings=findings)


def undecided(*paths: str) -> Verdict:
    """The rule depends on values that are not known yet."""
    return Verdict(undecided=_unique(paths))


def not_applicable(reason: str) -> Verdict:
    """The rule has nothing to say of this resource."""
    return Verdict(not_applicable=reason)


def every(verdicts: Iterable[Verdict]) -> Verdict:
    """All must pass. One that does not apply is no hindrance."""
    verdicts = tuple(verdicts)
    reasons = [verdict.not_applicable for verdict in verdicts]
    return Verdict(
        findings=tuple(finding for verdict in verdicts for finding in verdict.findings),
        undecided=_unique(path for verdict in verdicts for path in verdict.undecided),
        not_applicable=reasons[0] if reasons and all(reasons) else "",
    )


def either(verdicts: Iterable[Verdict]) -> Verdict:
    """One that passes is enough; one that may still pass leaves it undecided."""
    verdicts = tuple(verdicts)
    for verdict in verdicts:
        if verdict.passed:
            return verdict
    waiting = [verdict for verdict in verdicts if verdict.open]
    if waiting:
        return Verdict(undecided=_unique(path for verdict in waiting for path in verdict.undecided))
    return violation(", or ".join(_unique(" and ".join(verdict.findings) for verdict in verdicts)))


def _unique(paths: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(paths))
