"""The registry of models and environments."""

import pytest
from pydantic import ValidationError

from azure_ml_platform.catalog.roles import Role

REGISTRY = "azure-native:machinelearningservices:Registry"
ROLE = "azure-native:authorization:RoleAssignment"


def test_assets_are_replicated_to_every_region(made):
    registry = made("AssetRegistry", full=True).one(REGISTRY).inputs
    assert [detail["location"] for detail in registry["regionDetails"]] == ["westeurope", "northeurope"]
    for detail in registry["regionDetails"]:
        (images,), (files,) = detail["acrDetails"], detail["storageAccountDetails"]
        assert images["systemCreatedAcrAccount"]["acrAccountSku"] == "Premium"
        assert files["systemCreatedStorageAccount"]["storageAccountType"] == "Standard_GRS"


def test_it_is_closed_and_kept_unless_it_is_asked_for_otherwise(made):
    registry = made("AssetRegistry").one(REGISTRY)
    assert registry.inputs["publicNetworkAccess"] == "Disabled"
    assert registry.inputs["identity"] == {"type": "SystemAssigned"}
    assert registry.protect
    assert not made("AssetRegistry", full=True).one(REGISTRY).protect


def test_workspaces_read_and_only_pipelines_write(made):
    graph = made("AssetRegistry", full=True)
    assert graph.one(ROLE, "x-reader-workspace").inputs["roleDefinitionId"].endswith(Role.READER)
    assert graph.one(ROLE, "x-publisher-pipeline").inputs["roleDefinitionId"].endswith(Role.AZUREML_REGISTRY_USER)


def test_a_registry_without_a_region_is_refused(made):
    with pytest.raises(ValidationError, match="regions"):
        made("AssetRegistry", regions=[])
