"""TLS of the endpoint: an authority of this checkout's own and a server certificate for loopback.

The authority is made at first start, is bound by name constraints to loopback, and never goes into a system store:
clients are told of it by `REQUESTS_CA_BUNDLE`.
"""

import ipaddress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from local.paths import write_private

HOST = "localhost"
ADDRESS = ipaddress.ip_address("127.0.0.1")
AUTHORITY_DAYS, SERVER_DAYS = 3650, 397
RENEWED_BEFORE = timedelta(days=7)


@dataclass(frozen=True)
class Certificates:
    """Files in PEM form; the keys have mode 0600."""

    authority: Path
    certificate: Path
    key: Path


def ensure(authority: Path, folder: Path) -> Certificates:
    """The certificates, made or renewed where they are missing, damaged or about to expire.

    authority: where clients find the authority's certificate. folder: where the rest is kept.
    """
    folder.mkdir(mode=0o700, exist_ok=True)
    files = Certificates(authority, folder / "server.pem", folder / "server.key")
    authority_key = folder / "authority.key"
    if not _usable(authority, authority_key):
        _make_authority(authority, authority_key)
        files.certificate.unlink(missing_ok=True)
    if not _usable(files.certificate, files.key):
        _make_server(files, authority_key)
    return files


def _usable(certificate: Path, key: Path) -> bool:
    """Whether a pair is there, belongs together and lasts for a while."""
    try:
        loaded = x509.load_pem_x509_certificate(certificate.read_bytes())
        private = _load_key(key)
    except (OSError, ValueError, TypeError):
        return False
    lasts = loaded.not_valid_after_utc - RENEWED_BEFORE > datetime.now(UTC) > loaded.not_valid_before_utc
    return lasts and loaded.public_key() == private.public_key()


def _load_key(file: Path) -> ec.EllipticCurvePrivateKey:
    key = serialization.load_pem_private_key(file.read_bytes(), password=None)
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise TypeError(f"{file} holds another kind of key")
    return key


def _make_authority(certificate: Path, key_file: Path) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "azure-ml-platform local authority")])
    loopback = x509.NameConstraints(
        [x509.DNSName(HOST), x509.IPAddress(ipaddress.ip_network("127.0.0.0/8"))], excluded_subtrees=None
    )
    signed = (
        _builder(name, name, key, AUTHORITY_DAYS)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(signs_certificates=True), critical=True)
        .add_extension(loopback, critical=True)
        .sign(key, hashes.SHA256())
    )
    _write(certificate, key_file, signed, key)


def _make_server(files: Certificates, authority_key_file: Path) -> None:
    authority = x509.load_pem_x509_certificate(files.authority.read_bytes())
    authority_key = _load_key(authority_key_file)
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, HOST)])
    issuer_id = x509.AuthorityKeyIdentifier.from_issuer_public_key(authority_key.public_key())
    signed = (
        _builder(name, authority.subject, key, SERVER_DAYS)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(signs_certificates=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(HOST), x509.IPAddress(ADDRESS)]), critical=False)
        .add_extension(issuer_id, critical=False)
        .sign(authority_key, hashes.SHA256())
    )
    _write(files.certificate, files.key, signed, key)


def _builder(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePrivateKey, days: int
) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(days=days))
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )


def _usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def _write(certificate: Path, key_file: Path, signed: x509.Certificate, key: ec.EllipticCurvePrivateKey) -> None:
    """The key first: a process that dies in between leaves a pair that does not fit, which the next start replaces."""
    pem, pkcs8 = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    write_private(key_file, key.private_bytes(pem, pkcs8, serialization.NoEncryption()).decode())
    write_private(certificate, signed.public_bytes(pem).decode())
