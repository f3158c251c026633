"""Rules: what must hold, why, and how to mend it. A rule is data; its condition is put together from `conditions`."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from pulumi_policy import Severity

from policies.kit.conditions import Condition
from policies.kit.kinds import KUBERNETES, OWN
from policies.kit.remedy import Remedy
from policies.kit.resource import Resource, Stack
from policies.kit.verdict import Verdict

BENCHMARK = "Microsoft cloud security benchmark v1"
"""Framework of the security rules; a reference is a control such as NS-2."""
WELL_ARCHITECTED = "Azure Well-Architected Framework: Cost Optimization"
"""Framework of the cost rules; a reference is a recommendation such as CO:07."""


@dataclass(frozen=True, kw_only=True)
class _Declaration:
    id: str
    """Kebab case, unique in both packs: the profiles, waivers and reports use it."""
    requires: str
    """One sentence on what must hold."""
    fix: str
    """What to change, as a phrase that starts with a verb."""
    severity: Severity
    control: str = ""
    """Reference within the pack's framework; empty where that asks for nothing of the kind."""
    sources: tuple[str, ...] = ()
    """Where other scanners and Azure Policy judge the same; empty where none does."""


@dataclass(frozen=True, kw_only=True)
class Rule(_Declaration):
    """A rule on one resource by itself, judged on its inputs before anything is changed."""

    conditions: Mapping[str, Condition]
    """What must hold, by kind of resource; `ANY` stands for the Azure resources that are not named."""
    remedies: Mapping[str, Remedy] = field(default_factory=dict)
    """What mends a resource of a kind; empty where it takes a decision, a replacement or a step without return."""

    def condition(self, kind: str) -> Condition | None:
        """What must hold of a resource of a kind; None when the rule does not judge it."""
        own = self.conditions.get(kind)
        return own or (self.conditions.get(ANY) if kind and not kind.startswith((KUBERNETES, OWN)) else None)


ANY = "*"
"""Every kind of Azure resource."""

Judgement = tuple[Resource | None, Verdict]
"""A verdict on one resource of a stack, or on the stack as a whole."""


@dataclass(frozen=True, kw_only=True)
class StackRule(_Declaration):
    """A rule on how the resources of a stack stand to each other, judged when all are known to the engine."""

    judge: Callable[[Stack], Iterable[Judgement]]


AnyRule = Rule | StackRule


def for_each(
    kinds: tuple[str, ...], judge: Callable[[Resource, Stack], Verdict]
) -> Callable[[Stack], Iterator[Judgement]]:
    """Judges every resource of some kinds within its stack."""
    return lambda stack: ((resource, judge(resource, stack)) for resource in stack.of(*kinds))
