"""`cluster stop` and `cluster start`: a stack's Kubernetes cluster, whose nodes cost nothing while it is stopped."""

from ops.console import say
from ops.errors import OpsError
from ops.session import Session

API_VERSION = "2025-09-01"
"""Of Microsoft.ContainerService/managedClusters."""
_DONE = {"stop": "Stopped", "start": "Running"}


def power(session: Session, action: str) -> int:
    """Stop or start the stack's cluster and wait until that is done; nothing happens to one that is there already.

    action: `stop` or `start`.
    """
    session = session.logged_in()
    cluster = session.outputs().kubernetes_cluster_id
    if cluster is None:
        message = f"stack {session.target.stack} has no Kubernetes cluster: kubernetes.enabled is false"
        raise OpsError(message)
    found = session.azure.get(cluster, API_VERSION)
    if found is None:
        raise OpsError(f"the cluster {cluster} does not exist any more: `make up STACK={session.target.stack}`")
    name = cluster.rpartition("/")[2]
    if found["properties"]["powerState"]["code"] == _DONE[action]:
        say(f"cluster {name} is {_DONE[action].lower()} already")
        return 0
    session.azure.post(f"{cluster}/{action}", API_VERSION)
    say(f"cluster {name} is {_DONE[action].lower()}")
    return 0
