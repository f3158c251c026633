"""Online endpoints and their deployments.

Sources: learn.microsoft.com/rest/api/azureml/online-endpoints and /online-deployments, .../azure/machine-learning/
how-to-manage-quotas (names, numbers), .../how-to-safely-rollout-online-endpoints (traffic).
"""

import secrets
from dataclasses import replace
from datetime import timedelta

from local.arm.behaviours.machine_learning import managed_network
from local.arm.behaviours.machine_learning.deployment_specs import DEFAULTS, spec_of
from local.arm.behaviours.machine_learning.endpoints import ENDPOINT_NAMES, check_free, check_number, deployments_of
from local.arm.behaviours.machine_learning.instances import duration
from local.arm.behaviours.machine_learning.quota import COMPUTE, check_instances, sized
from local.arm.cloud import Cloud
from local.arm.data_planes import DeploymentFailed
from local.arm.documents import Json, overlay, without
from local.arm.errors import ArmError, bad_request
from local.arm.inference import DEPLOYMENT, ENDPOINT, scoring_audience
from local.arm.resource_types import Answer, Call, Change, ResourceType
from local.arm.store import Resource

MOST_MIRRORED_PERCENT = 50
MOST_INSTANCES = 50
"""Of one deployment."""
LONGEST_REQUEST = timedelta(seconds=180)
"""Of a managed endpoint."""
TOKEN_HOURS = 12
MOST_LOG_LINES = 5000
LOG_LINES = 50
"""Shown unless a number is asked for."""
CONTAINERS = ("InferenceServer", "StorageInitializer")
"""Those that print; `ModelDataCollector` is not among them, as nothing is collected here."""


def _check_traffic(change: Change) -> None:
    """Shares are whole percents of deployments that are healthy; together they are 0 or 100."""
    traffic = change.get("properties.traffic", {})
    mirrored = change.get("properties.mirrorTraffic", {})
    known = {child.name.casefold(): child for child in deployments_of(change.cloud, change.current)}
    for path, split in (("properties.traffic", traffic), ("properties.mirrorTraffic", mirrored)):
        for name, share in split.items():
            _check_share(path, name, share, known.get(name.casefold()))
    if sum(traffic.values()) not in (0, 100):
        message = f"The sum of traffic is {sum(traffic.values())}; the percentages must add up to 0 or 100."
        raise bad_request("BadRequest", message, target="properties.traffic")
    if len(mirrored) > 1 or sum(mirrored.values()) > MOST_MIRRORED_PERCENT:
        message = f"Traffic can be mirrored to one deployment, and at most {MOST_MIRRORED_PERCENT} percent of it."
        raise bad_request("BadRequest", message, target="properties.mirrorTraffic")
    for name, share in mirrored.items():
        if share and traffic.get(name):
            message = f"'{name}' has {traffic[name]} percent of the live traffic; it can get that or a copy, not both."
            raise bad_request("BadRequest", message, target="properties.mirrorTraffic")


def _check_share(path: str, name: str, share: object, deployment: Resource | None) -> None:
    if isinstance(share, bool) or not isinstance(share, int) or not 0 <= share <= 100:
        raise bad_request(
            "BadRequest", f"{path}.{name} is {share!r}; it must be a whole number from 0 to 100.", target=path
        )
    if deployment is None:
        message = (
            f"{path} names the deployment '{name}', which the endpoint does not have. Create it before it gets traffic."
        )
        raise bad_request("BadRequest", message, target=path)
    state = deployment.properties.get("provisioningState")
    if share and state != "Succeeded":
        raise bad_request(
            "BadRequest",
            f"{path} gives traffic to '{name}', whose state is {state}; only a healthy deployment can take it.",
            target=path,
        )


def _endpoint(change: Change) -> Json:
    """A PUT that does not say where traffic goes takes it from everyone."""
    return {
        "properties": {
            **_uris(change.cloud, change.id.name),
            "traffic": change.get("properties.traffic", {}),
            "mirrorTraffic": change.get("properties.mirrorTraffic", {}),
            "publicNetworkAccess": change.get("properties.publicNetworkAccess", "Enabled"),
            "properties": change.get("properties.properties", {}),
        }
    }


