"""Custom roles, conditions, what is not known everywhere yet, federated credentials, cost alerts."""

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import pytest

from local.arm.behaviours.managed_identity import writing
from local.arm.documents import Json
from local.arm.identifiers import ResourceId
from tests.unit.arm.doubles import REGION, Azure, Platform
from tests.unit.arm.test_arm_roles import OWNER, assign, body

SCORER = str(UUID(int=7))
ISSUER = "https://token.actions.githubusercontent.com"


def definition(azure: Azure) -> str:
    return f"{azure.subscription}/providers/Microsoft.Authorization/roleDefinitions/{SCORER}"


def custom(*scopes: str, name: str = "Scorer", action: str = "Microsoft.Storage/*/read") -> Json:
    permissions = [{"actions": [action], "dataActions": []}]
    return {"properties": {"roleName": name, "assignableScopes": list(scopes), "permissions": permissions}}


def test_a_custom_role_can_be_assigned_where_it_says_and_found_by_name(azure: Azure, platform: Platform) -> None:
    azure.put(definition(azure), custom(platform.group))
    assert assign(azure, platform.vault, body(azure, platform.principal, SCORER)).status == 201
    answer = assign(azure, azure.subscription, body(azure, platform.principal, SCORER))
    assert answer.code == "RoleAssignmentScopeNotAssignableToRoleDefinition"
    base = f"{platform.group}/providers/Microsoft.Authorization/roleDefinitions"
    found = azure("GET", f"{base}?$filter=roleName eq 'scorer'").body["value"]
    assert [(entry["name"], entry["properties"]["type"]) for entry in found] == [(SCORER, "CustomRole")]


def test_a_custom_role_in_use_cannot_be_deleted(azure: Azure, platform: Platform) -> None:
    azure.put(definition(azure), custom(platform.group))
    name = str(uuid4())
    assign(azure, platform.vault, body(azure, platform.principal, SCORER), name)
    assert azure("DELETE", definition(azure)).code == "RoleDefinitionHasAssignments"
    azure.delete(f"{platform.vault}/providers/Microsoft.Authorization/roleAssignments/{name}")
    assert azure("DELETE", definition(azure)).status == 200


@pytest.mark.parametrize(
    ("scopes", "name", "action", "code"),
    [
        (["/"], "Scorer", "*", "BadRequest"),
        ([], "Scorer", "*", "BadRequest"),
        (["group"], "", "*", "BadRequest"),
        (["/subscriptions/00000000-0000-4000-8000-000000000009"], "Scorer", "*", "BadRequest"),
        (["group"], "owner", "*", "RoleDefinitionWithSameNameExists"),
        (["group"], "Scorer", "Microsoft.Storage/*/read/*", "InvalidActionOrNotAction"),
        (["group"], "Scorer", "read", "InvalidActionOrNotAction"),
    ],
)
def test_a_custom_role_has_limits(
    azure: Azure, platform: Platform, scopes: list[str], name: str, action: str, code: str
) -> None:
    known = [platform.group if scope == "group" else scope for scope in scopes]
    assert azure("PUT", definition(azure), custom(*known, name=name, action=action)).code == code


def test_a_role_of_azures_own_stays_as_it_is(azure: Azure, platform: Platform) -> None:
    path = f"{azure.subscription}/providers/Microsoft.Authorization/roleDefinitions/{OWNER}"
    assert azure("PUT", path, custom(platform.group)).status == 400


@pytest.mark.parametrize("version", [None, "1.0"])
def test_a_condition_is_of_version_two(azure: Azure, platform: Platform, version: str | None) -> None:
    content = body(azure, platform.principal)
    content["properties"] |= {"condition": "(@Resource[a] StringEquals 'b')", "conditionVersion": version}
    assert "The given role assignment condition is invalid" in assign(azure, platform.storage, content).message
    content["properties"]["conditionVersion"] = "2.0"
    assert assign(azure, platform.storage, content).status == 201


def test_what_is_new_is_not_known_everywhere_yet(azure: Azure, platform: Platform) -> None:
    azure("PUT", "/local/faults", {"propagation_seconds": 60}, version=None)
    path = f"{platform.group}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id-new"
    principal = azure.put(path, {"location": REGION}).properties["principalId"]
    azure.put(definition(azure), custom(platform.group))
    assert assign(azure, platform.storage, body(azure, principal, principal_type=None)).code == "PrincipalNotFound"
    assert assign(azure, platform.storage, body(azure, principal)).status == 201
    assert assign(azure, platform.vault, body(azure, principal, SCORER)).code == "RoleDefinitionDoesNotExist"
    azure("POST", "/local/clock", {"move_seconds": 61}, version=None)
    assert assign(azure, platform.vault, body(azure, principal, principal_type=None)).status == 201
    assert assign(azure, platform.vault, body(azure, principal, SCORER)).status == 201


