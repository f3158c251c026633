"""What Azure keeps of a deleted resource, and what that does to its name."""

import pytest

from local.arm.documents import Json
from tests.unit.arm.doubles import REGION, Azure, Platform, workspace_body

VAULT: Json = {"location": REGION, "properties": {"enableRbacAuthorization": True}}


def deleted(azure: Azure, name: str = "kv-test") -> str:
    return f"{azure.subscription}/providers/Microsoft.KeyVault/locations/{REGION}/deletedVaults/{name}"


def move_clock(azure: Azure, days: int) -> None:
    assert azure("POST", "/local/clock", {"move_seconds": days * 86_400}, version=None).status == 200


@pytest.mark.trap("deleted-vault-keeps-its-name")
def test_a_deleted_vault_blocks_its_name_in_every_group(azure: Azure, platform: Platform) -> None:
    azure.delete(platform.vault)
    elsewhere = f"{azure.group('rg-other')}/providers/Microsoft.KeyVault/vaults/kv-test"
    for path in (platform.vault, elsewhere):
        answer = azure("PUT", path, VAULT)
        assert (answer.status, answer.code) == (409, "ConflictError")


def test_a_purged_vault_frees_its_name(azure: Azure, platform: Platform) -> None:
    azure.delete(platform.vault)
    shown = azure("GET", deleted(azure)).properties
    assert shown["vaultId"] == platform.vault
    assert azure("POST", f"{deleted(azure)}/purge").status == 204
    assert azure("GET", deleted(azure)).status == 404
    assert azure("PUT", platform.vault, VAULT).status == 201


def test_purging_a_vault_that_is_not_deleted_is_not_found(azure: Azure) -> None:
    assert azure("POST", f"{deleted(azure, 'none')}/purge").code == "DeletedVaultNotFound"


def test_a_vault_with_purge_protection_cannot_be_purged_before_its_time(azure: Azure, platform: Platform) -> None:
    protected = {**VAULT, "properties": {"enablePurgeProtection": True, "softDeleteRetentionInDays": 7}}
    path = platform.vault.replace("kv-test", "kv-kept")
    azure.put(path, protected)
    azure.delete(path)
    assert azure("POST", f"{deleted(azure, 'kv-kept')}/purge").code == "MethodNotAllowed"
    move_clock(azure, 8)
    assert azure("PUT", path, protected).status == 201


def test_a_vault_is_recovered_on_request_as_it_was(azure: Azure, platform: Platform) -> None:
    azure.put(f"{platform.vault}/providers/Microsoft.Insights/diagnosticSettings/all", _diagnostics(platform))
    azure.delete(platform.vault)
    answer = azure("PUT", platform.vault, {"location": REGION, "properties": {"createMode": "recover"}})
    assert answer.status == 200
    assert "createMode" not in answer.properties
    assert azure("GET", f"{platform.vault}/providers/Microsoft.Insights/diagnosticSettings/all").status == 200
    assert azure("GET", deleted(azure)).status == 404


def test_deleted_vaults_are_listed(azure: Azure, platform: Platform) -> None:
    azure.delete(platform.vault)
    for under in ("deletedVaults", f"locations/{REGION}/deletedVaults"):
        found = azure("GET", f"{azure.subscription}/providers/Microsoft.KeyVault/{under}").body["value"]
        assert [entry["name"] for entry in found] == ["kv-test"]


def test_deleting_the_group_soft_deletes_its_vaults_and_workspaces(azure: Azure, platform: Platform) -> None:
    azure.delete(platform.group)
    status = azure("GET", "/local/status", version=None).body
    assert status["soft_deleted"] == {
        "Microsoft.KeyVault/vaults": 1,
        "Microsoft.MachineLearningServices/workspaces": 1,
        "Microsoft.OperationalInsights/workspaces": 1,
    }


