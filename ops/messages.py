"""Errors of the engine that have one known cause, each as one sentence with what mends it."""

import re
from collections.abc import Callable

from ops.target import Target

Explanation = Callable[[re.Match[str], Target], str]


def explain(errors: str, target: Target) -> str | None:
    """The sentence for what the engine printed, None if its cause is not known here."""
    for pattern, explanation in _EXPLANATIONS:
        match = pattern.search(errors)
        if match:
            return "error: " + explanation(match, target)
    return None


def _locked(match: re.Match[str], target: Target) -> str:
    return (
        f"stack {target.stack} is in use by {match['user']}@{match['host']} (process {match['pid']}, since "
        f"{match['since']}); wait until it ends, or, if it no longer runs, free the stack with "
        f"`pulumi cancel --stack {target.stack}`"
    )


def _wrong_passphrase(_: re.Match[str], target: Target) -> str:
    file = target.environment.get("PULUMI_CONFIG_PASSPHRASE_FILE")
    place = f"the passphrase in {file}" if file else "the passphrase (PULUMI_CONFIG_PASSPHRASE)"
    anew = "; or remove the local target with `make clean` and start anew" if target.is_local else ""
    return f"{place} is not the one that stack {target.stack} was made with; put that one back{anew}"


def _no_passphrase(_: re.Match[str], target: Target) -> str:
    return (
        f"stack {target.stack} is encrypted by a passphrase; set PULUMI_CONFIG_PASSPHRASE or "
        "PULUMI_CONFIG_PASSPHRASE_FILE to it"
    )


def _no_plugin(match: re.Match[str], target: Target) -> str:
    name = match["name"]
    mend = "run `make up` to install it" if target.is_local else f"`pulumi plugin install resource {name}` installs it"
    return f"the engine's plugin {name!r} is missing; {mend}"


def _no_backend(_: re.Match[str], target: Target) -> str:
    return (
        f"no place for the state of stack {target.stack} is chosen; `pulumi login` (Pulumi Cloud) or "
        "`pulumi login azblob://<container>?storage_account=<account>` chooses one"
    )


def _other_update(_: re.Match[str], target: Target) -> str:
    return f"another update of stack {target.stack} is in progress; wait until it ends"


_EXPLANATIONS: tuple[tuple[re.Pattern[str], Explanation], ...] = (
    (
        re.compile(
            r"currently locked by.*?created by (?P<user>[^@\s]+)@(?P<host>\S+) \(pid (?P<pid>\d+)\) at (?P<since>\S+)",
            re.DOTALL,
        ),
        _locked,
    ),
    (re.compile(r"incorrect passphrase"), _wrong_passphrase),
    (re.compile(r"passphrase must be set"), _no_passphrase),
    (re.compile(r"no resource plugin '(?:pulumi-resource-)?(?P<name>[\w-]+)'"), _no_plugin),
    (re.compile(r"PULUMI_ACCESS_TOKEN must be set"), _no_backend),
    (re.compile(r"Another update is currently in progress"), _other_update),
)
