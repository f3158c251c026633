"""Container registries: what each tier has."""

import pytest

from local.arm.documents import Json
from tests.unit.arm.doubles import REGION, Azure

PREMIUM_ONLY: list[Json] = [
    {"zoneRedundancy": "Enabled"},
    {"networkRuleSet": {"defaultAction": "Deny", "ipRules": []}},
    {"networkRuleSet": {"defaultAction": "Allow", "ipRules": [{"value": "20.1.2.3"}]}},
    {"dataEndpointEnabled": True},
    {"policies": {"retentionPolicy": {"status": "enabled", "days": 7}}},
    {"policies": {"trustPolicy": {"status": "enabled"}}},
    {"policies": {"quarantinePolicy": {"status": "enabled"}}},
]


@pytest.fixture
def path(azure: Azure) -> str:
    return f"{azure.group()}/providers/Microsoft.ContainerRegistry/registries/crtest"


def registry(sku: str, **properties: object) -> Json:
    return {"location": REGION, "sku": {"name": sku}, "properties": properties}


@pytest.mark.parametrize("properties", PREMIUM_ONLY)
def test_what_only_premium_has_is_refused_to_the_others(azure: Azure, path: str, properties: Json) -> None:
    for sku in ("Basic", "Standard"):
        answer = azure("PUT", path, registry(sku, **properties))
        assert (answer.status, answer.code) == (400, "SkuNotSupported")
        assert sku in answer.message
    assert azure("PUT", path, registry("Premium", **properties)).status == 201


def test_only_premium_closes_its_public_network(azure: Azure, path: str) -> None:
    answer = azure("PUT", path, registry("Standard", publicNetworkAccess="Disabled"))
    assert answer.code == "DisablingPublicNetworkAccessNotSupported"


def test_basic_has_no_anonymous_pull(azure: Azure, path: str) -> None:
    assert azure("PUT", path, registry("Basic", anonymousPullEnabled=True)).code == "SkuNotSupported"
    assert azure("PUT", path, registry("Standard", anonymousPullEnabled=True)).status == 201


def test_export_is_closed_only_with_the_public_network(azure: Azure, path: str) -> None:
    closed = {"exportPolicy": {"status": "disabled"}}
    assert azure("PUT", path, registry("Premium", policies=closed)).code == "ExportPolicyNotSupported"
    body = registry("Premium", policies=closed, publicNetworkAccess="Disabled")
    assert azure("PUT", path, body).status == 201


def test_zones_are_decided_at_creation(azure: Azure, path: str) -> None:
    azure.put(path, registry("Premium"))
    assert azure("PUT", path, registry("Premium", zoneRedundancy="Enabled")).code == "PropertyChangeNotAllowed"


def test_credentials_are_for_those_who_have_an_administrator(azure: Azure, path: str) -> None:
    azure.put(path, registry("Basic"))
    assert azure("POST", f"{path}/listCredentials").code == "UnAuthorizedForCredentialOperations"
    azure.put(path, registry("Basic", adminUserEnabled=True))
    assert len(azure("POST", f"{path}/listCredentials").body["passwords"]) == 2
