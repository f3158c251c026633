"""Cost of SQL databases: how soon they sleep, what they are made of, and whose licence they use."""

from pulumi_policy import Severity

from policies.cost.limits import Limits
from policies.kit.conditions import (
    Condition,
    all_of,
    at_most,
    between,
    holds,
    is_set,
    matches,
    not_true,
    one_of,
    only_if,
)
from policies.kit.kinds import SQL_DATABASE
from policies.kit.remedy import where
from policies.kit.rule import AnyRule, Rule

_BY_VCORES = matches("sku.name", ["GP_*", "BC_*", "HS_*"])
_PROVISIONED = holds("sku.name", lambda name: "_s_" not in str(name).casefold(), "be provisioned")
_LONG_TERM = "sql:LongTermRetentionPolicy"
_NOTHING = ("PT0S", "P0D")


def rules(limits: Limits) -> list[AnyRule]:
    """The rules on databases."""
    return [_serverless(limits), _nothing_premium(), _licence()]


def _serverless(limits: Limits) -> AnyRule:
    minutes, vcores = limits.sql_pause_minutes_max, limits.sql_min_vcores_max
    return Rule(
        id="sql-serverless-autopause",
        requires="A database that nobody uses costs its storage only",
        conditions={
            SQL_DATABASE: only_if(
                _BY_VCORES,
                all_of(
                    matches("sku.name", ["GP_S_*"]),
                    # Azure writes -1 for never.
                    between("autoPauseDelay", 1, minutes),
                    at_most("minCapacity", vcores),
                ),
                otherwise="a database that is billed by DTU",
            )
        },
        remedies={SQL_DATABASE: where(matches("sku.name", ["GP_S_*"]), {"autoPauseDelay": minutes})},
        fix=f"choose a serverless size (GP_S_…) with autoPauseDelay of at most {minutes} minutes and minCapacity of "
        f"at most {vcores:g}",
        severity=Severity.MEDIUM,
        control="CO:12",
    )


def _nothing_premium() -> AnyRule:
    return Rule(
        id="sql-no-premium-in-dev",
        requires="A database of development has one copy, and its backups are near",
        conditions={
            SQL_DATABASE: all_of(
                holds(
                    "sku.name", lambda name: not _premium(name), "be neither business critical, hyperscale nor premium"
                ),
                not_true("zoneRedundant"),
                one_of("requestedBackupStorageRedundancy", "Local"),
            ),
            _LONG_TERM: all_of(*(_keeps_nothing(f"{span}Retention") for span in ("weekly", "monthly", "yearly"))),
        },
        fix='choose a size of General Purpose, zoneRedundant false, requestedBackupStorageRedundancy "Local" and no '
        "long-term retention",
        severity=Severity.HIGH,
        control="CO:08",
        sources=("AP b219b9cf",),
    )


def _premium(name: object) -> bool:
    return isinstance(name, str) and name.casefold().startswith(("bc_", "hs_", "p"))


def _keeps_nothing(path: str) -> Condition:
    return one_of(path, *_NOTHING, or_absent=True)


def _licence() -> AnyRule:
    return Rule(
        id="sql-licence",
        requires="Whose licence a database runs on is a decision: one's own costs nothing more",
        conditions={
            SQL_DATABASE: only_if(
                all_of(_BY_VCORES, _PROVISIONED),
                is_set("licenseType"),
                otherwise="a database whose price has the licence in it",
            )
        },
        fix='set licenseType to "BasePrice" where licences with Software Assurance are owned, else "LicenseIncluded"',
        severity=Severity.LOW,
        control="CO:05",
    )
