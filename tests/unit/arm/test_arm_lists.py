"""What lists show, how they are filtered, and that a page reads no more than it needs."""

from uuid import uuid4

import pytest

from local.arm import reading
from local.arm.store import PIECE
from tests.unit.arm.doubles import REGION, Azure, Platform

IDENTITIES = "providers/Microsoft.ManagedIdentity/userAssignedIdentities"
IDENTITY_TYPE = IDENTITIES.removeprefix("providers/")
ASSIGNMENTS = "providers/Microsoft.Authorization/roleAssignments"
LOCKS = "providers/Microsoft.Authorization/locks"
READER = "acdd72a7-3385-48ef-bd42-f606fba81ae7"


@pytest.fixture
def identities(azure: Azure) -> Azure:
    one, two = azure.group("rg-one"), azure.group("rg-two")
    azure.put(f"{one}/{IDENTITIES}/id-a", {"location": REGION, "tags": {"Owner": "me", "tier": "it's"}})
    azure.put(f"{one}/{IDENTITIES}/id-ab", {"location": "northeurope", "tags": {"owner": "you"}})
    azure.put(f"{two}/{IDENTITIES}/other", {"location": REGION})
    return azure


@pytest.mark.parametrize(
    ("condition", "names"),
    [
        (f"resourceType eq '{IDENTITY_TYPE}'", ["id-a", "id-ab", "other"]),
        (f"resourceType eq '{IDENTITY_TYPE.lower()}' and name eq 'ID-A'", ["id-a"]),
        ("resourceType eq 'Microsoft.KeyVault/vaults'", []),
        ("name ne 'id-a'", ["id-ab", "other"]),
        ("tagName eq 'owner'", ["id-a", "id-ab"]),
        ("tagname eq 'owner' and tagvalue eq 'you'", ["id-ab"]),
        ("startswith(tagName, 'ow')", ["id-a", "id-ab"]),
        ("tagName eq 'tier' and tagValue eq 'it''s'", ["id-a"]),
        ("substringof('d-a', name)", ["id-a", "id-ab"]),
        ("contains(name, 'other') or location eq 'northeurope'", ["id-ab", "other"]),
        ("resourceGroup eq 'RG-TWO'", ["other"]),
        ("properties/principalId ne 'x' and name eq 'other'", ["other"]),
    ],
)
def test_resources_are_filtered_by_what_clients_ask_for(identities: Azure, condition: str, names: list[str]) -> None:
    listed = identities("GET", f"{identities.subscription}/resources?$filter={condition}").body["value"]
    assert [entry["name"] for entry in listed] == names


@pytest.mark.parametrize(
    "condition",
    [
        "name",
        "name eq",
        "name lt 'x'",
        "name eq 'x' and",
        "name eq 'x",
        "eq 'x'",
        "nosuch('x')",
        "atScope(",
        "a eq 'b' c",
    ],
)
def test_a_filter_that_is_not_understood_is_refused_with_what_is(azure: Azure, condition: str) -> None:
    answer = azure("GET", f"{azure.subscription}/resources?$filter={condition}")
    assert (answer.status, answer.code) == (400, "InvalidFilterInQueryString")
    assert condition in answer.message


def test_groups_are_filtered_by_tag(azure: Azure) -> None:
    azure.put(f"{azure.subscription}/resourceGroups/rg-mine", {"location": REGION, "tags": {"owner": "me"}})
    azure.group("rg-other")
    path = f"{azure.subscription}/resourceGroups?$filter=tagName eq 'owner' and tagValue eq 'me'"
    assert [entry["name"] for entry in azure("GET", path).body["value"]] == ["rg-mine"]


def test_a_list_of_all_resources_shows_the_envelope_and_what_expand_names(platform: Platform, azure: Azure) -> None:
    entries = {item["type"]: item for item in azure("GET", f"{platform.group}/resources").body["value"]}
    storage = entries["Microsoft.Storage/storageAccounts"]
    assert set(storage) == {"id", "name", "type", "location", "kind", "sku"}
    path = f"{platform.group}/resources?$expand=createdTime,changedTime,provisioningState"
    expanded = next(item for item in azure("GET", path).body["value"] if item["id"] == storage["id"])
    assert set(expanded) - set(storage) == {"createdTime", "changedTime", "provisioningState"}
    assert expanded["provisioningState"] == "Succeeded"
    assert expanded["createdTime"] <= expanded["changedTime"]


