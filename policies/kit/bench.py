"""The bench: judges resources by rules and reports each verdict at the level that it deserves."""

import threading
import traceback
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, TypeVar

from pulumi_policy import (
    EnforcementLevel,
    Policy,
    PolicyComplianceFramework,
    PolicyResource,
    ReportViolation,
    ResourceValidationArgs,
    ResourceValidationPolicy,
    StackValidationArgs,
    StackValidationPolicy,
)
from pulumi_policy.proxy import UnknownValueError

from policies.kit.channel import Channel, Undecided
from policies.kit.properties import Properties
from policies.kit.remedy import mended
from policies.kit.resource import Resource, Stack, kind_of, references
from policies.kit.rule import AnyRule, Rule, StackRule
from policies.kit.verdict import Verdict, undecided
from policies.kit.waivers import Waiver, Waivers

OutcomeT = TypeVar("OutcomeT")

STACK = ""
"""Stands for the URN of the stack as a whole, as in the policy SDK."""


class _AtHand(threading.local):
    """The resource that the policy SDK shows to one policy after the other, in one thread."""

    kind = ""
    """As `kind_of` gives it."""


class _OfItsKinds(ResourceValidationPolicy):
    """A policy that is asked about the kinds of resources that its rule judges.

    The SDK reads all properties of a resource anew for each policy that validates it.
    """

    def __init__(self, rule: Rule, at_hand: _AtHand, **declaration: Any) -> None:
        super().__init__(**declaration)
        self._rule = rule
        self._at_hand = at_hand

    def has_validation(self) -> bool:
        """Whether the rule judges the resource at hand."""
        return self._rule.condition(self._at_hand.kind) is not None


