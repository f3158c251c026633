"""Reads with the Kubernetes client, unchanged, what is inside a cluster that Azure's client led to, and prints JSON.

Runs in an environment of its own (`.local/clients`). Where Azure is comes from the environment contract alone; the
cluster's id, the namespace to read and the program that signs in are its arguments.
"""

import json
import os
import sys
from typing import Any

import yaml
from azure.identity import DefaultAzureCredential
from azure.mgmt.containerservice import ContainerServiceClient
from kubernetes import client, config
from kubernetes.client.exceptions import ApiException

ENDPOINT = f"https://{os.environ['ARM_METADATA_HOSTNAME']}"
SUBSCRIPTION = os.environ["ARM_SUBSCRIPTION_ID"]
SERVER = "6dae42f8-4368-4678-94ff-3960e28e3630"


def main(cluster: str, namespace: str, sign_in: str) -> None:
    """Print what is inside."""
    api = config.new_client_from_config_dict(_kubeconfig(cluster, sign_in))
    seen = {
        "version": client.VersionApi(api).get_code().git_version,
        **_cluster(api),
        **_namespace(api, namespace),
        "refused": _refused(api, namespace),
    }
    json.dump(api.sanitize_for_serialization(seen), sys.stdout)


def _kubeconfig(cluster: str, sign_in: str) -> dict[str, Any]:
    """The kubeconfig that Azure hands out, with another program than `kubelogin`, which is not on every machine."""
    _, _, _, _, group, *_, name = cluster.split("/")
    where: dict[str, Any] = {"base_url": ENDPOINT, "credential_scopes": [f"{ENDPOINT}/.default"]}
    with DefaultAzureCredential() as credential:
        clusters = ContainerServiceClient(credential, SUBSCRIPTION, **where).managed_clusters
        given = clusters.list_cluster_user_credentials(group, name).kubeconfigs[0].value
    document: dict[str, Any] = yaml.safe_load(bytes(given))
    document["users"][0]["user"]["exec"] |= {"command": sign_in, "args": [SERVER]}
    return document


def _cluster(api: client.ApiClient) -> dict[str, Any]:
    priorities = client.SchedulingV1Api(api).list_priority_class().items
    types = client.CustomObjectsApi(api).list_cluster_custom_object("amlarc.azureml.com", "v1alpha1", "instancetypes")
    plugins = client.AppsV1Api(api).list_namespaced_daemon_set("kube-system").items
    return {
        "namespaces": [item.metadata.name for item in client.CoreV1Api(api).list_namespace().items],
        "priorities": {item.metadata.name: item.value for item in priorities},
        "instance_types": {item["metadata"]["name"]: item["spec"] for item in types["items"]},
        "daemons": [item.metadata.name for item in plugins],
    }


def _namespace(api: client.ApiClient, namespace: str) -> dict[str, Any]:
    core, network, policy = client.CoreV1Api(api), client.NetworkingV1Api(api), client.PolicyV1Api(api)
    if namespace not in [item.metadata.name for item in core.list_namespace().items]:
        return {}
    (quota,) = core.list_namespaced_resource_quota(namespace).items
    (limits,) = core.list_namespaced_limit_range(namespace).items
    (closed,) = network.list_namespaced_network_policy(namespace).items
    accounts = core.list_namespaced_service_account(namespace).items
    return {
        "labels": core.read_namespace(namespace).metadata.labels,
        "quota": quota.spec.hard,
        "defaults": limits.spec.limits[0].default_request,
        "policy_types": closed.spec.policy_types,
        "budgets": [
            item.spec.max_unavailable for item in policy.list_namespaced_pod_disruption_budget(namespace).items
        ],
        "accounts": {item.metadata.name: item.metadata.annotations for item in accounts},
    }


def _refused(api: client.ApiClient, namespace: str) -> str:
    """What the API server answers to a pod that wants the node itself."""
    container = {"name": "all", "image": "all", "securityContext": {"privileged": True}}
    pod = {"metadata": {"name": "refused"}, "spec": {"containers": [container]}}
    try:
        client.CoreV1Api(api).create_namespaced_pod(namespace, pod, dry_run="All")
    except ApiException as error:
        return f"{error.status}: {json.loads(error.body)['message']}"
    return "accepted"


if __name__ == "__main__":
    main(*sys.argv[1:])
