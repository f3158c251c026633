"""Microsoft.Insights: Application Insights, diagnostic settings, action groups.

Sources: learn.microsoft.com/rest/api/application-insights/components, .../rest/api/monitor/diagnostic-settings,
.../rest/api/monitor/action-groups.
"""

import uuid

from local.arm.behaviours.operational_insights import WORKSPACE as LOG_WORKSPACE
from local.arm.documents import Json
from local.arm.errors import bad_request, conflict
from local.arm.resource_types import Change, NameRule, ResourceProvider, ResourceType, Scope

COMPONENT = "Microsoft.Insights/components"
DIAGNOSTIC_SETTINGS = "Microsoft.Insights/diagnosticSettings"
MOST_SETTINGS = 5
"""Diagnostic settings of one resource."""
SINKS = ("workspaceId", "storageAccountId", "eventHubAuthorizationRuleId", "marketplacePartnerId")


def _check_log_workspace(change: Change) -> None:
    reference = change.get("properties.WorkspaceResourceId")
    if reference is not None:
        change.cloud.find(reference, LOG_WORKSPACE, property_path="properties.WorkspaceResourceId")
    elif str(change.get("properties.IngestionMode", "LogAnalytics")) == "LogAnalytics":
        message = (
            "A component with ingestion mode LogAnalytics needs WorkspaceResourceId: classic components are retired."
        )
        raise bad_request("InvalidWorkspaceResourceId", message, target="properties.WorkspaceResourceId")


def _component(change: Change) -> Json:
    key = change.keep("properties.InstrumentationKey", lambda: str(uuid.uuid4()))
    application = change.keep("properties.AppId", lambda: str(uuid.uuid4()))
    region = change.location
    connection = (
        f"InstrumentationKey={key};IngestionEndpoint=https://{region}-0.in.applicationinsights.azure.com/;"
        f"LiveEndpoint=https://{region}.livediagnostics.monitor.azure.com/;ApplicationId={application}"
    )
    return {
        "properties": {
            "ApplicationId": change.id.name,
            "AppId": application,
            "Name": change.id.name,
            "InstrumentationKey": key,
            "ConnectionString": connection,
            "CreationDate": change.keep("properties.CreationDate", change.cloud.now),
            "TenantId": change.cloud.directory.subscription_id,
            "RetentionInDays": change.get("properties.RetentionInDays", 90),
            "IngestionMode": change.get("properties.IngestionMode", "LogAnalytics"),
            "publicNetworkAccessForIngestion": change.get("properties.publicNetworkAccessForIngestion", "Enabled"),
            "publicNetworkAccessForQuery": change.get("properties.publicNetworkAccessForQuery", "Enabled"),
        }
    }


def _check_sinks(change: Change) -> None:
    """At least one destination; a workspace must exist; no category goes to one destination twice."""
    used = {sink: target for sink in SINKS if (target := change.get(f"properties.{sink}", ""))}
    if not used:
        message = f"At least one data sink needs to be specified: one of {', '.join(SINKS)}."
        raise bad_request("BadRequest", message, target="properties")
    if "workspaceId" in used:
        change.cloud.find(used["workspaceId"], LOG_WORKSPACE, property_path="properties.workspaceId")
    scope = change.id.scope
    assert scope is not None
    others = [
        other
        for other in change.cloud.store.of_type(DIAGNOSTIC_SETTINGS)
        if other.id.scope == scope and other.id.key != change.id.key
    ]
    if len(others) >= MOST_SETTINGS:
        message = f"'{scope}' has {len(others)} diagnostic settings; at most {MOST_SETTINGS} are allowed."
        raise conflict("Conflict", message)
    wanted = _categories({"properties": {name: change.get(f"properties.{name}", []) for name in ("logs", "metrics")}})
    for other in others:
        for sink, target in used.items():
            shared = wanted & _categories(other.body)
            if str(other.properties.get(sink, "")).casefold() == target.casefold() and shared:
                message = (
                    f"Data sink '{target}' is already used in diagnostic setting '{other.name}' for category "
                    f"'{min(shared)}'. Data sinks can't be reused in different settings on the same category for the "
                    "same resource."
                )
                raise conflict("Conflict", message)


def _categories(body: Json) -> set[str]:
    properties = body.get("properties") or {}
    entries = [*(properties.get("logs") or []), *(properties.get("metrics") or [])]
    return {
        str(entry.get("category") or entry.get("categoryGroup"))
        for entry in entries
        if isinstance(entry, dict) and entry.get("enabled")
    }


PROVIDER = ResourceProvider(
    namespace="Microsoft.Insights",
    types=(
        ResourceType(
            name=COMPONENT,
            tracked=True,
            names=NameRule(
                r"[^%&\\?/<>#]{0,259}[^%&\\?/<>#.\s]", "1 to 260 characters, none of %&\\?/<>#, no period at the end"
            ),
            etag="etag",
            checks=(_check_log_workspace,),
            complete=_component,
        ),
        ResourceType(
            name=DIAGNOSTIC_SETTINGS,
            scope=Scope.ANY,
            provisioning_state=False,
            names=NameRule(r"[^<>*%&:\\?+/#]{1,260}", "1 to 260 characters, none of <>*%&:\\?+/#"),
            checks=(_check_sinks,),
        ),
        ResourceType(
            name="Microsoft.Insights/actionGroups",
            tracked=True,
            provisioning_state=False,
            names=NameRule(r"[^:<>+/&%\\?|]{1,260}", "1 to 260 characters, none of :<>+/&%\\?|"),
        ),
    ),
)
