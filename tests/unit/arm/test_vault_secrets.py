"""Secrets through a vault's own address: who gets in, versions, deletion that can be taken back."""

import pytest

from tests.unit.arm.doubles import Azure
from tests.unit.arm.vaults import AUDIENCE, CRYPTO_OFFICER, OFFICER, USER, Vault

DAY_SECONDS = 86_400


@pytest.fixture
def vault(azure: Azure) -> Vault:
    made = Vault(azure, f"{azure.group()}/providers/Microsoft.KeyVault/vaults/kv-test", softDeleteRetentionInDays=7)
    made.grant(OFFICER)
    return made


def test_a_request_without_a_token_is_told_where_to_get_one_and_for_whom(azure: Azure, vault: Vault) -> None:
    answer = vault("GET", "/secrets", token=None)
    assert (answer.status, answer.code) == (401, "Unauthorized")
    challenge = answer.headers["www-authenticate"]
    assert challenge == f'Bearer authorization="{azure.cloud.url}/{azure.directory.tenant_id}", resource="{AUDIENCE}"'


def test_a_token_for_somebody_else_is_not_taken(azure: Azure, vault: Vault) -> None:
    answer = vault("GET", "/secrets", token=azure.token)
    assert (answer.status, answer.code) == (401, "Unauthorized")
    assert "Invalid audience" in answer.message


def test_a_secret_is_set_and_read_by_version(vault: Vault) -> None:
    first = vault("PUT", "/secrets/db", {"value": "one", "contentType": "text/plain", "tags": {"of": "sql"}})
    second = vault("PUT", "/secrets/db", {"value": "two"})
    assert first.body["id"].startswith(f"{vault.address}secrets/db/")
    assert first.body["attributes"]["recoverableDays"] == 7
    assert vault("GET", "/secrets/db").body["value"] == "two"
    version = first.body["id"].rpartition("/")[2]
    assert vault("GET", f"/secrets/db/{version}").body["contentType"] == "text/plain"
    found = vault("GET", "/secrets/db/versions").body["value"]
    assert [entry["id"] for entry in found] == [first.body["id"], second.body["id"]]
    assert all("value" not in entry for entry in found)


def test_a_list_has_no_values_and_goes_on_page_by_page(vault: Vault) -> None:
    for number in range(3):
        vault("PUT", f"/secrets/s{number}", {"value": "hidden"})
    page = vault("GET", "/secrets?maxresults=2").body
    rest = vault("GET", page["nextLink"].removeprefix(vault.address.rstrip("/")))
    names = [entry["id"].rpartition("/")[2] for entry in [*page["value"], *rest.body["value"]]]
    assert names == ["s0", "s1", "s2"]
    assert "hidden" not in str(page)
    assert rest.body["nextLink"] is None


def test_a_disabled_secret_keeps_its_value_to_itself(vault: Vault) -> None:
    vault("PUT", "/secrets/db", {"value": "one"})
    updated = vault("PATCH", "/secrets/db", {"attributes": {"enabled": False}, "tags": {"old": "yes"}})
    assert updated.body["tags"] == {"old": "yes"}
    assert "value" not in updated.body
    answer = vault("GET", "/secrets/db")
    assert (answer.status, answer.body["error"]["innererror"]["code"]) == (403, "SecretDisabled")


def test_a_deleted_secret_blocks_its_name_until_it_is_recovered_or_purged(vault: Vault) -> None:
    vault("PUT", "/secrets/db", {"value": "one"})
    gone = vault("DELETE", "/secrets/db").body
    assert gone["recoveryId"] == f"{vault.address}deletedsecrets/db"
    assert gone["scheduledPurgeDate"] - gone["deletedDate"] == 7 * DAY_SECONDS
    assert "value" not in gone
    assert vault("GET", "/secrets/db").code == "SecretNotFound"
    again = vault("PUT", "/secrets/db", {"value": "two"})
    assert (again.status, again.code) == (409, "ObjectIsDeletedButRecoverable")
    assert vault("POST", "/deletedsecrets/db/recover").status == 200
    assert vault("GET", "/secrets/db").body["value"] == "one"
    vault("DELETE", "/secrets/db")
    assert [entry["recoveryId"] for entry in vault("GET", "/deletedsecrets").body["value"]] == [gone["recoveryId"]]
    assert vault("DELETE", "/deletedsecrets/db").status == 204
    assert vault("GET", "/deletedsecrets/db").code == "SecretNotFound"
    assert vault("PUT", "/secrets/db", {"value": "two"}).status == 200


def test_a_deleted_secret_is_gone_after_the_vaults_days(azure: Azure, vault: Vault) -> None:
    vault("PUT", "/secrets/db", {"value": "one"})
    vault("DELETE", "/secrets/db")
    azure("POST", "/local/clock", {"move_seconds": 8 * DAY_SECONDS}, version=None)
    assert vault("PUT", "/secrets/db", {"value": "two"}).status == 200


def test_purge_protection_holds_for_secrets_too(azure: Azure) -> None:
    path = f"{azure.group()}/providers/Microsoft.KeyVault/vaults/kv-kept"
    vault = Vault(azure, path, enablePurgeProtection=True)
    vault.grant(OFFICER)
    vault("PUT", "/secrets/db", {"value": "one"})
    vault("DELETE", "/secrets/db")
    answer = vault("DELETE", "/deletedsecrets/db")
    assert (answer.status, answer.body["error"]["innererror"]["code"]) == (403, "ForbiddenByPolicy")


