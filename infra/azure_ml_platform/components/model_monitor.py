"""What a model's requests and answers are compared with, every day: drift, quality, attribution.

Azure runs the comparison on serverless Spark; it needs the data collection of the deployment. Sources:
learn.microsoft.com/azure/machine-learning/concept-model-monitoring, .../how-to-monitor-model-performance,
.../reference-yaml-monitor.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Self

import pulumi
from pulumi_azure_native import machinelearningservices
from pydantic import Field, model_validator

from azure_ml_platform.args import Args, Input
from azure_ml_platform.component import PlatformComponent
from azure_ml_platform.dynamic.content import text_version
from azure_ml_platform.dynamic.schedule_switch import ScheduleSwitch
from azure_ml_platform.vocabulary import ModelTask


class ReferenceArgs(Args):
    """Data that production is compared with: as a rule what the model was trained on."""

    data_id: Input[str]
    """Required. Id of a data version of type mltable, such as `azureml:wine-training:1`."""
    target_column: str
    """Required. Column that the model predicts."""
    prediction_column: str
    """Required. Column of the model's answers in the collected outputs."""


class MonitorArgs(Args):
    """A comparison of what a slot was asked and what it answered with what is expected."""

    task: ModelTask
    """Required. What the model does."""
    reference: ReferenceArgs | None = None
    """Conditional. Data to compare with; required for attribution. Default the slot's own data of the window before."""
    attribution: bool = False
    """Optional. Compare which features matter, too. Default false."""
    window_days: int = Field(default=7, ge=1, le=90)
    """Optional. Days of collected data that are compared. Default 7."""
    hour: int = Field(default=3, ge=0, le=23)
    """Optional. Hour of the day, in UTC. Default 3."""
    emails: Sequence[str] = ()
    """Optional. Who is written to when a threshold is passed. Default nobody."""
    instance_type: str = "standard_e4s_v3"
    """Optional. Size of the Spark machines. Default standard_e4s_v3."""
    spark_version: str = "3.4"
    """Optional. Version of Spark. Default 3.4."""

    @model_validator(mode="after")
    def _attribution_has_a_reference(self) -> Self:
        if self.attribution and self.reference is None:
            raise ValueError("reference is missing: attribution needs the data that the model was trained on")
        return self


def monitor_slot(
    owner: PlatformComponent,
    name: str,
    args: MonitorArgs,
    *,
    place: Mapping[str, Input[str]],
    endpoint_name: str,
    slot: str,
    deployment_id: pulumi.Output[str],
) -> "machinelearningservices.Schedule":
    """Compare a slot's data each day (Microsoft.MachineLearningServices/workspaces/schedules)."""
    collected = f"{endpoint_name}-{slot}"
    definition = machinelearningservices.MonitorDefinitionArgs(
        compute_configuration=machinelearningservices.MonitorServerlessSparkComputeArgs(
            compute_type="ServerlessSpark",
            compute_identity=machinelearningservices.AmlTokenComputeIdentityArgs(compute_identity_type="AmlToken"),
            instance_type=args.instance_type,
            runtime_version=args.spark_version,
        ),
        monitoring_target=machinelearningservices.MonitoringTargetArgs(
            task_type=args.task.value, deployment_id=deployment_id
        ),
        signals=_signals(args, collected),
        alert_notification_settings=_notified(args.emails),
    )
    schedule = machinelearningservices.Schedule(
        name,
        name=f"{collected}-monitor",
        **place,
        properties=machinelearningservices.SchedulePropertiesArgs(
            action=machinelearningservices.CreateMonitorActionArgs(
                action_type="CreateMonitor", monitor_definition=definition
            ),
            trigger=machinelearningservices.RecurrenceTriggerArgs(
                trigger_type="Recurrence",
                frequency="Day",
                interval=1,
                schedule=machinelearningservices.RecurrenceScheduleArgs(hours=[args.hour], minutes=[0]),
            ),
            description=f"Compares what {slot} of {endpoint_name} is asked and answers.",
            is_enabled=False,
        ),
        opts=owner.child(ignore_changes=["properties.isEnabled"]),
    )
    ScheduleSwitch(
        f"{name}-switch",
        schedule_id=schedule.id,
        written=pulumi.Output.json_dumps([args.model_dump(), deployment_id]).apply(text_version),
        opts=owner.child(),
    )
    return schedule


