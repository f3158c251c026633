"""Adoption: what the program would create, but exists in Azure already, is imported into the stack's state.

Only what bears this stack's tags is taken; a resource whose type has no tags is taken if it lies where the program
would put it. Anything tagged otherwise belongs to somebody else and stops the command.
"""

import json
import tempfile
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from azure_ml_platform.catalog.resource_types import locate
from azure_ml_platform.catalog.tags import Tag
from ops.azure import Document
from ops.console import say
from ops.errors import OpsError
from ops.session import Session

CONCURRENT_LOOKUPS = 8
COMES_WITH_ITS_PARENT = frozenset({"azure-native:sql:EncryptionProtector"})
"""Types that exist as soon as their parent does: creating one writes the program's values over Azure's, while an
adopted one would keep those that the program ignores from its creation on."""
UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
"""What the engine writes for a value that a preview cannot know."""

Spec = dict[str, Any]
Key = tuple[str, str]
"""Type and logical name."""


@dataclass(frozen=True)
class Planned:
    """A resource that the next update would create."""

    key: Key
    inputs: Document
    """The inputs that are known."""

    @classmethod
    def parse(cls, step: Mapping[str, Any]) -> "Planned":
        """From a step of a preview."""
        _, kind, name = step["urn"].rsplit("::", 2)
        inputs = step["newState"].get("inputs") or {}
        known = {name: value for name, value in inputs.items() if value != UNKNOWN}
        return cls((kind.rsplit("$", 1)[-1], name), known)


class PreviewError(OpsError):
    """The program or a provider refuses; the message has the engine's diagnostics."""


def adopt(session: Session) -> int:
    """Import all there is to import; returns how many resources that were.

    An input that is unknown until a parent is imported hides a child, so this goes on until a round finds nothing.
    """
    adopted: set[Key] = set()
    while found := _round(session):
        again = ", ".join(name for _, name in adopted & found)
        if again:
            message = f"the program creates {again} anew although the state has it; see `pulumi preview --diff`"
            raise OpsError(message)
        adopted |= found
    return len(adopted)


def _round(session: Session) -> set[Key]:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "import.json"
        ids = _existing(session, _planned(_preview(session, file)))
        if ids:
            _import(session, file, ids)
    return set(ids)


def _preview(session: Session, import_file: Path) -> str:
    """The digest of a preview, which writes an import file of what it would create."""
    preview = session.engine.attempt("preview", "--json", "--import-file", str(import_file))
    if preview.returncode:
        diagnostics = [entry["message"] for entry in json.loads(preview.stdout or "{}").get("diagnostics", [])]
        raise PreviewError("".join(diagnostics).strip() or session.engine.explained(preview.stderr))
    return preview.stdout


def _import(session: Session, file: Path, ids: Mapping[Key, str]) -> None:
    for (_, name), resource_id in ids.items():
        say(f"adopting {name}: {resource_id}")
    content = json.loads(file.read_text(encoding="utf-8"))
    content["resources"] = selected(content["resources"], ids)
    file.write_text(json.dumps(content), encoding="utf-8")
    flags = ("--yes", "--skip-preview", "--generate-code=false", "--protect=false", "--suppress-outputs")
    session.engine.succeed("import", "--file", str(file), *flags)


def _planned(digest: str) -> list[Planned]:
    steps = json.loads(digest).get("steps", [])
    planned = [Planned.parse(step) for step in steps if step["op"] == "create"]
    return [resource for resource in planned if resource.key[0] not in COMES_WITH_ITS_PARENT]


def _existing(session: Session, planned: list[Planned]) -> dict[Key, str]:
    """The ids of the planned resources that are in Azure and this stack's own."""
    with ThreadPoolExecutor(CONCURRENT_LOOKUPS) as pool:
        documents = pool.map(lambda resource: _find(session, resource), planned)
        found = [(resource, document) for resource, document in zip(planned, documents, strict=True) if document]
    foreign = [
        f"{document['id']} ({owner})"
        for resource, document in found
        if (owner := _foreign_owner(resource, document, session.target.stack))
    ]
    if foreign:
        listed = "".join(f"\n  {line}" for line in foreign)
        message = f"not of stack {session.target.stack}, though it needs their names; nothing is adopted:{listed}"
        raise OpsError(message)
    return {resource.key: document["id"] for resource, document in found}


def _find(session: Session, resource: Planned) -> Document | None:
    place = locate(resource.key[0], resource.inputs, session.subscription_id)
    document = place and session.azure.get(place.resource_id, place.api_version)
    return {**document, "id": place.resource_id} if place and document else None


def _foreign_owner(resource: Planned, document: Document, stack: str) -> str | None:
    """Whose a resource is that the program would tag as this stack's, None if it is this stack's."""
    if "tags" not in resource.inputs:
        return None
    owner = (document.get("tags") or {}).get(Tag.STACK)
    if owner == stack:
        return None
    return f"tagged for stack {owner}" if owner else "without a stack's tag"


def selected(specs: list[Spec], ids: Mapping[Key, str]) -> list[Spec]:
    """Of an import file's resources those that have an id, with it, and the components and providers that they need."""
    by_name = {spec["name"]: spec for spec in specs}
    needed: set[str] = set()
    for spec in specs:
        if resource_id := ids.get(_key(spec)):
            spec["id"] = resource_id
            needed |= _lineage(spec, by_name)
    return [spec for spec in specs if spec["name"] in needed]


def _lineage(spec: Spec, by_name: Mapping[str, Spec]) -> set[str]:
    """The resource's own name, and the names of what has to be imported with it."""
    names = {spec["name"]}
    for relation in ("parent", "provider"):
        other = by_name.get(spec.get(relation, ""))
        if other:
            names |= _lineage(other, by_name)
    return names


def _key(spec: Spec) -> Key:
    return spec["type"], spec.get("logicalName") or spec["name"]
