"""Storage accounts, containers and blobs as the endpoint sees them."""

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from threading import RLock
from urllib.parse import unquote, urlsplit

from azure.core.exceptions import AzureError, ResourceExistsError, ResourceNotFoundError
from azure.storage.blob import BlobServiceClient, ContainerClient

from local.errors import LocalError
from local.paths import Paths
from local.storage.accounts import Accounts, Keys
from local.storage.service import HOST, Service


class BlobsNotFoundError(LocalError):
    """There is no blob at a URL."""


class Azurite:
    """Blob storage of every local storage account, in one process that starts when it is first needed.

    Data and keys are kept in `.local/blob`. Who has a token of the endpoint for Azure Storage is let in over HTTPS, as
    who has an account key.
    """

    def __init__(self, paths: Paths, *, certificate: Path, key: Path, token_key: bytes) -> None:
        """Describe the service; nothing is started.

        certificate, key: PEM files of the server's certificate, issued by the authority `paths.ca` for 127.0.0.1.
        token_key: the key (HS256) of the endpoint's tokens.
        """
        self._ca = paths.ca
        self._accounts = Accounts(paths.home / "blob" / "accounts.json")
        self._service = Service(paths, certificate=certificate, key=key, token_key=token_key)
        self._lock = RLock()

    def start(self) -> None:
        """Make the service answer, if there are accounts and it does not; also mends one that was killed."""
        with self._lock:
            if self._accounts and not self._service.alive:
                self._service.start()
                self._configure(next(iter(self._accounts.all())))

    def stop(self) -> None:
        """Save and end."""
        with self._lock:
            self._service.stop()

    def endpoint(self, account: str) -> str:
        """The `primaryEndpoints.blob` of `account`. Ask each time: the port changes if another process took it."""
        self._accounts.keys(account)
        self.start()
        return f"https://{HOST}:{self._service.port}/{account}/"

    def keys(self, account: str) -> Keys:
        """The two account keys (base64), for `listKeys`."""
        return self._accounts.keys(account)

    def put_account(self, account: str) -> None:
        """Create `account` unless it exists."""
        with self._lock:
            if account not in self._accounts:
                self._accounts.add(account)
                if self._service.alive:
                    self._configure(account)
            self.start()

    def delete_account(self, account: str) -> None:
        """Delete `account` with all that it holds; nothing happens if it does not exist."""
        with self._lock:
            if account in self._accounts:
                with self._client(account) as client:
                    for container in client.list_containers():
                        client.delete_container(container.name)
                self._accounts.remove(account)
                remaining = next(iter(self._accounts.all()), None)
                if remaining is None:
                    self._service.stop()
                else:
                    self._configure(remaining)

    def put_container(self, account: str, container: str) -> None:
        """Create `container` unless it exists."""
        with self._client(account) as client, suppress(ResourceExistsError):
            client.create_container(container)

    def delete_container(self, account: str, container: str) -> None:
        """Delete `container` with its blobs; nothing happens if it does not exist."""
        with self._client(account) as client, suppress(ResourceNotFoundError):
            client.delete_container(container)

    def download(self, url: str, target: Path) -> None:
        """Write the blob at `url`, or all blobs below it, into the folder `target`; raises BlobsNotFoundError for none.

        Host and port of `url` are not looked at: a stored URL may name a port that the service had before.
        """
        account, container, path = _parts(url)
        with self._client(account) as client, client.get_container_client(container) as blobs:
            found = False
            for name, relative in _below(blobs, path):
                found = True
                file = target / relative
                if not file.resolve().is_relative_to(target.resolve()):
                    message = f'the blob "{name}" would be written outside of {target}; rename it'
                    raise LocalError(message)
                file.parent.mkdir(parents=True, exist_ok=True)
                with file.open("wb") as output:
                    blobs.download_blob(name).readinto(output)
        if not found:
            message = f"there is no blob at or below {url}"
            raise BlobsNotFoundError(message)

    def _configure(self, account: str) -> None:
        self._service.configure(self._accounts, lambda: self._answers(account))

    def _answers(self, account: str) -> bool:
        try:
            with self._connect(account) as client:
                client.get_account_information()
        except AzureError:
            return False
        return True

    def _client(self, account: str) -> BlobServiceClient:
        self.start()
        return self._connect(account)

    def _connect(self, account: str) -> BlobServiceClient:
        return BlobServiceClient(
            f"https://{HOST}:{self._service.port}/{account}",
            credential={"account_name": account, "account_key": self._accounts.keys(account)[0]},
            connection_verify=str(self._ca),
            retry_total=0,
        )


def _parts(url: str) -> tuple[str, str, str]:
    """Account, container and path of a blob URL in path style."""
    account, _, rest = unquote(urlsplit(url).path).lstrip("/").partition("/")
    container, _, path = rest.partition("/")
    if not container:
        message = f"{url} is not the URL of a blob; it looks like https://{HOST}:<port>/<account>/<container>/<path>"
        raise LocalError(message)
    return account, container, path.strip("/")


def _below(blobs: ContainerClient, path: str) -> Iterator[tuple[str, str]]:
    """Name of each blob at or below `path`, and where it belongs in a folder that stands for `path`."""
    try:
        for name in blobs.list_blob_names(name_starts_with=path):
            if name == path:
                yield name, path.rpartition("/")[2]
            elif not path or name.startswith(f"{path}/"):
                yield name, name.removeprefix(path).lstrip("/")
    except ResourceNotFoundError:
        return
