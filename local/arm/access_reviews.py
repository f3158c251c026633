"""What the API server of a Kubernetes cluster asks the directory: whose a token is, and what its owner may do.

The questions are Kubernetes' webhooks (kubernetes.io/docs/reference/access-authn-authz/webhook); what an Azure role
allows in a cluster is in learn.microsoft.com/azure/aks/manage-azure-rbac.
"""

from collections.abc import Callable
from dataclasses import dataclass

from local.arm.cloud import Cloud
from local.arm.documents import Json, reach
from local.arm.errors import ArmError, not_found
from local.arm.held_roles import held_roles
from local.arm.store import Resource
from local.arm.wire import Reply, Request

TOKEN, ACCESS = "token", "access"
AUDIENCES = ("6dae42f8-4368-4678-94ff-3960e28e3630", "api://6dae42f8-4368-4678-94ff-3960e28e3630")
"""The application that stands for every AKS cluster's API server
(learn.microsoft.com/azure/aks/kubelogin-authentication)."""
_READ = frozenset(("get", "list", "watch"))
_RBAC_GROUP = "rbac.authorization.k8s.io"

Asked = Json
"""The attributes of a request to a cluster: `resourceAttributes` of a SubjectAccessReview."""


def _namespaced(asked: Asked) -> bool:
    return bool(asked.get("namespace")) and asked.get("group") != _RBAC_GROUP


def _administers(asked: Asked) -> bool:
    reads = asked.get("verb") in _READ
    return reads or asked.get("resource") not in ("namespaces", "resourcequotas")


def _writes(asked: Asked) -> bool:
    return _namespaced(asked) or _reads_namespaces(asked)


def _reads(asked: Asked) -> bool:
    allowed = _namespaced(asked) and asked.get("verb") in _READ and asked.get("resource") != "secrets"
    return allowed or _reads_namespaces(asked)


def _reads_namespaces(asked: Asked) -> bool:
    return asked.get("resource") == "namespaces" and asked.get("verb") in _READ


_ROLES: dict[str, Callable[[Asked], bool]] = {
    "b1ff04bb-8a4e-4dc4-8eb5-8693973ce19b": lambda _: True,  # Azure Kubernetes Service RBAC Cluster Admin
    "3498e952-d568-435e-9b2c-8d77e338d7f7": _administers,  # … RBAC Admin
    "a7ffa36f-339b-4b5c-8bdf-e2c188b2c0eb": _writes,  # … RBAC Writer
    "7f6c6a51-bcf8-42ba-9220-52d62157d7db": _reads,  # … RBAC Reader
}
"""What each role allows, by its GUID."""


def route(cloud: Cloud, cluster: str, question: str) -> str:
    """Where a cluster asks."""
    return f"{cloud.url}/kubernetes/{cluster}/{question}"


@dataclass(frozen=True)
class AccessReviews:
    """The answers, for one cloud."""

    cloud: Cloud
    find: Callable[[Cloud, str], Resource | None]
    """The managed cluster that is known on this machine by a key."""

    def answer(self, key: str, question: str, request: Request) -> Reply:
        """The answer to one question; raises ArmError for one that this cloud's own clusters do not ask."""
        shown = request.headers.get("authorization", "").removeprefix("Bearer ")
        if not self.cloud.directory.knows_secret(shown):
            raise ArmError(401, "AuthenticationFailed", "Only the clusters of this local Azure ask here.")
        cluster = self.find(self.cloud, key)
        if cluster is None or question not in (TOKEN, ACCESS):
            raise not_found("NotFound", f"No cluster asks '{question}' as '{key}'.")
        review = request.document()
        status = self._whose(review) if question == TOKEN else self._may(cluster, review)
        return Reply(200, {"apiVersion": review["apiVersion"], "kind": review["kind"], "status": status})

    def _whose(self, review: Json) -> Json:
        try:
            claims = self.cloud.directory.verify(f"Bearer {reach(review, 'spec.token')}")
        except ArmError as error:
            return {"authenticated": False, "error": error.message}
        if str(claims["aud"]).rstrip("/") not in AUDIENCES:
            return {"authenticated": False, "error": f"the token is for {claims['aud']}, not for a cluster"}
        return {"authenticated": True, "user": {"username": claims["oid"], "uid": claims["oid"]}}

    def _may(self, cluster: Resource, review: Json) -> Json:
        user = reach(review, "spec.user", "")
        asked: Asked = reach(review, "spec.resourceAttributes") or {}
        held = held_roles(self.cloud.store, user, cluster.id)
        if any(_ROLES[role](asked) for role in held & _ROLES.keys()):
            return {"allowed": True}
        reason = f"{user} has no role assignment on {cluster.id} that allows it; see https://aka.ms/aks-azure-rbac"
        return {"allowed": False, "reason": reason}
