"""Managed clusters and node pools with azure-mgmt-containerservice, unchanged, and what it saw as JSON.

Runs in an environment of its own (`.local/clients`). Where the target is comes from the environment contract alone.
Everything that it makes lies in one resource group, which it deletes at the end.
"""

import json
import sys
from collections.abc import Callable
from typing import Any

import yaml
from azure.core.exceptions import HttpResponseError
from azure.identity import DefaultAzureCredential
from azure.mgmt.containerservice import ContainerServiceClient
from azure.mgmt.resource.resources import ResourceManagementClient
from target import REGION, SUBSCRIPTION, WHERE, is_gone, refusal

GROUP, CLUSTER = "rg-aks-client", "aks-client"
BODY = {
    "location": REGION,
    "identity": {"type": "SystemAssigned"},
    "properties": {
        "dnsPrefix": CLUSTER,
        "agentPoolProfiles": [{"name": "system", "mode": "System", "vmSize": "Standard_D4s_v5", "count": 1}],
        "aadProfile": {"managed": True, "enableAzureRBAC": True},
        "networkProfile": {"networkPlugin": "azure", "networkPluginMode": "overlay"},
    },
}


def clusters(client: ContainerServiceClient) -> dict[str, Any]:
    """A cluster: made, read, listed, tagged, and how one gets in."""
    managed = client.managed_clusters
    made = managed.begin_create_or_update(GROUP, CLUSTER, BODY).result()
    managed.begin_update_tags(GROUP, CLUSTER, {"tags": {"state": "changed"}}).result()
    found = managed.get(GROUP, CLUSTER)
    return {
        "state": made.provisioning_state,
        "power": made.power_state.code,
        "host": made.fqdn.startswith(f"{CLUSTER}-"),
        "node_group": found.node_resource_group,
        "pools": [pool.name for pool in found.agent_pool_profiles],
        "tags": found.tags,
        "in_group": [item.name for item in managed.list_by_resource_group(GROUP)],
        "in_subscription": [item.name for item in managed.list()],
        "user": _sign_in(lambda: managed.list_cluster_user_credentials(GROUP, CLUSTER)),
        "administrator": _sign_in(lambda: managed.list_cluster_admin_credentials(GROUP, CLUSTER)),
    }


def _sign_in(call: Callable[[], Any]) -> Any:
    """Name and keys of the user in a kubeconfig, or why there is none."""
    try:
        kubeconfig = call().kubeconfigs[0]
    except HttpResponseError as error:
        return error.message
    (user,) = yaml.safe_load(kubeconfig.value)["users"]
    return [kubeconfig.name, sorted(user["user"])]


def pools(client: ContainerServiceClient) -> dict[str, Any]:
    """A node pool beside the first: made, grown, listed, refused another size, deleted."""
    managed = client.agent_pools
    body: dict[str, Any] = {"properties": {"mode": "User", "vmSize": "Standard_D4s_v5", "count": 1}}
    made = managed.begin_create_or_update(GROUP, CLUSTER, "extra", body).result()
    body["properties"]["count"] = 2
    grown = managed.begin_create_or_update(GROUP, CLUSTER, "extra", body).result()
    listed = sorted(pool.name for pool in managed.list(GROUP, CLUSTER))
    body["properties"]["vmSize"] = "Standard_D8s_v5"
    resized = refusal(lambda: managed.begin_create_or_update(GROUP, CLUSTER, "extra", body))
    managed.begin_delete(GROUP, CLUSTER, "extra").wait()
    return {
        "made": [made.provisioning_state, made.type_properties_type, made.count],
        "grown": grown.count,
        "listed": listed,
        "resized": resized,
        "the_last_system_pool": refusal(lambda: managed.begin_delete(GROUP, CLUSTER, "system")),
        "gone": is_gone(lambda: managed.get(GROUP, CLUSTER, "extra")),
    }


def power(client: ContainerServiceClient) -> dict[str, Any]:
    """The cluster is stopped, does nothing until it is started, and goes."""
    managed = client.managed_clusters
    managed.begin_stop(GROUP, CLUSTER).wait()
    stopped = managed.get(GROUP, CLUSTER).power_state.code
    pool = {"properties": {"mode": "User", "vmSize": "Standard_D4s_v5", "count": 1}}
    asleep = refusal(lambda: client.agent_pools.begin_create_or_update(GROUP, CLUSTER, "late", pool))
    managed.begin_start(GROUP, CLUSTER).wait()
    started = managed.get(GROUP, CLUSTER).power_state.code
    managed.begin_delete(GROUP, CLUSTER).wait()
    return {
        "stopped": stopped,
        "refused": asleep,
        "started": started,
        "gone": is_gone(lambda: managed.get(GROUP, CLUSTER)),
    }


def main() -> None:
    """Print what the client saw at each step."""
    with DefaultAzureCredential() as credential:
        groups = ResourceManagementClient(credential, SUBSCRIPTION, **WHERE).resource_groups
        groups.create_or_update(GROUP, {"location": REGION})
        client = ContainerServiceClient(credential, SUBSCRIPTION, **WHERE)
        seen = {"clusters": clusters(client), "pools": pools(client), "power": power(client)}
        groups.begin_delete(GROUP).wait()
    json.dump(seen, sys.stdout)


if __name__ == "__main__":
    main()
