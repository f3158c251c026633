"""Quota: what a stack can come to use is compared with what Azure has granted, before anything is deployed."""

from typing import Any

import pytest

from tests.unit.settings.given_settings import Load, Refuse

FAMILY = "standardDSv2Family"


def test_a_family_without_gpus_is_taken_on_trust(load: Load) -> None:
    clusters = {"cpu-cluster": {"max_nodes": 100}}
    assert load(profile="prod", compute={"clusters": clusters}).compute.quota == {}


@pytest.mark.avoids("room-for-upgrades")
def test_clusters_instances_and_models_add_up(load: Load, refuse: Refuse) -> None:
    person = "00000000-0000-4000-8000-000000000007"
    areas: dict[str, Any] = {
        "compute": {"instances": {"ci-jane": {"user": person}}, "quota": {FAMILY: 31}},
        "models": {"wine": {"model": "azureml://registries/r/models/wine/versions/1"}},
    }
    said = str(refuse(profile="prod", **areas))
    assert f"compute.quota.{FAMILY}" in said
    assert "at least 32" in said, "4 nodes, 1 instance and 2 machines that count as 3, of 4 vCPUs each"
    areas["compute"]["quota"][FAMILY] = 32
    assert load(profile="prod", **areas).compute.quota == {FAMILY: 32}


@pytest.mark.avoids("no-gpus-at-first")
def test_a_family_with_gpus_has_nothing_until_azure_grants_it(load: Load, refuse: Refuse) -> None:
    gpu: dict[str, Any] = {"clusters": {"gpu-cluster": {"vm_size": "Standard_NC24ads_A100_v4", "max_nodes": 1}}}
    said = str(refuse(profile="prod", compute=gpu))
    assert "compute.quota.standardNCADSA100v4Family" in said
    assert "at least 24" in said
    assert load(profile="prod", compute={**gpu, "quota": {"standardNCADSA100v4Family": 24}}).compute.enabled


def test_spare_capacity_has_a_quota_of_its_own(load: Load) -> None:
    gpu = {"gpu-cluster": {"vm_size": "Standard_NC24ads_A100_v4", "low_priority": True}}
    assert load(profile="prod", compute={"clusters": gpu}).compute.active_clusters["gpu-cluster"].gpu


@pytest.mark.parametrize(
    ("areas", "path"),
    [
        ({"compute": {"quota": {"standardXYFamily": 4}}}, "compute.quota"),
        ({"compute": {"instances": {"ci-jane-1": {"user": "me"}}}}, "compute.instances"),
        ({"compute": {"instances": {"ci-jane": {"user": "me"}}}}, "compute.instances.ci-jane.user"),
        ({"machine_learning": {"personas": {"data-scientist": "me"}}}, "machine_learning.personas.data-scientist"),
        ({"machine_learning": {"outbound_purposes": ["music"]}}, "machine_learning.outbound_purposes"),
    ],
)
def test_what_is_no_such_thing_is_named(refuse: Refuse, areas: Any, path: str) -> None:
    assert path in str(refuse(profile="prod", **areas))


def test_hosts_are_named_only_where_calls_are_approved(load: Load, refuse: Refuse) -> None:
    purposes = {"outbound_purposes": ["conda"]}
    assert load(profile="prod", machine_learning=purposes).machine_learning.outbound_purposes == ("conda",)
    assert "outbound_purposes" in str(refuse(profile="dev", machine_learning=purposes))
