"""What a vault does with its secrets and keys.

Source: learn.microsoft.com/rest/api/keyvault/secrets and .../keys.
"""

from collections.abc import Callable
from dataclasses import replace

from local.arm import clock, soft_deletion
from local.arm.documents import Json, reach
from local.arm.errors import bad_request
from local.arm.soft_deletion import DeletedResource
from local.arm.store import Resource
from local.arm.vault_plane.access import Forbidden
from local.arm.vault_plane.key_material import again, material
from local.arm.vault_plane.objects import checked_value, kept_days
from local.arm.vault_plane.requests import VaultRequest
from local.arm.vault_plane.versions import check_rotation, current, lifetime_days, stamped, times

DAY_SECONDS = 86_400


def set_secret(request: VaultRequest, name: str) -> Json:
    """Make a secret, or a new version of it."""
    request.allow("set", name)
    content = {"value": checked_value(request.body.get("value"))}
    if kind := request.body.get("contentType"):
        content["contentType"] = kind
    return _added(request, name, content)


def create_key(request: VaultRequest, name: str) -> Json:
    """Make a key, or a new version of it."""
    request.allow("create", name)
    body = request.body
    made = material(
        kty=body.get("kty"),
        size=body.get("key_size"),
        curve=body.get("crv"),
        operations=body.get("key_ops"),
        hardware=reach(request.vault.body, "properties.sku.name") == "premium",
    )
    return _added(request, name, made)


def rotate(request: VaultRequest, name: str) -> Json:
    """Make a new version of a key, which lives as long as its rotation policy says."""
    request.allow("rotate", name)
    key = request.existing(name)
    days = lifetime_days(key.private.get("rotation_policy") or {})
    expiry = {} if days is None else {"exp": int(request.cloud.clock.now().timestamp()) + days * DAY_SECONDS}
    return _added(request, name, again(current(key)), {"attributes": expiry, "tags": current(key)["tags"]})


def get(request: VaultRequest, name: str, version: str = "") -> Json:
    """A version of a secret with its value, or the public half of a key; raises ArmError for a disabled secret."""
    request.allow("get", name)
    found = request.version(request.existing(name), version)
    if request.collection == "secrets" and not found["enabled"]:
        raise Forbidden("SecretDisabled", "Operation get is not allowed on a disabled secret.")
    return _bundle(request, name, found)


def update(request: VaultRequest, name: str, version: str = "") -> Json:
    """Change attributes and tags of a version."""
    request.allow("set" if request.collection == "secrets" else "update", name)
    resource = request.existing(name)
    old = request.version(resource, version)
    merged = {**_chosen(old, "enabled", "nbf", "exp"), **_attributes(request)}
    new = {
        **old,
        **times(merged),
        "updated": int(request.cloud.clock.now().timestamp()),
        "tags": request.body.get("tags", old["tags"]),
        **_chosen(request.body, "contentType", "key_ops"),
    }
    versions = [new if item["version"] == old["version"] else item for item in resource.private["versions"]]
    request.cloud.store.put(replace(resource, private={**resource.private, "versions": versions}))
    shown = _bundle(request, name, new)
    shown.pop("value", None)
    return shown


def listed(request: VaultRequest) -> Json:
    """The newest version of every secret or key, without values."""
    request.allow("list")
    entries = [_entry(request, item.name, current(item), with_version=False) for item in request.all()]
    return request.page(entries, request.collection)


def versions(request: VaultRequest, name: str) -> Json:
    """Every version of a secret or key, without values."""
    request.allow("list", name)
    entries = [_entry(request, name, version) for version in request.existing(name).private["versions"]]
    return request.page(entries, f"{request.collection}/{name}/versions")


def delete(request: VaultRequest, name: str) -> Json:
    """Delete a secret or key; it can be recovered for as long as the vault keeps it."""
    request.allow("delete", name)
    resource = request.existing(name)
    soft_deletion.keep(request.cloud, request.kind, resource, [])
    request.cloud.store.remove(resource.id)
    return _deleted(request, request.deleted(name))


def listed_deleted(request: VaultRequest) -> Json:
    """Deleted secrets or keys that can be recovered."""
    request.allow("list")
    entries = [
        {**_deletion(request, item), **_entry(request, item.resource.name, current(item.resource), with_version=False)}
        for item in request.all_deleted()
    ]
    return request.page(entries, f"deleted{request.collection}")


def get_deleted(request: VaultRequest, name: str) -> Json:
    """A deleted secret or key, without its value."""
    request.allow("get", name)
    return _deleted(request, request.deleted(name))


def recover(request: VaultRequest, name: str) -> Json:
    """Take a deletion back."""
    request.allow("recover", name)
    item = request.deleted(name)
    request.cloud.store.put(item.resource)
    soft_deletion.forget(request.cloud, item.resource.id)
    shown = _bundle(request, name, current(item.resource))
    shown.pop("value", None)
    return shown


