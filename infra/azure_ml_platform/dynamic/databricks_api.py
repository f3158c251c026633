"""The REST interface of a Databricks workspace: how each kind of object is made, read, changed and deleted there.

Sources: docs.databricks.com/api/azure/workspace (clusterpolicies, instancepools, jobs, secrets, storagecredentials,
externallocations, catalogs, schemas, grants).
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol, Self
from urllib.parse import quote

import pulumi

from azure_ml_platform.cloud import Cloud
from azure_ml_platform.dynamic import clients
from azure_ml_platform.dynamic.sign_in import sign_in

Object = Mapping[str, Any]

_GONE = frozenset({"RESOURCE_DOES_NOT_EXIST", "NOT_FOUND"})


class DatabricksError(pulumi.RunError):
    """A refusal of a workspace: its code, its message, and what was asked."""

    def __init__(self, code: str, message: str, asked: str) -> None:
        """Keep the code for whoever reacts to it."""
        super().__init__(f"{code}: {message} ({asked})")
        self.code = code

    @property
    def is_gone(self) -> bool:
        """Whether the workspace has no such object."""
        return self.code in _GONE or self.code.endswith("_DOES_NOT_EXIST")


class Workspace:
    """One workspace, as whoever is signed in to Microsoft Entra."""

    def __init__(self, url: str) -> None:
        """Sign in for the workspace at `url` (host, with a path on the local target); raises SignInError."""
        clients.load()
        from azure.core import PipelineClient
        from azure.core.pipeline import policies

        scope = Cloud.current().databricks_scope
        self._base = f"https://{url}/api/"
        self._client: PipelineClient[Any, Any] = PipelineClient(
            base_url=self._base,
            policies=[policies.RetryPolicy(), policies.BearerTokenCredentialPolicy(sign_in(scope), scope)],
        )

    def __enter__(self) -> Self:
        """Open the connection."""
        self._client.__enter__()
        return self

    def __exit__(self, *_: object) -> None:
        """Close the connection."""
        self._client.close()

    def get(self, path: str, **query: str) -> dict[str, Any] | None:
        """What is at a path, None when there is no such object."""
        words = "&".join(f"{name}={quote(value, safe='')}" for name, value in query.items())
        try:
            return self._send("GET", f"{path}?{words}" if words else path)
        except DatabricksError as refused:
            if refused.is_gone:
                return None
            raise

    def post(self, path: str, body: Object) -> dict[str, Any]:
        """Create something, or act on it."""
        return self._send("POST", path, body)

    def patch(self, path: str, body: Object) -> dict[str, Any]:
        """Change members of an object."""
        return self._send("PATCH", path, body)

    def delete(self, path: str) -> None:
        """Delete an object; one that is gone is no error."""
        self._unless_gone("DELETE", path)

    def remove(self, path: str, body: Object) -> None:
        """Delete by a POST; an object that is gone is no error."""
        self._unless_gone("POST", path, body)

    def _unless_gone(self, method: str, path: str, body: Object | None = None) -> None:
        try:
            self._send(method, path, body)
        except DatabricksError as refused:
            if not refused.is_gone:
                raise

    def _send(self, method: str, path: str, body: Object | None = None) -> dict[str, Any]:
        from azure.core.exceptions import AzureError
        from azure.core.rest import HttpRequest

        try:
            response = self._client.send_request(HttpRequest(method, f"{self._base}{path}", json=body))
        except AzureError as error:
            raise DatabricksError("Unreachable", error.message, f"{method} {self._base}{path}") from None
        try:
            answer = response.json() if response.text() else {}
        except json.JSONDecodeError:
            answer = {"message": response.text()[:200]}
        if response.status_code >= 400:
            code = str(answer.get("error_code", response.status_code))
            raise DatabricksError(code, str(answer.get("message", response.reason)), f"{method} {self._base}{path}")
        return dict(answer)


class Kind(Protocol):
    """How one kind of object lives."""

    def replaces(self, old: Object, new: Object) -> bool:
        """Whether a change makes another object."""

    def find(self, workspace: Workspace, spec: Object) -> str | None:
        """The id of the object of that name, None if there is none."""

    def create(self, workspace: Workspace, spec: Object) -> str:
        """Make the object and return its id."""

    def read(self, workspace: Workspace, id: str, spec: Object) -> dict[str, Any] | None:
        """The members that `spec` speaks of as they are now, None when the object is gone."""

    def update(self, workspace: Workspace, id: str, old: Object, new: Object) -> None:
        """Make the object what `new` says."""

    def delete(self, workspace: Workspace, id: str, spec: Object) -> None:
        """Delete the object; one that is gone is no error."""


@dataclass(frozen=True)
class Operated:
    """Objects with an operation for each thing that can be done, and an id that the workspace gives."""

    path: str
    collection: str
    """Member of the list's answer."""
    id: str
    name: str
    """Member that the stack tells its objects apart by."""
    edit: str = "edit"
    settings: str | None = None
    """Member that holds the object on reading."""
    new_settings: str | None = None
    """Member that holds the object on editing."""

    def replaces(self, old: Object, new: Object) -> bool:  # noqa: D102 - as the protocol
        return False

    def find(self, workspace: Workspace, spec: Object) -> str | None:  # noqa: D102 - as the protocol
        page: dict[str, Any] | None = workspace.get(f"{self.path}/list")
        while page:
            for item in page.get(self.collection, []):
                if (item[self.settings] if self.settings else item).get(self.name) == spec[self.name]:
                    return str(item[self.id])
            token = page.get("next_page_token")
            page = workspace.get(f"{self.path}/list", page_token=token) if token else None
        return None

    def create(self, workspace: Workspace, spec: Object) -> str:  # noqa: D102 - as the protocol
        return str(workspace.post(f"{self.path}/create", spec)[self.id])

    def read(self, workspace: Workspace, id: str, spec: Object) -> dict[str, Any] | None:  # noqa: D102
        found = workspace.get(f"{self.path}/get", **{self.id: id})
        return _as_in(spec, found[self.settings] if self.settings else found) if found else None

    def update(self, workspace: Workspace, id: str, old: Object, new: Object) -> None:  # noqa: D102
        own: dict[str, Any] = {self.id: _number(id)}
        workspace.post(f"{self.path}/{self.edit}", own | ({self.new_settings: new} if self.new_settings else dict(new)))

    def delete(self, workspace: Workspace, id: str, spec: Object) -> None:  # noqa: D102
        workspace.remove(f"{self.path}/delete", {self.id: _number(id)})


