"""A slot of an endpoint: one deployment, its machines, its probes and what is collected of it."""

from collections.abc import Mapping
from typing import Any, Self

from pulumi_azure_native import machinelearningservices
from pydantic import Field, model_validator

from azure_ml_platform.args import Args, Input
from azure_ml_platform.catalog.vm_sizes import VM_SIZES
from azure_ml_platform.components.autoscale import AutoscaleArgs
from azure_ml_platform.components.model_assets import BASE_IMAGE, ServedArgs, Versions
from azure_ml_platform.components.model_monitor import MonitorArgs


class ProbeArgs(Args):
    """When a container counts as alive or ready."""

    initial_delay_seconds: int = Field(default=10, ge=1)
    """Optional. Wait before the first probe. Default 10."""
    period_seconds: int = Field(default=10, ge=1)
    """Optional. Time between two probes. Default 10."""
    timeout_seconds: int = Field(default=2, ge=1)
    """Optional. Time after which a probe has failed. Default 2."""
    success_threshold: int = Field(default=1, ge=1)
    """Optional. Successes in a row that make a failed probe good again. Default 1."""
    failure_threshold: int = Field(default=30, ge=1)
    """Optional. Failures in a row that make the probe fail. Default 30."""


class CollectionArgs(Args):
    """What is kept of the requests, for monitoring (concept-data-collection)."""

    inputs: bool = True
    """Optional. Keep what the model was asked, as the scoring script logs it. Default true."""
    outputs: bool = True
    """Optional. Keep what it answered. Default true."""
    payloads: bool = False
    """Optional. Keep whole requests and answers, without a scoring script that logs. Default false."""
    sampling_percent: float = Field(default=100, gt=0, le=100)
    """Optional. Share of the requests that is kept. Default all."""

    @property
    def names(self) -> list[str]:
        """Names of the collections, as Azure and the scoring script know them."""
        wanted = {
            "model_inputs": self.inputs,
            "model_outputs": self.outputs,
            "request": self.payloads,
            "response": self.payloads,
        }
        return [name for name, kept in wanted.items() if kept]


class DeploymentArgs(Args):
    """What a deployment is: each slot of an endpoint may have its own."""

    model: str
    """Required. Path of the model's file or folder, or the id of a model version in a registry."""
    code: str | None = None
    """Optional. Path of the folder with the scoring code, or the id of a code version in a registry. Default none: an
    MLflow model brings its own."""
    scoring_script: str | None = None
    """Conditional. Script inside `code` with `init()` and `run()`; required with it."""
    environment: str | None = None
    """Conditional. Path of a conda file, or the id of an environment version in a registry; required with `code`."""
    base_image: str = BASE_IMAGE
    """Optional. Image that the conda file is installed on. Default Microsoft's for Azure Machine Learning."""
    instance_type: str
    """Required. Size of the machines; a change replaces the deployment."""
    instance_count: int = Field(default=1, ge=1, le=50)
    """Optional. Number of machines. Default 1."""
    egress_public_network_access: bool = False
    """Optional. Let the container call public addresses. Default false."""
    application_insights: bool = True
    """Optional. Send requests and container logs to the workspace's Application Insights. Default true."""
    request_timeout_seconds: int = Field(default=30, ge=1, le=180)
    """Optional. Time after which a request is given up. Default 30."""
    max_concurrent_requests: int = Field(default=1, ge=1)
    """Optional. Requests that one instance works on at a time. Default 1."""
    liveness_probe: ProbeArgs = ProbeArgs()
    """Optional. When an instance is restarted."""
    readiness_probe: ProbeArgs = ProbeArgs()
    """Optional. When an instance gets requests."""
    startup_probe: ProbeArgs | None = None
    """Optional. How long an instance may take to start, before the other probes count. Default they count at once."""
    environment_variables: Mapping[str, Input[str]] = {}
    """Optional. Variables of the container; whoever reads the deployment reads them. Default none."""
    collection: CollectionArgs | None = None
    """Optional. What is kept of the requests. Default nothing."""
    autoscale: AutoscaleArgs | None = None
    """Optional. Machines by demand; `instance_count` is what it starts with. Default always as many."""
    monitor: MonitorArgs | None = None
    """Optional. What is asked and answered is compared each day; needs `collection` of both. Default never."""

    @model_validator(mode="after")
    def _code_is_whole(self) -> Self:
        parts = {"code": self.code, "scoring_script": self.scoring_script, "environment": self.environment}
        missing = [name for name, value in parts.items() if value is None]
        if 0 < len(missing) < len(parts):
            raise ValueError(f"code, scoring_script and environment belong together: {', '.join(missing)} is missing")
        return self

    @model_validator(mode="after")
    def _machines_are_on_offer(self) -> Self:
        known = VM_SIZES.get(self.instance_type)
        if known is not None and (known.retired or not known.serves_endpoints):
            why = (
                f"Azure stopped it on {known.retires}" if known.retired else "managed online endpoints do not offer it"
            )
            raise ValueError(f"instance_type is {self.instance_type}: {why}; take one such as Standard_DS3_v2")
        return self

    @model_validator(mode="after")
    def _starts_within_its_ends(self) -> Self:
        if (ends := self.autoscale) and not ends.min_instances <= self.instance_count <= ends.max_instances:
            raise ValueError(
                f"instance_count is {self.instance_count}: must be from {ends.min_instances} to {ends.max_instances}, "
                "the ends of autoscale"
            )
        return self

    @model_validator(mode="after")
    def _monitor_has_data(self) -> Self:
        collected = self.collection is not None and self.collection.inputs and self.collection.outputs
        if self.monitor is not None and not collected:
            raise ValueError("collection is missing: a monitor needs what the model was asked and what it answered")
        return self

    @property
    def served(self) -> ServedArgs:
        """What the deployment runs."""
        return ServedArgs(**{name: getattr(self, name) for name in ServedArgs.model_fields})


