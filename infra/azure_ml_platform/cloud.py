"""Which Azure the program talks to: endpoints, token scopes and host suffixes by cloud.

The one place that reads the environment. Sources, read 2026-11: learn.microsoft.com/azure/azure-government/
compare-azure-government-global-azure, learn.microsoft.com/azure/china/resources-developer-guide, and
learn.microsoft.com/azure/machine-learning/reference-machine-learning-cloud-parity.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import urlsplit


class CloudUnknown(ValueError):
    """The environment names a cloud that nobody here knows."""


@dataclass(frozen=True)
class Cloud:
    """One Azure cloud. URLs have no slash at the end, suffixes no dot at the start."""

    name: str
    """`public`, `us_government`, `china` or `local`."""
    resource_manager: str
    """Azure Resource Manager."""
    authority: str
    """Where Microsoft Entra issues tokens."""
    resource_manager_scope: str
    """Scope of a token for Azure Resource Manager."""
    machine_learning_scope: str
    """Scope of a token for the machine learning data plane, scoring URIs included."""
    vault_scope: str
    """Scope of a token for a key vault's data plane."""
    storage_suffix: str
    """Blob endpoints are `https://<account>.blob.<storage_suffix>/`."""
    vault_suffix: str
    """Vaults are `https://<vault>.<vault_suffix>/`."""
    registry_suffix: str
    """Registries are `<registry>.<registry_suffix>`."""
    storage_scope: str = "https://storage.azure.com/.default"
    """Scope of a token for blobs; the same in every cloud."""
    databricks_scope: str = "2ff814a6-3304-4ab8-85cb-cd0e6f879c1d/.default"
    """Scope of a token for the REST interface of Databricks workspaces; the same in every cloud."""
    studio: str = "https://ml.azure.com"
    """Where machine learning studio opens."""
    ca_bundle: Path | None = None
    """Certificates to trust beside the system's, where the endpoint has one of its own."""

    @property
    def local(self) -> bool:
        """Whether it is the Azure on loopback."""
        return self.name == _LOCAL

    @classmethod
    def current(cls, environment: Mapping[str, str] | None = None) -> "Cloud":
        """Return the cloud that the environment names, the public one when it names none.

        ARM_METADATA_HOSTNAME (`host:port` on loopback is the local target) goes before ARM_ENVIRONMENT
        (`public`, `usgovernment`, `china`). Raises CloudUnknown for anything else.
        """
        environment = os.environ if environment is None else environment
        if host := environment.get("ARM_METADATA_HOSTNAME"):
            return _of_host(host, environment)
        return _of_name(environment.get("ARM_ENVIRONMENT") or "public")


def subscription_id(environment: Mapping[str, str] | None = None) -> str | None:
    """Return the subscription that the environment names (ARM_SUBSCRIPTION_ID), if it names one."""
    return (os.environ if environment is None else environment).get("ARM_SUBSCRIPTION_ID") or None


_LOCAL = "local"
_LOOPBACK = ("127.0.0.1", "localhost", "::1")

PUBLIC = Cloud(
    name="public",
    resource_manager="https://management.azure.com",
    authority="https://login.microsoftonline.com",
    resource_manager_scope="https://management.azure.com/.default",
    machine_learning_scope="https://ml.azure.com/.default",
    vault_scope="https://vault.azure.net/.default",
    storage_suffix="core.windows.net",
    vault_suffix="vault.azure.net",
    registry_suffix="azurecr.io",
)
US_GOVERNMENT = Cloud(
    name="us_government",
    resource_manager="https://management.usgovcloudapi.net",
    authority="https://login.microsoftonline.us",
    resource_manager_scope="https://management.usgovcloudapi.net/.default",
    machine_learning_scope="https://ml.azure.us/.default",
    studio="https://ml.azure.us",
    vault_scope="https://vault.usgovcloudapi.net/.default",
    storage_suffix="core.usgovcloudapi.net",
    vault_suffix="vault.usgovcloudapi.net",
    registry_suffix="azurecr.us",
)
CHINA = Cloud(
    name="china",
    resource_manager="https://management.chinacloudapi.cn",
    authority="https://login.chinacloudapi.cn",
    resource_manager_scope="https://management.chinacloudapi.cn/.default",
    machine_learning_scope="https://ml.azure.cn/.default",
    studio="https://studio.ml.azure.cn",
    vault_scope="https://vault.azure.cn/.default",
    storage_suffix="core.chinacloudapi.cn",
    vault_suffix="vault.azure.cn",
    registry_suffix="azurecr.cn",
)

_BY_NAME = {
    **dict.fromkeys(("public", "azurecloud"), PUBLIC),
    **dict.fromkeys(("usgovernment", "azureusgovernment"), US_GOVERNMENT),
    **dict.fromkeys(("china", "azurechinacloud"), CHINA),
}


def _of_name(name: str) -> Cloud:
    try:
        return _BY_NAME[name.lower()]
    except KeyError:
        raise CloudUnknown(f"ARM_ENVIRONMENT is {name!r}; it must be public, usgovernment or china") from None


def _of_host(host: str, environment: Mapping[str, str]) -> Cloud:
    for cloud in (PUBLIC, US_GOVERNMENT, CHINA):
        if host.lower() == urlsplit(cloud.resource_manager).hostname:
            return cloud
    if urlsplit(f"//{host}").hostname not in _LOOPBACK:
        raise CloudUnknown(
            f"ARM_METADATA_HOSTNAME is {host!r}; it must be the resource manager of a known cloud or on loopback"
        )
    bundle = environment.get("REQUESTS_CA_BUNDLE")
    return replace(
        PUBLIC,
        name=_LOCAL,
        resource_manager=f"https://{host}",
        authority=f"https://{host}",
        ca_bundle=Path(bundle) if bundle else None,
    )
