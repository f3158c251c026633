"""Logs, alerts and the workbook."""

from azure_ml_platform.catalog.roles import Role
from azure_ml_platform.components.alerts import Alerts
from azure_ml_platform.components.monitor_link import MonitorLink
from azure_ml_platform.components.monitoring import Monitoring
from azure_ml_platform.components.workbook import Workbook
from tests.unit.components.cases.given import ACTIONS, LOGS, PLACE, SCOPES, SUBSCRIPTION, WORKSPACE, Case, endpoints


def cases() -> list[Case]:
    """Logs, alerts and the workbook."""
    return [
        Case(
            Monitoring,
            {
                **PLACE,
                "log_analytics_name": "log",
                "application_insights_name": "appi",
                "action_group_name": "ag",
                "action_group_short_name": "short",
                "emails": ["me@example.com"],
            },
            {
                "retention_days": 90,
                "tables": {
                    "AppTraces": {"plan": "Basic"},
                    "AzureDiagnostics": {"retention_days": 90, "total_retention_days": 365},
                },
                "daily_cap_gb": 5,
                "cap_warning_percent": 70,
                "urgent": {
                    "emails": ["pager@example.com"],
                    "webhooks": {"chat": "https://chat.example.com/hook"},
                    "roles": [Role.OWNER],
                },
                "sampling_percentage": 50,
                "public_ingestion": False,
                "public_query": False,
                "protect": True,
            },
        ),
        Case(
            MonitorLink,
            {
                "resource_group_name": "rg-test",
                "scope_name": "ampls",
                "stores": {"logs": LOGS["workspace_id"], "insights": SCOPES["insights"]["id"]},
            },
            {"private_queries": True, "private_endpoints": endpoints("azuremonitor")},
        ),
        Case(
            Alerts,
            {**PLACE, "name_prefix": "alert", "routes": {"urgent": f"{ACTIONS}/urgent", "other": f"{ACTIONS}/other"}},
            {
                "watched": {
                    "vault": {"arm_type": "Microsoft.KeyVault/vaults", "id": SCOPES["key_vault"]["id"]},
                    "storage": {"arm_type": "Microsoft.Storage/storageAccounts", "id": SCOPES["storage"]["id"]},
                },
                "essential_only": False,
                "thresholds": {"vault-saturation": 60, "refused-by-storage": 5},
                "log_analytics_id": LOGS["workspace_id"],
                "activity_scopes": [f"{SUBSCRIPTION}/resourceGroups/rg-test"],
                "subscription_id": SUBSCRIPTION.rsplit("/", 1)[1],
            },
        ),
        Case(
            Workbook,
            {**PLACE, "display_name": "Operations", "log_analytics_id": LOGS["workspace_id"]},
            {"deployment_ids": {"wine": f"{WORKSPACE}/onlineEndpoints/wine/deployments/blue"}},
        ),
    ]
