"""Log Analytics workspaces. Source: learn.microsoft.com/rest/api/loganalytics/workspaces.

A deleted workspace is kept for 14 days; one of the same name in the same group is the old one again, unasked
(learn.microsoft.com/azure/azure-monitor/logs/delete-workspace).
"""

import base64
import secrets
import uuid

from local.arm.behaviours.operational_insights.tables import PLACED
from local.arm.documents import Json
from local.arm.errors import bad_request
from local.arm.resource_types import Answer, Call, Change, NameRule, ResourceType, SoftDelete

WORKSPACE = "Microsoft.OperationalInsights/workspaces"
UNLIMITED_GB = -1
KEPT_DAYS = 14
LEAST_DAYS, MOST_DAYS = 30, 730
LEAST_CAP_GB = 0.023


def _complete(change: Change) -> Json:
    now = change.cloud.now()
    return {
        "properties": {
            "customerId": change.keep("properties.customerId", lambda: str(uuid.uuid4())),
            "createdDate": change.keep("properties.createdDate", lambda: now),
            "modifiedDate": now,
            "retentionInDays": change.get("properties.retentionInDays", 30),
            "sku": {"name": change.get("properties.sku.name", "PerGB2018"), "lastSkuUpdate": now},
            "workspaceCapping": {
                "dailyQuotaGb": change.get("properties.workspaceCapping.dailyQuotaGb", UNLIMITED_GB),
                "dataIngestionStatus": "RespectQuota",
            },
            "publicNetworkAccessForIngestion": change.get("properties.publicNetworkAccessForIngestion", "Enabled"),
            "publicNetworkAccessForQuery": change.get("properties.publicNetworkAccessForQuery", "Enabled"),
        }
    }


def _secrets(change: Change) -> Json:
    if change.current:
        return change.current.private
    return {
        name: base64.b64encode(secrets.token_bytes(64)).decode() for name in ("primarySharedKey", "secondarySharedKey")
    }


def _shared_keys(call: Call) -> Json:
    return call.resource.private


def _check_retention(change: Change) -> None:
    """Seven days of the free tier, else 30 to 730."""
    days = change.get("properties.retentionInDays", LEAST_DAYS)
    if change.get("properties.sku.name", "PerGB2018") != "Free" and not LEAST_DAYS <= days <= MOST_DAYS:
        message = f"retentionInDays is {days}; it must be {LEAST_DAYS} to {MOST_DAYS}."
        raise bad_request("InvalidParameter", message, target="properties.retentionInDays")


def _check_cap(change: Change) -> None:
    """Gigabytes a day, -1 for no cap."""
    cap = change.get("properties.workspaceCapping.dailyQuotaGb")
    is_number = isinstance(cap, int | float) and not isinstance(cap, bool)
    if cap is not None and (not is_number or not (cap == UNLIMITED_GB or cap >= LEAST_CAP_GB)):
        message = f"dailyQuotaGb is {cap}; it must be at least {LEAST_CAP_GB}, or {UNLIMITED_GB} for no cap."
        raise bad_request("InvalidParameter", message, target="properties.workspaceCapping.dailyQuotaGb")


TYPES = (
    ResourceType(
        name=WORKSPACE,
        tracked=True,
        names=NameRule(
            r"[A-Za-z0-9][-A-Za-z0-9]{2,61}[A-Za-z0-9]", "4 to 63 letters, digits and '-', no '-' at the ends"
        ),
        etag="etag",
        put=Answer.ASYNC_OPERATION,
        delete=Answer.ASYNC_OPERATION,
        checks=(_check_retention, _check_cap),
        complete=_complete,
        secrets=_secrets,
        default_children=PLACED,
        soft_delete=SoftDelete(days=lambda _: KEPT_DAYS, recovers=lambda _: True, refusal=None, purge_query="force"),
        actions={"sharedkeys": _shared_keys},
    ),
)
