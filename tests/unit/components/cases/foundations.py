"""What every system stands on: groups, identities, vault, images, budget, the pipeline's way in."""

from datetime import date

from azure_ml_platform.catalog.roles import Role
from azure_ml_platform.components.budget import Budget
from azure_ml_platform.components.identities import Identities
from azure_ml_platform.components.key_vault import KeyVault
from azure_ml_platform.components.pipeline_identities import PipelineIdentities
from azure_ml_platform.components.registry import Registry
from azure_ml_platform.components.resource_groups import ResourceGroups
from tests.unit.components.cases.given import GROUP, LOGS, NETWORK, PLACE, SUBSCRIPTION, Case, endpoints


def cases() -> list[Case]:
    """What every system stands on: groups, identities, vault, images, budget, the pipeline's way in."""
    return [
        Case(ResourceGroups, {"names": {"data": "rg-data"}, "location": "westeurope"}, {"protect": False}),
        Case(Identities, {**PLACE, "names": {"workspace": "id-workspace", "compute": "id-compute"}}, {}),
        Case(
            KeyVault,
            {**PLACE, "vault_name": "kv", "tenant_id": "00000000-0000-4000-8000-000000000002"},
            {
                "sku": "premium",
                "soft_delete_days": 7,
                "purge_protection": False,
                "network": NETWORK,
                "private_endpoints": endpoints("vault"),
                "keys": {},
                "subscription_id": SUBSCRIPTION.rsplit("/", 1)[1],
                "diagnostics": LOGS,
                "protect": False,
            },
        ),
        Case(
            Registry,
            {**PLACE, "registry_name": "cr"},
            {
                "sku": "Premium",
                "network": NETWORK,
                "private_endpoints": endpoints("registry"),
                "zone_redundancy": False,
                "untagged_retention_days": None,
                "diagnostics": LOGS,
                "protect": True,
            },
        ),
        Case(
            Budget,
            {
                "subscription_id": "00000000-0000-4000-8000-000000000001",
                "budget_name": "budget",
                "resource_group_names": ["rg-test"],
                "monthly_amount": 500,
                "start_date": date(2026, 11, 1),
                "emails": ["me@example.com"],
            },
            {
                "action_group_ids": [f"{GROUP}/Microsoft.Insights/actionGroups/ag"],
                "actual_thresholds": [50],
                "forecast_thresholds": [99.5],
                "anomaly_alert": {"name": "anomaly", "start_date": date(2026, 11, 1)},
            },
        ),
        Case(
            PipelineIdentities,
            {
                **PLACE,
                "subscription_id": SUBSCRIPTION.rsplit("/", 1)[1],
                "preview_name": "id-preview",
                "update_name": "id-update",
                "repository": "organisation/platform",
            },
            {
                "branches": ["main", "release/1"],
                "environments": ["prod"],
                "issuer": "https://issuer.example.com",
                "preview_roles": [Role.READER],
                "update_roles": [Role.CONTRIBUTOR],
            },
        ),
    ]