def test_a_policy_assignment_keeps_its_definition(azure: Azure, platform: Platform) -> None:
    path = f"{platform.group}/providers/Microsoft.Authorization/policyAssignments/audit"
    policy = "/providers/Microsoft.Authorization/policyDefinitions"
    assert azure("PUT", path, {"properties": {"policyDefinitionId": "audit"}}).code == "InvalidPolicyDefinitionId"
    azure.put(path, {"properties": {"policyDefinitionId": f"{policy}/one"}})
    assert azure("PUT", path, {"properties": {"policyDefinitionId": f"{policy}/two"}}).status == 409


def trust(subject: str = "repo:org/app:environment:prod", **changes: Any) -> Json:
    properties = {"issuer": ISSUER, "subject": subject, "audiences": ["api://AzureADTokenExchange"]}
    return {"properties": properties | changes}


def credential(platform: Platform, name: str) -> str:
    return f"{platform.identity}/federatedIdentityCredentials/{name}"


@pytest.mark.trap("secrets-in-pipelines")
def test_an_identity_trusts_a_subject_of_an_issuer_once(azure: Azure, platform: Platform) -> None:
    azure.put(credential(platform, "prod"), trust())
    answer = azure("PUT", credential(platform, "again"), trust())
    assert (answer.status, "combination already exists" in answer.message) == (409, True)
    assert azure("PUT", credential(platform, "prod"), trust()).status == 200
    assert azure("PUT", credential(platform, "dev"), trust("repo:org/app:pull_request")).status == 201


def test_an_identity_has_at_most_twenty_federated_credentials(azure: Azure, platform: Platform) -> None:
    for number in range(20):
        azure.put(credential(platform, f"ci-{number}"), trust(f"repo:org/{number}"))
    assert azure("PUT", credential(platform, "ci-20"), trust("repo:org/20")).status == 400


@pytest.mark.trap("secrets-in-pipelines")
def test_credentials_of_one_identity_are_written_one_after_another(azure: Azure, platform: Platform) -> None:
    with writing(ResourceId.parse(platform.identity)):
        answer = azure("PUT", credential(platform, "prod"), trust())
    assert answer.code == "ConcurrentFederatedIdentityCredentialsWritesForSingleManagedIdentity"
    assert azure("PUT", credential(platform, "prod"), trust()).status == 201


@pytest.mark.parametrize("changes", [{"issuer": "http://insecure"}, {"audiences": []}, {"audiences": ["a", "b"]}])
def test_a_federated_credential_has_an_issuer_and_one_audience(azure: Azure, platform: Platform, changes: Json) -> None:
    assert azure("PUT", credential(platform, "prod"), trust(**changes)).status == 400


def anomaly(azure: Azure) -> Json:
    view = f"{azure.subscription}/providers/Microsoft.CostManagement/views/ms:DailyAnomalyByResourceGroup"
    schedule = {"frequency": "Daily", "startDate": "2026-01-01T00:00:00Z", "endDate": "2026-12-31T00:00:00Z"}
    mail = {"to": ["me@example.com"], "subject": "Cost anomaly"}
    properties = {"displayName": "a", "status": "Enabled", "viewId": view, "schedule": schedule, "notification": mail}
    return {"kind": "InsightAlert", "properties": properties}


@pytest.mark.parametrize(
    "change",
    [
        lambda properties: properties.update(viewId="/subscriptions/s/views/mine"),
        lambda properties: properties["schedule"].update(frequency="Weekly"),
        lambda properties: properties["schedule"].update(endDate="2025-12-31T00:00:00Z"),
        lambda properties: properties["schedule"].update(endDate="2028-12-31T00:00:00Z"),
        lambda properties: properties["schedule"].update(startDate="soon"),
        lambda properties: properties["notification"].update(to=[]),
        lambda properties: properties["notification"].update(subject="s" * 71),
    ],
)
def test_the_mail_about_cost_anomalies_has_one_form(azure: Azure, change: Callable[[Json], None]) -> None:
    path = "providers/Microsoft.CostManagement/scheduledActions/anomalies"
    wanted = anomaly(azure)
    assert azure("PUT", f"{azure.group()}/{path}", wanted).status == 400
    assert azure("PUT", f"{azure.subscription}/{path}", wanted).status == 201
    change(wanted["properties"])
    assert azure("PUT", f"{azure.subscription}/{path}", wanted).status == 400
