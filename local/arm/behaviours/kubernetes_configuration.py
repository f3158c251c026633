"""Microsoft.KubernetesConfiguration: extensions of clusters.

Sources: learn.microsoft.com/rest/api/kubernetesconfiguration/extensions, .../azure/machine-learning/
how-to-deploy-kubernetes-extension (settings of the machine learning extension).
"""

from collections.abc import Mapping

from local.arm.behaviours.container_service.children import TRUSTED_ACCESS
from local.arm.behaviours.container_service.installed import (
    EXTENSION,
    MACHINE_LEARNING,
    extension_type,
    extensions_of,
)
from local.arm.behaviours.container_service.running import run
from local.arm.behaviours.container_service.states import CLUSTER, check_at_rest, is_stopped, pools_of
from local.arm.cloud import Cloud
from local.arm.documents import Json, member
from local.arm.errors import ArmError, bad_request, conflict
from local.arm.resource_types import Answer, Change, NameRule, ResourceProvider, ResourceType, Scope
from local.arm.store import Resource

TYPE, SETTINGS, PROTECTED = (
    "properties.extensionType",
    "properties.configurationSettings",
    "properties.configurationProtectedSettings",
)
NODES_FOR_HIGH_AVAILABILITY = 3
ROUTER_TYPES = ("loadbalancer", "nodeport", "clusterip")


def _check(change: Change) -> None:
    cluster = change.id.scope
    if cluster is None or cluster.type.casefold() != CLUSTER.casefold():
        message = f"An extension lies on a cluster such as {CLUSTER}; '{cluster}' is none."
        raise bad_request("BadRequest", message)
    if not change.get(TYPE):
        raise bad_request("BadRequest", f"{TYPE} is required.", target=TYPE)
    for settings in (SETTINGS, PROTECTED):
        change.get(settings, {})
    check_at_rest(change.cloud, cluster, but_for=change.id)
    for other in extensions_of(change.cloud, cluster):
        if other.id.key != change.id.key and extension_type(other) == str(change.get(TYPE)).casefold():
            message = (
                f"The extension type '{change.get(TYPE)}' is installed on '{cluster}' as '{other.name}' already; a "
                "cluster has one of each type."
            )
            raise conflict("Conflict", message)


def _complete(change: Change) -> Json:
    namespace = str(change.get(TYPE)).rpartition(".")[0].rpartition(".")[2].casefold()
    protected = change.get(PROTECTED, {})
    return {
        "properties": {
            "autoUpgradeMinorVersion": change.get("properties.autoUpgradeMinorVersion", True),
            "releaseTrain": change.get("properties.releaseTrain", "Stable"),
            "scope": change.get("properties.scope", {"cluster": {"releaseNamespace": namespace}}),
            "isSystemExtension": False,
            "statuses": change.get("properties.statuses", []),
            # A client sees that there are some, and not what they are.
            **({"configurationProtectedSettings": dict.fromkeys(protected, "")} if protected else {}),
        }
    }


def _provision(cloud: Cloud, extension: Resource) -> Json:
    cluster = cloud.store.get(extension.id.scope)
    assert cluster is not None
    if is_stopped(cluster):
        raise _failed(f"the cluster '{cluster.name}' is stopped")
    if extension_type(extension) == MACHINE_LEARNING:
        _check_machine_learning(cloud, cluster, extension)
    run(cloud, cluster)
    return {}


def _check_machine_learning(cloud: Cloud, cluster: Resource, extension: Resource) -> None:
    """What the extension's own installer refuses, minutes after Azure has accepted the request."""
    settings = extension.properties.get("configurationSettings") or {}
    protected = (extension.sent or {}).get("properties", {}).get("configurationProtectedSettings") or {}
    training, inference = _is_on(settings, "enableTraining"), _is_on(settings, "enableInference")
    if not training and not inference:
        raise _failed("one of enableTraining and enableInference must be true")
    if cluster.properties.get("servicePrincipalProfile") and not cluster.body.get("identity"):
        raise _failed("a cluster with a service principal is not supported; it needs a managed identity")
    if cluster.properties.get("disableLocalAccounts") and not _is_trusted(cloud, cluster):
        raise _failed(
            "local accounts of the cluster are disabled, so Azure Machine Learning cannot sign in; enable them, or "
            "bind a trusted access role for the workspace"
        )
    if inference:
        _check_router(cloud, cluster, settings, protected)


def _check_router(cloud: Cloud, cluster: Resource, settings: Mapping[str, str], protected: Mapping[str, str]) -> None:
    router = member(settings, "inferenceRouterServiceType")
    if str(router).casefold() not in ROUTER_TYPES:
        raise _failed(f"inferenceRouterServiceType is {router!r}; it must be loadBalancer, nodePort or clusterIP")
    secured = member(settings, "sslSecret") or member(protected, "sslCertPemFile") or member(settings, "sslCname")
    if not _is_on(settings, "allowInsecureConnections") and not secured:
        raise _failed("inference needs TLS (sslSecret and sslCname), or allowInsecureConnections=true")
    if secured and not member(settings, "sslCname"):
        raise _failed("TLS needs sslCname, the name that clients call")
    nodes = sum(int(pool.properties["count"]) for pool in pools_of(cloud, cluster.id) if _takes_any(pool))
    if _is_on(settings, "inferenceRouterHA", default=True) and nodes < NODES_FOR_HIGH_AVAILABILITY:
        raise _failed(
            f"a highly available inference router needs {NODES_FOR_HIGH_AVAILABILITY} nodes, the cluster has {nodes}; "
            "add nodes, or set inferenceRouterHA=false"
        )


def _takes_any(pool: Resource) -> bool:
    """Whether a pool takes pods that tolerate nothing."""
    return not pool.properties.get("nodeTaints")


def _is_trusted(cloud: Cloud, cluster: Resource) -> bool:
    return any(resource.type == TRUSTED_ACCESS for resource in cloud.store.below(cluster.id))


def _is_on(settings: Mapping[str, str], name: str, *, default: bool = False) -> bool:
    value = member(settings, name)
    return default if value is None else str(value).casefold() == "true"


def _failed(why: str) -> ArmError:
    return bad_request("ExtensionOperationFailed", f"The extension operation failed with the following error: {why}.")


PROVIDER = ResourceProvider(
    namespace="Microsoft.KubernetesConfiguration",
    types=(
        ResourceType(
            name=EXTENSION,
            scope=Scope.ANY,
            names=NameRule(
                r"[a-z0-9]([-a-z0-9.]{0,51}[a-z0-9])?",
                "1 to 53 lower-case letters, digits, '-' and '.', the first and the last a letter or digit",
            ),
            immutable=(TYPE, "properties.scope"),
            write_only=(PROTECTED,),
            system_data=True,
            put=Answer.ASYNC_OPERATION,
            delete=Answer.LOCATION,
            checks=(_check,),
            complete=_complete,
            provision=_provision,
        ),
    ),
)
