"""Models, code, environments, data and components: containers that hold immutable versions.

They lie in a workspace or in a registry. A version may be put without its container, which then comes with it; a
container tells its latest version. Source: learn.microsoft.com/rest/api/azureml (versions and containers of each).
"""

from collections.abc import Callable
from dataclasses import dataclass

from local.arm.behaviours.machine_learning import asset_ids
from local.arm.behaviours.machine_learning.asset_ids import REGISTRIES
from local.arm.behaviours.machine_learning.kinds import WORKSPACE
from local.arm.cloud import Cloud
from local.arm.documents import Json, overlay
from local.arm.errors import ArmError, bad_request
from local.arm.inference import DEPLOYMENT
from local.arm.resource_types import Answer, Change, Check, NameRule, ResourceType
from local.arm.store import Resource

MODEL, CODE, ENVIRONMENT, COMPONENT = (
    f"{WORKSPACE}/{kind}/versions" for kind in ("models", "codes", "environments", "components")
)
BATCH_DEPLOYMENT = f"{WORKSPACE}/batchEndpoints/deployments"
NAMES = NameRule(r"[A-Za-z0-9][-\w.]{0,254}", "1 to 255 letters, digits, '-', '_' and '.', the first a letter or digit")
DATA_TYPES = ("uri_file", "uri_folder", "mltable")


@dataclass(frozen=True)
class _Kind:
    """One kind of asset."""

    name: str
    """As in paths."""
    check: Check
    immutable: tuple[str, ...]
    """Members of `properties` that a version never changes."""
    added: Callable[[Change], Json] = lambda _: {}
    """Members of `properties` that Azure adds."""


def _needs(member: str, what: str) -> Check:
    def check(change: Change) -> None:
        if not change.get(f"properties.{member}"):
            raise bad_request("UserError", f"{what} needs properties.{member}.", target=f"properties.{member}")

    return check


def _check_environment(change: Change) -> None:
    if not change.get("properties.image") and not change.get("properties.build"):
        message = "An environment version needs an image or a build context; a conda file is built on top of an image."
        raise bad_request("UserError", message, target="properties.image")


def _check_data(change: Change) -> None:
    _needs("dataUri", "A data version")(change)
    kind = change.get("properties.dataType")
    if kind not in DATA_TYPES:
        message = f"dataType is {kind!r}; it must be one of {', '.join(DATA_TYPES)}."
        raise bad_request("UserError", message, target="properties.dataType")


KINDS = (
    _Kind(
        "models",
        _needs("modelUri", "A model version"),
        ("modelUri", "modelType", "flavors", "jobName"),
        lambda change: {"flavors": change.get("properties.flavors", {})},
    ),
    _Kind("codes", _needs("codeUri", "A code version"), ("codeUri",)),
    _Kind(
        "environments",
        _check_environment,
        ("image", "condaFile", "build", "osType"),
        lambda change: {"environmentType": "UserCreated", "osType": change.get("properties.osType", "Linux")},
    ),
    _Kind("data", _check_data, ("dataUri", "dataType")),
    _Kind("components", _needs("componentSpec", "A component version"), ("componentSpec",)),
)


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


def _check_unused(cloud: Cloud, asset: Resource) -> None:
    """A model that a deployment runs stays."""
    models = [item for item in (asset, *cloud.store.below(asset.id)) if item.type.endswith("/models/versions")]
    for deployment in (*cloud.store.of_type(DEPLOYMENT), *cloud.store.of_type(BATCH_DEPLOYMENT)):
        reference = asset_ids.text_of(deployment.properties.get("model"))
        used = asset_ids.find(cloud, reference) if reference else None
        if used and used.id in [model.id for model in models]:
            message = (
                f"The model '{used.id}' is used by the deployment '{deployment.id}'. Delete the deployment, or give it "
                "another model, before you delete this one."
            )
            raise ArmError(409, "Conflict", message)


def _complete(kind: _Kind) -> Callable[[Change], Json]:
    def complete(change: Change) -> Json:
        flags = {
            "isArchived": change.get("properties.isArchived", False),
            "isAnonymous": change.get("properties.isAnonymous", False),
            "properties": change.get("properties.properties", {}),
            "tags": change.get("properties.tags", {}),
        }
        return {"properties": overlay(flags, kind.added(change))}

    return complete


def asset_types(place: str) -> tuple[ResourceType, ...]:
    """Containers and versions of each kind below a type; those of a registry are replicated, which takes time."""
    put = Answer.ASYNC_OPERATION if place == REGISTRIES else Answer.AT_ONCE
    containers = (
        ResourceType(
            name=f"{place}/{kind.name}",
            names=NAMES,
            system_data=True,
            shows=_latest,
            delete_checks=(_check_unused,),
        )
        for kind in KINDS
    )
    versions = (
        ResourceType(
            name=f"{place}/{kind.name}/versions",
            names=NAMES,
            system_data=True,
            brings_parent=True,
            put=put,
            immutable=tuple(f"properties.{member}" for member in kind.immutable),
            checks=(kind.check,),
            complete=_complete(kind),
            delete_checks=(_check_unused,),
        )
        for kind in KINDS
    )
    return (*containers, *versions)


TYPES = asset_types(WORKSPACE)
