"""Application Insights: components, workbooks, availability tests.

Sources: learn.microsoft.com/rest/api/application-insights/components, .../workbooks, .../web-tests.
"""

import json
import uuid

from local.arm.behaviours.operational_insights.workspaces import WORKSPACE as LOG_WORKSPACE
from local.arm.documents import Json
from local.arm.errors import bad_request
from local.arm.resource_types import Change, NameRule, ResourceType

COMPONENT = "Microsoft.Insights/components"
WEB_TEST = "Microsoft.Insights/webtests"
GUID = r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
FREQUENCIES_SECONDS = (300, 600, 900)
LINK = "hidden-link:"
"""Start of the tag that ties a test to its component."""


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


def _check_content(change: Change) -> None:
    """What a workbook shows is a JSON document in a string."""
    try:
        json.loads(change.get("properties.serializedData", ""))
    except ValueError as error:
        message = f"properties.serializedData is not a JSON document: {error}."
        raise bad_request("BadRequest", message, target="properties.serializedData") from error


def _workbook(change: Change) -> Json:
    return {
        "kind": change.get("kind", "shared"),
        "etag": f'"{uuid.uuid4()}"',
        "properties": {
            "timeModified": change.cloud.now(),
            "userId": change.cloud.directory.caller.object_id,
            "revision": uuid.uuid4().hex,
        },
    }


def _check_link(change: Change) -> None:
    """Exactly one component, named by a tag."""
    linked = [name.removeprefix(LINK) for name in change.get("tags", {}) if name.startswith(LINK)]
    if len(linked) != 1:
        message = (
            "A single 'hidden-link' tag pointing to an existing AI component is required. "
            f"Found {', '.join(linked) or 'none'}."
        )
        raise bad_request("BadRequest", message, target="tags")
    change.cloud.find(linked[0], COMPONENT, property_path="tags")


def _check_test(change: Change) -> None:
    frequency = change.get("properties.Frequency", 300)
    if frequency not in FREQUENCIES_SECONDS:
        message = f"Frequency is {frequency} seconds; it must be one of {', '.join(map(str, FREQUENCIES_SECONDS))}."
        raise bad_request("BadRequest", message, target="properties.Frequency")
    if str(change.get("properties.Kind", "ping")).casefold() == "standard" and not change.get("properties.Request", {}):
        raise bad_request("BadRequest", "A standard test needs properties.Request.", target="properties.Request")


TYPES = (
    ResourceType(
        name=COMPONENT,
        tracked=True,
        created_status=200,
        names=NameRule(
            r"[^%&\\?/<>#]{0,259}[^%&\\?/<>#.\s]", "1 to 260 characters, none of %&\\?/<>#, no period at the end"
        ),
        etag="etag",
        checks=(_check_log_workspace,),
        complete=_component,
    ),
    ResourceType(
        name="Microsoft.Insights/workbooks",
        tracked=True,
        provisioning_state=False,
        system_data=True,
        names=NameRule(GUID, "the name of a workbook must be a GUID"),
        checks=(_check_content,),
        complete=_workbook,
    ),
    ResourceType(
        name=WEB_TEST,
        tracked=True,
        created_status=200,
        names=NameRule(r"[^<>%&#.,?\\/]{1,260}", "1 to 260 characters, none of <>%&#.,?\\/"),
        checks=(_check_link, _check_test),
    ),
)
