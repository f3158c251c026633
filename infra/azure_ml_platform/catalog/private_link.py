"""Private link: the groups (sub-resources) of each type, and the DNS zones that their names resolve in, by cloud.

Source: learn.microsoft.com/azure/private-link/private-endpoint-dns, read 2026-11. A cloud without zones is one for
which that page lists none: a private endpoint there would have no names.
"""

from dataclasses import dataclass

from azure_ml_platform.catalog.regions import REGIONS, CloudName


class PrivateLinkUnknown(LookupError):
    """A type, group and cloud for which Microsoft lists no private DNS zone."""


@dataclass(frozen=True)
class PrivateLink:
    """One group of a type. `{region}` in a zone stands for the region's programmatic name."""

    arm_type: str
    group: str
    """Group id, as private endpoints name it."""
    zones: dict[CloudName, tuple[str, ...]]
    """Zones by cloud; none where Microsoft lists none."""


_STORAGE_SUFFIXES = ("core.windows.net", "core.usgovcloudapi.net", "core.chinacloudapi.cn")
_CLOUDS = (CloudName.PUBLIC, CloudName.US_GOVERNMENT, CloudName.CHINA)
_NONE = ()


def _link(arm_type: str, group: str, *zones: tuple[str, ...]) -> PrivateLink:
    """A group with its zones, without `privatelink.`, in the public cloud, US government and China."""
    named = [tuple(f"privatelink.{zone}" for zone in each) for each in zones]
    return PrivateLink(arm_type, group, dict(zip(_CLOUDS, named, strict=True)))


def _storage(service: str) -> PrivateLink:
    return _link("Microsoft.Storage/storageAccounts", service, *((f"{service}.{end}",) for end in _STORAGE_SUFFIXES))


def _databricks(group: str) -> PrivateLink:
    zones = (("azuredatabricks.net",), ("databricks.azure.us",), ("databricks.azure.cn",))
    return _link("Microsoft.Databricks/workspaces", group, *zones)


_LINKS = (
    *map(_storage, ("blob", "file", "queue", "table", "dfs", "web")),
    _link(
        "Microsoft.KeyVault/vaults",
        "vault",
        ("vaultcore.azure.net",),
        ("vaultcore.usgovcloudapi.net",),
        ("vaultcore.azure.cn",),
    ),
    _link("Microsoft.ContainerRegistry/registries", "registry", ("azurecr.io",), ("azurecr.us",), ("azurecr.cn",)),
    _link(
        "Microsoft.Sql/servers",
        "sqlServer",
        ("database.windows.net",),
        ("database.usgovcloudapi.net",),
        ("database.chinacloudapi.cn",),
    ),
    _link(
        "Microsoft.MachineLearningServices/workspaces",
        "amlworkspace",
        ("api.azureml.ms", "notebooks.azure.net"),
        ("api.ml.azure.us", "notebooks.usgovcloudapi.net"),
        ("api.ml.azure.cn", "notebooks.chinacloudapi.cn"),
    ),
    _link("Microsoft.MachineLearningServices/registries", "amlregistry", ("api.azureml.ms",), _NONE, _NONE),
    *map(_databricks, ("databricks_ui_api", "browser_authentication")),
    _link(
        "Microsoft.ContainerService/managedClusters",
        "management",
        ("{region}.azmk8s.io",),
        ("{region}.cx.aks.containerservice.azure.us",),
        ("{region}.cx.prod.service.azk8s.cn",),
    ),
    _link(
        "Microsoft.DataFactory/factories",
        "dataFactory",
        ("datafactory.azure.net",),
        ("datafactory.azure.us",),
        ("datafactory.azure.cn",),
    ),
    _link("Microsoft.DataFactory/factories", "portal", ("adf.azure.com",), ("adf.azure.us",), ("adf.azure.cn",)),
    _link(
        "Microsoft.Insights/privateLinkScopes",
        "azuremonitor",
        (
            "monitor.azure.com",
            "oms.opinsights.azure.com",
            "ods.opinsights.azure.com",
            "agentsvc.azure-automation.net",
            "blob.core.windows.net",
        ),
        (
            "monitor.azure.us",
            "oms.opinsights.azure.us",
            "ods.opinsights.azure.us",
            "agentsvc.azure-automation.us",
            "blob.core.usgovcloudapi.net",
        ),
        _NONE,
    ),
)

PRIVATE_LINKS: dict[tuple[str, str], PrivateLink] = {(link.arm_type, link.group): link for link in _LINKS}
"""Every group that the platform can connect to, by type and group id."""


def zones(arm_type: str, group: str, location: str) -> tuple[str, ...]:
    """Return the private DNS zones that a private endpoint's names need, in the cloud of its region.

    Raises PrivateLinkUnknown where there are none.
    """
    link, region = PRIVATE_LINKS.get((arm_type, group)), REGIONS[location]
    found = link.zones[region.cloud] if link else ()
    if not found:
        where = f"{region.cloud.value} Azure"
        raise PrivateLinkUnknown(f"Microsoft lists no private DNS zone for {group} of {arm_type} in {where}")
    return tuple(zone.format(region=location) for zone in found)
