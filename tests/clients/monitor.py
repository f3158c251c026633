"""Alerts, metrics and roles with Microsoft's own clients, unchanged, and what those saw as JSON on standard output.

Runs in an environment of its own (`.local/clients`). Where the target is comes from the environment contract alone.
"""

import json
import sys
import uuid
from typing import Any

from azure.identity import DefaultAzureCredential
from azure.mgmt.authorization import AuthorizationManagementClient
from azure.mgmt.monitor import MonitorManagementClient
from azure.mgmt.resource.resources import ResourceManagementClient
from azure.mgmt.storage import StorageManagementClient
from target import REGION, SUBSCRIPTION, WHERE, refusal

GROUP, ACCOUNT = "rg-monitor-client", "stmonitorclient"
SCOPE = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/{GROUP}"
CRITERIA = "Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria"
TRUST = ("https://token.actions.githubusercontent.com", "repo:org/app:environment:prod", "api://AzureADTokenExchange")


def main() -> None:
    """Print what the clients saw at each step."""
    with DefaultAzureCredential() as credential:
        resources = ResourceManagementClient(credential, SUBSCRIPTION, **WHERE)
        resources.resource_groups.create_or_update(GROUP, {"location": REGION})
        storage = StorageManagementClient(credential, SUBSCRIPTION, **WHERE)
        body = {"location": REGION, "kind": "StorageV2", "sku": {"name": "Standard_LRS"}}
        account = str(storage.storage_accounts.begin_create(GROUP, ACCOUNT, body).result().id)
        monitor = MonitorManagementClient(credential, SUBSCRIPTION, **WHERE)
        roles = AuthorizationManagementClient(credential, SUBSCRIPTION, **WHERE)
        seen = {
            "settings": settings(resources, account),
            "alerts": alerts(monitor, account),
            "metrics": metrics(monitor, account),
            "roles": access(roles, resources, account),
        }
        resources.resource_groups.begin_delete(GROUP).wait()
    json.dump(seen, sys.stdout, default=str)


def settings(client: ResourceManagementClient, account: str) -> dict[str, Any]:
    """Diagnostic settings, which azure-mgmt-monitor of this version has no operations for."""
    logs = f"{SCOPE}/providers/Microsoft.OperationalInsights/workspaces/log-monitor-client"
    body = {"location": REGION, "properties": {"sku": {"name": "PerGB2018"}}}
    client.resources.begin_create_or_update_by_id(logs, body, api_version="2023-09-01").wait()
    path = f"{account}/blobServices/default/providers/Microsoft.Insights/diagnosticSettings/all"

    def put(category: str) -> Any:
        entries = [{"category": category, "enabled": True}]
        body = {"properties": {"workspaceId": logs, "logs": entries}}
        return client.resources.begin_create_or_update_by_id(path, body, api_version="2021-05-01-preview").result()

    return {"refused": refusal(lambda: put("kube-audit")), "name": put("StorageRead").name}


def alerts(client: MonitorManagementClient, account: str) -> dict[str, Any]:
    """An action group that a metric alert calls."""
    mail = {"name": "me", "emailAddress": "me@example.com", "useCommonAlertSchema": True}
    properties = {"groupShortName": "ops", "enabled": True, "emailReceivers": [mail]}
    body: Any = {"location": "global", "properties": properties}
    group = client.action_groups.create_or_update(GROUP, "ag-client", body)

    def rule(metric: str) -> Any:
        one = {
            "criterionType": "StaticThresholdCriterion",
            "name": "one",
            "metricName": metric,
            "operator": "LessThan",
            "threshold": 99,
            "timeAggregation": "Average",
        }
        watched = {
            "severity": 1,
            "enabled": True,
            "scopes": [account],
            "evaluationFrequency": "PT5M",
            "windowSize": "PT15M",
            "criteria": {"odata.type": CRITERIA, "allOf": [one]},
            "actions": [{"actionGroupId": group.id}],
        }
        body: Any = {"location": "global", "properties": watched}
        return client.metric_alerts.create_or_update(GROUP, "availability", body)

    return {
        "refused": refusal(lambda: rule("HeartBeat")),
        "severity": rule("Availability").severity,
        "receivers": [one.email_address for one in group.email_receivers],
        "listed": [one.name for one in client.metric_alerts.list_by_resource_group(GROUP)],
    }


def metrics(client: MonitorManagementClient, account: str) -> dict[str, Any]:
    """What the account can be asked for, and what it says."""
    answer = client.metrics.list(account, metricnames="Transactions", aggregation="total", interval="PT1M")
    (series,) = answer.value[0].timeseries
    return {
        "definitions": sorted(one.name.value for one in client.metric_definitions.list(account)),
        "namespace": answer.namespace,
        "unit": answer.value[0].unit,
        "totals": sorted({point.total for point in series.data}),
        "points": len(series.data),
        "refused": refusal(lambda: client.metrics.list(account, metricnames="HeartBeat")),
    }


def access(client: AuthorizationManagementClient, resources: Any, account: str) -> dict[str, Any]:
    """A custom role for an identity that an issuer of tokens is trusted to act as."""
    identity = f"{SCOPE}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id-client"
    made = resources.resources.begin_create_or_update_by_id(
        identity, {"location": REGION}, api_version="2023-01-31"
    ).result()
    issuer, subject, audience = TRUST
    trust = {"properties": {"issuer": issuer, "subject": subject, "audiences": [audience]}}
    credential = f"{identity}/federatedIdentityCredentials/ci-prod"
    resources.resources.begin_create_or_update_by_id(credential, trust, api_version="2023-01-31").wait()
    definition, assignment = str(uuid.uuid4()), str(uuid.uuid4())
    permissions = [{"actions": ["Microsoft.Storage/storageAccounts/read"]}]
    wanted: Any = {"properties": {"roleName": "Looker", "assignableScopes": [SCOPE], "permissions": permissions}}
    role = client.role_definitions.create_or_update(SCOPE, definition, wanted)
    principal = made.properties["principalId"]
    grant: Any = {
        "properties": {"roleDefinitionId": role.id, "principalId": principal, "principalType": "ServicePrincipal"}
    }
    client.role_assignments.create(account, assignment, grant)
    seen = {
        "type": role.role_type,
        "twice": refusal(lambda: client.role_assignments.create(account, str(uuid.uuid4()), grant)),
        "assigned": [one.name == assignment for one in client.role_assignments.list_for_scope(account)],
        "in_use": refusal(lambda: client.role_definitions.delete(SCOPE, definition)),
        "found": [one.role_name for one in client.role_definitions.list(SCOPE, filter="roleName eq 'Looker'")],
    }
    client.role_assignments.delete(account, assignment)
    client.role_definitions.delete(SCOPE, definition)
    return seen


if __name__ == "__main__":
    main()
