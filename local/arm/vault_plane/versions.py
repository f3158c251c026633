"""Secrets and keys as a vault keeps them: versions, of which the newest is current.

A resource's `private` holds `versions`, oldest first. Source: learn.microsoft.com/rest/api/keyvault (secrets and keys,
"Attributes", "DeletionRecoveryLevel").
"""

import re
import uuid
from collections.abc import Mapping
from typing import Any

from local.arm.cloud import Cloud
from local.arm.documents import Json, reach
from local.arm.errors import bad_request
from local.arm.store import Resource

NAME = r"[0-9a-zA-Z-]{1,127}"
LONGEST_DAYS = 90
DURATION = re.compile(r"P(?=\d)(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)D)?")
SHORTEST_LIFE_DAYS, SHORTEST_TRIGGER_DAYS = 28, 7
MONTH_DAYS, YEAR_DAYS = 30, 365


def stamped(cloud: Cloud, attributes: Mapping[str, Any] | None, tags: Any, content: Json) -> Json:
    """A new version of a secret or key."""
    now = int(cloud.clock.now().timestamp())
    return {
        "version": uuid.uuid4().hex,
        "created": now,
        "updated": now,
        "tags": dict(tags or {}),
        **content,
        **times(attributes),
    }


def times(attributes: Mapping[str, Any] | None) -> Json:
    """Whether a version can be used, and from when to when, in seconds since 1970."""
    given = attributes or {}
    limits = {name: given[name] for name in ("nbf", "exp") if given.get(name) is not None}
    if not all(isinstance(value, int) for value in limits.values()):
        raise bad_request("BadParameter", "attributes.nbf and attributes.exp are whole seconds since 1970.")
    return {"enabled": given.get("enabled") is not False, **limits}


def attributes(version: Mapping[str, Any], vault: Resource) -> Json:
    """A version's `attributes`."""
    days = int(vault.properties.get("softDeleteRetentionInDays", LONGEST_DAYS))
    level = "Recoverable" if days == LONGEST_DAYS else "CustomizedRecoverable"
    shown = {name: version[name] for name in ("enabled", "nbf", "exp", "created", "updated") if name in version}
    purgeable = "" if vault.properties.get("enablePurgeProtection") else "+Purgeable"
    return {**shown, "recoveryLevel": f"{level}{purgeable}", "recoverableDays": days}


def current(resource: Resource) -> Json:
    """The newest version."""
    version: Json = resource.private["versions"][-1]
    return version


def check_rotation(policy: Mapping[str, Any], path: str) -> None:
    """Raise ArmError for a rotation policy that a vault refuses.

    Source: learn.microsoft.com/azure/key-vault/keys/how-to-configure-key-rotation.
    """
    expiry = reach(policy, "attributes.expiryTime")
    if expiry is not None and _days(expiry, path) < SHORTEST_LIFE_DAYS:
        raise _wrong(path, f"expiryTime is {expiry}; it must be at least P{SHORTEST_LIFE_DAYS}D")
    actions = policy.get("lifetimeActions") or []
    for action in actions if isinstance(actions, list) else [actions]:
        kind, trigger = str(reach(action, "action.type")).casefold(), reach(action, "trigger")
        trigger = {name: value for name, value in trigger.items() if value} if isinstance(trigger, dict) else {}
        if len(trigger) != 1:
            raise _wrong(path, "each lifetime action needs one trigger, timeAfterCreate or timeBeforeExpiry")
        [(name, duration)] = trigger.items()
        if kind == "notify" and name != "timeBeforeExpiry":
            raise _wrong(path, "a notification can only be triggered by timeBeforeExpiry")
        if name == "timeBeforeExpiry" and expiry is None:
            raise _wrong(path, "timeBeforeExpiry needs attributes.expiryTime")
        if _days(duration, path) < SHORTEST_TRIGGER_DAYS:
            raise _wrong(path, f"{name} is {duration}; it must be at least P{SHORTEST_TRIGGER_DAYS}D")


def lifetime_days(policy: Mapping[str, Any]) -> int | None:
    """Days that a version lives which a rotation policy makes."""
    expiry = reach(policy, "attributes.expiryTime")
    return None if expiry is None else _days(expiry, "rotationPolicy")


def _days(duration: object, path: str) -> int:
    match = DURATION.fullmatch(str(duration))
    if match is None:
        raise _wrong(path, f"'{duration}' is no ISO 8601 duration in years, months or days, such as P90D")
    years, months, days = (int(part or 0) for part in match.groups())
    return years * YEAR_DAYS + months * MONTH_DAYS + days


def _wrong(path: str, rule: str) -> Exception:
    return bad_request("BadParameter", f"The rotation policy is not valid: {rule}.", target=path)
