"""Deployed models."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Annotated, Any

from azure_ml_platform.catalog import vm_sizes
from azure_ml_platform.constraints import whole
from azure_ml_platform.settings.area import Area, Broken, Mend
from azure_ml_platform.settings.areas.serving import (
    AutoscaleSettings,
    CallerSettings,
    CanarySettings,
    CollectionSettings,
    MonitorSettings,
    ProbeSettings,
)
from azure_ml_platform.vocabulary import (
    AuthMode,
    CodeSource,
    EnvironmentSource,
    GrantName,
    ModelSource,
    ProjectPath,
    SlotName,
    VariableName,
    VmSize,
    is_registry_asset,
)

ONLY_SLOT = "blue"
"""The slot of a model that names none."""
MOST_SLOTS, MOST_MIRRORED_PERCENT = 20, 50
"""Of one endpoint (how-to-manage-quotas; how-to-safely-rollout-online-endpoints, limitations of mirroring)."""
_SERVING_SIZE = "a size that managed online endpoints offer, such as Standard_DS3_v2 or Standard_NC4as_T4_v3"


class SlotSettings(Area):
    """One deployment of a model; null is as the model says."""

    model: ModelSource | None = None
    """File or folder that is uploaded as the model, or the id of a model version in a registry."""
    code: CodeSource | None = None
    """Folder with the scoring code, or the id of a code version in a registry."""
    scoring_script: ProjectPath | None = None
    """Script inside `code`."""
    environment: EnvironmentSource | None = None
    """Conda file, or the id of an environment version in a registry."""
    instance_type: VmSize | None = None
    """Size of the machines; a change replaces the deployment."""
    instance_count: Annotated[int, whole(1, 50, "instances")] | None = None
    """Number of machines."""
    request_timeout_seconds: Annotated[int, whole(1, 180, "seconds")] | None = None
    """Time after which a request is given up."""
    max_concurrent_requests: Annotated[int, whole(1, 1000, "requests")] | None = None
    """Requests that one instance works on at a time."""
    liveness_probe: ProbeSettings | None = None
    """When an instance is restarted."""
    readiness_probe: ProbeSettings | None = None
    """When an instance gets requests."""
    startup_probe: ProbeSettings | None = None
    """How long an instance may take to start."""
    environment_variables: Mapping[VariableName, str] | None = None
    """Variables of the container, in place of the model's."""
    autoscale: AutoscaleSettings | None = None
    """Machines by demand."""

    @property
    def said(self) -> dict[str, Any]:
        """What is not as the model says."""
        return {name: value for name in type(self).model_fields if (value := getattr(self, name)) is not None}


class ServingSettings(Area):
    """How a model is served: Microsoft.MachineLearningServices/workspaces/onlineEndpoints, managed compute."""

    enabled: bool = True
    """Whether the stack has this model."""
    auth_mode: AuthMode = AuthMode.AAD_TOKEN
    """How callers prove who they are; immutable."""
    instance_type: VmSize
    """Size of the machines."""
    instance_count: Annotated[int, whole(1, 50, "instances")]
    """Number of machines. Azure wants quota for a fifth more while it upgrades."""
    public_network_access: bool
    """Whether the scoring URI answers from public networks."""
    egress_public_network_access: bool
    """Whether the container may call public networks."""
    request_timeout_seconds: Annotated[int, whole(1, 180, "seconds")] = 30
    """Time after which a request is given up."""
    max_concurrent_requests: Annotated[int, whole(1, 1000, "requests")] = 1
    """Requests that one instance works on at a time."""
    application_insights: bool = True
    """Whether requests and container logs go to Application Insights."""
    liveness_probe: ProbeSettings = ProbeSettings()
    """When an instance is restarted."""
    readiness_probe: ProbeSettings = ProbeSettings()
    """When an instance gets requests."""
    startup_probe: ProbeSettings | None = None
    """How long an instance may take to start, before the other probes count; null counts them at once."""
    environment_variables: Mapping[VariableName, str] = {}
    """Variables of the container. No secrets: they are readable in the deployment."""
    collection: CollectionSettings | None = None
    """What is kept of the requests; null for nothing."""
    autoscale: AutoscaleSettings | None = None
    """Machines by demand; null for always as many."""
    monitor: MonitorSettings | None = None
    """What is asked and answered is compared each day, drift and quality; needs `collection`. Null for never."""
    callers: Mapping[GrantName, CallerSettings] = {}
    """Who may call the endpoint and do nothing else, by the name of the grant."""

    def conflicts(self) -> Iterable[Broken]:  # noqa: D102 - as the base
        if not vm_sizes.VM_SIZES[self.instance_type].serves_endpoints:
            yield Broken(("instance_type",), _SERVING_SIZE, "Standard_DS3_v2")
        if self.monitor and not (self.collection and self.collection.inputs and self.collection.outputs):
            rule = "given, with inputs and outputs, while there is a monitor: it compares them"
            yield Broken(("collection",), rule, Mend.EDIT)


