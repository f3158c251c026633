"""The SQL database and its jobs."""

from azure_ml_platform.components.sql_database import SqlDatabase
from azure_ml_platform.components.sql_jobs import SqlJobs
from tests.unit.components.cases.given import GROUP, IDENTITY, LOGS, NETWORK, PLACE, SUBSCRIPTION, Case, endpoints


def cases() -> list[Case]:
    """The SQL database and its jobs."""
    server = f"{GROUP}/Microsoft.Sql/servers/sql"
    role = f"{GROUP}/Microsoft.KeyVault/vaults/kv/providers/Microsoft.Authorization/roleAssignments/1"
    vault = {"vault_name": "kv", "key_name": "tde", "permission": role}
    people = {"table": "people", "schema_name": "hr", "severity": "warn", "interval": "PT1H"}
    return [
        Case(
            SqlDatabase,
            {
                **PLACE,
                "server_name": "sql",
                "database_name": "data",
                "administrator": {"login": "sql-admins", "object_id": "11111111-2222-3333-4444-555555555555"},
                "identity_id": f"{IDENTITY}/id-sql",
            },
            {
                "sku": "BC_Gen5_4",
                "auto_pause_minutes": None,
                "min_vcores": None,
                "zone_redundant": True,
                "read_scale": True,
                "ledger": True,
                "maintenance_configuration_id": f"{SUBSCRIPTION}/providers/Microsoft.Maintenance/public/SQL_DB_1",
                "backup_redundancy": "GeoZone",
                "retention_days": 35,
                "differential_hours": 12,
                "long_term_retention": {"weekly": "P4W", "monthly": "PT0S", "yearly": "P7Y", "week_of_year": 2},
                "encryption_key": {**vault, "uri": "https://kv.vault.azure.net/keys/tde/0a1b"},
                "failover": {
                    "location": "northeurope",
                    "server_name": "sql-partner",
                    "group_name": "sqlfg",
                    "grace_minutes": 90,
                    "standby": True,
                    "private_endpoints": endpoints("sqlServer"),
                },
                "outbound_hosts": ["st.blob.core.windows.net"],
                "network": NETWORK,
                "private_endpoints": endpoints("sqlServer"),
                "alert_emails": ["me@example.com"],
                "diagnostics": LOGS,
                "protect": False,
            },
        ),
        Case(
            SqlJobs,
            {
                **PLACE,
                "server_name": "sql",
                "server_id": server,
                "server_host": "sql.database.windows.net",
                "database_name": "data",
                "agent_name": "sqlja",
                "identity_id": f"{IDENTITY}/id-sql-jobs",
            },
            {
                "job_database_name": "work",
                "users": {"id-compute": {"object_id": "11111111-2222-3333-4444-555555555555", "write": True}},
                "columns": [{"table": "people", "column": "mail", "mask": "email()", "rank": "high"}],
                "checks": {
                    "mails": {**people, "kind": "not-null", "column": "mail"},
                    "ids": {"table": "people", "kind": "unique", "columns": ["id"]},
                    "ages": {"table": "people", "kind": "range", "column": "age", "minimum": 0},
                    "towns": {
                        "table": "people",
                        "kind": "foreign-key",
                        "columns": ["town"],
                        "other_table": "towns",
                        "other_columns": ["id"],
                    },
                    "recent": {"table": "people", "kind": "freshness", "column": "at", "hours": 24},
                    "rows": {"table": "people", "kind": "row-count-delta", "percent": 20},
                    "kinds": {"table": "people", "kind": "accepted-values", "column": "kind", "values": ["a"]},
                    "adults": {"table": "people", "kind": "custom", "query": "SELECT * FROM people WHERE age < 18"},
                },
                "private": True,
                "diagnostics": LOGS,
            },
        ),
    ]
