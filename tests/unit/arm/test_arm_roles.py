"""Role assignments as Azure judges them."""

from uuid import uuid4

import pytest

from local.arm.documents import Json
from tests.unit.arm.doubles import REGION, Answer, Azure, Platform

READER = "acdd72a7-3385-48ef-bd42-f606fba81ae7"
OWNER = "8e3af657-a8ff-443c-a75c-2fe8c4bcb635"
ASSIGNMENTS = "providers/Microsoft.Authorization/roleAssignments"


def body(azure: Azure, principal: str, role: str = READER, principal_type: str | None = "ServicePrincipal") -> Json:
    definition = f"{azure.subscription}/providers/Microsoft.Authorization/roleDefinitions/{role}"
    properties = {"roleDefinitionId": definition, "principalId": principal}
    return {"properties": properties | ({"principalType": principal_type} if principal_type else {})}


def assign(azure: Azure, scope: str, content: Json, name: str | None = None) -> Answer:
    return azure("PUT", f"{scope}/{ASSIGNMENTS}/{name or uuid4()}", content)


def test_an_assignment_tells_its_scope_and_who_made_it(azure: Azure, platform: Platform) -> None:
    answer = assign(azure, platform.storage, body(azure, platform.principal))
    assert (answer.status, answer.properties["scope"]) == (201, platform.storage)
    assert answer.properties["createdBy"] == azure.directory.caller.object_id


@pytest.mark.trap("assignments-exist")
def test_the_same_assignment_under_another_name_exists_already(azure: Azure, platform: Platform) -> None:
    assign(azure, platform.storage, body(azure, platform.principal))
    answer = assign(azure, platform.storage, body(azure, platform.principal))
    assert (answer.status, answer.code) == (409, "RoleAssignmentExists")
    assert assign(azure, platform.vault, body(azure, platform.principal)).status == 201
    assert assign(azure, platform.storage, body(azure, platform.principal, OWNER)).status == 201


def test_what_an_assignment_is_about_cannot_change(azure: Azure, platform: Platform) -> None:
    name = str(uuid4())
    assign(azure, platform.storage, body(azure, platform.principal), name)
    assert assign(azure, platform.storage, body(azure, platform.principal), name).status == 200
    for other in (body(azure, str(uuid4())), body(azure, platform.principal, OWNER)):
        assert assign(azure, platform.storage, other, name).code == "RoleAssignmentUpdateNotPermitted"


@pytest.mark.parametrize(
    ("principal", "principal_type", "code"),
    [
        ("nobody", None, "InvalidPrincipalId"),
        ("11111111-2222-3333-4444-555555555555", None, "PrincipalNotFound"),
        ("identity", "User", "UnmatchedPrincipalType"),
    ],
)
def test_the_principal_is_looked_up(
    azure: Azure, platform: Platform, principal: str, principal_type: str | None, code: str
) -> None:
    who = platform.principal if principal == "identity" else principal
    assert assign(azure, platform.group, body(azure, who, READER, principal_type)).code == code


@pytest.mark.trap("roles-that-spread")
def test_a_new_principal_is_accepted_when_it_is_said_to_be_a_service(azure: Azure, platform: Platform) -> None:
    assert assign(azure, platform.group, body(azure, str(uuid4()))).status == 201


def test_the_type_of_a_known_principal_is_filled_in(azure: Azure, platform: Platform) -> None:
    answer = assign(azure, platform.group, body(azure, platform.principal, READER, None))
    assert answer.properties["principalType"] == "ServicePrincipal"


def test_the_role_must_exist(azure: Azure, platform: Platform) -> None:
    unknown = body(azure, platform.principal, "11111111-2222-3333-4444-555555555555")
    assert assign(azure, platform.group, unknown).code == "RoleDefinitionDoesNotExist"


def test_the_name_must_be_a_guid(azure: Azure, platform: Platform) -> None:
    assert assign(azure, platform.group, body(azure, platform.principal), "mine").code == "InvalidRoleAssignmentId"


def test_assignments_list_at_a_scope_with_those_below_and_filter_by_principal(azure: Azure, platform: Platform) -> None:
    assign(azure, platform.storage, body(azure, platform.principal))
    assign(azure, platform.group, body(azure, str(uuid4())))
    every = azure("GET", f"{platform.group}/{ASSIGNMENTS}").body["value"]
    mine = azure("GET", f"{platform.group}/{ASSIGNMENTS}?$filter=principalId eq '{platform.principal}'").body["value"]
    assert [entry["properties"]["scope"] for entry in every] == [platform.storage, platform.group]
    assert [entry["properties"]["scope"] for entry in mine] == [platform.storage]


def test_built_in_roles_are_found_by_name_and_id(azure: Azure) -> None:
    base = f"{azure.subscription}/providers/Microsoft.Authorization/roleDefinitions"
    found = azure("GET", f"{base}?$filter=roleName eq 'Storage Blob Data Contributor'").body["value"]
    assert [entry["name"] for entry in found] == ["ba92f5b4-2d11-453d-a403-e96b0029c9fe"]
    assert azure("GET", f"{base}/{READER}").properties["roleName"] == "Reader"
    assert azure("GET", f"{base}/11111111-2222-3333-4444-555555555555").status == 404


def test_a_group_can_be_made_again_after_its_assignments_went_with_it(azure: Azure, platform: Platform) -> None:
    assign(azure, platform.group, body(azure, platform.principal))
    azure.delete(platform.group)
    azure.put(platform.group, {"location": REGION})
    assert azure("GET", f"{platform.group}/{ASSIGNMENTS}").body["value"] == []
