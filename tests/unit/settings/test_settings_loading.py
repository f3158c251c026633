"""What a stack's settings are: what its file says, over what its profile starts from."""

import asyncio
import json
from collections.abc import Iterator, Mapping
from datetime import date
from time import perf_counter
from typing import Any

import pulumi
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pulumi.runtime import mocks
from pulumi.runtime.config import CONFIG, set_all_config
from pydantic import ValidationError

from azure_ml_platform.settings import BudgetSettings, KeyVaultSettings, Settings, SettingsError
from azure_ml_platform.settings.area import Area
from azure_ml_platform.settings.merge import merge, plain
from azure_ml_platform.settings.profiles import profile_defaults
from azure_ml_platform.vocabulary import AuthMode, Profile, Redundancy
from tests.unit.settings.given_settings import PLATFORM, Load, source

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from("abc"), inner, max_size=3),
    max_leaves=10,
)
json_maps = st.dictionaries(st.sampled_from("abc"), json_values, max_size=3)


@given(json_maps)
def test_saying_nothing_changes_nothing(below: dict[str, Any]) -> None:
    assert merge(below, {}) == below
    assert merge({}, below) == below


@given(json_maps)
def test_saying_the_same_again_changes_nothing(value: dict[str, Any]) -> None:
    assert merge(value, value) == value


@given(json_maps, json_maps)
def test_what_is_said_wins_and_what_is_not_said_stays(below: dict[str, Any], above: dict[str, Any]) -> None:
    merged = merge(below, above)

    assert merged.keys() == below.keys() | above.keys()
    for key in merged:
        if key not in above:
            assert merged[key] == below[key]
        elif key not in below or not (isinstance(below[key], dict) and isinstance(above[key], dict)):
            assert merged[key] == above[key]
        else:
            assert merged[key] == merge(below[key], above[key])


@given(json_maps, json_maps)
def test_merging_leaves_both_sides_as_they_were(below: dict[str, Any], above: dict[str, Any]) -> None:
    before = json.dumps([below, above])
    merge(below, above)

    assert json.dumps([below, above]) == before


@pytest.mark.parametrize("profile", Profile)
def test_a_profiles_defaults_keep_the_rules_of_their_areas(profile: Profile) -> None:
    for area in vars(profile_defaults()[profile]).values():
        assert isinstance(area, Area)
        assert type(area).model_validate_json(json.dumps(plain(area))) == area


@pytest.mark.parametrize("profile", Profile)
def test_every_profile_makes_a_platform_of_the_least_that_a_file_can_say(load: Load, profile: Profile) -> None:
    settings = load(profile=profile, stack=profile)

    assert settings.profile is profile
    assert settings.machine_learning.enabled


def test_prod_is_closed_redundant_and_recoverable(load: Load) -> None:
    prod = load(profile="prod")

    for area in (prod.key_vault, prod.registry, prod.blob, prod.machine_learning):
        assert not area.public_network_access
    assert prod.blob.redundancy is Redundancy.ZRS
    assert (prod.key_vault.purge_protection, prod.key_vault.soft_delete_retention_days) == (True, 90)


def test_a_file_changes_one_setting_of_an_area_and_leaves_the_others(load: Load) -> None:
    before, after = load().blob, load(blob={"soft_delete_days": 14}).blob

    assert after == before.model_copy(update={"soft_delete_days": 14})


def test_a_list_in_a_file_replaces_the_profiles(load: Load) -> None:
    assert load(blob={"containers": ["models"]}).blob.containers == ("models",)


def test_a_file_changes_one_setting_of_a_default_cluster(load: Load) -> None:
    cluster = load(compute={"clusters": {"cpu-cluster": {"max_nodes": 9}}}).compute.clusters["cpu-cluster"]

    assert (cluster.max_nodes, cluster.vm_size) == (9, "Standard_DS3_v2")


def test_a_new_cluster_starts_from_the_profile(load: Load) -> None:
    clusters = {"gpu-cluster": {"vm_size": "standard_nc4as_t4_v3"}}
    dev = load(compute={"clusters": clusters}).compute.clusters
    granted = {"standardncasv3_t4family": 16}
    prod = load(profile="prod", compute={"clusters": clusters, "quota": granted}).compute.clusters

    assert dev.keys() == {"cpu-cluster", "gpu-cluster"}
    assert dev["gpu-cluster"].vm_size == "Standard_NC4as_T4_v3", "written as Azure writes it"
    assert (dev["gpu-cluster"].low_priority, prod["gpu-cluster"].low_priority) == (True, False)
    assert dev["gpu-cluster"].gpu


def test_a_new_instance_starts_from_the_profile(load: Load) -> None:
    instances = {"ci-jane": {"user": "00000000-0000-4000-8000-000000000007"}}
    dev = load(compute={"instances": instances}).compute.active_instances["ci-jane"]
    prod = load(profile="prod", compute={"instances": instances}).compute.active_instances["ci-jane"]

    assert (dev.vm_size, dev.idle_minutes, dev.stops_at) == ("Standard_DS3_v2", 30, "19:00")
    assert prod.idle_minutes == 60


def test_a_cluster_that_is_switched_off_is_none_of_the_stacks(load: Load) -> None:
    clusters = {"spare": {"enabled": False}}

    assert list(load(compute={"clusters": clusters}).compute.active_clusters) == ["cpu-cluster"]


