"""`up`: deploy the platform, then show what it is and that its models answer."""

import json
import tempfile
from collections.abc import Sequence
from pathlib import Path

from azure_ml_platform.outputs import PlatformOutputs
from ops import changes, estimate, record, score, state
from ops.console import confirmed, say, show
from ops.describe import curl, describe
from ops.errors import UnreachableError
from ops.recover import recover
from ops.run import change, needs_approval
from ops.session import Session


def up(session: Session, flags: Sequence[str] = ()) -> int:
    """Preview, update if there is anything to change, and call the models; returns the exit code.

    The preview comes first as a policy's refusal has to come before anything is deployed. One that finds nothing to
    change ends the matter: the update would run program and policies again for the same result.
    """
    session = session.logged_in()
    recover(session, state.read_or_create(session.engine))
    code = _deploy(session, flags)
    if code:
        return code
    outputs = session.outputs()
    show(f"\n{describe(outputs)}")
    for name in outputs.models:
        _call(session, outputs, name)
    return 0


def _deploy(session: Session, flags: Sequence[str]) -> int:
    with tempfile.TemporaryDirectory() as folder:
        events = Path(folder) / "events"
        code = session.engine.policed("preview", "--event-log", str(events), *flags)
        if code:
            return code
        show(f"\n{estimate.shown(events, session.target)}\n")
        if not changes.proposed(events):
            record.settle(session.target)
            say("no changes: the platform is as the program describes it")
            return 0
    if needs_approval(session) and not confirmed(f"Deploy these changes to {session.subscription_id}?"):
        return 1
    fixed = ("up", "--yes", "--skip-preview", "--suppress-outputs")
    return change(session, lambda: session.engine.policed(*fixed, *flags))


def _call(session: Session, outputs: PlatformOutputs, name: str) -> None:
    """Show how the model is called, and its answer."""
    model = outputs.models[name]
    show(f"\n{curl(session.target, name, model)}")
    if model.sample_request is None:
        return
    try:
        show(json.dumps(score.predict(session, model, score.sample(model, None)).prediction))
    except UnreachableError as error:
        say(f"note: {error}")
