"""Microsoft.Resources: resource groups and template deployments.

Sources: learn.microsoft.com/rest/api/resources/resource-groups, .../rest/api/resources/deployments.
"""

import uuid
from collections.abc import Iterator, Mapping
from typing import Any

from local.arm.cloud import Cloud
from local.arm.documents import Json, overlay
from local.arm.errors import bad_request
from local.arm.export import DEPLOYMENTS
from local.arm.identifiers import GROUP, SUBSCRIPTION, ResourceId, missing
from local.arm.regions import REGIONS
from local.arm.resource_types import Answer, Call, Change, NameRule, ResourceProvider, ResourceType, Scope, View
from local.arm.store import Resource
from local.arm.templates import Plan, plan

_TEMPLATE, _PARAMETERS = "properties.template", "properties.parameters"


def _plan_of(change: Change) -> Plan:
    assert change.id.scope is not None
    return plan(change.cloud, change.id.scope, change.get("properties", {}))


def _plan_again(cloud: Cloud, deployment: Resource) -> Plan:
    assert deployment.id.scope is not None
    return plan(cloud, deployment.id.scope, (deployment.sent or {})["properties"])


def _check_deployment(change: Change) -> None:
    """The place has a region where it needs one, the mode is one that works here, the template can be read."""
    scope = change.id.scope
    if scope is not None and scope.type == SUBSCRIPTION and change.location not in REGIONS:
        message = "The location property is required for a deployment to a subscription, and must be a region of Azure."
        raise bad_request("LocationRequired", message, target="location")
    for link in ("templateLink", "parametersLink"):
        if change.get(f"properties.{link}") is not None:
            message = (
                f"properties.{link} would have to be downloaded, which this local Azure does not do; send it inline."
            )
            raise bad_request("InvalidTemplate", message, target=f"properties.{link}")
    mode = change.get("properties.mode", "Incremental")
    if mode.casefold() != "incremental":
        message = f"The deployment mode '{mode}' is not supported by this local Azure: use Incremental."
        raise bad_request("InvalidDeploymentMode", message, target="properties.mode")
    _plan_of(change)


def _deployment(change: Change) -> Json:
    planned = _plan_of(change)
    kinds = sorted({entry.id.type for entry in planned.resources})
    namespaces = sorted({kind.partition("/")[0] for kind in kinds})
    return {
        "properties": {
            "mode": "Incremental",
            "templateHash": planned.template_hash,
            "parameters": planned.parameters,
            "timestamp": change.cloud.now(),
            "duration": "PT0S",
            "correlationId": str(uuid.uuid4()),
            "providers": [
                {
                    "namespace": namespace,
                    "resourceTypes": [
                        {"resourceType": kind.partition("/")[2]} for kind in kinds if kind.startswith(f"{namespace}/")
                    ],
                }
                for namespace in namespaces
            ],
            "dependencies": [],
        }
    }


def _validated(change: Change) -> Json:
    resources = [{"id": entry.id.text} for entry in _plan_of(change).resources]
    properties = _deployment(change)["properties"]
    head = {"id": change.id.text, "name": change.id.name, "type": DEPLOYMENTS}
    return head | {"properties": {**properties, "provisioningState": "Succeeded", "validatedResources": resources}}


def _what_if(change: Change) -> Json:
    """What a deployment would change: bodies of the template beside those that were sent last."""
    changes = [_difference(change.cloud, entry.id, entry.body) for entry in _plan_of(change).resources]
    return {"status": "Succeeded", "properties": {"changes": changes}}


def _difference(cloud: Cloud, id: ResourceId, body: Json) -> Json:
    present = cloud.store.get(id)
    if present is None:
        return {"resourceId": id.text, "changeType": "Create", "after": {"id": id.text, **body}}
    before = present.sent or {}
    delta = list(_delta(before, overlay(before, body), ""))
    found = {"resourceId": id.text, "changeType": "Modify" if delta else "NoChange"}
    return found | {"before": {"id": id.text, **before}, "after": {"id": id.text, **body}, "delta": delta}


def _delta(before: Json, after: Json, above: str) -> Iterator[Json]:
    for name, value in after.items():
        path, was = f"{above}{name}", before.get(name)
        if isinstance(value, dict) and isinstance(was, dict):
            yield from _delta(was, value, f"{path}.")
        elif value != was:
            sort = "Modify" if name in before else "Create"
            yield {"path": path, "propertyChangeType": sort, "before": was, "after": value, "children": None}


def _operations(cloud: Cloud, deployment: ResourceId | None, _: Mapping[str, Any]) -> list[Json]:
    found = cloud.store.get(deployment)
    if found is None:
        assert deployment is not None
        raise missing(deployment)
    steps: list[Json] = found.private.get("operations", [])
    return steps


def _operation(cloud: Cloud, id: ResourceId) -> Json | None:
    steps = _operations(cloud, id.parent, {})
    return next((step for step in steps if step["operationId"].casefold() == id.name.casefold()), None)


def _exported(call: Call) -> Json:
    return {"template": (call.resource.sent or {})["properties"]["template"]}


PROVIDER = ResourceProvider(
    namespace="Microsoft.Resources",
    types=(
        ResourceType(
            name=GROUP,
            scope=Scope.SUBSCRIPTION,
            tracked=True,
            names=NameRule(
                r"[-\w.()]{0,89}[-\w()]",
                "1 to 90 letters, digits, '_', '-', '.', '(' and ')', without a period at the end",
                "InvalidResourceGroup",
            ),
            immutable=("managedBy",),
            delete=Answer.LOCATION,
        ),
        ResourceType(
            name=DEPLOYMENTS,
            scope=Scope.CONTAINER,
            names=NameRule(
                r"[-\w.()]{1,64}", "1 to 64 letters, digits, '_', '-', '.', '(' and ')'", "InvalidDeploymentName"
            ),
            write_only=(_TEMPLATE, _PARAMETERS),
            put=Answer.ASYNC_OPERATION,
            delete=Answer.LOCATION,
            checks=(_check_deployment,),
            complete=_deployment,
            deploys=_plan_again,
            actions={"exporttemplate": _exported},
            rehearsals={"validate": _validated, "whatif": _what_if},
        ),
    ),
    views=(View(name=f"{DEPLOYMENTS}/operations", list=_operations, get=_operation),),
)