class SecretScope:
    """A secret scope on a key vault: it has a name for its id and never changes."""

    path = "2.0/secrets/scopes"

    def replaces(self, old: Object, new: Object) -> bool:  # noqa: D102 - as the protocol
        return dict(old) != dict(new)

    def find(self, workspace: Workspace, spec: Object) -> str | None:  # noqa: D102 - as the protocol
        scopes = (workspace.get(f"{self.path}/list") or {}).get("scopes", [])
        return next((scope["name"] for scope in scopes if scope["name"] == spec["scope"]), None)

    def create(self, workspace: Workspace, spec: Object) -> str:  # noqa: D102 - as the protocol
        workspace.post(f"{self.path}/create", spec)
        return str(spec["scope"])

    def read(self, workspace: Workspace, id: str, spec: Object) -> dict[str, Any] | None:  # noqa: D102
        return dict(spec) if self.find(workspace, {"scope": id}) else None

    def update(self, workspace: Workspace, id: str, old: Object, new: Object) -> None:
        """Do nothing: every change replaces a scope, and one that is found is as it was made."""

    def delete(self, workspace: Workspace, id: str, spec: Object) -> None:  # noqa: D102
        workspace.remove(f"{self.path}/delete", {"scope": id})


@dataclass(frozen=True)
class Securable:
    """An object of Unity Catalog: its full name is its id."""

    collection: str
    inside: str | None = None
    """Member with the name of the object that it lies in."""
    fixed: tuple[str, ...] = ("name",)
    """Members whose change makes another object."""

    @property
    def path(self) -> str:
        """Path of the collection."""
        return f"2.1/unity-catalog/{self.collection}"

    def replaces(self, old: Object, new: Object) -> bool:  # noqa: D102 - as the protocol
        return any(old.get(name) != new.get(name) for name in (*self.fixed, self.inside) if name)

    def find(self, workspace: Workspace, spec: Object) -> str | None:  # noqa: D102 - as the protocol
        name = self._full_name(spec)
        return name if workspace.get(f"{self.path}/{quote(name)}") else None

    def create(self, workspace: Workspace, spec: Object) -> str:  # noqa: D102 - as the protocol
        workspace.post(self.path, spec)
        return self._full_name(spec)

    def _full_name(self, spec: Object) -> str:
        return f"{spec[self.inside]}.{spec['name']}" if self.inside else str(spec["name"])

    def read(self, workspace: Workspace, id: str, spec: Object) -> dict[str, Any] | None:  # noqa: D102
        found = workspace.get(f"{self.path}/{quote(id)}")
        return _as_in(spec, found) if found else None

    def update(self, workspace: Workspace, id: str, old: Object, new: Object) -> None:  # noqa: D102
        changed = {name: value for name, value in new.items() if old.get(name) != value}
        workspace.patch(f"{self.path}/{quote(id)}", changed)

    def delete(self, workspace: Workspace, id: str, spec: Object) -> None:  # noqa: D102
        workspace.delete(f"{self.path}/{quote(id)}?force=true")


