"""A model behind a REST endpoint: an online endpoint, its slots, its traffic, its callers."""

import re
from collections.abc import Mapping
from typing import Any, Self

import pulumi
from pulumi_azure_native import machinelearningservices
from pydantic import Field, model_validator

from azure_ml_platform.args import Input
from azure_ml_platform.component import PlatformComponent
from azure_ml_platform.components.autoscale import autoscale
from azure_ml_platform.components.endpoint_callers import let_call, sample_calls
from azure_ml_platform.components.interfaces import (
    ComponentArgs,
    DiagnosticsArgs,
    PrincipalArgs,
    ScopeArgs,
    WatchedArgs,
    diagnose,
)
from azure_ml_platform.components.model_assets import ModelAssets, ModelAssetsArgs, Place, UploadArgs
from azure_ml_platform.components.model_monitor import monitor_slot
from azure_ml_platform.components.model_slots import DeploymentArgs, SlotArgs, kubernetes_deployment, managed_deployment
from azure_ml_platform.components.model_traffic import CanaryArgs, check_traffic
from azure_ml_platform.dynamic.content import text_version
from azure_ml_platform.dynamic.drain import Drain
from azure_ml_platform.dynamic.hooks import keep_traffic, tell_why
from azure_ml_platform.dynamic.traffic import Traffic
from azure_ml_platform.vocabulary import AuthMode

ARM_TYPE = "Microsoft.MachineLearningServices/workspaces/onlineEndpoints"
ONLY_SLOT = "blue"
"""The slot of an endpoint that names none."""
NAME, LEAST_CHARACTERS, MOST_CHARACTERS, MOST_SLOTS = r"^[A-Za-z](-?[A-Za-z0-9])*$", 3, 32, 20
"""Of endpoints and slots, and of one endpoint (how-to-manage-quotas)."""


class ModelDeploymentArgs(ComponentArgs, DeploymentArgs):
    """Inputs of ModelDeployment."""

    workspace_id: Input[str]
    """Required. Resource id of the workspace that serves the model, in whose resource group the endpoint is."""
    endpoint_name: str = Field(pattern=NAME, min_length=LEAST_CHARACTERS, max_length=MOST_CHARACTERS)
    """Required. Name of the endpoint, unique in the region: 3 to 32 letters, digits and hyphens, a letter first."""
    location: Input[str] | None = None
    """Optional. Azure region. Default the workspace's, which is asked for."""
    asset_name: str | None = None
    """Optional. Name of the model, its code and its environment in the workspace. Default the endpoint's."""
    identity_id: Input[str] | None = None
    """Optional. Resource id of the user-assigned identity that pulls images and reads the model. Default one of the
    endpoint's own, which Azure gives both roles."""
    compute_id: Input[str] | None = None
    """Optional. Resource id of an attached Kubernetes cluster that runs the deployments; `instance_type` is then one of
    its instance types. A change replaces the endpoint. Default Azure's own machines."""
    upload: UploadArgs | None = None
    """Conditional. Where local paths are uploaded to; required when there is one."""
    slots: Mapping[str, SlotArgs] = {}
    """Optional. Deployments by name, each with what it has of its own. Default one, blue."""
    traffic: Mapping[str, int] = {}
    """Conditional. Percent of the requests by slot, 100 or 0 in sum; required with several slots. Default all."""
    mirror: Mapping[str, int] = {}
    """Optional. Percent of the requests, at most 50, copied to one slot without traffic. Default none."""
    canary: CanaryArgs | None = None
    """Optional. How a slot comes to its share. Default at once."""
    auth_mode: AuthMode = AuthMode.AAD_TOKEN
    """Optional. How callers prove who they are. A change replaces the endpoint. Default a Microsoft Entra token."""
    public_network_access: bool = False
    """Optional. Answer requests from public addresses. Default false."""
    callers: Mapping[str, PrincipalArgs] = {}
    """Optional. Who may call the endpoint and do nothing else, by the name of the grant. Default nobody new."""
    token_scope: str = "https://ml.azure.com/.default"  # noqa: S105 - the name of a scope
    """Optional. Scope of the token that callers need. Default that of public Azure."""
    sample_request: str | None = None
    """Optional. File with a request that the model answers, for the sample calls. Default request.json."""
    diagnostics: DiagnosticsArgs | None = None
    """Optional. Where the endpoint's traffic and events are logged. Default nowhere."""

    @model_validator(mode="after")
    def _slots_are_possible(self) -> Self:
        if wrong := [slot for slot in self.slots if not re.fullmatch(NAME, slot)]:
            raise ValueError(
                f"slots.{wrong[0]}: must be named with 3 to 32 letters, digits and hyphens, a letter first"
            )
        if len(self.slots) > MOST_SLOTS:
            raise ValueError(f"slots: {len(self.slots)} of them, and an endpoint has at most {MOST_SLOTS}")
        return self

    @model_validator(mode="after")
    def _fits_a_cluster(self) -> Self:
        if self.compute_id is None:
            return self
        if any(self.mirror.values()):
            raise ValueError(f"mirror names {', '.join(self.mirror)}: an endpoint on Kubernetes copies no requests")
        for ends in (slot.autoscale for slot in self.by_slot.values()):
            if ends and (ends.busy_hours or ends.latency_above_milliseconds):
                raise ValueError("autoscale: on Kubernetes neither busy hours nor latency count, only processor time")
        return self

    @model_validator(mode="after")
    def _traffic_is_possible(self) -> Self:
        if len(self.slots) > 1 and not self.traffic:
            raise ValueError(f"traffic is missing: say which of {', '.join(self.slots)} answers how many percent")
        check_traffic(list(self.by_slot), self.split, self.mirror, self.canary)
        return self

    @property
    def by_slot(self) -> Mapping[str, DeploymentArgs]:
        """What each deployment is."""
        own = self.slots or {ONLY_SLOT: SlotArgs()}
        shared = {name: getattr(self, name) for name in DeploymentArgs.model_fields}
        return {slot: DeploymentArgs(**{**shared, **said.said}) for slot, said in own.items()}

    @property
    def split(self) -> Mapping[str, int]:
        """Percent of the requests by slot."""
        return self.traffic or {next(iter(self.slots), ONLY_SLOT): 100}


