"""How one thing refers to a version of an asset: by resource id, by a short name, or in a registry.

Source: learn.microsoft.com/azure/machine-learning/reference-yaml-core-syntax, "Referencing an Azure Machine Learning
asset".
"""

import re

from local.arm.cloud import Cloud
from local.arm.documents import reach
from local.arm.identifiers import ResourceId
from local.arm.store import Resource

REGISTRIES = "Microsoft.MachineLearningServices/registries"
_IN_REGISTRY = re.compile(
    r"azureml://registries/(?P<registry>[^/]+)/(?P<kind>[a-z]+)/(?P<name>[^/]+)/"
    r"(?P<how>versions|labels)/(?P<which>[^/]+)",
    re.IGNORECASE,
)


def text_of(reference: object) -> str:
    """The reference as text: batch deployments wrap theirs as `{referenceType, assetId}`; empty for none."""
    inner = reach(reference, "assetId") if isinstance(reference, dict) else reference
    return inner if isinstance(inner, str) else ""


def find(cloud: Cloud, reference: str) -> Resource | None:
    """The version that a reference leads to, None where there is none in this Azure."""
    text = re.sub(r"^azureml:(?=/[^/])", "", reference)
    match = _IN_REGISTRY.fullmatch(text)
    if match is None:
        return cloud.store.get(ResourceId.parse(text)) if text.startswith("/") else None
    registry = registry_of(cloud, reference)
    if registry is None:
        return None
    container = registry.id.child(match["kind"], match["name"])
    if match["how"].casefold() == "labels":
        return next(reversed(cloud.store.below(container)), None) if match["which"] == "latest" else None
    return cloud.store.get(container.child("versions", match["which"]))


def registry_of(cloud: Cloud, reference: str) -> Resource | None:
    """The registry that a reference names, None for one that is not in this Azure (Microsoft's own, `azureml`)."""
    match = _IN_REGISTRY.fullmatch(reference)
    return next(iter(cloud.store.of_type(REGISTRIES, name=match["registry"])), None) if match else None


def in_foreign_registry(cloud: Cloud, reference: str) -> bool:
    """Whether a reference leads to a registry outside of this Azure."""
    return _IN_REGISTRY.fullmatch(reference) is not None and registry_of(cloud, reference) is None