class Bench:
    """Judges by rules, minds waivers, and remembers inputs for the rules on the stack."""

    def __init__(self, framework: str, waivers: Waivers) -> None:
        self._framework = framework
        self._waivers = waivers
        self._used: set[Waiver] = set()
        self._judged: set[str] = set()
        self._inputs: dict[str, Mapping[str, Any]] = {}
        self._at_hand = _AtHand()
        self._undecided = Undecided("undecided", EnforcementLevel.ADVISORY, "What is not known yet is judged at update")
        self._waived = Channel("waived", EnforcementLevel.ADVISORY, "A violation that policies/waivers.yaml sets aside")
        self._crashed = Channel("rule-crashed", EnforcementLevel.MANDATORY, "A rule must come to a verdict")

    def policies(self, rules: Iterable[tuple[AnyRule, EnforcementLevel]]) -> list[Policy]:
        """The rules at their levels, then the channels and the report on the waivers themselves."""
        judging = [self._policy(rule, level) for rule, level in rules]
        self._judged = {policy.name for policy in judging if policy.enforcement_level != EnforcementLevel.DISABLED}
        channels = (self._undecided, self._waived, self._crashed)
        return [
            ResourceValidationPolicy(
                "inputs", "What the rules on the stack read", self._take_in, EnforcementLevel.ADVISORY
            ),
            *judging,
            *(policy for channel in channels for policy in channel.policies()),
            StackValidationPolicy(
                "waiver-invalid",
                "A waiver is complete and has not expired",
                self._report_invalid,
                EnforcementLevel.MANDATORY,
            ),
            StackValidationPolicy(
                "waiver-unused", "A waiver sets something aside", self._report_unused, EnforcementLevel.ADVISORY
            ),
        ]

    def _policy(self, rule: AnyRule, level: EnforcementLevel) -> Policy:
        declaration: dict[str, Any] = {
            "name": rule.id,
            "description": rule.requires,
            "enforcement_level": level,
            "severity": rule.severity,
            "framework": PolicyComplianceFramework(self._framework, reference=rule.control) if rule.control else None,
            "tags": list(rule.sources),
            "remediation_steps": f"{rule.fix[0].upper()}{rule.fix[1:]}.",
        }
        if isinstance(rule, StackRule):
            return StackValidationPolicy(validate=self._stack_validation(rule), **declaration)
        remediate: Any = self._remediation(rule) if rule.remedies else None
        validate = self._resource_validation(rule)
        return _OfItsKinds(rule, self._at_hand, validate=validate, remediate=remediate, **declaration)

    def _take_in(self, args: ResourceValidationArgs, _: ReportViolation) -> None:
        """Remember a resource before any rule judges it."""
        self._inputs[args.urn] = args.props
        self._at_hand.kind = kind_of(args.resource_type)

    def _resource_validation(self, rule: Rule) -> Callable[[ResourceValidationArgs, ReportViolation], None]:
        def validate(args: ResourceValidationArgs, report: ReportViolation) -> None:
            condition = rule.condition(kind_of(args.resource_type))
            assert condition is not None, f"{rule.id} judges no {args.resource_type}"
            resource = _before_changes(args)
            verdict = self._verdict(rule, args.urn, lambda: condition(resource.properties))
            self._pronounce(rule, resource, verdict, report)
            if verdict.not_applicable:
                args.not_applicable(verdict.not_applicable)

        return validate

    def _remediation(self, rule: Rule) -> Callable[[ResourceValidationArgs], Mapping[str, Any] | None]:
        def remediate(args: ResourceValidationArgs) -> Mapping[str, Any] | None:
            kind = kind_of(args.resource_type)
            condition, remedy = rule.condition(kind), rule.remedies.get(kind)
            if condition is None or remedy is None or self._waivers.find(rule.id, _before_changes(args)):
                return None
            return self._attempt(rule, args.urn, lambda: mended(args.props, condition, remedy), otherwise=None)

        return remediate

    def _stack_validation(self, rule: StackRule) -> Callable[[StackValidationArgs, ReportViolation], None]:
        def validate(args: StackValidationArgs, report: ReportViolation) -> None:
            stack = Stack(tuple(self._resource(resource) for resource in args.resources))
            judgements: list[tuple[Resource | None, Verdict]] = []

            def judge() -> Verdict:
                judgements.extend(rule.judge(stack))
                return Verdict()

            self._pronounce(rule, _WHOLE_STACK, self._verdict(rule, STACK, judge), report)
            for resource, verdict in judgements:
                self._pronounce(rule, resource or _WHOLE_STACK, verdict, report)

        return validate

    def _resource(self, resource: PolicyResource) -> Resource:
        """A resource of the stack, with its inputs where they were seen; the engine shows a stack's outputs only."""
        properties = self._inputs.get(resource.urn, resource.props)
        return Resource(
            resource.urn,
            kind_of(resource.resource_type),
            resource.name,
            Properties(properties),
            resource.opts.protect,
            references(resource.property_dependencies),
            resource.parent.urn if resource.parent else "",
        )

    def _verdict(self, rule: AnyRule, urn: str, judge: Callable[[], Verdict]) -> Verdict:
        def cautiously() -> Verdict:
            try:
                return judge()
            except UnknownValueError as error:
                return undecided(".".join(error.props))

        return self._attempt(rule, urn, cautiously, otherwise=Verdict())

    def _attempt(self, rule: AnyRule, urn: str, act: Callable[[], OutcomeT], otherwise: OutcomeT) -> OutcomeT:
        try:
            return act()
        except Exception as error:  # noqa: BLE001 - anything that escapes would end the whole preview without a message
            # Not the error's own text, which may quote a secret.
            place = traceback.extract_tb(error.__traceback__)[-1]
            where = f"{type(error).__name__} in {Path(place.filename).name}, line {place.lineno}"
            self._crashed.add(urn, rule.id, f"{where}. Fix: mend the rule, or switch it off in the profile.")
            return otherwise

    def _pronounce(self, rule: AnyRule, resource: Resource, verdict: Verdict, report: ReportViolation) -> None:
        if verdict.passed:
            return
        waiver = self._waivers.find(rule.id, resource)
        if waiver:
            self._used.add(waiver)
        if verdict.findings:
            message = f"{'; '.join(verdict.findings)}. Fix: {rule.fix}."
            if waiver:
                until = f"waived until {waiver.expires} by {waiver.approver} ({waiver.reason})"
                self._waived.add(resource.urn, rule.id, f"{until}: {message}")
            else:
                report(message, resource.urn or None)
        for path in verdict.undecided:
            self._undecided.add(resource.urn, rule.id, path)

    def _report_invalid(self, _: StackValidationArgs, report: ReportViolation) -> None:
        for problem in self._waivers.problems:
            report(problem, None)

    def _report_unused(self, _: StackValidationArgs, report: ReportViolation) -> None:
        for waiver in self._waivers.current:
            if waiver.rule in self._judged and waiver not in self._used:
                report(f"the {waiver} sets nothing aside in this stack. Fix: remove it, or limit its profiles.", None)


def _before_changes(args: ResourceValidationArgs) -> Resource:
    """A resource before anything is changed."""
    return Resource(args.urn, kind_of(args.resource_type), args.name, Properties(args.props), args.opts.protect)


_WHOLE_STACK = Resource(STACK, "", "the stack", Properties({}))