def test_without_compute_the_workspace_builds_images_in_the_registry(load: Load) -> None:
    settings = load(compute={"enabled": False})

    assert settings.compute.active_clusters == {}
    assert settings.machine_learning.image_build_cluster is None


def test_a_model_starts_from_the_profile(load: Load) -> None:
    model = load(models={"wine": {"model": "model"}}).models["wine"]

    assert (model.instance_count, model.auth_mode, model.code) == (1, AuthMode.AAD_TOKEN, None)
    assert (
        load(profile="prod", models={"wine": {"model": "azureml://registries/r/models/m/versions/1"}})
        .models["wine"]
        .instance_count
        == 2
    )


def test_a_model_says_what_it_uploads(load: Load) -> None:
    said = {
        "model": "model",
        "code": "scoring",
        "scoring_script": "score.py",
        "environment": "azureml://registries/r/environments/e/versions/1",
    }

    assert load(models={"wine": said}).models["wine"].uploads == ("model", "scoring")


@pytest.mark.parametrize("written", ["2026-11-01", "2026-11-01 00:00:00 +0000 UTC", "2026-11-01T00:00:00Z"])
def test_a_date_may_lack_its_quotes(load: Load, written: str) -> None:
    assert load(budget={"start_date": written}).budget.start_date == date(2026, 11, 1)


def test_one_address_is_written_as_storage_accounts_want_it(load: Load) -> None:
    ranges = ["198.51.100.7/32", "198.51.100.8", "203.0.113.0/24"]

    assert load(blob={"allowed_ip_ranges": ranges}).blob.allowed_ip_ranges == (
        "198.51.100.7",
        "198.51.100.8",
        "203.0.113.0/24",
    )


def test_tags_say_who_what_and_where(load: Load) -> None:
    assert load(stack="dev-2", platform=PLATFORM | {"tags": {"team": "vision"}}).tags == {
        "team": "vision",
        "owner": "ml-platform@example.com",
        "cost-center": "ml-4711",
        "environment": "dev",
        "project": "mlops",
        "data-class": "internal",
        "managed-by": "pulumi",
        "stack": "dev-2",
    }


def test_settings_cannot_be_changed(load: Load) -> None:
    with pytest.raises(ValidationError, match="frozen"):
        load().blob.soft_delete_days = 1  # type: ignore[misc]


def test_an_area_made_in_code_keeps_the_same_rules() -> None:
    with pytest.raises(ValidationError, match=r"actual_thresholds must be at most five together"):
        BudgetSettings(monthly_amount=1, anomaly_alert=False, actual_thresholds=(1.0, 2.0, 3.0, 4.0, 5.0))
    with pytest.raises(ValidationError, match="must be a whole number of days from 7 to 90"):
        KeyVaultSettings.model_validate_json('{"soft_delete_retention_days": 1}')


def test_loading_takes_less_than_sixty_milliseconds() -> None:
    stack = source(models={"wine": {"model": "model"}})
    Settings.of(stack)
    start = perf_counter()
    Settings.of(stack)

    assert perf_counter() - start < 0.06


@pytest.fixture
def configured() -> Iterator[Any]:
    """Configure a stack as the engine does."""
    before = dict(CONFIG.get())
    mocks.set_mocks(_NoResources(), project="azure-ml-platform", stack="dev")

    def configure(values: dict[str, Any], secret_keys: tuple[str, ...] = ()) -> pulumi.Config:
        texts = {key: value if isinstance(value, str) else json.dumps(value) for key, value in values.items()}
        set_all_config(texts, list(secret_keys))
        return pulumi.Config("azure-ml-platform")

    yield configure
    set_all_config(before, [])


class _NoResources(mocks.Mocks):
    def new_resource(self, args: mocks.MockResourceArgs) -> tuple[str | None, dict[str, Any]]:
        raise AssertionError(f"settings made {args.name}")

    def call(self, args: mocks.MockCallArgs) -> tuple[dict[Any, Any], list[tuple[str, str]] | None]:
        raise AssertionError(f"settings called {args.token}")


RIGHT = {
    "azure-ml-platform:profile": "dev",
    "azure-ml-platform:platform": PLATFORM,
    "azure-ml-platform:budget": {"start_date": "2026-11-01"},
    "azure-native:location": "westeurope",
}


def test_settings_load_from_the_stacks_configuration(configured: Any) -> None:
    settings = Settings.load(configured(RIGHT))

    assert (settings.stack, settings.platform.workload) == ("dev", "mlops")


def test_every_key_of_the_namespace_is_looked_at(configured: Any) -> None:
    with pytest.raises(SettingsError, match="did you mean monitoring"):
        Settings.load(configured(RIGHT | {"azure-ml-platform:monitorin": {}}))


def test_secrets_reach_the_program_as_secret_outputs_beside_the_settings(configured: Any) -> None:
    key = "azure-ml-platform:secret-webhook"
    settings = Settings.load(configured(RIGHT | {key: "hunter2"}, secret_keys=(key,)))

    assert list(settings.secrets) == ["webhook"]
    assert asyncio.run(_read(settings.secrets, "webhook")) == ("hunter2", True)
    assert "hunter2" not in repr(settings)


def test_a_secret_that_the_stack_does_not_have_is_not_found(configured: Any) -> None:
    with pytest.raises(KeyError, match="webhook"):
        Settings.load(configured(RIGHT)).secrets["webhook"]


async def _read(secrets: Mapping[str, pulumi.Output[str]], name: str) -> tuple[str | None, bool]:
    output = secrets[name]
    return await output.future(), await output.is_secret()
