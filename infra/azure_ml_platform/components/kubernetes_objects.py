"""What the objects inside a Kubernetes cluster have in common."""

from collections.abc import Mapping

import pulumi_kubernetes as kubernetes

from azure_ml_platform.args import Input

# Nothing lives on these objects, so none is kept until what does is gone. Waiting for that, as is the default, the
# provider may miss the end of an object and go on for ten minutes (pulumi-kubernetes issue 3317, up to 4.18).
_DELETED_AT_ONCE = {"pulumi.com/deletionPropagationPolicy": "background"}


def metadata(
    name: str, namespace: str | None = None, annotations: Mapping[str, Input[str]] | None = None
) -> "kubernetes.meta.v1.ObjectMetaArgs":
    """An object's metadata; without a namespace that of an object of the whole cluster."""
    return kubernetes.meta.v1.ObjectMetaArgs(
        name=name, namespace=namespace, annotations={**_DELETED_AT_ONCE, **(annotations or {})}
    )
