"""The environment contract: what turns any client of Azure, the engine included, to the local target."""

import os
import shlex
import sys
from collections.abc import Mapping
from pathlib import Path

import certifi

from local.endpoint import Endpoint
from local.paths import Paths, write_private

FOREIGN = (
    # A service principal, workload identity or other authority would win over the local managed identity.
    "AZURE_AUTHORITY_HOST",
    "AZURE_CLIENT_CERTIFICATE_PATH",
    "AZURE_CLIENT_ID",
    "AZURE_CLIENT_SECRET",
    "AZURE_FEDERATED_TOKEN_FILE",
    "AZURE_PASSWORD",
    "AZURE_TENANT_ID",
    "AZURE_TOKEN_CREDENTIALS",
    "AZURE_USERNAME",
    "ARM_CLIENT_CERTIFICATE_PATH",
    "ARM_CLIENT_ID",
    "ARM_CLIENT_SECRET",
    "ARM_ENVIRONMENT",
    "ARM_OIDC_REQUEST_TOKEN",
    "ARM_OIDC_REQUEST_URL",
    "ARM_OIDC_TOKEN",
    "ARM_OIDC_TOKEN_FILE_PATH",
    "ARM_USE_MSI",
    "ARM_USE_OIDC",
    "IMDS_ENDPOINT",
    "MSI_ENDPOINT",
    "MSI_SECRET",
    # The engine prefers this one to the passphrase file.
    "PULUMI_CONFIG_PASSPHRASE",
    "PULUMI_ACCESS_TOKEN",
    "PULUMI_STACK",
    # Without bytecode each of the engine's processes compiles the SDK again: seconds.
    "PYTHONDONTWRITEBYTECODE",
)
"""Variables that a local command runs without: of a caller's own Azure or Pulumi login, and what makes it slow."""


def inherit(inherited: Mapping[str, str], contract: Mapping[str, str]) -> dict[str, str]:
    """The environment of a local command: the caller's without its own logins, and the contract."""
    return {name: value for name, value in inherited.items() if name not in FOREIGN} | dict(contract)


def contract(paths: Paths, endpoint: Endpoint, inherited: Mapping[str, str]) -> dict[str, str]:
    """The variables of the contract; lists such as PATH are extended, not replaced."""
    interpreter = Path(sys.executable)
    loopback = _joined(",", "127.0.0.1", "localhost", *_items(inherited.get("NO_PROXY", ""), ","))
    return {
        "PATH": _joined(
            os.pathsep,
            str(paths.bin),
            str(interpreter.parent),
            *_items(inherited.get("PATH", ""), os.pathsep),
        ),
        "NO_PROXY": loopback,
        "no_proxy": loopback,
        "IDENTITY_ENDPOINT": f"{endpoint.url}/identity/token",
        "IDENTITY_HEADER": endpoint.identity_header,
        "ARM_METADATA_HOSTNAME": endpoint.authority,
        "ARM_SUBSCRIPTION_ID": endpoint.subscription_id,
        "ARM_TENANT_ID": endpoint.tenant_id,
        "REQUESTS_CA_BUNDLE": str(paths.ca_bundle),
        "PULUMI_HOME": str(paths.pulumi_home),
        "PULUMI_BACKEND_URL": paths.state.as_uri(),
        "PULUMI_CONFIG_PASSPHRASE_FILE": str(paths.passphrase),
        "PULUMI_SKIP_UPDATE_CHECK": "true",
        "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
        "AZURE_ML_PLATFORM_PROJECT": str(paths.project),
        "AZURE_ML_PLATFORM_PYTHON": str(interpreter),
    }


def write_ca_bundle(paths: Paths) -> None:
    """Join our own authority and the public ones in one file, as REQUESTS_CA_BUNDLE replaces the public ones."""
    bundle = paths.ca.read_text(encoding="ascii") + Path(certifi.where()).read_text(encoding="utf-8")
    if not paths.ca_bundle.exists() or paths.ca_bundle.read_text(encoding="utf-8") != bundle:
        write_private(paths.ca_bundle, bundle)


def shell_exports(variables: Mapping[str, str]) -> str:
    """Lines for `eval` in a POSIX shell that make it a local one."""
    lines = [f"unset {' '.join(FOREIGN)}"]
    lines += [f"export {name}={shlex.quote(value)}" for name, value in variables.items()]
    return "\n".join(lines)


def _items(text: str, separator: str) -> list[str]:
    return [item for item in text.split(separator) if item]


def _joined(separator: str, *items: str) -> str:
    """The items in order, each once: a shell that has the contract already does not grow with every use."""
    return separator.join(dict.fromkeys(items))
