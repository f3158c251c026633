"""Storage accounts, containers and blobs as the endpoint sees them."""

import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from threading import RLock
from typing import Any
from urllib.parse import unquote, urlsplit

import jwt
from azure.core.credentials import AccessToken
from azure.core.exceptions import AzureError, ResourceExistsError, ResourceNotFoundError
from azure.storage.blob import BlobServiceClient, ContainerClient

from local.errors import LocalError
from local.paths import Paths
from local.storage.accounts import Accounts, Keys
from local.storage.service import HOST, Service

TOKEN_SECONDS = 300
"""Life of a token that this module makes for its own requests."""


class BlobsNotFoundError(LocalError):
    """There is no blob at a URL."""


class Azurite:
    """Blob storage of every local storage account, in one process that starts when it is first needed.

    Data and keys are kept in `.local/blob`. Who has a token of the endpoint for Azure Storage is let in over HTTPS, as
    who has an account key, if the account takes keys.
    """

    def __init__(self, paths: Paths, *, certificate: Path, key: Path, token_key: bytes) -> None:
        """Describe the service; nothing is started.

        certificate, key: PEM files of the server's certificate, issued by the authority `paths.ca` for 127.0.0.1.
        token_key: the key (HS256) of the endpoint's tokens.
        """
        self._ca = paths.ca
        self._accounts = Accounts(paths.home / "blob" / "accounts.json")
        self._service = Service(paths, certificate=certificate, key=key, token_key=token_key)
        self._credential = _OwnCredential(token_key)
        # Told anew by the endpoint at each start; until then an account takes none.
        self._taking_keys: set[str] = set()
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

    def put_account(self, account: str, *, takes_keys: bool) -> None:
        """Create `account` unless it exists; from now on its keys, and signatures made with them, are taken or not."""
        with self._lock:
            known = account in self._accounts and takes_keys == (account in self._taking_keys)
            self._accounts.add(account)
            (self._taking_keys.add if takes_keys else self._taking_keys.discard)(account)
            if not known and self._service.alive:
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

    def holds_blobs(self, account: str, container: str) -> bool:
        """Whether there is a blob in `container`; one that does not exist has none."""
        with self._client(account) as client, suppress(ResourceNotFoundError):
            return next(iter(client.get_container_client(container).list_blob_names()), None) is not None
        return False

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
        accounts = {
            name: {"keys": keys, "takesKeys": name in self._taking_keys} for name, keys in self._accounts.all().items()
        }
        self._service.configure(accounts, lambda: self._answers(account))

    def _answers(self, account: str) -> bool:
        try:
            with self._connect(account) as client:
                client.get_service_properties()
        except AzureError:
            return False
        return True

    def _client(self, account: str) -> BlobServiceClient:
        self.start()
        return self._connect(account)

    def _connect(self, account: str) -> BlobServiceClient:
        return BlobServiceClient(
            f"https://{HOST}:{self._service.port}/{account}",
            credential=self._credential,
            connection_verify=str(self._ca),
            retry_total=0,
        )


class _OwnCredential:
    """Tokens for this module's own requests, which an account lets in whether it takes keys or not."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def get_token(self, *_scopes: str, **_options: Any) -> AccessToken:
        """A token with the claims that Azurite looks at."""
        now = int(time.time())
        times = {"iat": now, "nbf": now, "exp": now + TOKEN_SECONDS}
        claims = {"iss": "https://sts.windows.net/", "aud": "https://storage.azure.com", **times}
        return AccessToken(jwt.encode(claims, self._key, "HS256"), now + TOKEN_SECONDS)


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