class Grants:
    """Privileges of principals on one securable; those of others are left alone."""

    def replaces(self, old: Object, new: Object) -> bool:  # noqa: D102 - as the protocol
        return self._path(old) != self._path(new)

    def find(self, workspace: Workspace, spec: Object) -> str | None:  # noqa: D102 - as the protocol
        return None  # Granting what is granted changes nothing.

    def create(self, workspace: Workspace, spec: Object) -> str:  # noqa: D102 - as the protocol
        self.update(workspace, "", {"privileges": {}}, spec)
        return f"{spec['securable']}/{spec['full_name']}"

    def read(self, workspace: Workspace, id: str, spec: Object) -> dict[str, Any] | None:  # noqa: D102
        found = workspace.get(self._path(spec))
        if found is None:
            return None
        held = {entry["principal"]: entry["privileges"] for entry in found.get("privilege_assignments", [])}
        kept = {
            principal: [privilege for privilege in wanted if privilege in held.get(principal, [])]
            for principal, wanted in spec["privileges"].items()
        }
        return {**spec, "privileges": kept}

    def update(self, workspace: Workspace, id: str, old: Object, new: Object) -> None:  # noqa: D102
        before, after = old["privileges"], new["privileges"]
        changes = [
            {
                "principal": principal,
                "add": sorted(set(after.get(principal, [])) - set(before.get(principal, []))),
                "remove": sorted(set(before.get(principal, [])) - set(after.get(principal, []))),
            }
            for principal in sorted({*before, *after})
        ]
        workspace.patch(
            self._path(new), {"changes": [change for change in changes if change["add"] or change["remove"]]}
        )

    def delete(self, workspace: Workspace, id: str, spec: Object) -> None:  # noqa: D102 - as the protocol
        try:
            self.update(workspace, id, spec, {**spec, "privileges": {}})
        except DatabricksError as refused:
            if not refused.is_gone:
                raise

    def _path(self, spec: Object) -> str:
        return f"2.1/unity-catalog/permissions/{spec['securable']}/{quote(spec['full_name'])}"


KINDS: Mapping[str, Kind] = {
    "cluster policy": Operated("2.0/policies/clusters", "policies", "policy_id", "name"),
    "instance pool": Operated("2.0/instance-pools", "instance_pools", "instance_pool_id", "instance_pool_name"),
    "job": Operated(
        *("2.2/jobs", "jobs", "job_id", "name"), edit="reset", settings="settings", new_settings="new_settings"
    ),
    "secret scope": SecretScope(),
    "storage credential": Securable("storage-credentials"),
    "external location": Securable("external-locations"),
    "catalog": Securable("catalogs", fixed=("name", "storage_root")),
    "schema": Securable("schemas", inside="catalog_name", fixed=("name", "storage_root")),
    "grants": Grants(),
}
"""Every kind by the name that a declaration gives it."""


def _as_in(spec: Object, found: Object) -> dict[str, Any]:
    """The members that a declaration speaks of: what the workspace adds is its own."""
    return {name: found.get(name) for name in spec}


def _number(id: str) -> int | str:
    return int(id) if id.isdecimal() else id