class ModelDeployment(PlatformComponent):
    """A model, served by healthy deployments that share its traffic.

    Traffic is a step of its own, after all deployments: one that does not come up gets none, and whatever served before
    goes on. A deployment that is replaced leaves its share to the others meanwhile. Writing the endpoint takes its
    traffic away on Azure; it is given back at once.
    """

    endpoint_id: pulumi.Output[str]
    """Resource id of the endpoint."""
    endpoint_name: pulumi.Output[str]
    """Name of the endpoint."""
    deployment_ids: pulumi.Output[Mapping[str, str]]
    """Resource ids of the deployments by slot."""
    scoring_uri: pulumi.Output[str]
    """Address that requests are posted to."""
    swagger_uri: pulumi.Output[str]
    """Address of the OpenAPI description."""
    sample_calls: pulumi.Output[Mapping[str, str]]
    """How to call the endpoint, by tool: curl and, with Microsoft Entra, Python. Nothing secret is in them."""

    def __init__(self, name: str, args: ModelDeploymentArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Register the assets, then create the endpoint, the deployments, and the traffic."""
        args = ModelDeploymentArgs.model_validate(args)
        super().__init__(name, opts, keep_sdk_aliases=args.keep_sdk_aliases)
        self._place = Place(args.workspace_id)
        self.assets = ModelAssets(f"{name}-assets", _assets(args), self.child())
        self._location = self._region(args)
        written = self._endpoint(args)
        self.endpoint = machinelearningservices.OnlineEndpoint(
            f"{name}-endpoint",
            **written,
            opts=self.child(
                delete_before_replace=True,
                # Azure refuses another one, and the provider does not know that of a member this deep.
                replace_on_changes=["properties.authMode", "properties.compute"],
                ignore_changes=["properties.traffic", "properties.mirrorTraffic"],
                hooks=keep_traffic(f"{name}-endpoint"),
            ),
        )
        self.deployments = {
            slot: self._deployment(name, slot, deployment, args) for slot, deployment in args.by_slot.items()
        }
        drains = [
            Drain(f"{name}-{slot}-drain", deployment_id=deployment.id, opts=self.child())
            for slot, deployment in self.deployments.items()
        ]
        self.traffic = Traffic(
            f"{name}-traffic",
            endpoint_id=self.endpoint.id,
            split=args.split,
            mirror=args.mirror,
            deployments={slot: deployment.id for slot, deployment in self.deployments.items()},
            made=[drain.made for drain in drains],
            trigger=pulumi.Output.json_dumps(written, sort_keys=True).apply(text_version),
            canary=args.canary.described if args.canary else None,
            opts=self.child(depends_on=[self.endpoint]),
        )
        scope = ScopeArgs(name=args.endpoint_name, id=self.endpoint.id)
        let_call(self, name, args.callers, args.auth_mode, endpoint=scope, group_id=self._place.resource_group_id)
        diagnose(self, f"{name}-diagnostics", ARM_TYPE, self.endpoint.id, args.diagnostics)
        self.endpoint_id = self.endpoint.id
        self.endpoint_name = self.endpoint.name
        self.deployment_ids = pulumi.Output.all(**{slot: each.id for slot, each in self.deployments.items()})
        self.scoring_uri = self.endpoint.properties.apply(lambda properties: properties.scoring_uri)
        self.swagger_uri = self.endpoint.properties.apply(lambda properties: properties.swagger_uri)
        self.sample_calls = sample_calls(
            self.endpoint.id, self.scoring_uri, args.auth_mode, args.token_scope, args.sample_request
        )
        self.finish()

    @property
    def watched(self) -> Mapping[str, WatchedArgs]:
        """What alerts are set on."""
        slots = {
            f"{slot}-deployment": WatchedArgs(arm_type=f"{ARM_TYPE}/deployments", id=deployment.id)
            for slot, deployment in self.deployments.items()
        }
        return {"endpoint": WatchedArgs(arm_type=ARM_TYPE, id=self.endpoint.id), **slots}

    def _region(self, args: ModelDeploymentArgs) -> Input[str]:
        """The region, the workspace's own where none is given."""
        if args.location is not None:
            return args.location
        workspace = machinelearningservices.get_workspace_output(
            **self._place.names, opts=pulumi.InvokeOutputOptions(parent=self)
        )
        return workspace.apply(lambda found: str(found.location))

    def _endpoint(self, args: ModelDeploymentArgs) -> dict[str, Any]:
        """All that the program says of the endpoint: written to Azure, and digested to know when it is again."""
        identity = {"type": "UserAssigned", "user_assigned_identities": [args.identity_id]}
        kind = {"kind": "Managed"} if args.compute_id is None else {}
        compute = {} if args.compute_id is None else {"compute": args.compute_id}
        return {
            "endpoint_name": args.endpoint_name,
            **self._place.names,
            "location": self._location,
            **kind,
            "identity": {"type": "SystemAssigned"} if args.identity_id is None else identity,
            "properties": {
                **compute,
                "auth_mode": args.auth_mode.value,
                "public_network_access": "Enabled" if args.public_network_access else "Disabled",
            },
            "tags": dict(args.tags),
        }

    def _deployment(
        self, name: str, slot: str, deployment: DeploymentArgs, args: ModelDeploymentArgs
    ) -> "machinelearningservices.OnlineDeployment":
        managed, versions = args.compute_id is None, self.assets.by_slot[slot]
        made = machinelearningservices.OnlineDeployment(
            f"{name}-{slot}",
            deployment_name=slot,
            endpoint_name=self.endpoint.name,
            resource_group_name=self._place.names["resource_group_name"],
            workspace_name=self._place.names["workspace_name"],
            location=self._location,
            sku=machinelearningservices.SkuArgs(name="Default", capacity=deployment.instance_count),
            properties=managed_deployment(deployment, versions)
            if managed
            else kubernetes_deployment(deployment, versions),
            tags=args.tags,
            opts=self.child(
                delete_before_replace=True,
                replace_on_changes=["properties.instanceType"],
                # The number of machines is the autoscaler's.
                ignore_changes=["sku.capacity"] if deployment.autoscale else None,
                hooks=tell_why(f"{name}-{slot}", slot, self.endpoint.id),
            ),
        )
        if deployment.autoscale and managed:
            autoscale(
                self,
                f"{name}-{slot}-autoscale",
                deployment.autoscale,
                setting_name=f"{args.endpoint_name}-{slot}",
                resource_group_name=self._place.names["resource_group_name"],
                location=self._location,
                endpoint_id=self.endpoint.id,
                deployment_id=made.id,
                tags=args.tags,
            )
        if deployment.monitor:
            monitor_slot(
                self,
                f"{name}-{slot}-monitor",
                deployment.monitor,
                place=self._place.names,
                endpoint_name=args.endpoint_name,
                slot=slot,
                deployment_id=made.id,
            )
        return made


def _assets(args: ModelDeploymentArgs) -> ModelAssetsArgs:
    return ModelAssetsArgs(
        workspace_id=args.workspace_id,
        asset_name=args.asset_name or args.endpoint_name,
        served={slot: deployment.served for slot, deployment in args.by_slot.items()},
        upload=args.upload,
        tags=args.tags,
    )
