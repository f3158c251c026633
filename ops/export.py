"""`export`: what is deployed as Azure Resource Manager templates, one file per scope."""

import json
from collections.abc import Iterable, Iterator
from pathlib import Path

from ops.azure import Document
from ops.console import say, show
from ops.errors import OpsError
from ops.session import Session
from ops.target import ROOT

API_VERSION = "2021-04-01"
"""Of Microsoft.Resources/resourceGroups/exportTemplate."""

REQUEST = {"resources": ["*"], "options": "SkipAllParameterization"}
"""All resources, with their values instead of parameters (Resource Groups - Export Template)."""


def export(session: Session) -> int:
    """Write `build/arm-<stack>/<scope>.json` for the resource groups and, where it answers, the subscription."""
    session = session.logged_in()
    outputs = session.outputs()
    folder = ROOT / "build" / f"arm-{session.target.stack}"
    folder.mkdir(parents=True, exist_ok=True)
    for stale in folder.glob("*.json"):
        stale.unlink()
    for scope, path in _scopes(outputs.subscription_id, outputs.resource_groups):
        template = _template(session, scope, path)
        if template is not None:
            _write(folder / f"{scope}.json", template)
    return 0


def _scopes(subscription_id: str, resource_groups: Iterable[str]) -> Iterator[tuple[str, str]]:
    subscription = f"/subscriptions/{subscription_id}"
    yield "subscription", subscription
    for group in resource_groups:
        yield group, f"{subscription}/resourceGroups/{group}"


def _template(session: Session, scope: str, path: str) -> Document | None:
    result = session.azure.post(f"{path}/exportTemplate", API_VERSION, REQUEST)
    if result is None:
        if scope != "subscription":
            message = f"resource group {scope} does not exist; `make up STACK={session.target.stack}` deploys it"
            raise OpsError(message)
        say("subscription: this cloud exports resource groups only")
        return None
    for detail in (result.get("error") or {}).get("details", []):
        say(f"{scope}: not exported: {detail.get('message', detail.get('code'))}")
    return dict(result["template"])


def _write(file: Path, template: Document) -> None:
    file.write_text(json.dumps(template, indent=2, sort_keys=True) + "\n", encoding="utf-8")
    show(f"{file.relative_to(ROOT)}: {len(template['resources'])} resources")
