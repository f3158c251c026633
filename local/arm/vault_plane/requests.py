"""A request to a vault, and how its answers look."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from local.arm import soft_deletion
from local.arm.cloud import Cloud
from local.arm.documents import Json
from local.arm.errors import ArmError, bad_request, not_found
from local.arm.identifiers import ResourceId
from local.arm.resource_types import ResourceType
from local.arm.soft_deletion import DeletedResource
from local.arm.store import Resource
from local.arm.vault_plane import access
from local.arm.vault_plane.objects import KEY, SECRET, TYPES
from local.arm.vault_plane.versions import attributes, current

PAGE = 25
"""Most entries of a page, and what a request gets that does not say (`maxresults`)."""


@dataclass(frozen=True)
class VaultRequest:
    """One request on the secrets or the keys of a vault."""

    cloud: Cloud
    vault: Resource
    caller: str
    """Object id."""
    collection: str
    """`secrets` or `keys`."""
    body: Json
    query: Mapping[str, str]

    @property
    def kind(self) -> ResourceType:
        """The resource type of what the request is about."""
        name = SECRET if self.collection == "secrets" else KEY
        return next(kind for kind in TYPES if kind.name == name)

    @property
    def address(self) -> str:
        """The vault's address, with a slash at its end."""
        return str(self.vault.properties["vaultUri"])

    def id(self, name: str) -> ResourceId:
        """The resource id of a secret or key."""
        return self.vault.id.child(self.collection, name)

    def allow(self, operation: str, name: str | None = None) -> None:
        """Raise ArmError unless the caller may do this, to all of the vault or to one secret or key."""
        at = self.id(name) if name else self.vault.id
        access.check(self.cloud, self.vault, self.caller, self.collection, operation, at)

    def find(self, name: str) -> Resource | None:
        """A secret or key."""
        return self.cloud.store.get(self.id(name))

    def existing(self, name: str) -> Resource:
        """A secret or key; raises ArmError where there is none."""
        found = self.find(name)
        if found is None:
            raise self._missing(f"(name/id) {name}")
        return found

    def version(self, resource: Resource, version: str) -> Json:
        """A version, the newest for an empty name; raises ArmError where there is none."""
        if not version:
            return current(resource)
        for item in resource.private["versions"]:
            if item["version"] == version:
                return dict(item)
        raise self._missing(f"(name/id) {resource.name}/{version}")

    def all(self) -> list[Resource]:
        """The secrets or keys of the vault."""
        found = self.cloud.store.of_type(self.kind.name)
        return [item for item in found if item.id.parent and item.id.parent.key == self.vault.id.key]

    def all_deleted(self) -> list[DeletedResource]:
        """Those that can be recovered."""
        found = soft_deletion.all_deleted(self.cloud, self.kind.name)
        return [item for item in found if item.resource.id.parent and item.resource.id.parent.key == self.vault.id.key]

    def deleted(self, name: str) -> DeletedResource:
        """One of those; raises ArmError where there is none."""
        wanted = self.id(name).key
        for item in self.all_deleted():
            if item.resource.id.key == wanted:
                return item
        raise self._missing(f"(name/id) {name} (deleted)")

    def check_free(self, name: str) -> None:
        """Raise ArmError while a deleted secret or key holds the name."""
        wanted = self.id(name).key
        if any(item.resource.id.key == wanted for item in self.all_deleted()):
            assert self.kind.soft_delete is not None
            assert self.kind.soft_delete.refusal is not None
            raise self.kind.soft_delete.refusal

    def described(self, name: str, version: Json, *, with_version: bool = True) -> Json:
        """What every answer says of a version: `id`, `attributes` and `tags`."""
        base = f"{self.address}{self.collection}/{name}"
        shown: Json = {
            "attributes": attributes(version, self.vault),
            **({"tags": version["tags"]} if version["tags"] else {}),
        }
        address = f"{base}/{version['version']}" if with_version else base
        return {"id" if self.collection == "secrets" else "kid": address, **shown}

    def page(self, entries: Sequence[Json], path: str) -> Json:
        """A page of a list, with `nextLink` where there is more."""
        size = _whole(self.query.get("maxresults"), PAGE)
        start = _whole(self.query.get("$skiptoken"), 0)
        rest = start + size < len(entries)
        version = self.query.get("api-version", "")
        link = f"{self.address}{path}?api-version={version}&$skiptoken={start + size}&maxresults={size}"
        return {"value": list(entries[start : start + size]), "nextLink": link if rest else None}

    def _missing(self, what: str) -> ArmError:
        noun = "secret" if self.collection == "secrets" else "key"
        message = (
            f"A {noun} with {what} was not found in this key vault. If you recently deleted this {noun} you may be "
            f"able to recover it using the correct recovery command."
        )
        return not_found(f"{noun.title()}NotFound", message)


def _whole(text: Any, default: int) -> int:
    if text is None:
        return default
    if not str(text).isdigit():
        raise bad_request("BadParameter", f"'{text}' is no whole number.")
    return int(text)
