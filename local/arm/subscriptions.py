"""What a tenant and a subscription say of themselves, and the regions they can use."""

from local.arm.documents import Json
from local.arm.errors import not_found
from local.arm.identifiers import SUBSCRIPTION, ResourceId
from local.arm.manager import Manager
from local.arm.regions import REGIONS
from local.arm.wire import Reply, Request


def subscription(manager: Manager, request: Request) -> Reply:
    """One subscription."""
    _ = request.api_version
    manager.check_subscription(request.target.id)
    return Reply(200, _subscription(manager))


def listed(manager: Manager, request: Request) -> Reply:
    """GET /subscriptions."""
    _ = request.api_version
    return Reply(200, {"value": [_subscription(manager)], "count": {"type": "Total", "value": 1}})


def tenants(manager: Manager, request: Request) -> Reply:
    """GET /tenants."""
    _ = request.api_version
    tenant = manager.cloud.directory.tenant_id
    entry = {"id": f"/tenants/{tenant}", "tenantId": tenant, "displayName": "Local", "tenantCategory": "Home"}
    return Reply(200, {"value": [entry]})


def locations(manager: Manager, request: Request) -> Reply:
    """GET /subscriptions/{id}/locations."""
    id = own(manager, request)
    regions = [
        {
            "id": f"{id}/locations/{name}",
            "name": name,
            "type": "Region",
            "displayName": shown,
            "regionalDisplayName": shown,
            "metadata": {"regionType": "Physical"},
        }
        for name, shown in REGIONS.items()
    ]
    return Reply(200, {"value": regions})


def own(manager: Manager, request: Request) -> ResourceId:
    """The subscription that a request is about, ours where the path names none; raises ArmError for another one."""
    _ = request.api_version
    id = request.target.id or ResourceId.parse(f"/subscriptions/{manager.cloud.directory.subscription_id}")
    manager.check_subscription(id)
    if id.type != SUBSCRIPTION:
        raise not_found(
            "InvalidResourceId", f"'{request.path}' is not the path of a subscription's regions or providers."
        )
    return id


def _subscription(manager: Manager) -> Json:
    directory = manager.cloud.directory
    return {
        "id": f"/subscriptions/{directory.subscription_id}",
        "authorizationSource": "RoleBased",
        "subscriptionId": directory.subscription_id,
        "tenantId": directory.tenant_id,
        "displayName": "Local",
        "state": "Enabled",
        "managedByTenants": [],
        "subscriptionPolicies": {
            "locationPlacementId": "Public_2014-09-01",
            "quotaId": "PayAsYouGo_2014-09-01",
            "spendingLimit": "Off",
        },
    }
