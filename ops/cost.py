"""`cost`: what the stack would cost per month after an update, for people and for pipelines."""

import json
import tempfile
from pathlib import Path

from azure_ml_platform.cost import report
from azure_ml_platform.cost.estimate import Estimate
from ops import estimate, state
from ops.console import say, show
from ops.errors import OpsError
from ops.session import Session

TOO_MUCH = 3
"""Exit code when the stack comes to cost more than it may."""


def cost(session: Session, *, as_json: bool = False, max_increase_percent: float | None = None) -> int:
    """Show the estimate of a preview; returns `TOO_MUCH` when it grows by more than allowed over what is deployed."""
    session = session.logged_in()
    state.read_or_create(session.engine)
    with tempfile.TemporaryDirectory() as folder:
        events = Path(folder) / "events"
        result = session.engine.attempt("preview", "--event-log", str(events))
        if result.returncode:
            raise OpsError(session.engine.explained(result.stderr or result.stdout))
        before, after = estimate.of_events(events, session.target)
    stack = session.target.stack
    show(json.dumps(report.as_object(after, stack, before), indent=2) if as_json else report.text(after, stack, before))
    return 0 if max_increase_percent is None else _judged(before, after, max_increase_percent)


def _judged(before: Estimate, after: Estimate, limit: float) -> int:
    """A stack that cost nothing may come to cost anything: there is nothing to compare with."""
    if not before.total or after.total <= before.total * (1 + limit / 100):
        return 0
    grown = (after.total / before.total - 1) * 100
    currency = after.terms.currency
    say(
        f"error: the stack would cost {after.total:,.2f} {currency} per month instead of {before.total:,.2f}, "
        f"{grown:.1f} % more; at most {limit:g} % more is allowed"
    )
    return TOO_MUCH
