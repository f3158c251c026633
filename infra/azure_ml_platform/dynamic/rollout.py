"""A slot that gets its traffic in steps, and loses it again when it answers with errors.

What a slot answers is read from the endpoint's metric RequestsPerMinute (learn.microsoft.com/azure/machine-learning/
monitor-azure-machine-learning-reference), which Azure shows some minutes late: a step should be held for longer.
"""

import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pulumi

from azure_ml_platform.dynamic.arm import ArmClient
from azure_ml_platform.dynamic.online_endpoint import container_log, live, scaled, set_traffic, shares

METRICS_API_VERSION = "2023-10-01"
"""Version of Microsoft.Insights/metrics."""

POLL_SECONDS = 5.0
"""Between two looks at what the slot answers."""

_MODEL_ERRORS = ("408", "424")
"""What an endpoint answers for a model that takes too long, and for one that fails itself (how-to-troubleshoot-
online-endpoints, "HTTP status codes"); whatever starts with 5 is an error too."""

Split = Mapping[str, int]


class RolloutStopped(pulumi.RunError):
    """A slot that answered with too many errors, and has lost its traffic again."""


@dataclass(frozen=True)
class Canary:
    """How a slot comes to its share."""

    slot: str
    steps: Sequence[int]
    """Percent of the requests, rising, each held before the next."""
    hold: timedelta
    error_rate_percent: float
    """More errors than so many of a hundred answers stop it."""

    @classmethod
    def of(cls, described: Mapping[str, Any]) -> "Canary":
        """Read what the engine kept of one."""
        return cls(
            slot=str(described["slot"]),
            steps=[int(step) for step in described["steps"]],
            hold=timedelta(minutes=float(described["hold_minutes"])),
            error_rate_percent=float(described["error_rate_percent"]),
        )

    def splits(self, present: Split, after: Split) -> Iterator[Split]:
        """Yield the splits to hold on the way from the present one, those that it has passed left out.

        There are none on the way down, nor where nothing has had any traffic.
        """
        others = {slot: share for slot, share in present.items() if slot != self.slot}
        final = after.get(self.slot, 0)
        for step in self.steps:
            if any(present.values()) and present.get(self.slot, 0) < step <= final:
                yield after if step == final else {**scaled(others, 100 - step), self.slot: step}


def roll_out(
    arm: ArmClient, endpoint: Mapping[str, Any], canary: Canary, *, before: Split, after: Split, mirror: Split
) -> None:
    """Take an endpoint from one split towards another, step by step; the last step is the caller's.

    A slot that is stopped gives its traffic back to the split `before`, or to the present one where it had less. An
    update that was cut short goes on where it was. Raises RolloutStopped.
    """
    present = live(endpoint)
    back = before if before.get(canary.slot, 0) <= present.get(canary.slot, 0) else present
    for split in canary.splits(present, after):
        # No deployment takes live and copied requests at a time.
        set_traffic(arm, endpoint, split, {slot: share for slot, share in mirror.items() if not split.get(slot)})
        answers = _hold(arm, endpoint["id"], canary)
        if _errors(answers):
            set_traffic(arm, endpoint, back, {})
            raise RolloutStopped(_reason(arm, endpoint["id"], canary, split, answers, back))


def _hold(arm: ArmClient, endpoint_id: str, canary: Canary) -> Counter[str]:
    """Wait while a step is held; the slot's answers by status, as soon as too many of them are errors, else none."""
    started = arm.now
    earlier = _answers(arm, endpoint_id, canary.slot, started)
    while True:
        answers = _answers(arm, endpoint_id, canary.slot, started) - earlier
        if 100 * _errors(answers) > canary.error_rate_percent * answers.total():
            return answers
        if arm.now - started >= canary.hold:
            return Counter()
        time.sleep(POLL_SECONDS)


def _answers(arm: ArmClient, endpoint_id: str, slot: str, since: datetime) -> Counter[str]:
    """A slot's answers by status, from the minute of a moment on."""
    start = since.replace(second=0, microsecond=0)
    found = arm.get(
        f"{endpoint_id}/providers/Microsoft.Insights/metrics",
        METRICS_API_VERSION,
        metricnames="RequestsPerMinute",
        aggregation="Average",
        interval="PT1M",
        timespan=f"{start:%Y-%m-%dT%H:%M:%SZ}/{arm.now + timedelta(minutes=1):%Y-%m-%dT%H:%M:%SZ}",
        **{"$filter": f"deployment eq '{slot}' and statusCode eq '*'"},
    )
    answers: Counter[str] = Counter()
    for series in found["value"][0]["timeseries"] if found else []:
        status = _dimension(series, "statuscode")
        answers[status] += round(sum(point.get("average") or 0 for point in series["data"]))
    return answers


def _dimension(series: Mapping[str, Any], name: str) -> str:
    """The value of a series' dimension; Azure writes names in any case."""
    values = {item["name"]["value"].casefold(): str(item["value"]) for item in series.get("metadatavalues", [])}
    return values.get(name, "")


def _errors(answers: Counter[str]) -> int:
    return sum(number for status, number in answers.items() if status in _MODEL_ERRORS or status.startswith("5"))


def _reason(arm: ArmClient, endpoint_id: str, canary: Canary, split: Split, answers: Counter[str], back: Split) -> str:
    failed, total = _errors(answers), answers.total()
    by_status = ", ".join(f"{number} with {status}" for status, number in sorted(answers.items()))
    kept = ", ".join(f"{slot} {share}" for slot, share in shares(back).items()) or "nobody"
    log = container_log(arm, f"{endpoint_id}/deployments/{canary.slot}")
    return "\n".join(
        [
            f"{canary.slot} answered {failed} of {total} requests with an error ({by_status}) at {split[canary.slot]} "
            f"percent of the traffic, and {canary.error_rate_percent:g} percent are allowed. Traffic is back where it "
            f"was: {kept}. Mend the slot and update again",
            *(["The end of its container's log:"] if log else []),
            *(f"  {line}" for line in log),
        ]
    )
