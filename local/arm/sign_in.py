"""The routes that need no token: cloud metadata, OpenID configuration and the two ways to be given a token.

Sources: learn.microsoft.com, "Managed identities for App Service" (REST endpoint, api-version 2019-08-01), "OAuth 2.0
client credentials flow", and the shape of `https://management.azure.com/metadata/endpoints`.
"""

import time
import uuid
from http import HTTPStatus
from urllib.parse import parse_qs

from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from local.arm.cloud import Cloud
from local.arm.directory import LIFETIME_SECONDS, Identity
from local.arm.documents import Json
from local.arm.managed_identities import USER_ASSIGNED

MANAGEMENT = "https://management.azure.com/"
CLOUD = "Local"
"""The cloud's name. It is none of the public clouds', whose addresses clients know by heart and never ask for."""
FORM_LIMIT = 64 * 1024


class SignIn:
    """The routes, for one cloud."""

    def __init__(self, cloud: Cloud) -> None:
        self._cloud = cloud

    def routes(self) -> list[Route]:
        """As the application serves them."""
        return [
            Route("/metadata/endpoints", self.metadata),
            Route("/metadata/identity/oauth2/token", self.managed_identity),
            Route("/identity/token", self.managed_identity),
            Route("/{tenant}/oauth2/v2.0/token", self.client_credentials, methods=["POST"]),
            Route("/{tenant}/oauth2/token", self.client_credentials, methods=["POST"]),
            Route("/{tenant}/v2.0/.well-known/openid-configuration", self.openid),
            Route("/{tenant}/.well-known/openid-configuration", self.openid),
            Route("/{tenant}/discovery/v2.0/keys", self.keys),
        ]

    def metadata(self, request: Request) -> Response:
        """GET /metadata/endpoints: one object since api-version 2022-09-01, a list of clouds from 2018-05-01 on."""
        version = request.query_params.get("api-version")
        if not version:
            return _arm_error(
                "MissingApiVersionParameter",
                "The api-version query parameter (?api-version=) is required for all requests.",
            )
        cloud = self._metadata()
        return JSONResponse(cloud if version >= "2022-09-01" or version < "2018-05-01" else [cloud])

    def managed_identity(self, request: Request) -> Response:
        """GET /identity/token?resource=…: App Service's protocol; the header shows that the caller may ask."""
        if not self._cloud.directory.knows_secret(request.headers.get("x-identity-header", "")):
            return _identity_error(
                HTTPStatus.UNAUTHORIZED,
                "The header X-IDENTITY-HEADER is missing or is not this endpoint's IDENTITY_HEADER.",
            )
        resource = request.query_params.get("resource", "")
        if not resource:
            return _identity_error(HTTPStatus.BAD_REQUEST, "The query parameter resource is missing.")
        identity = self._chosen(request.query_params)
        if identity is None:
            return _identity_error(
                HTTPStatus.BAD_REQUEST,
                "No managed identity was found for the given client_id, principal_id or mi_res_id.",
            )
        document = {
            "access_token": self._cloud.directory.issue(resource, identity),
            "expires_on": str(int(time.time()) + LIFETIME_SECONDS),
            "resource": resource,
            "token_type": "Bearer",
            "client_id": identity.client_id,
        }
        return _secret(document)

    async def client_credentials(self, request: Request) -> Response:
        """POST /{tenant}/oauth2/v2.0/token: a token for a service principal that shows this endpoint's secret."""
        body = b""
        async for chunk in request.stream():
            body += chunk
            if len(body) > FORM_LIMIT:
                return _oauth_error("invalid_request", 900144, "The request body is too large.")
        form = {name: values[0] for name, values in parse_qs(body.decode(errors="replace")).items()}
        if request.path_params["tenant"].casefold() not in (self._cloud.directory.tenant_id, "organizations", "common"):
            return _oauth_error("invalid_request", 90002, f"Tenant '{request.path_params['tenant']}' not found.")
        if form.get("grant_type") != "client_credentials":
            return _oauth_error(
                "unsupported_grant_type",
                70003,
                f"The grant type '{form.get('grant_type', '')}' is not supported; use client_credentials.",
            )
        client_id = form.get("client_id", "")
        if not client_id:
            return _oauth_error(
                "invalid_request", 900144, "The request body must contain the following parameter: 'client_id'."
            )
        if not self._cloud.directory.knows_secret(form.get("client_secret", "")):
            return _oauth_error(
                "invalid_client",
                7000215,
                "Invalid client secret provided: it has to be this endpoint's IDENTITY_HEADER.",
            )
        audience = form.get("resource") or form.get("scope", MANAGEMENT).split(" ")[0].removesuffix("/.default")
        object_id = str(uuid.uuid5(uuid.UUID(self._cloud.directory.tenant_id), client_id))
        document: Json = {
            "token_type": "Bearer",
            "expires_in": LIFETIME_SECONDS,
            "ext_expires_in": LIFETIME_SECONDS,
            "access_token": self._cloud.directory.issue(audience, Identity(object_id, client_id)),
        }
        if request.url.path.endswith("/oauth2/token"):
            document |= {"resource": audience, "expires_on": str(int(time.time()) + LIFETIME_SECONDS)}
        return _secret(document)

    def openid(self, request: Request) -> Response:
        """GET …/.well-known/openid-configuration."""
        tenant = request.path_params["tenant"]
        base = f"{self._cloud.url}/{tenant}"
        document = {
            "issuer": self._cloud.directory.issuer,
            "authorization_endpoint": f"{base}/oauth2/v2.0/authorize",
            "token_endpoint": f"{base}/oauth2/v2.0/token",
            "device_authorization_endpoint": f"{base}/oauth2/v2.0/devicecode",
            "jwks_uri": f"{base}/discovery/v2.0/keys",
            "token_endpoint_auth_methods_supported": ["client_secret_post"],
            "grant_types_supported": ["client_credentials"],
            "response_types_supported": ["token"],
            "subject_types_supported": ["pairwise"],
            "id_token_signing_alg_values_supported": ["HS256"],
            "tenant_region_scope": None,
        }
        return JSONResponse(document)

    def keys(self, _: Request) -> Response:
        """GET …/discovery/v2.0/keys: no public keys, as tokens are signed with a secret one."""
        return JSONResponse({"keys": []})

    def _metadata(self) -> Json:
        url = self._cloud.url
        return {
            "name": CLOUD,
            "portal": "https://portal.azure.com",
            "resourceManager": f"{url}/",
            "authentication": {
                "loginEndpoint": f"{url}/",
                "audiences": ["https://management.core.windows.net/", MANAGEMENT],
                "tenant": "common",
                "identityProvider": "AAD",
            },
            "graph": "https://graph.windows.net/",
            "graphAudience": "https://graph.windows.net/",
            "microsoftGraphResourceId": "https://graph.microsoft.com/",
            "gallery": "https://gallery.azure.com/",
            "media": "https://rest.media.azure.net",
            "batch": "https://batch.core.windows.net/",
            "sqlManagement": "https://management.core.windows.net:8443/",
            "vmImageAliasDoc": "https://raw.githubusercontent.com/Azure/azure-rest-api-specs/main/arm-compute/quickstart-templates/aliases.json",
            "activeDirectoryDataLake": "https://datalake.azure.net/",
            "appInsightsResourceId": "https://api.applicationinsights.io",
            "logAnalyticsResourceId": "https://api.loganalytics.io",
            "suffixes": {
                "acrLoginServer": "azurecr.io",
                "keyVaultDns": "vault.azure.net",
                "storage": "core.windows.net",
                "sqlServerHostname": "database.windows.net",
                "mhsmDns": "managedhsm.azure.net",
                "mysqlServerEndpoint": "mysql.database.azure.com",
                "postgresqlServerEndpoint": "postgres.database.azure.com",
                "mariadbServerEndpoint": "mariadb.database.azure.com",
                "synapseAnalytics": "dev.azuresynapse.net",
                "azureDataLakeStoreFileSystem": "azuredatalakestore.net",
                "azureDataLakeAnalyticsCatalogAndJob": "azuredatalakeanalytics.net",
            },
        }

    def _chosen(self, query: QueryParams) -> Identity | None:
        """Who is asked for: a user-assigned identity on record, by default the caller; None if there is no such one."""
        if wanted := query.get("mi_res_id") or query.get("msi_res_id"):
            return self._user_assigned("id", wanted)
        for parameter, member in (
            ("client_id", "clientId"),
            ("principal_id", "principalId"),
            ("object_id", "principalId"),
        ):
            if wanted := query.get(parameter):
                caller = self._cloud.directory.caller
                if wanted in (caller.client_id, caller.object_id):
                    return caller
                return self._user_assigned(member, wanted)
        return self._cloud.directory.caller

    def _user_assigned(self, member: str, wanted: str) -> Identity | None:
        for resource in self._cloud.store.of_type(USER_ASSIGNED):
            found = resource.id.text if member == "id" else resource.properties[member]
            if found.casefold() == wanted.casefold():
                return Identity(resource.properties["principalId"], resource.properties["clientId"])
        return None


def _secret(document: Json) -> Response:
    return JSONResponse(document, headers={"Cache-Control": "no-store", "Pragma": "no-cache"})


def _arm_error(code: str, message: str) -> Response:
    return JSONResponse({"error": {"code": code, "message": message}}, status_code=400)


def _identity_error(status: HTTPStatus, message: str) -> Response:
    return JSONResponse({"statusCode": status, "message": message}, status_code=status)


def _oauth_error(error: str, number: int, description: str) -> Response:
    document = {
        "error": error,
        "error_description": f"AADSTS{number}: {description}",
        "error_codes": [number],
        "timestamp": time.strftime("%Y-%m-%d %H:%M:%SZ", time.gmtime()),
        "trace_id": str(uuid.uuid4()),
        "correlation_id": str(uuid.uuid4()),
    }
    return JSONResponse(document, status_code=401 if error == "invalid_client" else 400)
