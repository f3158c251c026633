"""Resource providers of the subscription: what they offer, registration, names that are free, versions."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.unit.arm.doubles import REGION, Azure, Platform

IDENTITY = "Microsoft.ManagedIdentity/userAssignedIdentities"


def providers(azure: Azure, tail: str = "") -> str:
    return f"{azure.subscription}/providers/Microsoft.ManagedIdentity{tail}"


def test_an_unregistered_provider_refuses_resources_until_it_is_registered_again(azure: Azure) -> None:
    path = f"{azure.group()}/providers/{IDENTITY}/id-test"
    assert azure("POST", providers(azure, "/unregister")).body["registrationState"] == "Unregistered"
    refused = azure("PUT", path, {"location": REGION})
    assert (refused.status, refused.code) == (409, "MissingSubscriptionRegistration")
    assert refused.body["error"]["details"][0]["target"] == "Microsoft.ManagedIdentity"
    assert azure("POST", providers(azure, "/register")).body["registrationState"] == "Registered"
    assert azure("PUT", path, {"location": REGION}).status == 201


def test_a_provider_with_resources_cannot_be_unregistered(azure: Azure) -> None:
    azure.put(f"{azure.group()}/providers/{IDENTITY}/id-test", {"location": REGION})
    answer = azure("POST", providers(azure, "/unregister"))
    assert (answer.status, IDENTITY in answer.message) == (409, True)
    assert azure("GET", providers(azure)).body["registrationState"] == "Registered"


def test_resource_manager_itself_cannot_be_unregistered(azure: Azure) -> None:
    assert azure("POST", f"{azure.subscription}/providers/Microsoft.Resources/unregister").status == 409
    assert azure("GET", f"{azure.subscription}/providers/Microsoft.Resources").body["registrationPolicy"] == (
        "RegistrationFree"
    )


def test_a_provider_tells_its_types_with_versions_and_regions(azure: Azure) -> None:
    [kind] = azure("GET", providers(azure, "/resourceTypes")).body["value"][:1]
    assert kind["resourceType"] == "userAssignedIdentities"
    assert "West Europe" in kind["locations"]
    assert azure("GET", "/providers/Microsoft.ManagedIdentity").body["resourceTypes"][0] == kind
    assert azure("POST", f"{azure.subscription}/providers/Contoso.Toys/register").code == "InvalidResourceNamespace"


@pytest.mark.parametrize("tail", ["", "/locations/westeurope"])
def test_a_name_is_free_until_it_is_taken_and_while_it_can_be_recovered(
    azure: Azure, platform: Platform, tail: str
) -> None:
    path = f"{azure.subscription}/providers/Microsoft.KeyVault{tail}/checkNameAvailability"

    def asked(name: str) -> dict[str, object]:
        return dict(azure("POST", path, {"name": name, "type": "Microsoft.KeyVault/vaults"}).body)

    assert asked("kv-free") == {"nameAvailable": True}
    assert asked("kv-test")["reason"] == "AlreadyExists"
    azure.delete(platform.workspace)
    azure.delete(platform.vault)
    assert asked("KV-TEST")["reason"] == "AlreadyExists"


@pytest.mark.parametrize("version", ["2024-13-01", "2024-02-30", "2024-01-01-", "latest"])
def test_an_api_version_is_a_date(azure: Azure, version: str) -> None:
    assert azure("GET", azure.group(), version=version).code == "InvalidApiVersionParameter"


@pytest.mark.trap("versions-that-move")
def test_no_provider_has_an_api_version_from_the_future(azure: Azure) -> None:
    group, tomorrow = azure.group(), (datetime.now(UTC) + timedelta(days=2)).date()
    answer = azure("GET", group, version=f"{tomorrow}-preview")
    assert (answer.status, answer.code) == (400, "NoRegisteredProviderFound")
    assert str(tomorrow) in answer.message
