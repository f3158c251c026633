"""What the engine gets of Kubernetes on this machine: a plugin, and settings that fit what was built."""

from collections.abc import Mapping
from pathlib import Path

from local.kubernetes.build import CLUSTER, PROVIDER

AREA = "azure-ml-platform:kubernetes"
"""The settings of the cluster in a stack file."""
LEFT_OUT = (
    "nothing is declared inside the Kubernetes cluster, as this machine has none: "
    "`make kubernetes` builds one, once, in about a quarter of an hour"
)


def is_available() -> bool:
    """Whether a real cluster stands behind a managed cluster, and the engine can declare objects in it."""
    return CLUSTER.built is not None and PROVIDER.built is not None


def settings() -> Mapping[str, str | bool]:
    """What a stack on the local target has to say of its cluster, whatever its file says."""
    return {"plugin_version": PROVIDER.source.version} if is_available() else {"in_cluster": False}


def environment() -> Mapping[str, str]:
    """Variables for the provider: where no cluster can run any more, what was inside one has gone with it."""
    return {} if CLUSTER.built else {"PULUMI_K8S_DELETE_UNREACHABLE": "true"}


def install(pulumi_home: Path) -> None:
    """Put the provider among the engine's plugins, if it was built."""
    built = PROVIDER.built
    if built is None:
        return
    folder = pulumi_home / "plugins" / f"resource-kubernetes-v{PROVIDER.source.version}"
    folder.mkdir(parents=True, exist_ok=True)
    link = folder / PROVIDER.file
    if not link.is_symlink() or link.readlink() != built:
        link.unlink(missing_ok=True)
        link.symlink_to(built)
