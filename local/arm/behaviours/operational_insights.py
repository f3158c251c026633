"""Microsoft.OperationalInsights: Log Analytics. Source: learn.microsoft.com/rest/api/loganalytics/workspaces.

A deleted workspace is kept for 14 days; one of the same name in the same group is the old one again, unasked
(learn.microsoft.com/azure/azure-monitor/logs/delete-workspace).
"""

import base64
import secrets
import uuid

from local.arm.documents import Json
from local.arm.resource_types import Answer, Call, Change, NameRule, ResourceProvider, ResourceType, SoftDelete

WORKSPACE = "Microsoft.OperationalInsights/workspaces"
UNLIMITED_GB = -1
KEPT_DAYS = 14


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


PROVIDER = ResourceProvider(
    namespace="Microsoft.OperationalInsights",
    types=(
        ResourceType(
            name=WORKSPACE,
            tracked=True,
            names=NameRule(
                r"[A-Za-z0-9][-A-Za-z0-9]{2,61}[A-Za-z0-9]", "4 to 63 letters, digits and '-', no '-' at the ends"
            ),
            etag="etag",
            put=Answer.ASYNC_OPERATION,
            delete=Answer.ASYNC_OPERATION,
            complete=_complete,
            secrets=_secrets,
            soft_delete=SoftDelete(
                days=lambda _: KEPT_DAYS, recovers=lambda _: True, refusal=None, purge_query="force"
            ),
            actions={"sharedkeys": _shared_keys},
        ),
    ),
)
