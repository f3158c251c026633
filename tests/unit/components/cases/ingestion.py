"""The data factory and what it reads."""

from azure_ml_platform.components.ingestion import Ingestion
from tests.unit.components.cases.given import CUSTOMER_KEY, GROUP, IDENTITY, LOGS, PLACE, SCOPES, Case, endpoints

SOURCES = {
    "orders": {
        "kind": "sql",
        "host": "sql.database.windows.net",
        "database": "shop",
        "table": "orders",
        "schema_name": "sales",
        "schedule": {"frequency": "Week", "at": "23:30", "time_zone": "W. Europe Standard Time"},
        "checks": {"min_rows": 10, "max_rejected_rows": 2, "columns": ["id", "day"]},
    },
    "prices": {"kind": "https", "url": "https://data.example.com/v1/prices.csv", "schedule": {"frequency": "Hour"}},
    "images": {
        "kind": "blob",
        "account_id": SCOPES["storage"]["id"],
        "blob_endpoint": "https://st.blob.core.windows.net/",
        "container": "exports",
        "folder": "images/daily",
        "file_format": "parquet",
    },
    "surveys": {
        "kind": "inbox",
        "account_id": f"{GROUP}/Microsoft.Storage/storageAccounts/dls",
        "container": "landing",
        "folder": "surveys/inbox",
    },
}


def cases() -> list[Case]:
    """The data factory and what it reads."""
    lake = {"id": f"{GROUP}/Microsoft.Storage/storageAccounts/dls", "arm_type": "Microsoft.Storage/storageAccounts"}
    return [
        Case(
            Ingestion,
            {
                **PLACE,
                "factory_name": "adf",
                "identity_id": f"{IDENTITY}/id-ingestion",
                "lake_endpoint": "https://dls.dfs.core.windows.net/",
            },
            {
                "zones": {"landing": "landing", "raw": "raw", "quarantine": "refused"},
                "sources": SOURCES,
                "managed_network": True,
                "targets": {
                    "lake": {**lake, "group": "dfs", "approve": True},
                    "images": {**lake, "id": SCOPES["storage"]["id"], "group": "blob"},
                },
                "public_network_access": True,
                "private_endpoints": endpoints("dataFactory", "portal"),
                "customer_managed_key": CUSTOMER_KEY,
                "diagnostics": LOGS,
            },
        )
    ]