@pytest.mark.trap("deleted-workspace-keeps-its-name")
def test_a_deleted_machine_learning_workspace_blocks_its_name_for_two_weeks(azure: Azure, platform: Platform) -> None:
    azure.delete(platform.workspace)
    answer = azure("PUT", platform.workspace, workspace_body(platform))
    assert (answer.status, answer.code) == (400, "BadRequest")
    assert "Soft-deleted workspace exists" in answer.message
    move_clock(azure, 15)
    assert azure("PUT", platform.workspace, workspace_body(platform)).status == 202


def test_a_workspace_that_is_deleted_for_good_leaves_its_name_free(azure: Azure, platform: Platform) -> None:
    azure.delete(f"{platform.workspace}?forceToPurge=true")
    assert azure("PUT", platform.workspace, workspace_body(platform)).status == 202


def test_a_soft_deleted_workspace_can_be_purged_later(azure: Azure, platform: Platform) -> None:
    azure.delete(platform.workspace)
    assert azure("DELETE", f"{platform.workspace}?forceToPurge=true").status == 204
    assert azure("PUT", platform.workspace, workspace_body(platform)).status == 202


def test_a_workspace_can_be_purged_after_its_group_is_gone(azure: Azure, platform: Platform) -> None:
    azure.delete(platform.workspace)
    azure.delete(platform.group)
    assert azure("DELETE", f"{platform.workspace}?forceToPurge=true").status == 204
    assert (
        "Microsoft.MachineLearningServices/workspaces"
        not in azure("GET", "/local/status", version=None).body["soft_deleted"]
    )


def test_a_workspace_is_recovered_with_what_it_held(azure: Azure, platform: Platform) -> None:
    before = azure("GET", platform.workspace).properties["workspaceId"]
    compute = f"{platform.workspace}/computes/cpu"
    azure.put(compute, {"properties": {"computeType": "AmlCompute", "properties": {"vmSize": "Standard_DS3_v2"}}})
    azure.delete(platform.workspace)
    azure.put(platform.workspace, workspace_body(platform, allowRecoverSoftDeletedWorkspace=True))
    assert azure("GET", platform.workspace).properties["workspaceId"] == before
    assert azure("GET", compute).status == 200


@pytest.mark.trap("deleted-logs-come-back")
def test_log_analytics_of_the_same_name_is_the_old_one_unless_it_was_deleted_for_good(
    azure: Azure, platform: Platform
) -> None:
    body: Json = {"location": REGION, "properties": {}}
    first = azure("GET", platform.logs).properties["customerId"]
    azure.delete(platform.logs)
    assert azure.put(platform.logs, body).properties["customerId"] == first
    azure.delete(f"{platform.logs}?force=true")
    assert azure.put(platform.logs, body).properties["customerId"] != first


@pytest.mark.trap("deleted-vault-keeps-its-name")
@pytest.mark.parametrize("member", ["enablePurgeProtection", "enableSoftDelete"])
def test_turning_protection_off_is_refused_even_for_a_new_vault(azure: Azure, member: str) -> None:
    path = f"{azure.group()}/providers/Microsoft.KeyVault/vaults/kv-new"
    answer = azure("PUT", path, {"location": REGION, "properties": {member: False}})
    assert (answer.status, answer.code) == (400, "BadRequest")
    assert member in answer.message


def test_purge_protection_stays_on_when_it_is_left_out(azure: Azure, platform: Platform) -> None:
    azure.put(platform.vault, {"location": REGION, "properties": {"enablePurgeProtection": True}})
    assert azure.put(platform.vault, VAULT).properties["enablePurgeProtection"] is True


@pytest.mark.parametrize("days", [6, 91])
def test_the_retention_of_a_vault_has_limits(azure: Azure, days: int) -> None:
    path = f"{azure.group()}/providers/Microsoft.KeyVault/vaults/kv-new"
    body = {"location": REGION, "properties": {"softDeleteRetentionInDays": days}}
    assert azure("PUT", path, body).code == "BadRequest"


def _diagnostics(platform: Platform) -> Json:
    return {"properties": {"workspaceId": platform.logs, "logs": [{"categoryGroup": "allLogs", "enabled": True}]}}