def purge(request: VaultRequest, name: str) -> None:
    """Delete for good; raises ArmError where the vault is protected."""
    request.allow("purge", name)
    item = request.deleted(name)
    if request.vault.properties.get("enablePurgeProtection"):
        message = f"Operation purge is not allowed on this vault: it has purge protection until {item.purged}."
        raise Forbidden("ForbiddenByPolicy", message)
    soft_deletion.purge(request.cloud, item.resource.id)


def get_rotation(request: VaultRequest, name: str) -> Json:
    """How a key is rotated."""
    request.allow("get", name)
    policy = request.existing(name).private.get("rotation_policy") or {}
    return {"id": f"{request.address}keys/{name}/rotationpolicy", "lifetimeActions": [], "attributes": {}, **policy}


def set_rotation(request: VaultRequest, name: str) -> Json:
    """Say how a key is rotated."""
    request.allow("update", name)
    key = request.existing(name)
    policy = _chosen(request.body, "lifetimeActions", "attributes")
    check_rotation(policy, "rotationPolicy")
    request.cloud.store.put(replace(key, private={**key.private, "rotation_policy": policy}))
    return get_rotation(request, name)


def _added(request: VaultRequest, name: str, content: Json, given: Json | None = None) -> Json:
    """Make a resource with a first version, or add a version to one that exists."""
    request.check_free(name)
    body = request.body if given is None else given
    attributes = body.get("attributes") or {}
    version = stamped(request.cloud, attributes, body.get("tags"), content)
    present, now = request.find(name), request.cloud.now()
    resource = present or Resource(
        id=request.id(name),
        type=request.kind.name,
        api_version="",
        sent=None,
        body={},
        created=now,
        changed=now,
        private={"kept_days": kept_days(request.vault), "versions": []},
    )
    private = {**resource.private, "versions": [*resource.private["versions"], version]}
    request.cloud.store.put(replace(resource, private=private))
    return _bundle(request, name, version)


def _chosen(document: Json, *names: str) -> Json:
    """Some members of an object, those that it has."""
    return {name: document[name] for name in names if name in document}


def _attributes(request: VaultRequest) -> Json:
    given = request.body.get("attributes") or {}
    if not isinstance(given, dict):
        raise bad_request("BadParameter", "attributes must be an object.")
    return given


def _bundle(request: VaultRequest, name: str, version: Json) -> Json:
    described = request.described(name, version)
    if request.collection == "secrets":
        return {**described, **_chosen(version, "value", "contentType")}
    numbers = _chosen(version, "kty", "key_ops", "n", "e", "crv", "x", "y")
    kid = described.pop("kid")
    return {"key": {"kid": kid, **numbers}, **described}


def _entry(request: VaultRequest, name: str, version: Json, *, with_version: bool = True) -> Json:
    described = request.described(name, version, with_version=with_version)
    return {**described, **_chosen(version, "contentType")}


def _deleted(request: VaultRequest, item: DeletedResource) -> Json:
    shown = {**_bundle(request, item.resource.name, current(item.resource)), **_deletion(request, item)}
    shown.pop("value", None)
    return shown


def _deletion(request: VaultRequest, item: DeletedResource) -> Json:
    return {
        "recoveryId": f"{request.address}deleted{request.collection}/{item.resource.name}",
        "deletedDate": _seconds(item.deleted),
        "scheduledPurgeDate": _seconds(item.purged),
    }


def _seconds(moment: str) -> int:
    return int(clock.moment(moment).timestamp())


Operation = Callable[..., Json | None]

ROUTES: tuple[tuple[str, str, str, Operation], ...] = (
    ("GET", "secrets|keys", "", listed),
    ("PUT", "secrets", "{name}", set_secret),
    ("POST", "keys", "{name}/create", create_key),
    ("POST", "keys", "{name}/rotate", rotate),
    ("GET", "keys", "{name}/rotationpolicy", get_rotation),
    ("PUT", "keys", "{name}/rotationpolicy", set_rotation),
    ("GET", "secrets|keys", "{name}/versions", versions),
    ("GET", "secrets|keys", "{name}", get),
    ("GET", "secrets|keys", "{name}/{version}", get),
    ("PATCH", "secrets|keys", "{name}", update),
    ("PATCH", "secrets|keys", "{name}/{version}", update),
    ("DELETE", "secrets|keys", "{name}", delete),
    ("GET", "deletedsecrets|deletedkeys", "", listed_deleted),
    ("GET", "deletedsecrets|deletedkeys", "{name}", get_deleted),
    ("DELETE", "deletedsecrets|deletedkeys", "{name}", purge),
    ("POST", "deletedsecrets|deletedkeys", "{name}/recover", recover),
)
"""Method, collection, path below it, and what answers; the first that fits."""
