"""Metadata, OpenID configuration and the two ways to a token."""

import jwt
import pytest

from tests.unit.arm.doubles import URL, Answer, Azure, Platform

CLIENT = "11111111-2222-3333-4444-555555555555"


def claims(azure: Azure, token: str, audience: str) -> dict[str, object]:
    found: dict[str, object] = jwt.decode(token, azure.directory.token_key, ["HS256"], audience=audience)
    return found


def managed(azure: Azure, query: str = "resource=https://vault.azure.net", header: str | None = "") -> Answer:
    headers = {} if header is None else {"x-identity-header": header or azure.directory.secret}
    return azure("GET", f"/identity/token?api-version=2019-08-01&{query}", version=None, headers=headers, token=None)


def test_a_managed_identity_token_has_the_claims_of_entra(azure: Azure) -> None:
    answer = managed(azure)
    found = claims(azure, answer.body["access_token"], "https://vault.azure.net")
    assert found["iss"] == f"https://sts.windows.net/{azure.directory.tenant_id}/"
    assert (found["tid"], found["oid"]) == (azure.directory.tenant_id, azure.directory.caller.object_id)
    assert {"appid", "exp", "nbf", "iat"} <= found.keys()
    assert answer.body["expires_on"] == str(found["exp"])
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("header", [None, "wrong"])
def test_a_caller_without_the_identity_header_gets_no_token(azure: Azure, header: str | None) -> None:
    assert managed(azure, header=header).status == 401


def test_a_user_assigned_identity_is_found_by_any_of_its_ids(azure: Azure, platform: Platform) -> None:
    identity = azure("GET", platform.identity).properties
    for query in (f"client_id={identity['clientId']}", f"mi_res_id={platform.identity.upper()}"):
        query = query.replace("/SUBSCRIPTIONS", "/subscriptions")
        token = managed(azure, f"resource=x&{query}").body["access_token"]
        assert claims(azure, token, "x")["oid"] == identity["principalId"]


@pytest.mark.parametrize("query", ["", "resource=x&client_id=nobody"])
def test_a_token_for_nothing_or_for_an_unknown_identity_is_refused(azure: Azure, query: str) -> None:
    assert managed(azure, query).status == 400


def sign_in(azure: Azure, tenant: str | None = None, **form: str) -> Answer:
    fields = {
        "grant_type": "client_credentials",
        "client_id": CLIENT,
        "client_secret": azure.directory.secret,
        "scope": "https://management.core.windows.net//.default",
        **form,
    }
    raw = "&".join(f"{name}={value}" for name, value in fields.items()).encode()
    path = f"/{tenant or azure.directory.tenant_id}/oauth2/v2.0/token"
    return azure("POST", path, raw=raw, version=None, token=None)


def test_a_service_principal_that_shows_the_secret_gets_a_token_that_opens_resource_manager(azure: Azure) -> None:
    answer = sign_in(azure)
    token = answer.body["access_token"]
    assert claims(azure, token, "https://management.core.windows.net/")["appid"] == CLIENT
    assert azure("GET", azure.subscription, token=token).status == 200


@pytest.mark.parametrize(
    ("form", "error"),
    [
        ({"client_secret": "wrong"}, "invalid_client"),
        ({"client_secret": ""}, "invalid_client"),
        ({"client_id": ""}, "invalid_request"),
        ({"grant_type": "password"}, "unsupported_grant_type"),
        ({"grant_type": ""}, "unsupported_grant_type"),
        ({"tenant": "elsewhere"}, "invalid_request"),
    ],
)
def test_a_wrong_sign_in_is_refused_in_entras_form(azure: Azure, form: dict[str, str], error: str) -> None:
    answer = sign_in(azure, **form)
    assert answer.status in (400, 401)
    assert answer.body["error"] == error
    assert answer.body["error_description"].startswith("AADSTS")


@pytest.mark.parametrize(
    ("version", "is_list"), [("2022-09-01", False), ("2023-11-01", False), ("2019-05-01", True), ("2015-01-01", False)]
)
def test_the_metadata_are_one_object_since_2022_and_a_list_before(azure: Azure, version: str, is_list: bool) -> None:
    answer = azure("GET", "/metadata/endpoints", version=version, token=None)
    cloud = answer.body[0] if is_list else answer.body
    assert cloud["resourceManager"] == f"{URL}/"
    assert cloud["authentication"]["loginEndpoint"] == f"{URL}/"
    assert cloud["suffixes"]["keyVaultDns"] == "vault.azure.net"


def test_openid_configuration_leads_to_the_token_route(azure: Azure) -> None:
    tenant = azure.directory.tenant_id
    answer = azure("GET", f"/{tenant}/v2.0/.well-known/openid-configuration", version=None, token=None)
    assert answer.body["token_endpoint"] == f"{URL}/{tenant}/oauth2/v2.0/token"
    assert azure("GET", f"/{tenant}/discovery/v2.0/keys", version=None, token=None).body == {"keys": []}
