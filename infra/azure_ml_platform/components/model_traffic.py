"""Which slot of an endpoint answers how much, and how a new one comes to its share."""

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import Field, field_validator

from azure_ml_platform.args import Args

MOST_MIRRORED_PERCENT = 50
"""Of the requests that are copied (how-to-safely-rollout-online-endpoints, "Traffic mirroring has limitations")."""


class CanaryArgs(Args):
    """A slot that gets its traffic in steps, and loses it again when it answers with errors."""

    slot: str
    """Required. Slot on trial: more traffic for it comes in steps, less of it at once."""
    steps: Sequence[int]
    """Required. Percent of the requests, rising up to its share, each held before the next."""
    hold_minutes: int = Field(default=10, ge=1, le=1440)
    """Optional. How long each step is held; Azure shows what was answered some minutes late. Default 10."""
    error_rate_percent: float = Field(default=1, ge=0, le=100)
    """Optional. Share of errors above which the slot loses its traffic. Default 1."""

    @field_validator("steps")
    @classmethod
    def _rise(cls, steps: Sequence[int]) -> Sequence[int]:
        if not steps or list(steps) != sorted({*steps}) or not 1 <= steps[0] <= steps[-1] <= 100:
            raise ValueError(f"{', '.join(map(str, steps)) or 'nothing'}: must be percentages from 1 to 100 that rise")
        return steps

    @property
    def described(self) -> Mapping[str, Any]:
        """What the traffic step is told."""
        return {
            "slot": self.slot,
            "steps": list(self.steps),
            "hold_minutes": self.hold_minutes,
            "error_rate_percent": self.error_rate_percent,
        }


def check_traffic(
    slots: Sequence[str], traffic: Mapping[str, int], mirror: Mapping[str, int], canary: CanaryArgs | None
) -> None:
    """Raise ValueError for traffic that Azure would refuse, in one sentence with what was found."""
    for name, split in (("traffic", traffic), ("mirror", mirror)):
        for slot, share in split.items():
            if slot not in slots:
                raise ValueError(f"{name}.{slot}: no slot of that name; slots are {', '.join(slots)}")
            if not 0 <= share <= 100:
                raise ValueError(f"{name}.{slot} is {share}: must be a percentage from 0 to 100")
    if sum(traffic.values()) not in (0, 100):
        raise ValueError(f"traffic sums to {sum(traffic.values())}: must be 100, or 0 for none at all")
    copied = [slot for slot, share in mirror.items() if share]
    if len(copied) > 1:
        raise ValueError(f"mirror names {', '.join(copied)}: requests are copied to one slot only")
    for slot in copied:
        if mirror[slot] > MOST_MIRRORED_PERCENT:
            raise ValueError(f"mirror.{slot} is {mirror[slot]}: must be at most {MOST_MIRRORED_PERCENT}")
        if traffic.get(slot):
            raise ValueError(
                f"mirror.{slot}: the slot has {traffic[slot]} percent of live traffic; must be one or the other"
            )
    if canary is None:
        return
    if canary.slot not in slots:
        raise ValueError(f"canary.slot is {canary.slot}: no slot of that name; slots are {', '.join(slots)}")
    if canary.steps[-1] > traffic.get(canary.slot, 0) > 0:
        raise ValueError(
            f"canary.steps end at {canary.steps[-1]}: must end at {traffic[canary.slot]} or less, the slot's share"
        )
