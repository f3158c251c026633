"""Machines of a deployment by demand: processor time, latency, and the hours of the day.

Sources: learn.microsoft.com/azure/machine-learning/how-to-autoscale-endpoints, .../azure/azure-monitor/autoscale/
autoscale-understanding-settings.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Self

from pulumi_azure_native import monitor
from pydantic import Field, field_validator, model_validator

from azure_ml_platform.args import Args, Input
from azure_ml_platform.component import PlatformComponent

_ENDPOINT = "Microsoft.MachineLearningServices/workspaces/onlineEndpoints"
_DEFAULT = "default"
_BUSY_HOURS = "busy-hours"
_TIME = r"^([01][0-9]|2[0-3]):[0-5][0-9]$"
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


class BusyHoursArgs(Args):
    """Hours in which more machines run whatever the demand."""

    start: str = Field(pattern=_TIME)
    """Required. When they begin, as HH:MM."""
    end: str = Field(pattern=_TIME)
    """Required. When they end, as HH:MM, later on the same day."""
    min_instances: int = Field(ge=1, le=50)
    """Required. Machines that always run then."""
    days: Sequence[str] = _DAYS[:5]
    """Optional. Days of the week. Default Monday to Friday."""
    time_zone: str = "UTC"
    """Optional. Time zone, as Windows names it. Default UTC."""

    @field_validator("days")
    @classmethod
    def _are_days(cls, days: Sequence[str]) -> Sequence[str]:
        if wrong := [day for day in days if day not in _DAYS] or not days:
            raise ValueError(f"{wrong}: must be days of the week, such as Monday")
        return days

    @model_validator(mode="after")
    def _end_on_the_same_day(self) -> Self:
        if self.end <= self.start:
            raise ValueError(f"end is {self.end}: must be later than {self.start}")
        return self


class AutoscaleArgs(Args):
    """How many machines a deployment has."""

    min_instances: int = Field(ge=1, le=50)
    """Required. Machines that always run."""
    max_instances: int = Field(ge=1, le=50)
    """Required. Machines at most; Azure wants quota for a fifth more."""
    cpu_above_percent: int = Field(default=70, ge=1, le=100)
    """Optional. Processor time above which a machine is added. Default 70."""
    cpu_below_percent: int = Field(default=30, ge=0, le=99)
    """Optional. Processor time below which one is taken away. Default 30."""
    latency_above_milliseconds: int | None = Field(default=None, ge=1)
    """Optional. Latency of the slowest twentieth of the requests above which one is added. Default whatever it is."""
    busy_hours: BusyHoursArgs | None = None
    """Optional. Hours in which more machines run. Default none."""

    @model_validator(mode="after")
    def _ends_are_in_order(self) -> Self:
        if self.min_instances > self.max_instances:
            raise ValueError(f"max_instances is {self.max_instances}: must be {self.min_instances} or more")
        if self.busy_hours and not self.min_instances <= self.busy_hours.min_instances <= self.max_instances:
            wanted = self.busy_hours.min_instances
            raise ValueError(
                f"busy_hours.min_instances is {wanted}: must be from {self.min_instances} to {self.max_instances}"
            )
        if self.cpu_below_percent >= self.cpu_above_percent:
            raise ValueError(f"cpu_below_percent is {self.cpu_below_percent}: must be below {self.cpu_above_percent}")
        return self


def autoscale(
    owner: PlatformComponent,
    name: str,
    args: AutoscaleArgs,
    *,
    setting_name: str,
    resource_group_name: Input[str],
    location: Input[str],
    endpoint_id: Input[str],
    deployment_id: Input[str],
    tags: Mapping[str, str],
) -> "monitor.AutoscaleSetting":
    """Scale a deployment (Microsoft.Insights/autoscaleSettings)."""
    rules = [
        _rule(deployment_id, f"{_ENDPOINT}/deployments", "CpuUtilizationPercentage", args.cpu_above_percent, more=True),
        _rule(
            deployment_id, f"{_ENDPOINT}/deployments", "CpuUtilizationPercentage", args.cpu_below_percent, more=False
        ),
    ]
    if args.latency_above_milliseconds is not None:
        rules.append(_rule(endpoint_id, _ENDPOINT, "RequestLatency_P95", args.latency_above_milliseconds, more=True))
    return monitor.AutoscaleSetting(
        name,
        autoscale_setting_name=setting_name,
        resource_group_name=resource_group_name,
        location=location,
        enabled=True,
        target_resource_uri=deployment_id,
        profiles=_profiles(args, rules),
        tags=tags,
        opts=owner.child(delete_before_replace=True),
    )


def _profiles(args: AutoscaleArgs, rules: Sequence["monitor.ScaleRuleArgs"]) -> list["monitor.AutoscaleProfileArgs"]:
    """The usual profile; with busy hours theirs too, and one that ends them, named as Azure pairs the two."""
    usual = _capacity(args.min_instances, args.max_instances)
    profiles = [monitor.AutoscaleProfileArgs(name=_DEFAULT, capacity=usual, rules=list(rules))]
    if (hours := args.busy_hours) is None:
        return profiles
    busy, after = _BUSY_HOURS, json.dumps({"name": _DEFAULT, "for": _BUSY_HOURS}, separators=(",", ":"))
    return [
        *profiles,
        monitor.AutoscaleProfileArgs(
            name=busy,
            capacity=_capacity(hours.min_instances, args.max_instances),
            rules=list(rules),
            recurrence=_recurrence(hours, hours.start),
        ),
        monitor.AutoscaleProfileArgs(
            name=after, capacity=usual, rules=list(rules), recurrence=_recurrence(hours, hours.end)
        ),
    ]


def _capacity(least: int, most: int) -> "monitor.ScaleCapacityArgs":
    return monitor.ScaleCapacityArgs(minimum=str(least), default=str(least), maximum=str(most))


def _recurrence(hours: BusyHoursArgs, moment: str) -> "monitor.RecurrenceArgs":
    hour, _, minute = moment.partition(":")
    return monitor.RecurrenceArgs(
        frequency=monitor.RecurrenceFrequency.WEEK,
        schedule=monitor.RecurrentScheduleArgs(
            days=list(hours.days), hours=[int(hour)], minutes=[int(minute)], time_zone=hours.time_zone
        ),
    )


def _rule(
    resource_id: Input[str], namespace: str, metric: str, threshold: int, *, more: bool
) -> "monitor.ScaleRuleArgs":
    """Add a machine above a threshold, or take one away below it, one at a time."""
    operators = monitor.ComparisonOperationType
    directions = monitor.ScaleDirection
    return monitor.ScaleRuleArgs(
        metric_trigger=monitor.MetricTriggerArgs(
            metric_name=metric,
            metric_namespace=namespace,
            metric_resource_uri=resource_id,
            time_grain="PT1M",
            statistic=monitor.MetricStatisticType.AVERAGE,
            time_window="PT5M",
            time_aggregation=monitor.TimeAggregationType.AVERAGE,
            operator=operators.GREATER_THAN if more else operators.LESS_THAN,
            threshold=threshold,
        ),
        scale_action=monitor.ScaleActionArgs(
            direction=directions.INCREASE if more else directions.DECREASE,
            type=monitor.ScaleType.CHANGE_COUNT,
            value="1",
            cooldown="PT5M" if more else "PT10M",
        ),
    )
