"""DNS coverage: each group that the platform connects to has its zones in each cloud."""

import re

import pytest

from azure_ml_platform.catalog.private_link import PRIVATE_LINKS, PrivateLink, PrivateLinkUnknown, zones
from azure_ml_platform.catalog.regions import REGIONS, CloudName
from azure_ml_platform.vocabulary import PrivateSystem
from azure_ml_platform.wiring.private_links import GROUPS

REGION = {CloudName.PUBLIC: "westeurope", CloudName.US_GOVERNMENT: "usgovvirginia", CloudName.CHINA: "chinanorth3"}
UNLISTED = {
    ("Microsoft.MachineLearningServices/registries", "amlregistry"): {CloudName.US_GOVERNMENT, CloudName.CHINA},
    ("Microsoft.Insights/privateLinkScopes", "azuremonitor"): {CloudName.CHINA},
}
"""Clouds for which Microsoft's page lists no zone."""
ENDS = {
    CloudName.PUBLIC: (".net", ".com", ".io", ".ms"),
    CloudName.US_GOVERNMENT: (".us", ".usgovcloudapi.net"),
    CloudName.CHINA: (".cn",),
}


@pytest.mark.parametrize("cloud", CloudName)
@pytest.mark.parametrize("link", PRIVATE_LINKS.values(), ids=lambda link: f"{link.arm_type}-{link.group}")
def test_a_group_has_its_zones_in_every_cloud_that_microsoft_lists(link: PrivateLink, cloud: CloudName) -> None:
    if cloud in UNLISTED.get((link.arm_type, link.group), ()):
        with pytest.raises(PrivateLinkUnknown, match=link.group):
            zones(link.arm_type, link.group, REGION[cloud])
        return
    found = zones(link.arm_type, link.group, REGION[cloud])
    assert found
    for zone in found:
        assert re.fullmatch(r"privatelink(\.[a-z0-9-]+)+", zone)
        assert zone.endswith(ENDS[cloud])


def test_a_workspace_needs_the_zone_of_its_notebooks_too() -> None:
    workspace = ("Microsoft.MachineLearningServices/workspaces", "amlworkspace")
    assert zones(*workspace, "westeurope") == ("privatelink.api.azureml.ms", "privatelink.notebooks.azure.net")
    assert zones(*workspace, "usgovvirginia") == (
        "privatelink.api.ml.azure.us",
        "privatelink.notebooks.usgovcloudapi.net",
    )
    assert zones(*workspace, "chinanorth3") == ("privatelink.api.ml.azure.cn", "privatelink.notebooks.chinacloudapi.cn")


def test_the_zone_of_a_cluster_is_that_of_its_region() -> None:
    cluster = ("Microsoft.ContainerService/managedClusters", "management")
    assert zones(*cluster, "northeurope") == ("privatelink.northeurope.azmk8s.io",)


def test_no_zone_group_would_need_more_zones_than_it_may_have() -> None:
    assert all(len(found) <= 5 for link in PRIVATE_LINKS.values() for found in link.zones.values())


def test_every_system_with_private_endpoints_says_which_groups_it_has() -> None:
    assert set(GROUPS) == set(PrivateSystem)
    for system, (arm_type, groups) in GROUPS.items():
        # Settings refuse the private way to monitoring in China, where Microsoft lists no zones for it.
        outside = {CloudName.CHINA} if system is PrivateSystem.MONITORING else set()
        places = [location for location, region in REGIONS.items() if region.cloud not in outside]
        for group in groups:
            assert all(zones(arm_type, group, location) for location in places)


def test_a_group_that_nobody_knows_is_refused() -> None:
    with pytest.raises(PrivateLinkUnknown, match="no private DNS zone for secrets"):
        zones("Microsoft.KeyVault/vaults", "secrets", "westeurope")
