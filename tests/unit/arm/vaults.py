"""A vault's data plane without a network."""

import json
from typing import Any

from local.arm.documents import Json
from tests.unit.arm.doubles import REGION, Answer, Azure, drive

AUDIENCE = "https://vault.azure.net"
OFFICER = "b86a8fe4-44ce-4948-aee5-eccb2c155cd7"
USER = "4633458b-17de-408a-b874-0445c86b69e6"
CRYPTO_OFFICER = "14b46e9e-c2b7-41b4-b07b-48a6ebf60603"
ENCRYPTION_USER = "e147488a-f6f5-4113-8e2d-b22465e65bf6"


class Vault:
    """One vault as its clients see it: `vault("GET", "/secrets/x")` is one request of the endpoint's caller."""

    def __init__(self, azure: Azure, path: str, **properties: Any) -> None:
        self.azure, self.path, self.name = azure, path, path.rpartition("/")[2]
        body = {"location": REGION, "properties": {"enableRbacAuthorization": True, **properties}}
        self.address = azure.put(path, body).properties["vaultUri"]

    def __call__(self, method: str, path: str, body: object = None, **options: Any) -> Answer:
        token = options.get("token", self.azure.directory.issue(AUDIENCE))
        headers = {} if token is None else {"authorization": f"Bearer {token}"}
        content = b"" if body is None else json.dumps(body).encode()
        app = self.azure.listeners.apps[f"key vault {self.name}"]
        joint = "&" if "?" in path else "?"
        target = path if "api-version=" in path else f"{path}{joint}api-version=7.4"
        request = drive(app, method, target, {"host": "127.0.0.1", **headers}, content)
        return self.azure.loop.run_until_complete(request)

    def grant(self, role: str, principal: str | None = None, scope: str | None = None) -> None:
        """Assign a role, by default to the endpoint's caller on the vault."""
        definition = f"{self.azure.subscription}/providers/Microsoft.Authorization/roleDefinitions/{role}"
        assignments = self.azure.store.of_type("Microsoft.Authorization/roleAssignments")
        name = f"11111111-2222-3333-4444-{len(assignments):012}"
        properties: Json = {
            "roleDefinitionId": definition,
            "principalId": principal or self.azure.directory.caller.object_id,
            "principalType": "ServicePrincipal",
        }
        path = f"{scope or self.path}/providers/Microsoft.Authorization/roleAssignments/{name}"
        self.azure.put(path, {"properties": properties})
