"""What is deployed at a scope, as an ARM template with every body as it was sent."""

from local.arm.documents import Json
from local.arm.errors import bad_request
from local.arm.identifiers import GROUP, SUBSCRIPTION, ResourceId
from local.arm.manager import Manager
from local.arm.store import Resource

SCHEMAS = {
    GROUP: "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
    SUBSCRIPTION: "https://schema.management.azure.com/schemas/2018-05-01/subscriptionDeploymentTemplate.json#",
}
DEPLOYMENTS = "Microsoft.Resources/deployments"


def template(manager: Manager, scope: ResourceId, request: Json) -> Json:
    """The answer to exportTemplate; `resources` of the request lists ids, or `*` for all.

    Secrets that GET does not show are left out, as Azure leaves them out. A subscription's template has its resource
    groups and what extends the subscription itself; each group's has the rest.
    """
    wanted = request.get("resources", ["*"])
    if not isinstance(wanted, list) or not all(isinstance(id, str) for id in wanted):
        raise bad_request(
            "InvalidRequestContent", "resources must be a list of resource ids, or ['*'].", target="resources"
        )
    if scope.type == GROUP:
        manager.existing(scope)
    chosen = None if "*" in wanted else {ResourceId.parse(id).key for id in wanted}
    resources = [
        _entry(manager, scope, resource)
        for resource in manager.cloud.store.below(scope)
        if resource.sent is not None
        and resource.type != DEPLOYMENTS
        and (scope.type == GROUP or resource.id.group is None or resource.type == GROUP)
        and (chosen is None or resource.id.key in chosen)
    ]
    return {"template": {"$schema": SCHEMAS[scope.type], "contentVersion": "1.0.0.0", "resources": resources}}


def _entry(manager: Manager, scope: ResourceId, resource: Resource) -> Json:
    kind = manager.catalogue.get(resource.type, resource.api_version)
    head = {"type": kind.name, "apiVersion": resource.api_version, "name": resource.id.full_name}
    extended = resource.id.scope
    if extended is not None and extended != scope and not resource.id.is_container:
        head["scope"] = extended.text
    return head | kind.shown(resource.sent or {})