def _uris(cloud: Cloud, name: str) -> Json:
    base = f"{cloud.url}/inference/{name}"
    return {"scoringUri": f"{base}/score", "swaggerUri": f"{base}/swagger.json"}


def _refresh(cloud: Cloud, endpoint: Resource) -> Json:
    return {"properties": _uris(cloud, endpoint.name)}


def _endpoint_secrets(change: Change) -> Json:
    present = change.current.private["keys"] if change.current else {}
    keys = {
        name: change.get(f"properties.keys.{name}") or present.get(name) or _new_key()
        for name in ("primaryKey", "secondaryKey")
    }
    return {"keys": keys}


def _new_key() -> str:
    return secrets.token_urlsafe(32)


def _list_keys(call: Call) -> Json:
    _check_key_mode(call.resource)
    keys: Json = call.resource.private["keys"]
    return keys


def _regenerate_keys(call: Call) -> Json:
    """A new key, which holds at once."""
    _check_key_mode(call.resource)
    which = {"Primary": "primaryKey", "Secondary": "secondaryKey"}.get(str(call.body.get("keyType")))
    if which is None:
        raise bad_request(
            "BadRequest", f"keyType is {call.body.get('keyType')!r}; it must be Primary or Secondary.", target="keyType"
        )
    call.resource.private["keys"][which] = call.body.get("keyValue") or _new_key()
    call.cloud.store.put(call.resource)
    return {}


def _token(call: Call) -> Json:
    if call.resource.properties.get("authMode") == "Key":
        raise bad_request(
            "BadRequest", f"Endpoint '{call.resource.name}' has the auth mode Key; call listKeys instead of token."
        )
    expiry = call.cloud.clock.now() + timedelta(hours=TOKEN_HOURS)
    seconds = TOKEN_HOURS * 3600
    return {
        "accessToken": call.cloud.directory.issue(scoring_audience(call.resource), lifetime_seconds=seconds),
        "expiryTimeUtc": int(expiry.timestamp()),
        "refreshAfterTimeUtc": int((expiry - timedelta(hours=1)).timestamp()),
        "tokenType": "Bearer",
    }


def _check_key_mode(endpoint: Resource) -> None:
    mode = endpoint.properties.get("authMode")
    if mode != "Key":
        raise bad_request("BadRequest", f"Endpoint '{endpoint.name}' has the auth mode {mode}; it has no keys to list.")


def _check_references(change: Change) -> None:
    spec_of(change.cloud, change.id, change.sent)


def _check_kubernetes(change: Change) -> None:
    """An endpoint on Kubernetes names the attached cluster, which has to be there."""
    path = "properties.compute"
    reference = change.get(path, "")
    if reference.startswith("/"):
        compute = change.cloud.find(reference, COMPUTE, property_path=path)
        if compute.properties.get("computeType") != "Kubernetes":
            kind = compute.properties.get("computeType")
            message = (
                f"{path} is '{compute.name}', a compute of the type {kind}; it must be an attached Kubernetes cluster."
            )
            raise bad_request("BadRequest", message, target=path)


def _check_instances(change: Change) -> None:
    """Size, number and quota of a managed deployment's machines."""
    if change.get("properties.endpointComputeType", "Managed") != "Managed":
        return
    number = change.get("sku.capacity", 1)
    if not isinstance(number, int) or not 1 <= number <= MOST_INSTANCES:
        message = f"sku.capacity is {number!r}; a deployment has from 1 to {MOST_INSTANCES} instances."
        raise bad_request("BadRequest", message, target="sku.capacity")
    name = change.get("properties.instanceType", "")
    if name:
        check_instances(change, sized(name, "properties.instanceType"), number)
    timeout = duration(change.get("properties.requestSettings.requestTimeout", "PT5S"))
    if timeout > LONGEST_REQUEST:
        message = f"requestTimeout is {timeout.total_seconds():.0f} s; at most {LONGEST_REQUEST.seconds} s are allowed."
        raise bad_request("BadRequest", message, target="properties.requestSettings.requestTimeout")


