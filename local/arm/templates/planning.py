"""From a template to the PUT requests that it stands for.

Source: learn.microsoft.com/azure/azure-resource-manager/templates/syntax.
"""

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from local.arm.cloud import Cloud
from local.arm.documents import Json
from local.arm.errors import ArmError
from local.arm.identifiers import GROUP, RESOURCES, ResourceId
from local.arm.templates import parameters
from local.arm.templates.expressions import Surroundings, evaluated, invalid

_WORDS = frozenset(
    (
        *("type", "apiVersion", "name", "dependsOn", "scope", "resources", "condition", "comments", "metadata", "copy"),
        *("resourceGroup", "subscriptionId"),
    )
)
"""Members of a template's resource that are not part of its body."""


@dataclass(frozen=True)
class Planned:
    """One resource of a template."""

    id: ResourceId
    api_version: str
    body: Json
    depends_on: tuple[str, ...]
    """Ids or names, as they were written."""
    left_out: bool = False
    """Its condition does not hold: it is not put, and others may depend on it all the same."""


@dataclass(frozen=True)
class Plan:
    """What a template leads to."""

    resources: tuple[Planned, ...]
    """In an order in which each follows what it depends on."""
    parameters: Json
    """As GET shows them."""
    outputs: Json
    template_hash: str


def plan(cloud: Cloud, scope: ResourceId, properties: Json) -> Plan:
    """The plan of a deployment's `properties`; raises ArmError InvalidTemplate for what Azure would not deploy."""
    template = _object(properties, "template")
    group = cloud.store.get(scope) if scope.type == GROUP else None
    around = Surroundings(
        scope,
        group={"id": scope.text, "name": scope.name, **group.body} if group else {},
        subscription={
            "id": str(scope.subscription),
            "subscriptionId": cloud.directory.subscription_id,
            "tenantId": cloud.directory.tenant_id,
        },
        variables=_object(template, "variables", {}),
    )
    declared = _object(template, "parameters", {})
    parameters.fill(around, declared, _object(properties, "parameters", {}))
    resources = template.get("resources")
    if not isinstance(resources, list):
        raise invalid("the template has no list 'resources'.", "template.resources")
    planned = [
        entry for number, item in enumerate(resources) for entry in _planned(item, around, f"resources[{number}]")
    ]
    outputs = {
        name: {"type": output.get("type"), "value": evaluated(output.get("value"), around, f"outputs.{name}")}
        for name, output in _object(template, "outputs", {}).items()
        if isinstance(output, dict)
    }
    digest = hashlib.sha256(json.dumps(template, sort_keys=True).encode()).digest()
    return Plan(
        tuple(entry for entry in _ordered(planned) if not entry.left_out),
        parameters.shown(declared, around.parameters),
        outputs,
        str(int.from_bytes(digest[:8], "big")),
    )


def _planned(item: Any, around: Surroundings, where: str, above: ResourceId | None = None) -> Iterator[Planned]:
    """A resource of the template and those that are nested in it, which depend on it."""
    if not isinstance(item, dict):
        raise invalid(f"the resource at {where} is no object.", where)
    if "copy" in item:
        raise invalid(
            f"the resource at {where} has a copy loop, which this local Azure does not evaluate.", f"{where}.copy"
        )
    nested, head = item.get("resources", []), {name: item[name] for name in item if name != "resources"}
    # A deployment within a template brings a template of its own, with expressions of its own.
    inner = head.get("properties") if str(head.get("type", "")).casefold().endswith("/deployments") else None
    left_out = evaluated(head.get("condition", True), around, f"{where}.condition") is False
    if left_out:
        # Nothing is evaluated but what it is called: the rest may refer to what there is not.
        head = {name: head[name] for name in head if name in ("type", "apiVersion", "name", "scope", "resourceGroup")}
    entry = evaluated(
        {name: value for name, value in head.items() if inner is None or name != "properties"}, around, where
    )
    if inner is not None:
        entry["properties"] = inner
    missing = [name for name in ("type", "apiVersion", "name") if not isinstance(entry.get(name), str)]
    if missing:
        raise invalid(f"the resource at {where} has no '{missing[0]}'.", f"{where}.{missing[0]}")
    id = _identified(entry, around, where, above)
    depends_on = entry.get("dependsOn", [])
    if not isinstance(depends_on, list) or not isinstance(nested, list):
        raise invalid(f"dependsOn and resources of the resource at {where} must be lists.", where)
    body = {name: value for name, value in entry.items() if name not in _WORDS}
    needs = (*map(str, depends_on), *([above.text] if above else []))
    yield Planned(id, entry["apiVersion"], body, needs, left_out)
    for number, child in enumerate([] if left_out else nested):
        yield from _planned(child, around, f"{where}.resources[{number}]", id)


def _identified(entry: Json, around: Surroundings, where: str, above: ResourceId | None) -> ResourceId:
    namespace, *types = entry["type"].split("/")
    names = entry["name"].split("/")
    if above is not None and namespace.casefold() != above.namespace.casefold():
        return above.child(entry["type"], entry["name"])
    if len(types) != len(names) or not types:
        raise invalid(
            f"the resource '{entry['name']}' of type '{entry['type']}' has incorrect segment lengths: a type must have "
            "as many segments after its namespace as the name has.",
            f"{where}.name",
        )
    scope = around.scope
    if entry.get("resourceGroup") and scope.subscription:
        scope = ResourceId(scope.subscription, RESOURCES, ("resourceGroups",), (str(entry["resourceGroup"]),))
    if entry["type"].casefold() == GROUP.casefold():
        return ResourceId(scope.subscription, RESOURCES, ("resourceGroups",), (entry["name"],))
    extended = entry.get("scope")
    if isinstance(extended, str) and extended:
        scope = ResourceId.parse(extended if extended.startswith("/") else f"{scope}/providers/{extended}")
    return ResourceId(scope, namespace, tuple(types), tuple(names))


def _ordered(planned: Sequence[Planned]) -> Iterator[Planned]:
    """Each behind all that it depends on, else as they are written."""
    waiting = [(entry, {_found(planned, entry, reference) for reference in entry.depends_on}) for entry in planned]
    done: set[str] = set()
    while waiting:
        ready = next((number for number, (_, needs) in enumerate(waiting) if needs <= done), None)
        if ready is None:
            names = ", ".join(entry.id.full_name for entry, _ in waiting)
            raise invalid(f"circular dependency detected among the resources {names}.", "resources.dependsOn")
        entry, _ = waiting.pop(ready)
        done.add(entry.id.key)
        yield entry


def _found(planned: Sequence[Planned], entry: Planned, reference: str) -> str:
    wanted = reference.casefold()
    for other in planned:
        if wanted in (other.id.key, other.id.full_name.casefold(), f"{other.id.type}/{other.id.full_name}".casefold()):
            return other.id.key
    raise _undefined(entry, reference)


def _undefined(entry: Planned, reference: str) -> ArmError:
    return invalid(
        f"the resource '{reference}' that '{entry.id.full_name}' depends on is not defined in the template.",
        "resources.dependsOn",
    )


def _object(holder: Json, name: str, default: Json | None = None) -> Json:
    value = holder.get(name, default)
    if not isinstance(value, dict):
        raise invalid(f"'{name}' is missing or is no object.", name)
    return value
