"""Versions of Kubernetes that a new cluster may have, and which one follows another.

Source: learn.microsoft.com/azure/aks/supported-kubernetes-versions and github.com/Azure/AKS/releases, as of November
2025: the three minor versions in community support, each with its newest patch.
"""

from local.arm.errors import ArmError, bad_request, conflict
from local.arm.resource_types import Change

NEWEST_PATCH: dict[tuple[int, ...], int] = {(1, 32): 9, (1, 33): 5, (1, 34): 1}
DEFAULT = "1.33"

_LIST = "https://aka.ms/supported-version-list"


def resolved(change: Change, path: str, code: str) -> str:
    """The exact version that a property asks for, `1.33` being its newest patch; keeps what a cluster has.

    Raises ArmError for a version that is not supported, or that does not follow the present one.
    """
    present = change.was("properties.currentKubernetesVersion")
    wanted = change.get(path) or present or DEFAULT
    numbers = _numbers(str(wanted))
    if present is not None:
        now = _numbers(present)
        if numbers and numbers[: len(now)] == now[: len(numbers)]:
            return str(present)
        _check_step(present, str(wanted), now, numbers)
    newest = NEWEST_PATCH.get(numbers[:2])
    if newest is None or len(numbers) < 2 or (len(numbers) > 2 and numbers[2] > newest):
        message = (
            f"Version {wanted} is not supported in this region. Please use [az aks get-versions] command to get the "
            f"supported version list in this region. For more information, please check {_LIST}"
        )
        raise bad_request(code, message, target=path)
    return str(wanted) if len(numbers) > 2 else f"{wanted}.{newest}"


def _check_step(present: str, wanted: str, now: tuple[int, ...], then: tuple[int, ...]) -> None:
    """A control plane goes up, one minor version at a time."""
    if then < now or then[:2] > (now[0], now[1] + 1):
        raise _not_allowed(present, wanted)


def _not_allowed(present: str, wanted: str) -> ArmError:
    following = [
        f"{major}.{minor}.{patch}"
        for (major, minor), patch in NEWEST_PATCH.items()
        if _numbers(present) < (major, minor, patch) <= (major, _numbers(present)[1] + 1, patch)
    ]
    message = (
        f"Upgrading Kubernetes version {present} to {wanted} is not allowed. Available upgrades: "
        f"[{' '.join(following)}]. Please see https://aka.ms/aks-supported-k8s-ver for version details."
    )
    return conflict("OperationNotAllowed", message)


def _numbers(version: str) -> tuple[int, ...]:
    """The numbers of a version, empty for what is none."""
    parts = version.split(".")
    return tuple(map(int, parts)) if all(part.isdecimal() for part in parts) else ()