def _check_network(change: Change) -> None:
    """A managed deployment needs its workspace's managed network to be there already."""
    workspace = change.cloud.store.get(change.parent.id.parent)
    managed = change.get("properties.endpointComputeType", "Managed") == "Managed"
    if managed and workspace and managed_network.is_on(workspace) and not managed_network.is_active(workspace):
        message = (
            f"The managed network of workspace '{workspace.name}' is not provisioned. Provision it "
            "(provisionNetworkNow, or provisionManagedNetwork) or create a compute before you create a deployment."
        )
        raise bad_request("BadRequest", message)


def _provision(cloud: Cloud, deployment: Resource) -> Json:
    try:
        cloud.serving.deploy(spec_of(cloud, deployment.id, deployment.body))
    except DeploymentFailed as error:
        raise bad_request(error.code, str(error)) from error
    return {}


def _logs(call: Call) -> Json:
    """What a container of the deployment printed last; source: .../rest/api/azureml/online-deployments/get-logs."""
    container, lines = call.body.get("containerType") or CONTAINERS[0], call.body.get("tail") or LOG_LINES
    if container not in CONTAINERS:
        message = f"containerType is '{container}'; the containers with a log are {' and '.join(CONTAINERS)}."
        raise bad_request("BadArgument", message, target="containerType")
    if not isinstance(lines, int) or not 1 <= lines <= MOST_LOG_LINES:
        message = f"tail is {lines!r}; it must be a number of lines from 1 to {MOST_LOG_LINES}."
        raise bad_request("BadArgument", message, target="tail")
    endpoint, deployment = call.resource.id.names[-2:]
    return {"content": call.cloud.serving.log(endpoint, deployment, container, lines)}


def _deprovision(cloud: Cloud, deployment: Resource) -> None:
    """End the process once it has answered what it took; the endpoint's split forgets the deployment."""
    cloud.serving.remove(*deployment.id.names[-2:])
    with cloud.store.transaction():
        endpoint = cloud.store.get(deployment.id.parent)
        if endpoint:
            shares = tuple(f"properties.{split}.{deployment.name}" for split in ("traffic", "mirrorTraffic"))
            sent = None if endpoint.sent is None else without(endpoint.sent, shares)
            cloud.store.put(replace(endpoint, body=without(endpoint.body, shares), sent=sent))


def _check_no_traffic(cloud: Cloud, deployment: Resource) -> None:
    endpoint = cloud.store.get(deployment.id.parent)
    traffic = endpoint.properties.get("traffic", {}) if endpoint else {}
    share = next((share for name, share in traffic.items() if name.casefold() == deployment.name.casefold()), 0)
    if share:
        message = (
            f"Deployment '{deployment.name}' takes {share} percent of the traffic. Set its traffic to 0 before you "
            "delete it."
        )
        raise ArmError(400, "BadRequest", message)


def _deployment(change: Change) -> Json:
    return {
        "sku": {"name": "Default", "capacity": change.get("sku.capacity", 1)},
        "properties": overlay(DEFAULTS, change.get("properties", {})),
    }


TYPES = (
    ResourceType(
        name=ENDPOINT,
        tracked=True,
        names=ENDPOINT_NAMES,
        system_data=True,
        write_only=("properties.keys",),
        put=Answer.ASYNC_OPERATION,
        delete=Answer.ASYNC_OPERATION,
        checks=(check_free, _check_kubernetes, _check_traffic),
        complete=_endpoint,
        refresh=_refresh,
        secrets=_endpoint_secrets,
        actions={"listkeys": _list_keys, "regeneratekeys": _regenerate_keys, "token": _token},
    ),
    ResourceType(
        name=DEPLOYMENT,
        tracked=True,
        names=ENDPOINT_NAMES,
        system_data=True,
        immutable=("properties.endpointComputeType", "properties.instanceType"),
        put=Answer.ASYNC_OPERATION,
        delete=Answer.ASYNC_OPERATION,
        checks=(check_number, _check_instances, _check_references, _check_network),
        complete=_deployment,
        provision=_provision,
        runs=True,
        delete_checks=(_check_no_traffic,),
        deprovision=_deprovision,
        actions={"getlogs": _logs},
    ),
)