def test_a_list_of_all_resources_has_children_with_a_region_and_no_extensions(platform: Platform, azure: Azure) -> None:
    azure.put(f"{platform.storage}/{LOCKS}/keep", {"properties": {"level": "CanNotDelete"}})
    endpoint = f"{platform.workspace}/onlineEndpoints/listed-endpoint"
    azure.put(endpoint, {"location": REGION, "identity": {"type": "SystemAssigned"}, "properties": {"authMode": "Key"}})
    types = {item["type"] for item in azure("GET", f"{platform.group}/resources").body["value"]}
    assert "Microsoft.MachineLearningServices/workspaces/onlineEndpoints" in types
    assert types.isdisjoint({"Microsoft.Authorization/locks", "Microsoft.Storage/storageAccounts/blobServices"})


@pytest.fixture
def assigned(platform: Platform, azure: Azure) -> tuple[Azure, dict[str, str]]:
    """One role assignment each at the subscription, the group, the storage account and the vault; name to scope."""
    scopes = {"subscription": azure.subscription, "group": platform.group, "storage": platform.storage}
    names = {}
    for scope in (*scopes.values(), platform.vault):
        name = str(uuid4())
        role = f"{azure.subscription}/providers/Microsoft.Authorization/roleDefinitions/{READER}"
        principal = platform.principal if scope != azure.subscription else str(uuid4())
        body = {"roleDefinitionId": role, "principalId": principal, "principalType": "ServicePrincipal"}
        azure.put(f"{scope}/{ASSIGNMENTS}/{name}", {"properties": body})
        names[name] = scope
    return azure, names


def test_role_assignments_are_listed_at_above_and_below_a_scope(
    assigned: tuple[Azure, dict[str, str]], platform: Platform
) -> None:
    azure, names = assigned

    def scopes(path: str) -> set[str]:
        return {names[entry["name"]] for entry in azure("GET", path).body["value"]}

    subscription = azure.subscription
    assert scopes(f"{subscription}/{ASSIGNMENTS}") == set(names.values())
    assert scopes(f"{platform.group}/{ASSIGNMENTS}") == set(names.values())
    assert scopes(f"{platform.storage}/{ASSIGNMENTS}") == {subscription, platform.group, platform.storage}
    assert scopes(f"{platform.group}/{ASSIGNMENTS}?$filter=atScope()") == {subscription, platform.group}
    assert scopes(f"{subscription}/{ASSIGNMENTS}?$filter=atScope()") == {subscription}
    mine = f"principalId eq '{platform.principal}'"
    assert subscription not in scopes(f"{subscription}/{ASSIGNMENTS}?$filter={mine}")
    assert scopes(f"{subscription}/{ASSIGNMENTS}?$filter=assignedTo('{platform.principal}')") == {
        platform.group,
        platform.storage,
        platform.vault,
    }


def test_locks_are_listed_where_they_are_and_below_and_with_at_scope_where_they_apply(
    platform: Platform, azure: Azure
) -> None:
    for scope in (azure.subscription, platform.group, platform.storage):
        azure.put(f"{scope}/{LOCKS}/keep", {"properties": {"level": "CanNotDelete"}})

    def scopes(path: str) -> list[str]:
        return [entry["id"].removesuffix(f"/{LOCKS}/keep") for entry in azure("GET", path).body["value"]]

    assert scopes(f"{azure.subscription}/{LOCKS}") == [azure.subscription, platform.group, platform.storage]
    assert scopes(f"{platform.group}/{LOCKS}") == [platform.group, platform.storage]
    assert scopes(f"{platform.storage}/{LOCKS}?$filter=atScope()") == [
        azure.subscription,
        platform.group,
        platform.storage,
    ]


def test_a_page_of_a_large_store_reads_a_piece_of_it(azure: Azure, monkeypatch: pytest.MonkeyPatch) -> None:
    group = azure.group()
    monkeypatch.setattr(reading, "PAGE", 3)
    for number in range(5):
        azure.put(f"{group}/{IDENTITIES}/id-{number}", {"location": REGION})
    read: list[int] = []
    rows = azure.store.rows

    def counted(query: str, *values: object) -> list[object]:
        found = rows(query, *values)
        if "ORDER BY sequence" in query and "LIMIT" in query:
            read.append(len(found))
        return list(found)

    monkeypatch.setattr(azure.store, "rows", counted)
    assert "nextLink" in azure("GET", f"{group}/resources").body
    assert len(read) == 1
    assert read[0] <= PIECE
