"""What a deployed model may have beside machines: probes, collected data, autoscale, a monitor, a canary, callers."""

from collections.abc import Iterable
from typing import Annotated

from azure_ml_platform.constraints import Span, Text, whole
from azure_ml_platform.settings.area import Area, Broken, Mend
from azure_ml_platform.vocabulary import (
    DayOfWeek,
    Email,
    ModelTask,
    ObjectId,
    PrincipalKind,
    SlotName,
    TimeOfDay,
    TimeZone,
)

WORKING_DAYS = (DayOfWeek.MONDAY, DayOfWeek.TUESDAY, DayOfWeek.WEDNESDAY, DayOfWeek.THURSDAY, DayOfWeek.FRIDAY)


class ProbeSettings(Area):
    """When a container counts as alive or ready; seconds and counts as Kubernetes has them."""

    initial_delay_seconds: Annotated[int, whole(1, 3600, "seconds")] = 10
    """Wait before the first probe."""
    period_seconds: Annotated[int, whole(1, 3600, "seconds")] = 10
    """Time between two probes."""
    timeout_seconds: Annotated[int, whole(1, 600, "seconds")] = 2
    """Time after which a probe has failed."""
    success_threshold: Annotated[int, whole(1, 100)] = 1
    """Successes in a row that make a failed probe good again."""
    failure_threshold: Annotated[int, whole(1, 100)] = 30
    """Failures in a row that make the probe fail."""


class CollectionSettings(Area):
    """What is kept of the requests, for monitoring."""

    inputs: bool = True
    """Whether what the model was asked is kept, as the scoring script logs it."""
    outputs: bool = True
    """Whether what it answered is kept."""
    payloads: bool = False
    """Whether whole requests and answers are kept, without a scoring script that logs."""
    sampling_percent: Annotated[float, Span("a percentage above 0, at most 100", 10, 0.01, 100)] = 100
    """Share of the requests that is kept."""


class BusyHoursSettings(Area):
    """Hours in which more machines run whatever the demand."""

    start: TimeOfDay
    """When they begin."""
    end: TimeOfDay
    """When they end, later on the same day."""
    min_instances: Annotated[int, whole(1, 50, "instances")]
    """Machines that always run then."""
    days: tuple[DayOfWeek, ...] = WORKING_DAYS
    """Days of the week."""
    time_zone: TimeZone = "UTC"
    """Time zone of the hours."""

    def conflicts(self) -> Iterable[Broken]:  # noqa: D102 - as the base
        if self.end <= self.start:
            yield Broken(("end",), f"later than start ({self.start}), on the same day", Mend.EDIT)
        if not self.days:
            yield Broken(("days",), "a list of at least one day", ["Monday"])


class AutoscaleSettings(Area):
    """Machines by demand; `instance_count` is what a deployment starts with."""

    min_instances: Annotated[int, whole(1, 50, "instances")]
    """Machines that always run."""
    max_instances: Annotated[int, whole(1, 50, "instances")]
    """Machines at most."""
    cpu_above_percent: Annotated[int, whole(1, 100, "percent", 70)] = 70
    """Processor time above which a machine is added."""
    cpu_below_percent: Annotated[int, whole(0, 99, "percent", 30)] = 30
    """Processor time below which one is taken away."""
    latency_above_milliseconds: Annotated[int, whole(1, 180_000, "milliseconds", 500)] | None = None
    """Latency of the slowest twentieth of the requests above which one is added; null for whatever it is."""
    busy_hours: BusyHoursSettings | None = None
    """Hours in which more machines run; null for none."""

    def conflicts(self) -> Iterable[Broken]:  # noqa: D102 - as the base
        least, most = self.min_instances, self.max_instances
        if least > most:
            yield Broken(("max_instances",), f"{least} or more, min_instances", least)
        elif self.busy_hours and not least <= self.busy_hours.min_instances <= most:
            rule = f"from {least} to {most}, the ends of autoscale"
            yield Broken(("busy_hours", "min_instances"), rule, most)
        if self.cpu_below_percent >= self.cpu_above_percent:
            rule = f"below cpu_above_percent ({self.cpu_above_percent}), or machines come and go"
            yield Broken(("cpu_below_percent",), rule, self.cpu_above_percent // 2)


_Column = Annotated[str, Text("the name of a column", "label", r"\S(.*\S)?")]
_DataId = Annotated[
    str, Text("a data version, as azureml:<name>:<version>", "azureml:wine-training:1", r"azureml:[^:/ ]+:[^:/ ]+")
]


class ReferenceSettings(Area):
    """Data that production is compared with: as a rule what the model was trained on."""

    data_id: _DataId
    """Data version of type mltable in the workspace."""
    target_column: _Column
    """Column that the model predicts."""
    prediction_column: _Column
    """Column of the model's answers in the collected outputs."""


class MonitorSettings(Area):
    """A daily comparison of what a model is asked and what it answers with what is expected."""

    task: ModelTask
    """What the model does."""
    reference: ReferenceSettings | None = None
    """Data to compare with; null for the model's own data of the window before."""
    attribution: bool = False
    """Whether it is compared which features matter; needs a reference."""
    window_days: Annotated[int, whole(1, 90, "days", 7)] = 7
    """Days of collected data that are compared."""
    hour: Annotated[int, whole(0, 23, example=3)] = 3
    """Hour of the day, in UTC."""
    emails: tuple[Email, ...] = ()
    """Who is written to when a threshold is passed."""

    def conflicts(self) -> Iterable[Broken]:  # noqa: D102 - as the base
        if self.attribution and self.reference is None:
            yield Broken(("attribution",), "false without a reference, the data that the model was trained on", False)


class CallerSettings(Area):
    """Somebody who may call a model's endpoint and do nothing else."""

    object_id: ObjectId
    """Object id in Microsoft Entra; of a managed identity or an application that of its service principal."""
    kind: PrincipalKind = PrincipalKind.SERVICE_PRINCIPAL
    """What it is."""


class CanarySettings(Area):
    """A slot that gets its traffic in steps, and loses it again when it answers with errors."""

    slot: SlotName
    """Slot on trial: more traffic for it comes in steps, less of it at once."""
    steps: tuple[Annotated[int, whole(1, 100, "percent", 10)], ...]
    """Percent of the requests, rising up to its share, each held before the next."""
    hold_minutes: Annotated[int, whole(1, 1440, "minutes", 10)] = 10
    """How long each step is held; Azure shows what was answered some minutes late."""
    error_rate_percent: Annotated[float, Span("a percentage from 0 to 100", 1, 0, 100)] = 1
    """Share of errors above which the slot loses its traffic."""

    def conflicts(self) -> Iterable[Broken]:  # noqa: D102 - as the base
        rising = sorted({*self.steps})
        if not rising:
            yield Broken(("steps",), "a list of at least one percentage", [10])
        elif list(self.steps) != rising:
            yield Broken(("steps",), f"rising, each step once, such as {rising}", Mend.EDIT)
