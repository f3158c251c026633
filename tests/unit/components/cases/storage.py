"""Blobs and the lake."""

from azure_ml_platform.catalog.roles import Role
from azure_ml_platform.components.blob_store import BlobStore
from azure_ml_platform.components.data_lake import DataLake
from azure_ml_platform.components.lake_datastores import LakeDatastores
from tests.unit.components.cases.given import GRANT, PLACE, SCOPES, STORAGE, Case, endpoints, principal


def cases() -> list[Case]:
    """Blobs and the lake."""
    zones = {
        "raw": {
            "owner": "me@example.com",
            "cool_after_days": 30,
            "cold_after_days": 90,
            "delete_after_days": 400,
            "immutable_days": 7,
        },
        "monitoring": {},
    }
    grants = {
        "team": {"zone": "raw", "role": Role.STORAGE_BLOB_DATA_READER, "principal": GRANT["principal"]},
        "feed": {
            "zone": "raw",
            "path": "sales/orders",
            "role": Role.STORAGE_BLOB_DATA_CONTRIBUTOR,
            "principal": principal("id-feed"),
        },
    }
    return [
        Case(
            BlobStore,
            {**PLACE, "account_name": "st"},
            {
                **STORAGE,
                "containers": ["models", "logs"],
                "versioning": True,
                "change_feed": True,
                "restore_days": 7,
                "lifecycle": {
                    "ageing": {"cool_after_days": 30, "delete_versions_after_days": 90},
                    "logs": {"prefixes": ["logs/"], "delete_after_days": 365},
                },
                "sas_days": 7,
                "key_days": 90,
                "cors_origins": ["https://ml.azure.com"],
                "private_endpoints": endpoints("blob", "file"),
                "role_assignments": {"team": GRANT},
            },
        ),
        Case(
            DataLake,
            {**PLACE, "account_name": "dls"},
            {
                **STORAGE,
                "private_endpoints": endpoints("dfs", "blob"),
                "zones": zones,
                "inventory": {"container": "monitoring", "schedule": "Daily"},
                "malware_scan": {"cap_gb_per_month": 100, "sensitive_data": False},
                "grants": grants,
            },
        ),
        Case(
            LakeDatastores,
            {
                "resource_group_name": "rg-test",
                "workspace_name": "mlw",
                "account_id": SCOPES["storage"]["id"],
                "account_name": "dls",
                "zones": {"lake_raw": "raw"},
            },
            {"storage_endpoint": "core.usgovcloudapi.net"},
        ),
    ]
