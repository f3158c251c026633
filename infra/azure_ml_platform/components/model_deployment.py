"""A model behind a REST endpoint: a managed online endpoint, one deployment, its traffic, its callers."""

from collections.abc import Mapping
from typing import Any, Self

import pulumi
from pulumi_azure_native import machinelearningservices
from pydantic import Field, model_validator

from azure_ml_platform.args import Args, Input
from azure_ml_platform.component import PlatformComponent
from azure_ml_platform.components.interfaces import (
    ComponentArgs,
    DiagnosticsArgs,
    RoleAssignmentArgs,
    ScopeArgs,
    WatchedArgs,
    assign_role,
    diagnose,
)
from azure_ml_platform.components.model_assets import BASE_IMAGE, ModelAssets, ModelAssetsArgs, UploadArgs
from azure_ml_platform.dynamic.content import text_version
from azure_ml_platform.dynamic.traffic import Traffic
from azure_ml_platform.vocabulary import AuthMode


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


class ModelDeploymentArgs(ComponentArgs):
    """Inputs of ModelDeployment."""

    resource_group_name: Input[str]
    """Required. Resource group of the workspace."""
    location: Input[str]
    """Required. Azure region."""
    workspace_name: Input[str]
    """Required. Workspace that serves the model; the roles of its identities are granted before it exists."""
    endpoint_name: str
    """Required. Name of the endpoint, unique in the region: 3 to 32 characters."""
    asset_name: str
    """Required. Name of the model, its code and its environment in the workspace."""
    identity_id: Input[str]
    """Required. Resource id of the user-assigned identity that pulls images and reads the model."""
    model: str
    """Required. Path of the model's file or folder, or the id of a model version in a registry."""
    code: str | None = None
    """Optional. Path of the folder with the scoring code. Default none: an MLflow model brings its own."""
    scoring_script: str | None = None
    """Conditional. Script inside `code` with `init()` and `run()`; required with it."""
    environment: str | None = None
    """Conditional. Path of a conda file, or the id of an environment version in a registry; required with `code`."""
    base_image: str = BASE_IMAGE
    """Optional. Image that the conda file is installed on. Default Microsoft's for Azure Machine Learning."""
    upload: UploadArgs | None = None
    """Conditional. Where local paths are uploaded to; required when there is one."""
    instance_type: str
    """Required. Size of the machines."""
    instance_count: int = Field(default=1, ge=1, le=50)
    """Optional. Number of machines. Default 1."""
    slot: str = "blue"
    """Optional. Name of the deployment that gets all traffic. Default blue."""
    auth_mode: AuthMode = AuthMode.AAD_TOKEN
    """Optional. How callers prove who they are. A change replaces the endpoint. Default a Microsoft Entra token."""
    public_network_access: bool = False
    """Optional. Answer requests from public addresses. Default false."""
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
    environment_variables: Mapping[str, Input[str]] = {}
    """Optional. Variables of the container; whoever reads the deployment reads them. Default none."""
    callers: Mapping[str, RoleAssignmentArgs] = {}
    """Optional. Roles on the endpoint for those who call it, by the name of the grant. Default none."""
    diagnostics: DiagnosticsArgs | None = None
    """Optional. Where the endpoint's traffic and events are logged. Default nowhere."""

    @model_validator(mode="after")
    def _code_is_whole(self) -> Self:
        parts = {"code": self.code, "scoring_script": self.scoring_script, "environment": self.environment}
        missing = [name for name, value in parts.items() if value is None]
        if 0 < len(missing) < len(parts):
            raise ValueError(f"code, scoring_script and environment belong together: {', '.join(missing)} is missing")
        return self


