"""Models, code and environments: containers that hold immutable versions.

A version may be put without its container, which then comes with it; a container tells its latest version.
Source: learn.microsoft.com/rest/api/azureml (model versions, code versions, environment versions and their containers).
"""

from local.arm.cloud import Cloud
from local.arm.documents import Json, overlay
from local.arm.errors import bad_request
from local.arm.resource_types import Change, NameRule, ResourceType
from local.arm.store import Resource

WORKSPACES = "Microsoft.MachineLearningServices/workspaces"
MODEL, CODE, ENVIRONMENT = (f"{WORKSPACES}/{kind}/versions" for kind in ("models", "codes", "environments"))
NAMES = NameRule(r"[A-Za-z0-9][-\w.]{0,254}", "1 to 255 letters, digits, '-', '_' and '.', the first a letter or digit")


def _latest(cloud: Cloud, container: Resource) -> Json:
    """The latest version, and the number that the next one would get."""
    versions = [child.name for child in cloud.store.below(container.id)]
    numbers = [int(version) for version in versions if version.isascii() and version.isdecimal()]
    return {
        "properties": {
            "latestVersion": versions[-1] if versions else None,
            "nextVersion": str(max(numbers, default=0) + 1),
            "isArchived": container.properties.get("isArchived", False),
        }
    }


def _check_model(change: Change) -> None:
    if not change.get("properties.modelUri"):
        raise bad_request("UserError", "A model version needs properties.modelUri.", target="properties.modelUri")


def _check_code(change: Change) -> None:
    if not change.get("properties.codeUri"):
        raise bad_request("UserError", "A code version needs properties.codeUri.", target="properties.codeUri")


def _check_environment(change: Change) -> None:
    if not change.get("properties.image") and not change.get("properties.build"):
        message = "An environment version needs an image or a build context; a conda file is built on top of an image."
        raise bad_request("UserError", message, target="properties.image")


def _flags(change: Change) -> Json:
    return {
        "properties": {
            "isArchived": change.get("properties.isArchived", False),
            "isAnonymous": change.get("properties.isAnonymous", False),
            "properties": change.get("properties.properties", {}),
            "tags": change.get("properties.tags", {}),
        }
    }


def _model(change: Change) -> Json:
    return overlay(_flags(change), {"properties": {"flavors": change.get("properties.flavors", {})}})


def _environment(change: Change) -> Json:
    flags: Json = _flags(change)["properties"]
    return {
        "properties": {**flags, "environmentType": "UserCreated", "osType": change.get("properties.osType", "Linux")}
    }


def _container(version_type: str) -> ResourceType:
    return ResourceType(name=version_type.removesuffix("/versions"), names=NAMES, system_data=True, shows=_latest)


TYPES = (
    *(_container(kind) for kind in (MODEL, CODE, ENVIRONMENT)),
    ResourceType(
        name=MODEL,
        names=NAMES,
        system_data=True,
        brings_parent=True,
        immutable=("properties.modelUri", "properties.modelType", "properties.flavors", "properties.jobName"),
        checks=(_check_model,),
        complete=_model,
    ),
    ResourceType(
        name=CODE,
        names=NAMES,
        system_data=True,
        brings_parent=True,
        immutable=("properties.codeUri",),
        checks=(_check_code,),
        complete=_flags,
    ),
    ResourceType(
        name=ENVIRONMENT,
        names=NAMES,
        system_data=True,
        brings_parent=True,
        immutable=("properties.image", "properties.condaFile", "properties.build", "properties.osType"),
        checks=(_check_environment,),
        complete=_environment,
    ),
)
