"""The kubeconfigs that a managed cluster hands out.

Sources: learn.microsoft.com/rest/api/aks/managed-clusters (list credentials), .../azure/aks/kubelogin-authentication,
.../azure/aks/manage-local-accounts-managed-azure-ad.
"""

import base64

import yaml

from local.arm.access_reviews import AUDIENCES
from local.arm.behaviours.container_service.running import key_of, run
from local.arm.behaviours.container_service.states import check_running
from local.arm.data_planes import ClusterAccess
from local.arm.documents import Json
from local.arm.errors import bad_request
from local.arm.resource_types import Call


def admin(call: Call) -> Json:
    """`listClusterAdminCredential`: a local account, which a cluster may have switched off."""
    if call.resource.properties.get("disableLocalAccounts"):
        message = "Getting static credential is not allowed because this cluster is set to disable local accounts."
        raise bad_request("BadRequest", message)
    return _answer(call, "clusterAdmin", {"token": _access(call).admin_token})


def user(call: Call) -> Json:
    """`listClusterUserCredential`: with Entra ID a way to sign in, else the same account as the administrator's."""
    if not (call.resource.properties.get("aadProfile") or {}).get("managed"):
        return _answer(call, "clusterUser", {"token": _access(call).admin_token})
    return _answer(call, "clusterUser", {"exec": _kubelogin(call)})


def _kubelogin(call: Call) -> Json:
    """The sign-in that AKS asks of kubectl: a program of Microsoft's that people install beside it."""
    options = ["--environment", "AzurePublicCloud", "--server-id", AUDIENCES[0], "--login", "devicecode"]
    return {
        "apiVersion": "client.authentication.k8s.io/v1beta1",
        "command": "kubelogin",
        "args": ["get-token", *options, "--tenant-id", call.cloud.directory.tenant_id],
        "env": None,
        "installHint": "kubelogin is not installed: https://aka.ms/aks/kubelogin",
        "provideClusterInfo": False,
    }


def _access(call: Call) -> ClusterAccess:
    check_running(call.resource)
    # Its processes start now where the machine had none to start when the cluster was made.
    run(call.cloud, call.resource)
    return call.cloud.clusters.access(key_of(call.resource))


def _answer(call: Call, name: str, user_entry: Json) -> Json:
    cluster, access = call.resource.name, _access(call)
    account = f"{name}_{call.resource.id.group.name if call.resource.id.group else ''}_{cluster}"
    authority = base64.b64encode(access.ca.encode()).decode()
    document = {
        "apiVersion": "v1",
        "kind": "Config",
        "clusters": [{"name": cluster, "cluster": {"certificate-authority-data": authority, "server": access.url}}],
        "contexts": [{"name": cluster, "context": {"cluster": cluster, "user": account}}],
        "current-context": cluster,
        "preferences": {},
        "users": [{"name": account, "user": user_entry}],
    }
    text = yaml.safe_dump(document, sort_keys=False)
    return {"kubeconfigs": [{"name": name, "value": base64.b64encode(text.encode()).decode()}]}
