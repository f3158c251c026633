"""Which Azure the environment names."""

from pathlib import Path

import pytest

from azure_ml_platform.cloud import CHINA, PUBLIC, US_GOVERNMENT, Cloud, CloudUnknown, subscription_id


def test_an_environment_that_names_none_means_the_public_cloud() -> None:
    assert Cloud.current({}) is PUBLIC


@pytest.mark.parametrize(
    ("name", "cloud"),
    [("public", PUBLIC), ("usgovernment", US_GOVERNMENT), ("China", CHINA), ("AzureChinaCloud", CHINA)],
)
def test_a_cloud_is_known_by_its_name(name: str, cloud: Cloud) -> None:
    assert Cloud.current({"ARM_ENVIRONMENT": name}) is cloud


def test_a_cloud_is_known_by_its_resource_manager() -> None:
    environment = {"ARM_METADATA_HOSTNAME": "management.chinacloudapi.cn", "ARM_ENVIRONMENT": "public"}

    assert Cloud.current(environment) is CHINA


@pytest.mark.parametrize("host", ["127.0.0.1:8443", "localhost:8443", "[::1]:8443"])
def test_a_metadata_host_on_loopback_is_the_local_target(host: str) -> None:
    cloud = Cloud.current({"ARM_METADATA_HOSTNAME": host, "REQUESTS_CA_BUNDLE": "/ca.pem"})

    assert cloud.local
    assert cloud.resource_manager == f"https://{host}"
    assert cloud.ca_bundle == Path("/ca.pem")


def test_a_cloud_on_azure_needs_no_certificates_of_its_own() -> None:
    assert Cloud.current({"REQUESTS_CA_BUNDLE": "/proxy.pem"}).ca_bundle is None


@pytest.mark.parametrize(
    ("environment", "sentence"),
    [
        ({"ARM_ENVIRONMENT": "german"}, "ARM_ENVIRONMENT is 'german'; it must be public, usgovernment or china"),
        ({"ARM_METADATA_HOSTNAME": "arm.example.com"}, "ARM_METADATA_HOSTNAME is 'arm.example.com'; it must be"),
        ({"ARM_METADATA_HOSTNAME": "127.0.0.1.example.com:443"}, "or on loopback"),
    ],
)
def test_a_cloud_that_nobody_knows_is_refused_in_a_sentence(environment: dict[str, str], sentence: str) -> None:
    with pytest.raises(CloudUnknown) as refused:
        Cloud.current(environment)

    assert sentence in str(refused.value)


@pytest.mark.parametrize("cloud", [PUBLIC, US_GOVERNMENT, CHINA], ids=lambda cloud: cloud.name)
def test_scopes_urls_and_suffixes_have_the_form_that_they_promise(cloud: Cloud) -> None:
    scopes = (cloud.resource_manager_scope, cloud.machine_learning_scope, cloud.vault_scope, cloud.storage_scope)

    assert all(scope.startswith("https://") and scope.endswith("/.default") for scope in scopes)
    assert not any(url.endswith("/") for url in (cloud.resource_manager, cloud.authority))
    assert not any(suffix.startswith(".") for suffix in (cloud.storage_suffix, cloud.vault_suffix))


def test_the_subscription_is_the_environments() -> None:
    assert subscription_id({"ARM_SUBSCRIPTION_ID": "s"}) == "s"
    assert subscription_id({"ARM_SUBSCRIPTION_ID": ""}) is None