class SlotArgs(Args):
    """One deployment of an endpoint; what is left out is as the endpoint says."""

    model: str | None = None
    """Optional. Path of the model, or the id of a model version in a registry. Default the endpoint's."""
    code: str | None = None
    """Optional. Path of the scoring code, or the id of a code version in a registry. Default the endpoint's."""
    scoring_script: str | None = None
    """Optional. Script inside the code. Default the endpoint's."""
    environment: str | None = None
    """Optional. Path of a conda file, or the id of an environment version in a registry. Default the endpoint's."""
    base_image: str | None = None
    """Optional. Image that the conda file is installed on. Default the endpoint's."""
    instance_type: str | None = None
    """Optional. Size of the machines; a change replaces the deployment. Default the endpoint's."""
    instance_count: int | None = Field(default=None, ge=1, le=50)
    """Optional. Number of machines. Default the endpoint's."""
    request_timeout_seconds: int | None = Field(default=None, ge=1, le=180)
    """Optional. Time after which a request is given up. Default the endpoint's."""
    max_concurrent_requests: int | None = Field(default=None, ge=1)
    """Optional. Requests that one instance works on at a time. Default the endpoint's."""
    liveness_probe: ProbeArgs | None = None
    """Optional. When an instance is restarted. Default the endpoint's."""
    readiness_probe: ProbeArgs | None = None
    """Optional. When an instance gets requests. Default the endpoint's."""
    startup_probe: ProbeArgs | None = None
    """Optional. How long an instance may take to start. Default the endpoint's."""
    environment_variables: Mapping[str, Input[str]] | None = None
    """Optional. Variables of the container, in place of the endpoint's. Default those."""
    autoscale: AutoscaleArgs | None = None
    """Optional. Machines by demand. Default the endpoint's."""

    @property
    def said(self) -> dict[str, Any]:
        """What is not as the endpoint says."""
        return {name: value for name in type(self).model_fields if (value := getattr(self, name)) is not None}


def managed_deployment(
    args: DeploymentArgs, versions: Versions
) -> "machinelearningservices.ManagedOnlineDeploymentArgs":
    """The deployment on Azure's own machines that a slot's arguments describe."""
    return machinelearningservices.ManagedOnlineDeploymentArgs(
        endpoint_compute_type="Managed",
        scale_settings=machinelearningservices.DefaultScaleSettingsArgs(scale_type="Default"),
        egress_public_network_access="Enabled" if args.egress_public_network_access else "Disabled",
        **_anywhere(args, versions),
    )


def kubernetes_deployment(
    args: DeploymentArgs, versions: Versions
) -> "machinelearningservices.KubernetesOnlineDeploymentArgs":
    """The deployment on an attached cluster, whose own router scales it by how busy its pods are."""
    ends = args.autoscale
    return machinelearningservices.KubernetesOnlineDeploymentArgs(
        endpoint_compute_type="Kubernetes",
        scale_settings=machinelearningservices.TargetUtilizationScaleSettingsArgs(
            scale_type="TargetUtilization",
            min_instances=ends.min_instances,
            max_instances=ends.max_instances,
            target_utilization_percentage=ends.cpu_above_percent,
        )
        if ends
        else machinelearningservices.DefaultScaleSettingsArgs(scale_type="Default"),
        **_anywhere(args, versions),
    )


def _anywhere(args: DeploymentArgs, versions: Versions) -> dict[str, Any]:
    """What a deployment has wherever it runs."""
    code = None
    if versions.code_id is not None and args.scoring_script is not None:
        code = machinelearningservices.CodeConfigurationArgs(
            code_id=versions.code_id, scoring_script=args.scoring_script
        )
    return {
        "model": versions.model_id,
        "code_configuration": code,
        "environment_id": versions.environment_id,
        "environment_variables": dict(args.environment_variables) or None,
        "instance_type": args.instance_type,
        "app_insights_enabled": args.application_insights,
        "request_settings": machinelearningservices.OnlineRequestSettingsArgs(
            request_timeout=f"PT{args.request_timeout_seconds}S",
            max_concurrent_requests_per_instance=args.max_concurrent_requests,
        ),
        "liveness_probe": _probe(args.liveness_probe),
        "readiness_probe": _probe(args.readiness_probe),
        "startup_probe": _probe(args.startup_probe) if args.startup_probe else None,
        "data_collector": _collector(args.collection) if args.collection else None,
    }


def _probe(probe: ProbeArgs) -> "machinelearningservices.ProbeSettingsArgs":
    return machinelearningservices.ProbeSettingsArgs(
        initial_delay=f"PT{probe.initial_delay_seconds}S",
        period=f"PT{probe.period_seconds}S",
        timeout=f"PT{probe.timeout_seconds}S",
        success_threshold=probe.success_threshold,
        failure_threshold=probe.failure_threshold,
    )


def _collector(collection: CollectionArgs) -> "machinelearningservices.DataCollectorArgs":
    rate = collection.sampling_percent / 100
    return machinelearningservices.DataCollectorArgs(
        collections={
            name: machinelearningservices.CollectionArgs(data_collection_mode="Enabled", sampling_rate=rate)
            for name in collection.names
        },
        rolling_rate="Hour",
    )
