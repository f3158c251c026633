"""The real Azurite behind the local storage accounts, and Azure's own client against it."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import jwt
import pytest
from azure.core.credentials import AccessToken
from azure.core.exceptions import ClientAuthenticationError, HttpResponseError
from azure.storage.blob import (
    AccountSasPermissions,
    BlobServiceClient,
    ResourceTypes,
    generate_account_sas,
)

from local.errors import LocalError
from local.paths import Paths
from local.storage import Azurite
from tests.integration.certificates import write_certificate

pytestmark = pytest.mark.integration

TOKEN_KEY = b"a key of the endpoint's tokens, 32 bytes or more"
TENANT = "11111111-2222-3333-4444-555555555555"


class Credential:
    """A credential whose token is made here, with the claims of Microsoft Entra ID."""

    def __init__(self, key: bytes = TOKEN_KEY, **claims: object) -> None:
        now = int(time.time())
        entra = {
            "iss": f"https://sts.windows.net/{TENANT}/",
            "aud": "https://storage.azure.com",
            "iat": now,
            "nbf": now,
            "exp": now + 600,
            "oid": "66666666-2222-3333-4444-555555555555",
            "tid": TENANT,
        }
        self._token = AccessToken(jwt.encode(entra | claims, key, algorithm="HS256"), now + 600)

    def get_token(self, *_scopes: str, **_options: object) -> AccessToken:
        return self._token


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    paths = Paths(tmp_path)
    paths.make()
    write_certificate(paths.ca, tmp_path / "server.pem", tmp_path / "server.key")
    return paths


def azurite_of(paths: Paths) -> Azurite:
    return Azurite(paths, certificate=paths.root / "server.pem", key=paths.root / "server.key", token_key=TOKEN_KEY)


@pytest.fixture
def azurite(paths: Paths) -> Iterator[Azurite]:
    azurite = azurite_of(paths)
    yield azurite
    azurite.stop()


def client_of(azurite: Azurite, paths: Paths, credential: Credential, account: str = "stone") -> BlobServiceClient:
    return BlobServiceClient(
        azurite.endpoint(account), credential=credential, connection_verify=str(paths.ca), retry_total=0
    )


def test_a_token_uploads_and_lists_what_the_endpoint_then_downloads_by_prefix(azurite: Azurite, paths: Paths) -> None:
    azurite.put_account("stone", takes_keys=False)
    azurite.put_container("stone", "models")
    client = client_of(azurite, paths, Credential())
    for name in ("wine/1/model.bin", "wine/1/sub/notes.txt", "wine/10/other.bin"):
        client.get_blob_client("models", name).upload_blob(name.encode())

    assert [blob.name for blob in client.get_container_client("models").list_blobs("wine/1/")] == [
        "wine/1/model.bin",
        "wine/1/sub/notes.txt",
    ]
    azurite.download(f"{azurite.endpoint('stone')}models/wine/1", paths.root / "target")
    files = {str(file.relative_to(paths.root / "target")) for file in (paths.root / "target").rglob("*.*")}
    assert files == {"model.bin", "sub/notes.txt"}
    assert (paths.root / "target/model.bin").read_bytes() == b"wine/1/model.bin"


def test_one_blob_is_downloaded_under_its_own_name(azurite: Azurite, paths: Paths) -> None:
    azurite.put_account("stone", takes_keys=False)
    azurite.put_container("stone", "models")
    client_of(azurite, paths, Credential()).get_blob_client("models", "a b/model.bin").upload_blob(b"1")

    azurite.download(f"{azurite.endpoint('stone')}models/a%20b/model.bin", paths.root / "target")

    assert (paths.root / "target/model.bin").read_bytes() == b"1"


@pytest.mark.parametrize(
    "credential",
    [
        pytest.param(Credential(key=b"the key of somebody else, 32 bytes or more!"), id="signed by another key"),
        pytest.param(Credential(exp=int(time.time()) - 60), id="expired"),
        pytest.param(Credential(aud="https://management.azure.com"), id="for another audience"),
        pytest.param(Credential(iss="https://example.com/"), id="from another issuer"),
    ],
)
def test_a_wrong_token_is_refused(azurite: Azurite, paths: Paths, credential: Credential) -> None:
    azurite.put_account("stone", takes_keys=False)

    with pytest.raises((ClientAuthenticationError, HttpResponseError)) as refusal:
        list(client_of(azurite, paths, credential).list_containers())

    assert refusal.value.status_code in (401, 403)


def test_a_second_account_is_let_in_without_a_restart(azurite: Azurite, paths: Paths) -> None:
    azurite.put_account("stone", takes_keys=False)
    before = azurite.endpoint("stone")
    azurite.put_account("brick", takes_keys=False)
    azurite.put_container("brick", "models")

    assert azurite.endpoint("brick") == before.replace("stone", "brick")
    assert list(client_of(azurite, paths, Credential(), "stone").list_containers()) == []
    assert [c.name for c in client_of(azurite, paths, Credential(), "brick").list_containers()] == ["models"]


def test_a_deleted_account_is_gone_and_comes_back_empty(azurite: Azurite, paths: Paths) -> None:
    for account in ("stone", "brick"):
        azurite.put_account(account, takes_keys=False)
        azurite.put_container(account, "models")
    azurite.delete_account("stone")

    with pytest.raises(LocalError, match='no storage account "stone"'):
        azurite.endpoint("stone")
    azurite.put_account("stone", takes_keys=False)
    assert list(client_of(azurite, paths, Credential(), "stone").list_containers()) == []
    assert len(list(client_of(azurite, paths, Credential(), "brick").list_containers())) == 1


def test_blobs_keys_and_address_are_the_same_after_a_restart(paths: Paths) -> None:
    first = azurite_of(paths)
    first.put_account("stone", takes_keys=False)
    first.put_container("stone", "models")
    address, keys = first.endpoint("stone"), first.keys("stone")
    client_of(first, paths, Credential()).get_blob_client("models", "m").upload_blob(b"1")
    first.stop()

    second = azurite_of(paths)
    second.start()

    assert (second.endpoint("stone"), second.keys("stone")) == (address, keys)
    assert client_of(second, paths, Credential()).get_blob_client("models", "m").download_blob().readall() == b"1"
    second.stop()


def test_secrets_stand_in_files_of_their_owner_and_nowhere_else(azurite: Azurite, paths: Paths) -> None:
    azurite.put_account("stone", takes_keys=False)
    key = azurite.keys("stone")[0]

    holders = [file for file in paths.home.rglob("*") if file.is_file() and key.encode() in file.read_bytes()]

    assert [(file.name, oct(file.stat().st_mode & 0o777)) for file in holders] == [("accounts.json", "0o600")]
    listing = subprocess.run(["ps", "axeww"], capture_output=True, text=True, check=True).stdout
    assert key not in listing


def test_the_service_saves_and_ends_when_the_endpoint_is_killed(paths: Paths) -> None:
    program = (
        "import sys, pathlib; from local.paths import Paths; from tests.integration.test_blob import *\n"
        "paths = Paths(pathlib.Path(sys.argv[1])); azurite = azurite_of(paths)\n"
        "azurite.put_account('stone', takes_keys=False); azurite.put_container('stone', 'models')\n"
        "print('ready', flush=True); sys.stdin.read()"
    )
    endpoint = subprocess.Popen(
        [sys.executable, "-c", program, str(paths.root)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=Path(__file__).parents[2],
    )
    assert endpoint.stdout is not None
    assert endpoint.stdout.readline() == b"ready\n"
    os.kill(endpoint.pid, signal.SIGKILL)
    endpoint.wait()

    after = azurite_of(paths)
    after.start()  # returns only when the old process has let go of the data

    assert [c.name for c in client_of(after, paths, Credential()).list_containers()] == ["models"]
    after.stop()


def test_a_service_that_was_killed_comes_back_with_its_data(azurite: Azurite, paths: Paths) -> None:
    azurite.put_account("stone", takes_keys=False)
    azurite.put_container("stone", "models")
    address = azurite.endpoint("stone")
    child = azurite._service._child
    assert child is not None
    child.wait_until(lambda: any(b"models" in file.read_bytes() for file in (paths.home / "blob").glob("*.json")), 5)
    os.kill(child.pid, signal.SIGKILL)
    os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)

    assert azurite.endpoint("stone") == address
    assert [c.name for c in client_of(azurite, paths, Credential()).list_containers()] == ["models"]


def test_a_service_whose_port_was_taken_moves_and_still_finds_what_older_urls_name(paths: Paths) -> None:
    first = azurite_of(paths)
    first.put_account("stone", takes_keys=False)
    first.put_container("stone", "models")
    old = first.endpoint("stone")
    client_of(first, paths, Credential()).get_blob_client("models", "m").upload_blob(b"1")
    first.stop()

    with socket.create_server(("127.0.0.1", urlsplit(old).port or 0)):
        second = azurite_of(paths)
        second.start()
        new = second.endpoint("stone")
        second.download(f"{old}models/m", paths.root / "target")
        second.stop()

    assert new != old
    assert (paths.root / "target" / "m").read_bytes() == b"1"


def test_a_key_is_let_in_and_the_key_of_another_account_is_not(azurite: Azurite, paths: Paths) -> None:
    azurite.put_account("stone", takes_keys=True)
    azurite.put_account("brick", takes_keys=True)

    assert [containers(azurite, paths, key) for key in azurite.keys("stone")] == [[], []]
    with pytest.raises(HttpResponseError):
        containers(azurite, paths, azurite.keys("brick")[0])


def test_an_account_that_takes_no_keys_says_so_and_lets_identities_in(azurite: Azurite, paths: Paths) -> None:
    azurite.put_account("stone", takes_keys=True)
    azurite.put_container("stone", "models")
    key = azurite.keys("stone")[0]
    soon = datetime.now(UTC) + timedelta(hours=1)
    types, may = ResourceTypes(service=True), AccountSasPermissions(list=True)
    signature = generate_account_sas("stone", key, resource_types=types, permission=may, expiry=soon)
    assert containers(azurite, paths, key) == containers(azurite, paths, signature) == ["models"]

    azurite.put_account("stone", takes_keys=False)

    for credential in (key, signature):
        with pytest.raises(HttpResponseError) as refusal:
            containers(azurite, paths, credential)
        assert refusal.value.status_code == 403
        assert "KeyBasedAuthenticationNotPermitted" in str(refusal.value)
    client = client_of(azurite, paths, Credential())
    assert [container.name for container in client.list_containers()] == ["models"]
    assert not azurite.holds_blobs("stone", "models")
    client.get_blob_client("models", "m").upload_blob(b"1")
    assert azurite.holds_blobs("stone", "models")


def containers(azurite: Azurite, paths: Paths, credential: str) -> list[str]:
    """Names of the containers of `stone`, as somebody sees them who has a key or a signature made with one."""
    shared = credential if "sig=" in credential else {"account_name": "stone", "account_key": credential}
    url = azurite.endpoint("stone")
    client = BlobServiceClient(url, shared, connection_verify=str(paths.ca), retry_total=0)
    return [container.name for container in client.list_containers()]
