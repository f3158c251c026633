"""What extensions bring into a cluster."""

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

import yaml

from local.arm.cloud import Cloud
from local.arm.data_planes import ClusterObject
from local.arm.identifiers import ResourceId
from local.arm.store import Resource

EXTENSION = "Microsoft.KubernetesConfiguration/extensions"
MACHINE_LEARNING = "microsoft.azureml.kubernetes"
_BROUGHT: Mapping[str, str] = {MACHINE_LEARNING: "machine_learning_extension.yaml"}
"""File with the objects, by type of extension."""


def extensions_of(cloud: Cloud, cluster: ResourceId) -> list[Resource]:
    """The extensions of a cluster."""
    return [item for item in cloud.store.below(cluster) if item.type == EXTENSION]


def extension_type(extension: Resource) -> str:
    """What an extension is, in lower case."""
    return str(extension.properties.get("extensionType")).casefold()


def objects_in(cloud: Cloud, cluster: ResourceId) -> list[ClusterObject]:
    """What the extensions of a cluster have brought."""
    files = (_BROUGHT.get(extension_type(item)) for item in extensions_of(cloud, cluster) if _is_there(item))
    return [found for file in files if file for found in _objects(file)]


def _is_there(extension: Resource) -> bool:
    return extension.properties.get("provisioningState") not in ("Failed", "Deleting")


@cache
def _objects(file: str) -> Sequence[ClusterObject]:
    text = Path(__file__).with_name(file).read_text(encoding="utf-8")
    return [ClusterObject(**one) for one in yaml.safe_load(text)]
