"""The REST interface of Databricks workspaces, recorded: objects are kept, refused and shown, and nothing is run.

Sources: docs.databricks.com/api/azure/workspace (cluster policies, instance pools, jobs, secret scopes, Unity Catalog);
tokens are Microsoft Entra's for the resource 2ff814a6-3304-4ab8-85cb-cd0e6f879c1d.
"""

import json
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import unquote

from local.arm.cloud import Cloud
from local.arm.documents import Json
from local.arm.errors import ArmError
from local.arm.store import Resource
from local.arm.wire import Reply, Request

WORKSPACE = "Microsoft.Databricks/workspaces"
AUDIENCE = "2ff814a6-3304-4ab8-85cb-cd0e6f879c1d"
CATALOG = "/api/2.1/unity-catalog/"

Objects = dict[str, Json]
"""The objects of one kind by id."""


@dataclass(frozen=True)
class Kind:
    """A kind of object with the operations `create`, `edit`, `get`, `delete` and `list`, one path each."""

    collection: str
    """Member of the list's answer."""
    id: str
    """Member that names an object for ever."""
    name: str | None
    """Member that is unique; None where names may repeat."""
    edit: str = "edit"
    settings: str | None = None
    """Member that holds the object on reading, where that is not the object itself."""
    new_settings: str | None = None
    """Member that holds the object on editing."""
    new_id: Callable[[Json], str | int] = lambda _: uuid.uuid4().hex[:16].upper()
    shown_as: Mapping[str, str] = field(default_factory=dict)
    """Members that have another name on reading."""


KINDS = {
    "/api/2.0/policies/clusters": Kind("policies", "policy_id", "name"),
    "/api/2.0/instance-pools": Kind("instance_pools", "instance_pool_id", "instance_pool_name"),
    "/api/2.2/jobs": Kind(
        *("jobs", "job_id", None),
        edit="reset",
        settings="settings",
        new_settings="new_settings",
        new_id=lambda _: uuid.uuid4().int >> 80,
    ),
    "/api/2.0/secrets/scopes": Kind(
        *("scopes", "scope", "scope"),
        new_id=lambda sent: str(sent["scope"]),
        shown_as={"scope": "name", "scope_backend_type": "backend_type", "backend_azure_keyvault": "keyvault_metadata"},
    ),
}
"""By the path before the operation."""


@dataclass(frozen=True)
class Securable:
    """A kind of object of Unity Catalog, with a path of its own for each object."""

    refers: tuple[tuple[str, str], ...] = ()
    """Member and kind of the objects that have to exist."""
    inside: str | None = None
    """Member with the name of the object that it lies in; part of its full name."""


SECURABLES = {
    "storage-credentials": Securable(),
    "external-locations": Securable(refers=(("credential_name", "storage-credentials"),)),
    "catalogs": Securable(),
    "schemas": Securable(refers=(("catalog_name", "catalogs"),), inside="catalog_name"),
}
"""By the last part of the collection's path."""


