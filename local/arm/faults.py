"""Faults on demand, so that programs can be shown how they take a bad day of Azure's."""

import random
from dataclasses import asdict, dataclass, fields, replace
from datetime import timedelta
from typing import Any

from local.arm.errors import ArmError, bad_request
from local.arm.store import Store

PROFILE = "faults"


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
    failing_operations: tuple[str, ...] = ()
    """Resource types, lower case, whose long-running operations fail; `*` is all."""

    @classmethod
    def read(cls, document: dict[str, Any], base: "FaultProfile") -> "FaultProfile":
        """The profile `base` with the members of a JSON object; raises ArmError InvalidFaultProfile for a wrong one."""
        known = {field.name for field in fields(cls)}
        values: dict[str, Any] = {}
        for name, value in document.items():
            if name not in known:
                raise _refusal(name, value, f"one of {', '.join(sorted(known))}")
            values[name] = _failing(value) if name == "failing_operations" else _number(name, value)
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


def propagation(store: Store) -> timedelta:
    """How long what is new in the directory stays unknown to role assignments."""
    return timedelta(seconds=float(store.setting(PROFILE, {}).get("propagation_seconds", 0)))


def _number(name: str, value: Any) -> float | int:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise _refusal(name, value, "a number")
    if name.endswith("_rate") and not 0 <= value <= 1:
        raise _refusal(name, value, "between 0 and 1")
    if not 0 <= value <= 3600:
        raise _refusal(name, value, "between 0 and 3600")
    return int(value) if name == "retry_after_seconds" else float(value)


def _failing(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list | tuple) or not all(isinstance(item, str) for item in value):
        raise _refusal("failing_operations", value, "a list of resource types")
    return tuple(item.casefold() for item in value)


def _refusal(name: str, value: Any, rule: str) -> ArmError:
    return bad_request("InvalidFaultProfile", f"{name} is {value!r}; it must be {rule}.", target=name)
