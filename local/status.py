"""What the local target holds and runs, as text."""

from collections.abc import Iterator, Mapping
from typing import Any

Facts = Mapping[str, Any]


def describe(facts: Facts, *, pid: int | None) -> str:
    """The endpoint's account of itself (`GET /local/status`) as lines for a person."""
    return "\n".join(_lines(facts, pid))


def _lines(facts: Facts, pid: int | None) -> Iterator[str]:
    yield f"endpoint     {facts['url']} (process {pid})"
    yield f"page         {facts['url']}/ (sign in with the token in .local/arm.json)"
    clock = facts["clock"]
    if clock["offset_seconds"]:
        yield f"clock        {clock['now']}, {clock['offset_seconds']:+.0f} s from the machine's"
    faults = {name: value for name, value in facts["faults"].items() if value and name != "retry_after_seconds"}
    if faults:
        yield f"faults       {', '.join(f'{name}={_setting(value)}' for name, value in faults.items())}"
    yield from _counted("resources", facts["resources"])
    yield from _counted("soft-deleted", facts["soft_deleted"])
    for endpoint in facts["endpoints"]:
        yield from _endpoint(endpoint)
    yield "data planes"
    yield from (f"  {state:40} {plane}" for plane, state in facts["data_planes"].items())


def _setting(value: object) -> str:
    """A fault's value as it is typed."""
    return ",".join(map(str, value)) if isinstance(value, list) else str(value)


def _counted(title: str, types: Mapping[str, int]) -> Iterator[str]:
    if types or title == "resources":
        yield f"{title:12} {sum(types.values())}"
    yield from (f"  {number:4}  {kind}" for kind, number in sorted(types.items()))


def _endpoint(endpoint: Facts) -> Iterator[str]:
    yield f"model        {endpoint['name']}: {endpoint['scoring_uri']} ({endpoint['auth_mode']})"
    for deployment in endpoint["deployments"]:
        share = endpoint["traffic"].get(deployment["name"], 0)
        answered = (
            ", ".join(f"{number} x {status}" for status, number in deployment["requests"].items()) or "no requests"
        )
        yield f"  {share:3}%  {deployment['name']}: {deployment['state']}, {answered}"
