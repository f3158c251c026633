"""Faults on demand, so that programs can be shown how they take a bad day of Azure's.

Sources: learn.microsoft.com/azure/azure-resource-manager/troubleshooting/error-sku-not-available (capacity),
.../azure/role-based-access-control/troubleshooting (principals that are not known everywhere yet).
"""

import random
from collections.abc import Iterator
from dataclasses import asdict, dataclass, fields, replace
from datetime import timedelta
from typing import Any

from local.arm.errors import ArmError, bad_request
from local.arm.store import Store

PROFILE = "faults"
SIZE_MEMBERS = frozenset({"instanceType", "vmSize"})
"""What members are called that hold a VM size: of compute clusters, node pools and online deployments."""
LONGEST_SECONDS = {"operation_seconds": 86_400, "propagation_seconds": 86_400}
"""Of what is measured by the endpoint's clock, which can be moved on."""
_LISTS = {
    "failing_operations": "a list of resource types",
    "refused_sizes": "a list of VM sizes, each alone or with a region behind an @",
}


@dataclass(frozen=True)
class FaultProfile:
    """What goes wrong, and how often. Rates are shares of requests between 0 and 1."""

    latency_seconds: float = 0.0
    """Every request takes so much longer."""
    throttle_rate: float = 0.0
    """Answered 429 TooManyRequests."""
    retry_after_seconds: int = 1
    """`Retry-After` of those."""
    error_rate: float = 0.0
    """Answered 500 InternalServerError or 503 ServiceUnavailable."""
    drop_rate: float = 0.0
    """The connection closes without an answer, after the request has been worked on."""
    propagation_seconds: float = 0.0
    """New identities and custom roles are unknown to role assignments for so long, by the endpoint's clock."""
    operation_seconds: float = 0.0
    """Every long-running operation takes at least so long, by the endpoint's clock."""
    failing_operations: tuple[str, ...] = ()
    """Resource types, lower case, whose long-running operations fail, once they have taken their time; `*` is all."""
    refused_sizes: tuple[str, ...] = ()
    """VM sizes, lower case, that there is no capacity for: `standard_nc24ads_a100_v4`, or `size@region` for one region
    alone."""

    @classmethod
    def read(cls, document: dict[str, Any], base: "FaultProfile") -> "FaultProfile":
        """The profile `base` with the members of a JSON object; raises ArmError InvalidFaultProfile for a wrong one."""
        known = {field.name for field in fields(cls)}
        values: dict[str, Any] = {}
        for name, value in document.items():
            if name not in known:
                raise _refusal(name, value, f"one of {', '.join(sorted(known))}")
            values[name] = _words(name, value) if name in _LISTS else _number(name, value)
        return replace(base, **values)


class Faults:
    """The profile on record, and the dice."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._profile = FaultProfile.read(store.setting(PROFILE, {}), FaultProfile())
        self._dice = random.Random()  # noqa: S311 - chance, not secrecy

    @property
    def profile(self) -> FaultProfile:
        """What goes wrong at present."""
        return self._profile

    def set(self, document: dict[str, Any]) -> FaultProfile:
        """Lay a JSON object over the profile; an empty one takes all faults back."""
        self._profile = FaultProfile.read(document, self._profile if document else FaultProfile())
        self._store.set_setting(PROFILE, asdict(self._profile))
        return self._profile

    def strike(self) -> ArmError | None:
        """The error that this request meets instead of its answer, by chance."""
        profile = self._profile
        if self._dice.random() < profile.throttle_rate:
            message = "The request is being throttled as the limit has been reached for the subscription."
            headers = {"Retry-After": str(profile.retry_after_seconds)}
            return ArmError(429, "TooManyRequests", message, headers=headers)
        if self._dice.random() < profile.error_rate:
            status, code = self._dice.choice([(500, "InternalServerError"), (503, "ServiceUnavailable")])
            return ArmError(status, code, "A fault that was asked for: the service could not process the request.")
        return None

    def drops(self) -> bool:
        """Whether the answer to this request gets lost, by chance."""
        return self._dice.random() < self._profile.drop_rate

    def check_operation(self, type_name: str) -> None:
        """Raise ArmError when operations on this type are to fail."""
        if {"*", type_name.casefold()}.intersection(self._profile.failing_operations):
            raise ArmError(500, "OperationFailed", f"A fault that was asked for: operations on {type_name} fail.")

    def check_capacity(self, body: Any, region: str) -> None:
        """Raise ArmError when a body asks for a VM size that the region is to have no capacity for."""
        refused = self._profile.refused_sizes
        for size in _sizes(body) if refused else ():
            if {size.casefold(), f"{size}@{region}".casefold()}.intersection(refused):
                message = (
                    f"The requested size '{size}' is currently not available in location '{region}'. Please try "
                    "another size or deploy to a different location or zones. See https://aka.ms/azureskunotavailable "
                    "for details."
                )
                raise ArmError(409, "SkuNotAvailable", message, target=size)


def propagation(store: Store) -> timedelta:
    """How long what is new in the directory stays unknown to role assignments."""
    return _time(store, "propagation_seconds")


def operation_time(store: Store) -> timedelta:
    """How long every long-running operation takes at least."""
    return _time(store, "operation_seconds")


def _time(store: Store, name: str) -> timedelta:
    """A time in the profile on record."""
    return timedelta(seconds=float(store.setting(PROFILE, {}).get(name, 0)))


def _number(name: str, value: Any) -> float | int:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise _refusal(name, value, "a number")
    if name.endswith("_rate") and not 0 <= value <= 1:
        raise _refusal(name, value, "between 0 and 1")
    most = LONGEST_SECONDS.get(name, 3600)
    if not 0 <= value <= most:
        raise _refusal(name, value, f"between 0 and {most}")
    return int(value) if name == "retry_after_seconds" else float(value)


def _words(name: str, value: Any) -> tuple[str, ...]:
    if not isinstance(value, list | tuple) or not all(isinstance(item, str) and item for item in value):
        raise _refusal(name, value, _LISTS[name])
    return tuple(item.casefold() for item in value)


def _sizes(body: Any) -> Iterator[str]:
    """Every VM size that a body names, at any depth."""
    if isinstance(body, list):
        for item in body:
            yield from _sizes(item)
    elif isinstance(body, dict):
        for name, value in body.items():
            if name in SIZE_MEMBERS and isinstance(value, str):
                yield value
            else:
                yield from _sizes(value)


def _refusal(name: str, value: Any, rule: str) -> ArmError:
    return bad_request("InvalidFaultProfile", f"{name} is {value!r}; it must be {rule}.", target=name)