class Databricks:
    """The workspaces of one cloud as their callers see them."""

    def __init__(self, cloud: Cloud) -> None:
        self._cloud = cloud

    def answer(self, number: str, request: Request) -> Reply:
        """The reply of the workspace of that number; errors are in Databricks' own form."""
        try:
            with self._cloud.store.transaction():
                workspace = self._workspace(number, request)
                path = unquote(request.path).removeprefix(f"/databricks/{number}").rstrip("/")
                if path.startswith(CATALOG):
                    return self._catalog(workspace, path.removeprefix(CATALOG), request)
                return self._operation(workspace, path, request)
        except Refused as refusal:
            return Reply(refusal.status, {"error_code": refusal.code, "message": str(refusal)})
        except KeyError as missing:
            return Reply(400, {"error_code": "INVALID_PARAMETER_VALUE", "message": f"{missing} is missing."})

    def _workspace(self, number: str, request: Request) -> Resource:
        try:
            claims = self._cloud.directory.verify(request.headers.get("authorization"))
        except ArmError as error:
            raise Refused(401, "UNAUTHENTICATED", error.message) from error
        if claims["aud"] != AUDIENCE:
            raise Refused(401, "UNAUTHENTICATED", f"The token is for '{claims['aud']}'; it must be for {AUDIENCE}.")
        found = [item for item in self._cloud.store.of_type(WORKSPACE) if item.properties["workspaceId"] == number]
        if not found:
            raise Refused(404, "RESOURCE_DOES_NOT_EXIST", f"There is no workspace {number}.")
        if found[0].properties.get("publicNetworkAccess") == "Disabled":
            message = f"Workspace {found[0].name} answers on private endpoints alone: publicNetworkAccess is Disabled."
            raise Refused(403, "PERMISSION_DENIED", message)
        return found[0]

    def _operation(self, workspace: Resource, path: str, request: Request) -> Reply:
        prefix, _, operation = path.rpartition("/")
        kind = KINDS.get(prefix)
        if kind is None:
            raise Refused(404, "ENDPOINT_NOT_FOUND", f"{path} is not among the paths that are recorded here.")
        objects = self._objects(workspace, prefix)
        sent: dict[str, Any] = _document(request) if request.method == "POST" else dict(request.query)
        match request.method, operation:
            case "GET", "list":
                return Reply(200, {kind.collection: [_shown(kind, id, item) for id, item in objects.items()]})
            case "GET", "get":
                id = str(sent.get(kind.id))
                return Reply(200, _shown(kind, id, _existing(objects, id, kind)))
            case "POST", "create":
                _refuse_twin(kind, objects, sent)
                new = kind.new_id(sent)
                self._keep(workspace, prefix, {**objects, str(new): sent})
                return Reply(200, {kind.id: new})
            case "POST", "delete":
                _existing(objects, str(sent.get(kind.id)), kind)
                self._keep(workspace, prefix, {id: item for id, item in objects.items() if id != str(sent[kind.id])})
                return Reply(200, {})
            case "POST", kind.edit:
                id = str(sent.get(kind.id))
                _existing(objects, id, kind)
                changed = sent[kind.new_settings] if kind.new_settings else sent
                others = {key: item for key, item in objects.items() if key != id}
                _refuse_twin(kind, others, changed)
                self._keep(workspace, prefix, {**objects, id: changed})
                return Reply(200, {})
        raise Refused(404, "ENDPOINT_NOT_FOUND", f"{request.method} {path} is no operation of {kind.collection}.")

    def _catalog(self, workspace: Resource, path: str, request: Request) -> Reply:
        collection, _, name = path.partition("/")
        if collection == "permissions":
            return self._permissions(workspace, name, request)
        securable = SECURABLES.get(collection)
        if securable is None:
            raise Refused(404, "ENDPOINT_NOT_FOUND", f"{path} is not among the paths that are recorded here.")
        objects = self._objects(workspace, collection)
        if request.method == "GET":
            shown = objects.get(name) if name else {collection.replace("-", "_"): list(objects.values())}
            return Reply(200, shown or _missing(collection, name))
        if request.method == "DELETE":
            self._delete(workspace, collection, name, force=request.query.get("force") == "true")
            return Reply(200, {})
        sent = _document(request)
        if request.method == "POST":
            name = str(sent["name"]) if securable.inside is None else f"{sent[securable.inside]}.{sent['name']}"
            if name in objects:
                raise Refused(400, f"{_code(collection)}_ALREADY_EXISTS", f"'{name}' already exists.")
        elif name not in objects:
            _missing(collection, name)
        changed = {**objects.get(name, {"full_name": name, "owner": "local"}), **sent}
        for member, kind in securable.refers:
            if changed.get(member) not in self._objects(workspace, kind):
                raise Refused(404, f"{_code(kind)}_DOES_NOT_EXIST", f"{member} '{changed.get(member)}' does not exist.")
        self._keep(workspace, collection, {**objects, name: changed})
        return Reply(200, changed)

    def _delete(self, workspace: Resource, collection: str, name: str, *, force: bool) -> None:
        objects = self._objects(workspace, collection)
        if name not in objects:
            _missing(collection, name)
        users = [
            (kind, full_name)
            for kind, securable in SECURABLES.items()
            for member, referred in securable.refers
            if referred == collection
            for full_name, item in self._objects(workspace, kind).items()
            if item.get(member) == name
        ]
        if users and not force:
            listed = ", ".join(full_name for _, full_name in users)
            raise Refused(400, "INVALID_STATE", f"'{name}' is not empty or is in use by {listed}; delete those first.")
        for kind, full_name in users:
            self._delete(workspace, kind, full_name, force=True)
        self._keep(workspace, collection, {key: item for key, item in objects.items() if key != name})

    def _permissions(self, workspace: Resource, target: str, request: Request) -> Reply:
        """Grants on `<kind>/<full name>`; a change adds to and takes from what a principal has."""
        kind, _, name = target.partition("/")
        collection = f"{kind.replace('_', '-')}s"
        if name not in self._objects(workspace, collection):
            _missing(collection, name)
        grants = self._objects(workspace, "permissions")
        held = {entry["principal"]: set(entry["privileges"]) for entry in grants.get(target, {}).get("entries", [])}
        for change in _document(request).get("changes", []) if request.method == "PATCH" else []:
            before = held.get(change["principal"], set())
            held[change["principal"]] = (before | set(change.get("add", []))) - set(change.get("remove", []))
        entries = [{"principal": who, "privileges": sorted(what)} for who, what in sorted(held.items()) if what]
        self._keep(workspace, "permissions", {**grants, target: {"entries": entries}})
        return Reply(200, {"privilege_assignments": entries})

    def _objects(self, workspace: Resource, kind: str) -> Objects:
        current = self._cloud.store.get(workspace.id)
        assert current is not None
        objects: Objects = current.private.get(kind, {})
        return objects

    def _keep(self, workspace: Resource, kind: str, objects: Objects) -> None:
        current = self._cloud.store.get(workspace.id)
        assert current is not None
        self._cloud.store.put(replace(current, private={**current.private, kind: objects}))