class ModelDeployment(PlatformComponent):
    """One model, served by one healthy deployment that gets all traffic.

    Traffic is a step of its own: a deployment has to be there before it can have any, and whatever else changes on
    the endpoint leaves it alone. Writing the endpoint takes its traffic away on Azure, so the step runs after it in
    the same update.
    """

    endpoint_id: pulumi.Output[str]
    """Resource id of the endpoint."""
    endpoint_name: pulumi.Output[str]
    """Name of the endpoint."""
    deployment_id: pulumi.Output[str]
    """Resource id of the deployment."""
    scoring_uri: pulumi.Output[str]
    """Address that requests are posted to."""
    swagger_uri: pulumi.Output[str]
    """Address of the OpenAPI description."""

    def __init__(self, name: str, args: ModelDeploymentArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Register the assets, then create the endpoint, the deployment, and the traffic."""
        args = ModelDeploymentArgs.model_validate(args)
        super().__init__(name, opts, keep_sdk_aliases=args.keep_sdk_aliases)
        self.assets = ModelAssets(f"{name}-assets", _assets(args), self.child())
        written = _endpoint(args)
        self.endpoint = machinelearningservices.OnlineEndpoint(
            f"{name}-endpoint",
            **written,
            opts=self.child(
                delete_before_replace=True,
                # Azure refuses another authentication mode, and the provider does not know that of a member this deep.
                replace_on_changes=["properties.authMode"],
                ignore_changes=["properties.traffic", "properties.mirrorTraffic"],
            ),
        )
        self.deployment = self._deployment(name, args)
        self.traffic = Traffic(
            f"{name}-traffic",
            endpoint_id=self.endpoint.id,
            split={args.slot: 100},
            deployments={args.slot: self.deployment.id},
            trigger=pulumi.Output.json_dumps(written, sort_keys=True).apply(text_version),
            opts=self.child(depends_on=[self.endpoint, self.deployment]),
        )
        self._callers(name, args)
        arm_type = "Microsoft.MachineLearningServices/workspaces/onlineEndpoints"
        diagnose(self, f"{name}-diagnostics", arm_type, self.endpoint.id, args.diagnostics)
        self.endpoint_id = self.endpoint.id
        self.endpoint_name = self.endpoint.name
        self.deployment_id = self.deployment.id
        self.scoring_uri = self.endpoint.properties.apply(lambda properties: properties.scoring_uri)
        self.swagger_uri = self.endpoint.properties.apply(lambda properties: properties.swagger_uri)
        self.finish()

    @property
    def watched(self) -> Mapping[str, WatchedArgs]:
        """What alerts are set on."""
        kind = "Microsoft.MachineLearningServices/workspaces/onlineEndpoints"
        return {
            "endpoint": WatchedArgs(arm_type=kind, id=self.endpoint.id),
            "deployment": WatchedArgs(arm_type=f"{kind}/deployments", id=self.deployment.id),
        }

    def _deployment(self, name: str, args: ModelDeploymentArgs) -> "machinelearningservices.OnlineDeployment":
        return machinelearningservices.OnlineDeployment(
            f"{name}-{args.slot}",
            deployment_name=args.slot,
            endpoint_name=self.endpoint.name,
            workspace_name=args.workspace_name,
            resource_group_name=args.resource_group_name,
            location=args.location,
            sku={"name": "Default", "capacity": args.instance_count},
            properties=_managed_deployment(args, self.assets),
            tags=args.tags,
            opts=self.child(delete_before_replace=True),
        )

    def _callers(self, name: str, args: ModelDeploymentArgs) -> None:
        scope = ScopeArgs(name=args.endpoint_name, id=self.endpoint.id)
        for key, grant in args.callers.items():
            assign_role(self, f"{name}-{key}-role", scope, grant)


def _assets(args: ModelDeploymentArgs) -> ModelAssetsArgs:
    return ModelAssetsArgs(
        resource_group_name=args.resource_group_name,
        workspace_name=args.workspace_name,
        asset_name=args.asset_name,
        model=args.model,
        code=args.code,
        environment=args.environment,
        base_image=args.base_image,
        upload=args.upload,
        tags=args.tags,
    )


def _endpoint(args: ModelDeploymentArgs) -> dict[str, Any]:
    """All that the program says of the endpoint: written to Azure, and digested to know when it is written again."""
    return {
        "endpoint_name": args.endpoint_name,
        "workspace_name": args.workspace_name,
        "resource_group_name": args.resource_group_name,
        "location": args.location,
        "kind": "Managed",
        "identity": {"type": "UserAssigned", "user_assigned_identities": [args.identity_id]},
        "properties": {
            "auth_mode": args.auth_mode.value,
            "public_network_access": "Enabled" if args.public_network_access else "Disabled",
        },
        "tags": dict(args.tags),
    }


def _managed_deployment(
    args: ModelDeploymentArgs, assets: ModelAssets
) -> "machinelearningservices.ManagedOnlineDeploymentArgs":
    code = None
    if assets.code_id is not None and args.scoring_script is not None:
        code = machinelearningservices.CodeConfigurationArgs(code_id=assets.code_id, scoring_script=args.scoring_script)
    return machinelearningservices.ManagedOnlineDeploymentArgs(
        endpoint_compute_type="Managed",
        model=assets.model_id,
        code_configuration=code,
        environment_id=assets.environment_id,
        environment_variables=dict(args.environment_variables) or None,
        instance_type=args.instance_type,
        scale_settings=machinelearningservices.DefaultScaleSettingsArgs(scale_type="Default"),
        app_insights_enabled=args.application_insights,
        egress_public_network_access="Enabled" if args.egress_public_network_access else "Disabled",
        request_settings=machinelearningservices.OnlineRequestSettingsArgs(
            request_timeout=f"PT{args.request_timeout_seconds}S",
            max_concurrent_requests_per_instance=args.max_concurrent_requests,
        ),
        liveness_probe=_probe(args.liveness_probe),
        readiness_probe=_probe(args.readiness_probe),
    )


def _probe(probe: ProbeArgs) -> "machinelearningservices.ProbeSettingsArgs":
    return machinelearningservices.ProbeSettingsArgs(
        initial_delay=f"PT{probe.initial_delay_seconds}S",
        period=f"PT{probe.period_seconds}S",
        timeout=f"PT{probe.timeout_seconds}S",
        success_threshold=probe.success_threshold,
        failure_threshold=probe.failure_threshold,
    )
