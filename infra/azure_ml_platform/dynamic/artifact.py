"""A file or folder in a blob container, under a prefix that ends in the version of its content."""

import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pulumi
from pulumi import dynamic

from azure_ml_platform.cloud import Cloud
from azure_ml_platform.dynamic import clients
from azure_ml_platform.dynamic.content import content_version, files
from azure_ml_platform.dynamic.sign_in import sign_in

if TYPE_CHECKING:
    from azure.storage.blob import ContainerClient

REVISION = 1
"""Raised when an upload comes to mean something else."""

# Azure documents up to ten minutes until a role assignment is effective everywhere:
# learn.microsoft.com/azure/role-based-access-control/troubleshooting.
PROPAGATION_SECONDS = 600
LONGEST_WAIT_SECONDS = 30

_PLACE = ("endpoint", "container", "prefix", "version", "revision")
_NOT_YET_EFFECTIVE = "AuthorizationPermissionMismatch"


class UploadError(pulumi.RunError):
    """An upload that cannot succeed, with what would let it."""


class ArtifactProvider(dynamic.ResourceProvider):
    """Uploads with the identity that DefaultAzureCredential finds; the inputs hold nothing secret."""

    serialize_as_secret_always = False

    def create(self, props: dict[str, Any]) -> dynamic.CreateResult:
        """Upload every file; one that is there already is written again with the same bytes."""
        source = Path(props["source"])
        if content_version(source) != props["version"]:
            raise UploadError(f"{source} has changed since the preview: run the update again")
        found = files(source)
        with _container(props) as container:
            for name, path in found.items():
                _when_permitted(partial(_upload, container, _blob(props, name), path), props)
        # A file is named by itself, a folder by the prefix of its files.
        place = _blob(props, source.name) if source.is_file() else _root(props)
        uri = f"{props['endpoint']}{props['container']}/{place}"
        return dynamic.CreateResult(uri, {**props, "uri": uri, "path": place, "blobs": len(found)})

    def diff(self, _id: str, olds: dict[str, Any], news: dict[str, Any]) -> dynamic.DiffResult:
        """Upload to a new place when content or destination changes; where the source lies does not matter."""
        changed = [key for key in _PLACE if olds.get(key) != news.get(key)]
        return dynamic.DiffResult(changes=bool(changed), replaces=changed, delete_before_replace=False)

    def read(self, id_: str, props: dict[str, Any]) -> dynamic.ReadResult:
        """Say that the artifact is gone when a blob of it is."""
        clients.load(clients.BLOB)
        from azure.core.exceptions import ResourceNotFoundError

        with _container(props) as container:
            try:
                present = len(list(container.list_blob_names(name_starts_with=f"{_root(props)}/")))
            except ResourceNotFoundError:
                present = 0
        if present < props["blobs"]:
            return dynamic.ReadResult("", {})
        return dynamic.ReadResult(id_, props)

    def delete(self, _id: str, props: dict[str, Any]) -> None:
        """Delete the blobs below the artifact's own prefix and nothing else."""
        clients.load(clients.BLOB)
        from azure.core.exceptions import ResourceNotFoundError

        with _container(props) as container:
            try:
                for name in list(container.list_blob_names(name_starts_with=f"{_root(props)}/")):
                    container.delete_blob(name)
            except ResourceNotFoundError:
                return


class Artifact(dynamic.Resource, module="azure_ml_platform", name="Artifact"):
    """A local file or folder, uploaded before whatever refers to it."""

    uri: pulumi.Output[str]
    """Address of the file, or of the folder without a slash at its end."""
    path: pulumi.Output[str]
    """The same within the container."""

    def __init__(
        self,
        name: str,
        *,
        source: Path,
        version: str,
        endpoint: pulumi.Input[str],
        container: pulumi.Input[str],
        prefix: str,
        permission: pulumi.Input[str] | None = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Upload `source` to `<endpoint><container>/<prefix>/<version>/`.

        `version` is the content's, computed when the program runs, so that changed content is a diff. A relative
        source is relative to the project's main folder, which is the working directory of program and provider.
        `permission` is the id of the role assignment that the upload needs: it comes first, and is taken away last.
        """
        props = {
            "source": source.as_posix(),
            "version": version,
            "endpoint": endpoint,
            "container": container,
            "prefix": prefix,
            "permission": permission,
            "revision": REVISION,
            "uri": None,
            "path": None,
            "blobs": None,
        }
        super().__init__(ArtifactProvider(), name, props, opts)


def _root(props: dict[str, Any]) -> str:
    return f"{props['prefix']}/{props['version']}"


def _blob(props: dict[str, Any], name: str) -> str:
    return f"{_root(props)}/{name}"


def _container(props: dict[str, Any]) -> "ContainerClient":
    clients.load(clients.BLOB)
    from azure.storage.blob import ContainerClient

    credential = sign_in(Cloud.current().storage_scope)
    return ContainerClient(props["endpoint"], props["container"], credential=credential)


def _upload(container: "ContainerClient", blob: str, path: Path) -> None:
    with path.open("rb") as stream:
        container.upload_blob(blob, stream, overwrite=True)


def _when_permitted(action: Callable[[], None], props: dict[str, Any]) -> None:
    """Do `action`, again and again while a role assignment is not yet effective, for at most ten minutes."""
    from azure.core.exceptions import AzureError

    deadline = time.monotonic() + PROPAGATION_SECONDS
    pause = 1.0
    while True:
        try:
            return action()
        except AzureError as refused:
            if getattr(refused, "error_code", None) != _NOT_YET_EFFECTIVE:
                raise UploadError(f"{_target(props)}: {refused.message.splitlines()[0]}") from None
            if time.monotonic() + pause > deadline:
                raise UploadError(
                    f"{_target(props)} has refused to be written to for {PROPAGATION_SECONDS} s: give whoever deploys "
                    "the role Storage Blob Data Contributor on the storage account"
                ) from None
        time.sleep(pause)
        pause = min(2 * pause, LONGEST_WAIT_SECONDS)


def _target(props: dict[str, Any]) -> str:
    return f"{props['endpoint']}{props['container']}"
