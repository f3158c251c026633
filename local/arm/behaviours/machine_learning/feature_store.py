"""Feature stores: entities and feature sets, in workspaces of that kind.

Source: learn.microsoft.com/azure/machine-learning/concept-top-level-entities-in-managed-feature-store.
"""

import re

from local.arm.behaviours.machine_learning.kinds import FEATURE_STORE, WORKSPACE, kind_of, workspace_id
from local.arm.cloud import dangling
from local.arm.documents import Json
from local.arm.errors import bad_request
from local.arm.resource_types import Answer, Change, NameRule, ResourceType

ENTITY, FEATURE_SET = f"{WORKSPACE}/featurestoreEntities", f"{WORKSPACE}/featuresets"
NAMES = NameRule(r"[A-Za-z0-9][-\w]{0,254}", "1 to 255 letters, digits, '-' and '_', the first a letter or digit")
_ENTITY_ID = re.compile(r"azureml:(?P<name>[-\w]+):(?P<version>[-\w.]+)")


def _check_place(change: Change) -> None:
    workspace = change.cloud.store.get(workspace_id(change.id))
    if workspace is None or kind_of(workspace) != FEATURE_STORE:
        message = f"'{change.id}' belongs into a workspace of kind {FEATURE_STORE}."
        raise bad_request("ValidationError", message)


def _check_entity(change: Change) -> None:
    columns = change.get("properties.indexColumns", [])
    if not columns:
        message = "An entity needs at least one column in properties.indexColumns."
        raise bad_request("ValidationError", message, target="properties.indexColumns")


def _check_feature_set(change: Change) -> None:
    """A feature set says where its specification lies, and is about entities that exist."""
    if not change.get("properties.specification.path"):
        message = "A feature set needs properties.specification.path."
        raise bad_request("ValidationError", message, target="properties.specification")
    entities = change.get("properties.entities", [])
    if not entities:
        message = "A feature set needs at least one entity in properties.entities."
        raise bad_request("ValidationError", message, target="properties.entities")
    workspace = workspace_id(change.id)
    for reference in entities:
        match = _ENTITY_ID.fullmatch(str(reference))
        if match is None:
            message = f"entities has {reference!r}; it must be an id such as azureml:account:1."
            raise bad_request("ValidationError", message, target="properties.entities")
        entity = workspace.child("featurestoreEntities", match["name"]).child("versions", match["version"])
        if change.cloud.store.get(entity) is None:
            raise dangling(str(reference), "properties.entities")


def _complete(change: Change) -> Json:
    return {
        "properties": {
            "isArchived": change.get("properties.isArchived", False),
            "stage": change.get("properties.stage", "Development"),
        }
    }


TYPES = (
    *(ResourceType(name=name, names=NAMES, system_data=True, checks=(_check_place,)) for name in (ENTITY, FEATURE_SET)),
    ResourceType(
        name=f"{ENTITY}/versions",
        names=NAMES,
        system_data=True,
        brings_parent=True,
        put=Answer.ASYNC_OPERATION,
        immutable=("properties.indexColumns",),
        checks=(_check_place, _check_entity),
        complete=_complete,
    ),
    ResourceType(
        name=f"{FEATURE_SET}/versions",
        names=NAMES,
        system_data=True,
        brings_parent=True,
        put=Answer.ASYNC_OPERATION,
        immutable=("properties.entities", "properties.specification"),
        checks=(_check_place, _check_feature_set),
        complete=_complete,
    ),
)
