"""An estimate as a table for the terminal, and as an object for programs."""

import textwrap
from collections.abc import Iterator
from typing import Any

from azure_ml_platform.catalog.prices import Grade
from azure_ml_platform.cost.estimate import Estimate
from azure_ml_platform.cost.line import Line, total

WIDTH = 118
_LARGEST = 12


def text(estimate: Estimate, stack: str, before: Estimate | None = None) -> str:
    """Totals, the largest lines, what is unknown and what was assumed; `before` is what is deployed already."""
    currency = estimate.terms.currency
    rows = [
        f"Cost of {stack} on Azure per month, in {currency}, estimated from list prices without tax",
        f"  fixed        {estimate.fixed:12,.2f}   for resources by being there",
        f"  assumed use  {estimate.assumed:12,.2f}   as the assumptions below say",
        f"  total        {estimate.total:12,.2f}{_change(estimate, before)}",
        "",
        *_largest(estimate),
        *_unknown(estimate),
        "",
        f"{len(estimate.free)} resources cost nothing by themselves.",
        *_assumptions(estimate),
    ]
    return "\n".join(rows)


def as_object(estimate: Estimate, stack: str, before: Estimate | None = None) -> dict[str, Any]:
    """The whole estimate as JSON has it."""
    return {
        "stack": stack,
        "currency": estimate.terms.currency,
        "monthly": {"fixed": estimate.fixed, "assumed": estimate.assumed, "total": estimate.total},
        "before": None if before is None else before.total,
        "oldest_price": estimate.oldest.isoformat() if estimate.oldest else None,
        "lines": [_line(line) for line in estimate.lines if line.amount is not None],
        "unknown": [{"resource": line.resource, "meter": line.meter, "why": line.why} for line in estimate.unknown],
        "free": [{"resource": each.resource, "kind": each.kind, "reason": each.reason} for each in estimate.free],
        "assumptions": estimate.terms.text(),
    }


def _line(line: Line) -> dict[str, Any]:
    return {
        "resource": line.resource,
        "meter": line.meter,
        "basis": line.basis,
        "quantity": line.quantity,
        "unit": line.unit,
        "unit_price": line.unit_price,
        "amount": line.amount,
        "grade": line.grade,
        "region": line.region,
        "why": line.why,
    }


def _change(estimate: Estimate, before: Estimate | None) -> str:
    if before is None or not before.total:
        return ""
    difference = estimate.total - before.total
    return f"   {difference:+,.2f} ({difference / before.total:+.1%}) against what is deployed"


def _largest(estimate: Estimate) -> Iterator[str]:
    shown, others = estimate.top[:_LARGEST], estimate.top[_LARGEST:]
    yield f"{'largest amounts':42} {'meter':32} {'quantity':>20} {'per month':>10} grade"
    for line in shown:
        quantity = f"{line.quantity:,.6g} {line.unit}"
        mark = f"{line.grade}{' assumed' if line.basis == 'assumed' else ''}"
        yield f"{_cut(line.resource, 42)} {_cut(line.meter, 32)} {quantity:>20} {line.amount:10,.2f} {mark}"
    if others:
        yield f"{f'{len(others)} more':96} {total(others):10,.2f}"


def _unknown(estimate: Estimate) -> Iterator[str]:
    if estimate.unknown:
        yield from ("", f"{len(estimate.unknown)} amounts are unknown, and not in the total:")
    for line in estimate.unknown:
        yield from textwrap.wrap(f"{line.resource}: {line.why}", WIDTH, initial_indent="  ", subsequent_indent="    ")


def _assumptions(estimate: Estimate) -> Iterator[str]:
    said = f"Assumed per month (setting cost): {', '.join(estimate.terms.text())}."
    yield from textwrap.wrap(said, WIDTH, subsequent_indent="  ")
    if estimate.oldest:
        grades = f"{Grade.A} is checked twice, {Grade.D} is derived"
        yield f"Grades say how far a price can be trusted: {grades}. The oldest was read on {estimate.oldest}."


def _cut(text: str, width: int) -> str:
    return f"{text:{width}}" if len(text) <= width else f"{text[: width - 1]}…"
