"""Kinds of workspaces: what each may have, and what a project takes from its hub.

Sources: learn.microsoft.com/azure/machine-learning/concept-hub-workspace, .../concept-what-is-managed-feature-store.
"""

from local.arm.cloud import Cloud
from local.arm.documents import Json
from local.arm.errors import ArmError, bad_request
from local.arm.identifiers import ResourceId
from local.arm.resource_types import Change
from local.arm.store import Resource

WORKSPACE = "Microsoft.MachineLearningServices/workspaces"
DEFAULT, HUB, PROJECT, FEATURE_STORE = "Default", "Hub", "Project", "FeatureStore"
KINDS = (DEFAULT, HUB, PROJECT, FEATURE_STORE)
HUB_ID = "properties.hubResourceId"
ONLY_OF = {
    HUB_ID: PROJECT,
    "properties.workspaceHubConfig": HUB,
    "properties.featureStoreSettings": FEATURE_STORE,
}
"""What one kind alone has."""
FROM_HUB = ("storageAccount", "keyVault", "applicationInsights", "containerRegistry", "publicNetworkAccess")
"""What a project shares with its hub and cannot have of its own."""


def workspace_id(id: ResourceId) -> ResourceId:
    """The id of the workspace that something lies in."""
    return next(above for above in id.upwards() if len(above.names) == 1)


def kind_of(workspace: Resource) -> str:
    """The kind of a workspace."""
    return str(workspace.body.get("kind", DEFAULT))


def wanted(change: Change) -> str:
    """The kind that a body asks for, spelled as Azure does whatever its letter case."""
    kind: str = change.get("kind", DEFAULT)
    return next((known for known in KINDS if known.casefold() == kind.casefold()), kind)


def check(change: Change) -> None:
    """Raise ArmError ValidationError for a kind that does not exist, or with what belongs to another."""
    kind = wanted(change)
    if kind not in KINDS:
        raise bad_request("ValidationError", f"kind is '{kind}'; it must be one of {', '.join(KINDS)}.", target="kind")
    for path, owner in ONLY_OF.items():
        if _says_something(change.get(path)) and kind != owner:
            message = f"{path} belongs to workspaces of kind {owner}; this one is of kind {kind}."
            raise bad_request("ValidationError", message, target=path)
    if kind == PROJECT:
        _check_project(change)


def _says_something(value: object) -> bool:
    """Whether there is more to a value than empty objects, texts and nulls: clients send those for every kind."""
    if isinstance(value, dict):
        return any(_says_something(member) for member in value.values())
    return value not in (None, "", [])


def _check_project(change: Change) -> None:
    hub = _hub(change)
    if kind_of(hub) != HUB:
        message = f"{HUB_ID} refers to '{hub.name}', a workspace of kind {kind_of(hub)}; it must be of kind {HUB}."
        raise bad_request("ValidationError", message, target=HUB_ID)
    if hub.location.replace(" ", "").casefold() != change.location:
        message = f"A project lies in the region of its hub: '{hub.name}' is in {hub.location}."
        raise bad_request("ValidationError", message, target="location")
    for name in FROM_HUB[:-1]:
        if change.get(f"properties.{name}") is not None and change.current is None:
            message = f"properties.{name} is that of the hub '{hub.name}' and cannot be set for a project."
            raise bad_request("ValidationError", message, target=f"properties.{name}")


def _hub(change: Change) -> Resource:
    return change.cloud.find(change.get(HUB_ID, ""), WORKSPACE, property_path=HUB_ID)


def inherited(change: Change) -> Json:
    """What a project has of its hub."""
    if wanted(change) != PROJECT:
        return {}
    hub = _hub(change).properties
    return {name: hub[name] for name in FROM_HUB if name in hub}


def shown(cloud: Cloud, workspace: Resource) -> Json:
    """A hub's projects."""
    if kind_of(workspace) != HUB:
        return {}
    return {"properties": {"associatedWorkspaces": [project.id.text for project in _projects(cloud, workspace)]}}


def check_no_projects(cloud: Cloud, workspace: Resource) -> None:
    """Raise ArmError for a hub that still has projects."""
    projects = _projects(cloud, workspace)
    if projects:
        names = ", ".join(project.name for project in projects)
        message = f"The hub '{workspace.name}' has the projects {names}. Delete them before the hub."
        raise ArmError(409, "Conflict", message)


def _projects(cloud: Cloud, hub: Resource) -> list[Resource]:
    everything = cloud.store.of_type(WORKSPACE)
    return [item for item in everything if str(item.properties.get("hubResourceId", "")).casefold() == hub.id.key]