class Refused(Exception):
    """A refusal in Databricks' own form."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.code = code


def _document(request: Request) -> dict[str, Any]:
    try:
        document = json.loads(request.body or b"{}")
    except ValueError as error:
        raise Refused(400, "MALFORMED_REQUEST", f"The body is not JSON: {error}.") from error
    if not isinstance(document, dict):
        raise Refused(400, "MALFORMED_REQUEST", "The body must be an object.")
    return document


def _shown(kind: Kind, id: str, item: Json) -> Json:
    own: Json = {kind.id: int(id) if id.isdecimal() else id}
    whole = {**own, kind.settings: item} if kind.settings else {**item, **own}
    return {kind.shown_as.get(name, name): value for name, value in whole.items()}


def _existing(objects: Objects, id: str, kind: Kind) -> Json:
    if id not in objects:
        raise Refused(404, "RESOURCE_DOES_NOT_EXIST", f"There is no object with {kind.id} '{id}'.")
    return objects[id]


def _refuse_twin(kind: Kind, others: Objects, sent: Json) -> None:
    if kind.name is None:
        return
    if not sent.get(kind.name):
        raise Refused(400, "INVALID_PARAMETER_VALUE", f"{kind.name} is missing.")
    if any(item.get(kind.name) == sent[kind.name] for item in others.values()):
        raise Refused(400, "RESOURCE_ALREADY_EXISTS", f"{kind.name} '{sent[kind.name]}' already exists.")


def _missing(collection: str, name: str) -> Json:
    raise Refused(404, f"{_code(collection)}_DOES_NOT_EXIST", f"'{name}' does not exist.")


def _code(collection: str) -> str:
    return collection.replace("-", "_").removesuffix("s").upper()
