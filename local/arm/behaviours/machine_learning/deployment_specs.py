"""What an online deployment refers to, resolved to what a process can be made of."""

import re

from local.arm.behaviours.machine_learning import asset_ids
from local.arm.behaviours.machine_learning.assets import CODE, ENVIRONMENT, MODEL
from local.arm.behaviours.machine_learning.datastores import blob_url
from local.arm.behaviours.machine_learning.kinds import WORKSPACE, workspace_id
from local.arm.cloud import Cloud, dangling
from local.arm.data_planes import DeploymentSpec, Limits, Probe
from local.arm.documents import Json, reach
from local.arm.durations import duration
from local.arm.errors import bad_request
from local.arm.identifiers import ResourceId
from local.arm.store import Resource

PENDING_FACTOR = 2
"""Requests under way at once, for each that an instance may work on (how-to-troubleshoot-online-endpoints, 429)."""
PROBE: Json = {
    "initialDelay": "PT10S",
    "period": "PT10S",
    "timeout": "PT2S",
    "successThreshold": 1,
    "failureThreshold": 30,
}
DEFAULTS: Json = {
    "endpointComputeType": "Managed",
    "egressPublicNetworkAccess": "Enabled",
    "appInsightsEnabled": False,
    "properties": {},
    "scaleSettings": {"scaleType": "Default"},
    "requestSettings": {"maxConcurrentRequestsPerInstance": 1, "maxQueueWait": "PT0.5S", "requestTimeout": "PT5S"},
    "livenessProbe": PROBE,
    "readinessProbe": PROBE,
}
"""What Azure fills in (deployment YAML reference of managed online deployments)."""

_DATASTORE_PATH = re.compile(
    r"azureml://(?:subscriptions/(?P<subscription>[^/]+)/resourcegroups/(?P<group>[^/]+)/workspaces/(?P<workspace>[^/]+)/)?"
    r"datastores/(?P<datastore>[^/]+)/paths/(?P<path>.*)",
    re.IGNORECASE,
)
"""A path in a datastore of the workspace at hand, or of the one that it names (reference-yaml-core-syntax)."""


def spec_of(cloud: Cloud, id: ResourceId, body: Json) -> DeploymentSpec:
    """The specification of a deployment; raises ArmError for a reference to a version that does not exist."""
    model = _asset(cloud, body, "properties.model", MODEL)
    code = _asset(cloud, body, "properties.codeConfiguration.codeId", CODE)
    environment = _asset(cloud, body, "properties.environmentId", ENVIRONMENT)
    conda = environment.properties.get("condaFile")
    if not conda:
        message = (
            f"Environment '{environment.id}' has no conda file. This local Azure builds the environment of a "
            "deployment "
            f"from one and runs no container images."
        )
        raise bad_request("BadArgument", message, target="properties.environmentId")
    script = reach(body, "properties.codeConfiguration.scoringScript")
    if not script:
        message = (
            "codeConfiguration.scoringScript is missing: this local Azure serves models with a scoring script only."
        )
        raise bad_request("BadArgument", message, target="properties.codeConfiguration.scoringScript")
    endpoint, deployment = id.names[-2:]
    return DeploymentSpec(
        endpoint=endpoint,
        deployment=deployment,
        model_url=_url(cloud, model, "modelUri"),
        code_url=_url(cloud, code, "codeUri"),
        scoring_script=script,
        environment_file=conda,
        environment_variables=reach(body, "properties.environmentVariables") or {},
        limits=_limits(body),
    )


def _limits(body: Json) -> Limits:
    concurrent = _whole(body, "requestSettings.maxConcurrentRequestsPerInstance")
    return Limits(
        request_seconds=_seconds(body, "requestSettings.requestTimeout"),
        pending_requests=PENDING_FACTOR * concurrent * (reach(body, "sku.capacity") or 1),
        readiness=_probe(body, "readinessProbe"),
        liveness=_probe(body, "livenessProbe"),
    )


def _probe(body: Json, path: str) -> Probe:
    return Probe(
        initial_delay_seconds=_seconds(body, f"{path}.initialDelay"),
        period_seconds=_seconds(body, f"{path}.period"),
        timeout_seconds=_seconds(body, f"{path}.timeout"),
        success_threshold=_whole(body, f"{path}.successThreshold"),
        failure_threshold=_whole(body, f"{path}.failureThreshold"),
    )


def _seconds(body: Json, path: str) -> float:
    value = _set(body, path)
    length = duration(value)
    if not length:
        message = f"properties.{path} is {value!r}; it must be a duration, like PT5S."
        raise bad_request("BadArgument", message, target=f"properties.{path}")
    return length.total_seconds()


def _whole(body: Json, path: str) -> int:
    value = _set(body, path)
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        message = f"properties.{path} is {value!r}; it must be a whole number from 1."
        raise bad_request("BadArgument", message, target=f"properties.{path}")
    return value


def _set(body: Json, path: str) -> object:
    """What the body says, else what Azure fills in."""
    value = reach(body, f"properties.{path}")
    return reach(DEFAULTS, path) if value is None else value


def _asset(cloud: Cloud, body: Json, path: str, kind: str) -> Resource:
    reference = reach(body, path)
    if not reference:
        message = f"{path} is missing: this local Azure serves models with a model, code and an environment version."
        raise bad_request("BadArgument", message, target=path)
    text = str(reference)
    if asset_ids.in_foreign_registry(cloud, text):
        message = f"{path} is '{text}'; this local Azure runs versions of its own workspaces and registries only."
        raise bad_request("BadArgument", message, target=path)
    asset = asset_ids.find(cloud, text)
    if asset is None or asset.type.split("/")[2:] != kind.split("/")[2:]:
        raise dangling(text, path)
    return asset


def _url(cloud: Cloud, version: Resource, member: str) -> str:
    """The URL of a version's files: as it is, or from a path in a datastore."""
    uri = str(version.properties[member])
    match = _DATASTORE_PATH.fullmatch(uri)
    if not match:
        return uri
    workspace = workspace_id(version.id)
    if match["workspace"]:
        group = f"/subscriptions/{match['subscription']}/resourceGroups/{match['group']}"
        workspace = ResourceId.parse(f"{group}/providers/{WORKSPACE}/{match['workspace']}")
    datastore = cloud.store.get(workspace.child("datastores", match["datastore"]))
    if datastore is None:
        raise dangling(uri, f"properties.{member}")
    return blob_url(cloud, datastore, match["path"])