def _signals(args: MonitorArgs, collected: str) -> dict[str, Any]:
    """The comparisons by name, each with the thresholds that Azure's own monitor starts from."""
    ml, window = machinelearningservices, f"P{args.window_days}D"
    inputs, outputs = (_production(collected, kind, window) for kind in ("model_inputs", "model_outputs"))
    known = _reference(args.reference) if args.reference else None
    notified = ["AmlNotification"]
    signals: dict[str, Any] = {
        "data_drift": ml.DataDriftMonitoringSignalArgs(
            signal_type="DataDrift",
            production_data=inputs,
            reference_data=known or _production(collected, "model_inputs", window, before=True),
            metric_thresholds=[
                ml.NumericalDataDriftMetricThresholdArgs(
                    data_type="Numerical",
                    metric="NormalizedWassersteinDistance",
                    threshold=ml.MonitoringThresholdArgs(value=0.1),
                ),
                ml.CategoricalDataDriftMetricThresholdArgs(
                    data_type="Categorical",
                    metric="JensenShannonDistance",
                    threshold=ml.MonitoringThresholdArgs(value=0.1),
                ),
            ],
            notification_types=notified,
        ),
        "data_quality": ml.DataQualityMonitoringSignalArgs(
            signal_type="DataQuality",
            production_data=inputs,
            reference_data=known or _production(collected, "model_inputs", window, before=True),
            metric_thresholds=[
                threshold(data_type=data_type, metric=metric, threshold=ml.MonitoringThresholdArgs(value=0))
                for threshold, data_type, metrics in (
                    (ml.NumericalDataQualityMetricThresholdArgs, "Numerical", _QUALITY),
                    (ml.CategoricalDataQualityMetricThresholdArgs, "Categorical", _QUALITY),
                )
                for metric in metrics
            ],
            notification_types=notified,
        ),
        "prediction_drift": ml.PredictionDriftMonitoringSignalArgs(
            signal_type="PredictionDrift",
            production_data=outputs,
            reference_data=known or _production(collected, "model_outputs", window, before=True),
            metric_thresholds=[_prediction_threshold(args.task)],
            notification_types=notified,
        ),
    }
    if args.attribution and args.reference and known:
        signals["feature_attribution"] = ml.FeatureAttributionDriftMonitoringSignalArgs(
            signal_type="FeatureAttributionDrift",
            production_data=[inputs, outputs],
            reference_data=known,
            feature_importance_settings=ml.FeatureImportanceSettingsArgs(
                mode="Enabled", target_column=args.reference.target_column
            ),
            metric_threshold=ml.FeatureAttributionMetricThresholdArgs(
                metric="NormalizedDiscountedCumulativeGain", threshold=ml.MonitoringThresholdArgs(value=0.9)
            ),
            notification_types=notified,
        )
    return signals


_QUALITY = ("NullValueRate", "DataTypeErrorRate", "OutOfBoundsRate")


def _production(
    collected: str, kind: str, window: str, *, before: bool = False
) -> "machinelearningservices.RollingInputDataArgs":
    """A slot's collected data, which Azure registers by endpoint, deployment and collection; or those of before."""
    return machinelearningservices.RollingInputDataArgs(
        input_data_type="Rolling",
        job_input_type="uri_folder",
        uri=f"azureml:{collected}-{kind}:1",
        data_context=kind,
        window_size=window,
        window_offset=window if before else "P0D",
    )


def _reference(reference: ReferenceArgs) -> "machinelearningservices.FixedInputDataArgs":
    return machinelearningservices.FixedInputDataArgs(
        input_data_type="Fixed",
        job_input_type="mltable",
        uri=reference.data_id,
        data_context="training",
        columns={"target_column": reference.target_column, "prediction_column": reference.prediction_column},
    )


def _prediction_threshold(
    task: ModelTask,
) -> (
    "machinelearningservices.CategoricalPredictionDriftMetricThresholdArgs"
    " | machinelearningservices.NumericalPredictionDriftMetricThresholdArgs"
):
    ml = machinelearningservices
    threshold = ml.MonitoringThresholdArgs(value=0.1)
    if task is ModelTask.CLASSIFICATION:
        return ml.CategoricalPredictionDriftMetricThresholdArgs(
            data_type="Categorical", metric="JensenShannonDistance", threshold=threshold
        )
    return ml.NumericalPredictionDriftMetricThresholdArgs(
        data_type="Numerical", metric="NormalizedWassersteinDistance", threshold=threshold
    )


def _notified(emails: Sequence[str]) -> "machinelearningservices.MonitorNotificationSettingsArgs | None":
    if not emails:
        return None
    return machinelearningservices.MonitorNotificationSettingsArgs(
        email_notification_settings=machinelearningservices.MonitorEmailNotificationSettingsArgs(emails=list(emails))
    )