class ModelSettings(ServingSettings):
    """A deployed model: what is served, and how. Paths are relative to the project's root."""

    model: ModelSource
    """File or folder that is uploaded as the model, or the id of a model version in a registry."""
    code: CodeSource | None = None
    """Folder with the scoring code, or the id of a code version in a registry; an MLflow model needs none."""
    scoring_script: ProjectPath | None = None
    """Script inside `code` with `init()` and `run()`."""
    environment: EnvironmentSource | None = None
    """Conda file, or the id of an environment version in a registry, that the scoring code runs in."""
    sample_request: ProjectPath | None = None
    """File with a request that the model answers; for `make score` and the outputs."""

    slots: Mapping[SlotName, SlotSettings] = {}
    """Deployments of the endpoint by name, each with what it has of its own; empty for one, `blue`."""
    traffic: Mapping[SlotName, Annotated[int, whole(0, 100, "percent")]] = {}
    """Percent of the requests by slot, 100 in sum, or 0 for an endpoint that answers nobody yet."""
    mirror: Mapping[SlotName, Annotated[int, whole(0, MOST_MIRRORED_PERCENT, "percent", 10)]] = {}
    """Percent of the requests that are copied to one slot without traffic; their answers are only counted."""
    canary: CanarySettings | None = None
    """How a slot comes to its share; null for at once."""

    def conflicts(self) -> Iterable[Broken]:  # noqa: D102 - as the base
        yield from super().conflicts()
        for slot, served in self.by_slot.items():
            at = ("slots", slot) if self.slots else ()
            yield from (replace(each, path=(*at, *each.path)) for each in served.own_conflicts())
        for slot, said in self.slots.items():
            if said.instance_type and not vm_sizes.VM_SIZES[said.instance_type].serves_endpoints:
                yield Broken(("slots", slot, "instance_type"), _SERVING_SIZE, "Standard_DS3_v2")
        if len(self.slots) > MOST_SLOTS:
            yield Broken(("slots",), f"a map of at most {MOST_SLOTS} slots: an endpoint has no more", Mend.EDIT)
        yield from self._traffic_conflicts()
        yield from self._mirror_conflicts()
        if self.canary:
            yield from self._canary_conflicts(self.canary)

    def own_conflicts(self) -> Iterable[Broken]:
        """Yield what is wrong with one deployment: code without its parts, machines that autoscale would not start."""
        given = {"code": self.code, "scoring_script": self.scoring_script, "environment": self.environment}
        if any(given.values()):
            examples = {"code": "examples/model/scoring", "scoring_script": "score.py"}
            for name, value in given.items():
                if value is None:
                    rule = "given: code, scoring_script and environment belong together"
                    yield Broken((name,), rule, examples.get(name, "examples/model/environment.yaml"))
        if (ends := self.autoscale) and not ends.min_instances <= self.instance_count <= ends.max_instances:
            rule = f"from {ends.min_instances} to {ends.max_instances}, the ends of autoscale"
            yield Broken(("instance_count",), rule, ends.min_instances)

    @property
    def most_instances(self) -> int:
        """Machines that the deployment can come to have."""
        return self.autoscale.max_instances if self.autoscale else self.instance_count

    def _traffic_conflicts(self) -> Iterable[Broken]:
        slots, total = list(self.by_slot), sum(self.traffic.values())
        if len(slots) > 1 and not self.traffic:
            rule = f"given with several slots: percent of the requests by slot ({', '.join(slots)}), 100 in sum"
            yield Broken(("traffic",), rule, 100, ("traffic", slots[0]))
        if total not in (0, 100):
            yield Broken(("traffic",), f"100 in sum, or 0; it is {total}", Mend.EDIT)
        yield from self._unknown("traffic", self.traffic)

    def _mirror_conflicts(self) -> Iterable[Broken]:
        yield from self._unknown("mirror", self.mirror)
        copied = [slot for slot, share in self.mirror.items() if share]
        if len(copied) > 1:
            yield Broken(("mirror",), "a map of one slot: requests are copied to one only", Mend.EDIT)
        for slot in copied:
            if share := self.traffic.get(slot):
                rule = f"0: {slot} has {share} percent of the traffic, and Azure copies requests to a slot without any"
                yield Broken(("mirror", slot), rule, 0)

    def _canary_conflicts(self, canary: CanarySettings) -> Iterable[Broken]:
        if canary.slot not in self.by_slot:
            slots = list(self.by_slot)
            yield Broken(("canary", "slot"), f"a slot of the model: {', '.join(slots)}", slots[-1])
        share = self.traffic.get(canary.slot, 0)
        if share and canary.steps[-1] > share:
            rule = f"{share} or less at its end, the share that traffic.{canary.slot} says"
            yield Broken(("canary", "steps"), rule, Mend.EDIT)

    def _unknown(self, name: str, split: Mapping[str, int]) -> Iterable[Broken]:
        slots = list(self.by_slot)
        for slot in split:
            if slot not in slots:
                yield Broken((name, slot), f"the share of a slot of the model: {', '.join(slots)}", Mend.REMOVE)

    @property
    def by_slot(self) -> Mapping[str, "ModelSettings"]:
        """What each slot is: the model, with what the slot has of its own."""
        own = self.slots or {ONLY_SLOT: SlotSettings()}
        return {slot: self.model_copy(update=said.said) for slot, said in own.items()}

    @property
    def uploads(self) -> tuple[str, ...]:
        """The project's files and folders that the deployments upload or read."""
        sources = [source for one in self.by_slot.values() for source in (one.model, one.code, one.environment)]
        return tuple(dict.fromkeys(source for source in sources if source and not is_registry_asset(source)))
