"""Who may call an endpoint, and how: the narrowest role that lets them, and sample calls."""

import json
from collections.abc import Mapping

import pulumi

from azure_ml_platform.args import Input
from azure_ml_platform.component import PlatformComponent
from azure_ml_platform.components.custom_roles import assign_custom_role, custom_role
from azure_ml_platform.components.interfaces import PrincipalArgs, ScopeArgs
from azure_ml_platform.vocabulary import AuthMode

_ENDPOINT = "Microsoft.MachineLearningServices/workspaces/onlineEndpoints"
ACTIONS: Mapping[AuthMode, str] = {
    AuthMode.AAD_TOKEN: f"{_ENDPOINT}/score/action",
    AuthMode.AML_TOKEN: f"{_ENDPOINT}/token/action",
    AuthMode.KEY: f"{_ENDPOINT}/listkeys/action",
}
"""What a caller has to be allowed in each mode (how-to-authenticate-online-endpoint)."""


def let_call(
    owner: PlatformComponent,
    name: str,
    callers: Mapping[str, PrincipalArgs],
    auth_mode: AuthMode,
    *,
    endpoint: ScopeArgs,
    group_id: Input[str],
) -> None:
    """Let principals call one endpoint and do nothing else.

    The role can be assigned in the resource group, as Azure takes no smaller scope for a definition; the assignments
    are on the endpoint alone (Microsoft.Authorization/roleDefinitions, roleAssignments).
    """
    if not callers:
        return
    title = f"{endpoint.name} caller"
    group = ScopeArgs(name=endpoint.name, id=group_id)
    description = f"Calls the endpoint {endpoint.name}."
    definition = custom_role(owner, f"{name}-caller", title, description, [ACTIONS[auth_mode]], scope=group)
    for key, principal in callers.items():
        assign_custom_role(owner, f"{name}-{key}-caller", title, definition, principal, scope=endpoint)


def sample_calls(
    endpoint_id: pulumi.Output[str],
    scoring_uri: pulumi.Output[str],
    auth_mode: AuthMode,
    token_scope: str,
    request: str | None,
) -> pulumi.Output[Mapping[str, str]]:
    """How to call an endpoint with curl and with Python; who calls signs in first, nothing secret is in them."""
    data = request or "request.json"

    def calls(found: Mapping[str, str]) -> Mapping[str, str]:
        uri, action = found["uri"], f"{found['id']}/{_POST[auth_mode]}?api-version=2025-12-01"
        token = f"az account get-access-token --scope {token_scope} --query accessToken --output tsv"
        key = f"az rest --method post --url '{action}' --query {_MEMBER[auth_mode]} --output tsv"
        secret = token if auth_mode is AuthMode.AAD_TOKEN else key
        header = f'--header "Authorization: Bearer $({secret})"'
        curl = f"curl --fail-with-body --header 'Content-Type: application/json' {header} --data @{data} {uri}"
        python = {"python": _python(uri, data, token_scope)} if auth_mode is AuthMode.AAD_TOKEN else {}
        return {"curl": curl, **python}

    return pulumi.Output.all(id=endpoint_id, uri=scoring_uri).apply(calls)


_POST = {AuthMode.AAD_TOKEN: "", AuthMode.AML_TOKEN: "token", AuthMode.KEY: "listKeys"}
_MEMBER = {AuthMode.AAD_TOKEN: "", AuthMode.AML_TOKEN: "accessToken", AuthMode.KEY: "primaryKey"}


def _python(uri: str, data: str, token_scope: str) -> str:
    return f"""\
import urllib.request

from azure.identity import DefaultAzureCredential

token = DefaultAzureCredential().get_token({json.dumps(token_scope)}).token
headers = {{"Authorization": f"Bearer {{token}}", "Content-Type": "application/json"}}
with open({json.dumps(data)}, "rb") as request:
    call = urllib.request.Request({json.dumps(uri)}, request.read(), headers)
print(urllib.request.urlopen(call).read().decode())
"""
