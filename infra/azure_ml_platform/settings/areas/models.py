"""Deployed models."""

from collections.abc import Iterable, Mapping
from typing import Annotated

from azure_ml_platform.catalog import vm_sizes
from azure_ml_platform.constraints import whole
from azure_ml_platform.settings.area import Area, Broken
from azure_ml_platform.vocabulary import (
    AuthMode,
    CodeSource,
    EnvironmentSource,
    ModelSource,
    ProjectPath,
    VariableName,
    VmSize,
    is_registry_asset,
)


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
    environment_variables: Mapping[VariableName, str] = {}
    """Variables of the container. No secrets: they are readable in the deployment."""

    def conflicts(self) -> Iterable[Broken]:  # noqa: D102 - as the base
        if not vm_sizes.VM_SIZES[self.instance_type].serves_endpoints:
            rule = "a size that managed online endpoints offer, such as Standard_DS3_v2 or Standard_NC4as_T4_v3"
            yield Broken(("instance_type",), rule, "Standard_DS3_v2")


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

    def conflicts(self) -> Iterable[Broken]:  # noqa: D102 - as the base
        yield from super().conflicts()
        given = {"code": self.code, "scoring_script": self.scoring_script, "environment": self.environment}
        if any(given.values()):
            examples = {"code": "examples/model/scoring", "scoring_script": "score.py"}
            for name, value in given.items():
                if value is None:
                    rule = "given: code, scoring_script and environment belong together"
                    yield Broken((name,), rule, examples.get(name, "examples/model/environment.yaml"))

    @property
    def uploads(self) -> tuple[str, ...]:
        """The project's files and folders that the deployment uploads or reads."""
        sources = (self.model, self.code, self.environment)
        return tuple(source for source in sources if source and not is_registry_asset(source))
