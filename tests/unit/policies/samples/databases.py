"""Samples of the cost rules on SQL databases."""

from policies.kit.kinds import SQL_DATABASE
from tests.unit.policies.samples.case import Case

SERVERLESS = {"sku": {"name": "GP_S_Gen5_1"}, "minCapacity": 0.5, "autoPauseDelay": 60}
ALONE = {"sku": {"name": "GP_S_Gen5_1"}, "requestedBackupStorageRedundancy": "Local"}


def without(key: str) -> dict[str, object]:
    return {name: value for name, value in SERVERLESS.items() if name != key}


SECURITY: tuple[Case, ...] = ()

COST = (
    Case(
        *("sql-serverless-autopause", SQL_DATABASE, "sku.name", "GP_S_Gen5_1", "GP_Gen5_2", "passes"),
        rest=without("sku"),
    ),
    Case(
        *("sql-serverless-autopause", SQL_DATABASE, "autoPauseDelay", 60, -1, "violates"),
        rest=without("autoPauseDelay"),
    ),
    Case("sql-serverless-autopause", SQL_DATABASE, "minCapacity", 0.5, 4, "violates", rest=without("minCapacity")),
    Case(
        *("sql-no-premium-in-dev", SQL_DATABASE, "sku.name", "S1", "BC_Gen5_2", "passes"),
        rest={"requestedBackupStorageRedundancy": "Local"},
    ),
    Case("sql-no-premium-in-dev", SQL_DATABASE, "zoneRedundant", False, True, "passes", rest=ALONE),
    Case(
        *("sql-no-premium-in-dev", SQL_DATABASE, "requestedBackupStorageRedundancy", "Local", "Geo", "violates"),
        rest={"sku": {"name": "S1"}},
    ),
    *(
        Case("sql-no-premium-in-dev", "sql:LongTermRetentionPolicy", f"{span}Retention", "PT0S", "P4W", "passes")
        for span in ("weekly", "monthly", "yearly")
    ),
    Case(
        *("sql-licence", SQL_DATABASE, "licenseType", "BasePrice", "", "violates"),
        rest={"sku": {"name": "GP_Gen5_2"}},
    ),
)
