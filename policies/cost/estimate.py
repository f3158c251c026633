"""What the stack costs as a whole: below its ceiling, with nothing left out, from prices that are not too old."""

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from fnmatch import fnmatchcase

import pulumi.runtime
from pulumi_policy import Severity

from azure_ml_platform.catalog import prices
from azure_ml_platform.catalog.prices import PriceTableError
from azure_ml_platform.cost.assumptions import AssumptionError, assumptions
from azure_ml_platform.cost.estimate import Estimate, estimate
from azure_ml_platform.cost.line import Line
from azure_ml_platform.cost.resource import UNKNOWN
from azure_ml_platform.cost.resource import Resource as Declared
from policies.cost.limits import Limits
from policies.kit.resource import Resource, Stack
from policies.kit.rule import AnyRule, Judgement, StackRule
from policies.kit.verdict import PASSED, Verdict, undecided, violation

_LARGEST = 5


def rules(limits: Limits) -> list[AnyRule]:
    """The rules on the estimate."""
    return [_ceiling(limits), _coverage(limits), _price_age(limits)]


def _ceiling(limits: Limits) -> AnyRule:
    def judge(stack: Stack) -> Iterator[Judgement]:
        try:
            found = _estimate(stack)
        except (AssumptionError, PriceTableError) as error:
            yield None, violation(str(error))
            return
        if found.total > limits.estimate_max:
            yield None, violation(_too_much(found, limits.estimate_max))
        else:
            yield None, _waiting(found)

    return StackRule(
        id="estimate-ceiling",
        requires="A stack costs no more per month than it is meant to",
        judge=judge,
        fix="take out or shrink one of the largest, or have the profile's estimate_max raised",
        severity=Severity.HIGH,
        control="CO:04",
    )


def _too_much(found: Estimate, ceiling: float) -> str:
    currency = found.terms.currency
    largest = "; ".join(f"{line.resource} {line.meter} {line.amount:,.2f}" for line in found.top[:_LARGEST])
    return (
        f"the stack costs {found.total:,.2f} {currency} per month ({found.fixed:,.2f} fixed, {found.assumed:,.2f} for "
        f"assumed use), must be at most {ceiling:,.2f}; the largest: {largest}"
    )


def _coverage(limits: Limits) -> AnyRule:
    def accepted(line: Line) -> bool:
        return any(fnmatchcase(line.meter, glob) for glob in limits.unpriced_meters)

    def judge(stack: Stack) -> Iterator[Judgement]:
        found = _judged(stack)
        if found is None:
            return
        resources = {resource.urn: resource for resource in stack.resources}
        for line in found.unknown:
            if not line.waits_for and not accepted(line):
                finding = f"no amount is known: {line.why}; must have one, or be among the profile's unpriced_meters"
                yield resources.get(line.urn), violation(finding)
        yield None, _waiting(found)

    return StackRule(
        id="estimate-coverage",
        requires="Whatever costs money is in the estimate",
        judge=judge,
        fix="state its price in the setting cost.prices, read the prices with `make prices`, or have the profile "
        "accept the meter",
        severity=Severity.MEDIUM,
        control="CO:03",
    )


def _price_age(limits: Limits) -> AnyRule:
    days = limits.price_age_days_max

    def judge(stack: Stack) -> Iterator[Judgement]:
        found = _judged(stack)
        if found is None:
            return
        oldest = found.oldest
        if oldest and oldest < _today() - timedelta(days=days):
            yield None, violation(f"the oldest price in use was read on {oldest}, must be within {days} days")
        else:
            yield None, _waiting(found)

    return StackRule(
        id="estimate-price-age",
        requires="An estimate rests on prices of these days",
        judge=judge,
        fix="read the prices with `make prices`",
        severity=Severity.LOW,
        control="CO:03",
    )


def _today() -> date:
    return datetime.now(UTC).date()


def _waiting(found: Estimate) -> Verdict:
    """Undecided by the values that amounts wait for."""
    paths = [f"{line.resource}.{line.waits_for}" for line in found.unknown if line.waits_for]
    return undecided(*paths) if paths else PASSED


def _judged(stack: Stack) -> Estimate | None:
    """The estimate; None where there cannot be one, which `estimate-ceiling` tells."""
    try:
        return _estimate(stack)
    except (AssumptionError, PriceTableError):
        return None


def _estimate(stack: Stack) -> Estimate:
    """The estimate on the terms of the stack, whose settings the engine hands to the pack."""
    config = pulumi.runtime.get_config_env()
    said = json.loads(config.get("azure-ml-platform:cost") or "{}")
    terms = assumptions(config.get("azure-ml-platform:profile", ""), said if isinstance(said, dict) else {})
    return estimate([_declared(resource) for resource in stack.resources], terms, prices.load())


def _declared(resource: Resource) -> Declared:
    return Declared.of(resource.urn, resource.properties.copy(UNKNOWN), resource.parent)