def test_resource_manager_makes_secrets_and_never_shows_or_deletes_them(azure: Azure, vault: Vault) -> None:
    path = f"{vault.path}/secrets/db"
    shown = azure.put(path, {"properties": {"value": "hidden", "contentType": "text/plain"}, "tags": {"of": "sql"}})
    assert shown.properties["secretUri"] == f"{vault.address}secrets/db"
    assert shown.properties["contentType"] == "text/plain"
    assert "hidden" not in str(shown.body)
    assert vault("GET", "/secrets/db").body["value"] == "hidden"
    assert azure("DELETE", path).code == "HttpMethodNotAllowed"
    exported = azure("POST", f"{vault.path.partition('/providers/')[0]}/exportTemplate", {"resources": ["*"]})
    assert "hidden" not in str(exported.body)


def test_a_secret_made_at_the_vault_is_seen_by_resource_manager(azure: Azure, vault: Vault) -> None:
    vault("PUT", "/secrets/db", {"value": "one"})
    found = azure("GET", f"{vault.path}/secrets").body["value"]
    assert [entry["name"] for entry in found] == ["db"]


def test_a_name_that_is_deleted_at_the_vault_is_taken_for_resource_manager(azure: Azure, vault: Vault) -> None:
    vault("PUT", "/secrets/db", {"value": "one"})
    vault("DELETE", "/secrets/db")
    answer = azure("PUT", f"{vault.path}/secrets/db", {"properties": {"value": "two"}})
    assert (answer.status, answer.code) == (409, "ObjectIsDeletedButRecoverable")


def test_a_recovered_vault_has_its_secrets_and_what_was_deleted_in_it(azure: Azure, vault: Vault) -> None:
    for name in ("kept", "gone"):
        vault("PUT", f"/secrets/{name}", {"value": name})
    vault("DELETE", "/secrets/gone")
    azure.delete(vault.path)
    Vault(azure, vault.path, createMode="recover")
    assert vault("GET", "/secrets/kept").body["value"] == "kept"
    assert vault("POST", "/deletedsecrets/gone/recover").status == 200


def test_owning_the_vault_opens_none_of_its_secrets(azure: Azure) -> None:
    vault = Vault(azure, f"{azure.group()}/providers/Microsoft.KeyVault/vaults/kv-shut")
    vault.grant("8e3af657-a8ff-443c-a75c-2fe8c4bcb635")
    vault.grant(CRYPTO_OFFICER)
    answer = vault("GET", "/secrets")
    assert (answer.status, answer.code) == (403, "Forbidden")
    assert answer.body["error"]["innererror"]["code"] == "ForbiddenByRbac"


def test_a_secrets_user_reads_and_does_not_write(azure: Azure, vault: Vault) -> None:
    other = Vault(azure, vault.path.replace("kv-test", "kv-read"))
    other.grant(USER)
    azure.put(f"{other.path}/secrets/db", {"properties": {"value": "one"}})
    assert other("GET", "/secrets/db").body["value"] == "one"
    for method, path in (("PUT", "/secrets/db"), ("DELETE", "/secrets/db"), ("POST", "/deletedsecrets/db/recover")):
        assert other(method, path, {"value": "two"}).status == 403


def test_a_role_on_one_secret_opens_that_one_alone(azure: Azure) -> None:
    vault = Vault(azure, f"{azure.group()}/providers/Microsoft.KeyVault/vaults/kv-one")
    for name in ("mine", "other"):
        azure.put(f"{vault.path}/secrets/{name}", {"properties": {"value": name}})
    vault.grant(USER, scope=f"{vault.path}/secrets/mine")
    assert vault("GET", "/secrets/mine").body["value"] == "mine"
    assert vault("GET", "/secrets/other").status == 403


def test_a_role_on_the_group_reaches_the_vaults_in_it(azure: Azure) -> None:
    group = azure.group()
    vault = Vault(azure, f"{group}/providers/Microsoft.KeyVault/vaults/kv-group")
    vault.grant(OFFICER, scope=group)
    assert vault("GET", "/secrets").status == 200


def test_access_policies_count_where_roles_are_off(azure: Azure) -> None:
    caller = azure.directory.caller.object_id
    policy = {"objectId": caller, "tenantId": azure.directory.tenant_id, "permissions": {"secrets": ["Get", "Set"]}}
    path = f"{azure.group()}/providers/Microsoft.KeyVault/vaults/kv-policy"
    vault = Vault(azure, path, enableRbacAuthorization=False, accessPolicies=[policy])
    vault.grant(OFFICER)
    assert vault("PUT", "/secrets/db", {"value": "one"}).status == 200
    answer = vault("GET", "/secrets")
    assert (answer.status, answer.body["error"]["innererror"]["code"]) == (403, "AccessDenied")


@pytest.mark.parametrize(
    "body", [{}, {"value": 1}, {"value": "x" * 25_601}, {"value": "x", "attributes": {"exp": "soon"}}]
)
def test_a_secret_has_a_value_of_limited_length(vault: Vault, body: dict[str, object]) -> None:
    assert vault("PUT", "/secrets/db", body).code == "BadParameter"


@pytest.mark.parametrize(
    ("method", "path"), [("GET", "/certificates"), ("PUT", "/secrets/no_underscore"), ("POST", "/secrets/db")]
)
def test_what_the_vault_does_not_answer_is_said(vault: Vault, method: str, path: str) -> None:
    assert vault(method, path, {"value": "x"}).code == "NotFound"


def test_a_vault_that_is_deleted_answers_no_more(azure: Azure, vault: Vault) -> None:
    azure.delete(vault.path)
    assert "key vault kv-test" not in azure.listeners.apps
