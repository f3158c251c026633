"""The endpoint's own authority and certificate, held against real TLS."""

import ipaddress
import socket
import ssl
from pathlib import Path
from threading import Thread

import pytest
from cryptography import x509

from local.arm import certificates
from local.arm.certificates import Certificates


@pytest.fixture
def files(tmp_path: Path) -> Certificates:
    return certificates.ensure(tmp_path / "ca.pem", tmp_path / "tls")


def greet(files: Certificates, name: str) -> str | None:
    """The protocol that a client which trusts our authority alone agrees on with a server that uses our certificate."""
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(files.certificate, files.key)
    client = ssl.create_default_context(cafile=str(files.authority))
    client.verify_flags |= ssl.VERIFY_X509_STRICT
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def accept() -> None:
            with listener.accept()[0] as connection:
                try:
                    server.wrap_socket(connection, server_side=True).close()
                except ssl.SSLError:
                    return

        serving = Thread(target=accept)
        serving.start()
        try:
            with (
                socket.create_connection(listener.getsockname()) as plain,
                client.wrap_socket(plain, server_hostname=name) as secured,
            ):
                return secured.version()
        finally:
            serving.join()


@pytest.mark.parametrize("name", ["localhost", "127.0.0.1"])
def test_a_strict_client_that_trusts_the_authority_accepts_the_server(files: Certificates, name: str) -> None:
    assert greet(files, name) == "TLSv1.3"


def test_the_server_is_not_accepted_under_another_name(files: Certificates) -> None:
    with pytest.raises(ssl.SSLCertVerificationError):
        greet(files, "example.com")


def test_keys_are_readable_by_their_owner_alone(files: Certificates) -> None:
    assert {key.stat().st_mode & 0o777 for key in files.key.parent.glob("*.key")} == {0o600}


def test_the_authority_can_speak_for_loopback_only(files: Certificates) -> None:
    authority = x509.load_pem_x509_certificate(files.authority.read_bytes())
    limits = authority.extensions.get_extension_for_class(x509.NameConstraints)
    assert limits.critical
    assert set(limits.value.permitted_subtrees or []) == {
        x509.DNSName("localhost"),
        x509.IPAddress(ipaddress.ip_network("127.0.0.0/8")),
    }


def test_certificates_are_kept_from_start_to_start(files: Certificates) -> None:
    before = files.certificate.read_bytes(), files.authority.read_bytes()
    certificates.ensure(files.authority, files.key.parent)
    assert (files.certificate.read_bytes(), files.authority.read_bytes()) == before


def test_an_expired_server_certificate_is_renewed_under_the_same_authority(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(certificates, "SERVER_DAYS", 0)
        old = certificates.ensure(tmp_path / "ca.pem", tmp_path / "tls")
    authority, expired = old.authority.read_bytes(), old.certificate.read_bytes()
    new = certificates.ensure(tmp_path / "ca.pem", tmp_path / "tls")
    assert new.authority.read_bytes() == authority
    assert new.certificate.read_bytes() != expired
    assert greet(new, "localhost")


@pytest.mark.parametrize("damaged", ["ca.pem", "tls/authority.key", "tls/server.pem", "tls/server.key"])
def test_a_damaged_or_missing_file_is_made_anew(tmp_path: Path, damaged: str) -> None:
    for content in (None, "nonsense"):
        certificates.ensure(tmp_path / "ca.pem", tmp_path / "tls")
        (tmp_path / damaged).unlink()
        if content:
            (tmp_path / damaged).write_text(content)
        assert greet(certificates.ensure(tmp_path / "ca.pem", tmp_path / "tls"), "localhost")
