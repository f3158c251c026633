"""Settings that come with a server or a database and cannot be deleted: backups, auditing, alerts, masking, labels.

Sources: learn.microsoft.com/rest/api/sql/backup-short-term-retention-policies, /long-term-retention-policies,
/server-blob-auditing-policies, /database-blob-auditing-policies, /server-security-alert-policies,
/sql-vulnerability-assessments-settings, /data-masking-policies, /data-masking-rules and /sensitivity-labels.
"""

import re
from dataclasses import replace

from local.arm.behaviours.sql.databases import NO_RETENTION, is_paused_when_idle
from local.arm.behaviours.sql.servers import DATABASE, SERVER
from local.arm.cloud import Cloud
from local.arm.documents import Json
from local.arm.errors import bad_request
from local.arm.resource_types import Answer, Change, NameRule, ResourceType
from local.arm.store import Resource

_ONLY_DEFAULT = NameRule("(?i)default", "the only one is 'default'")
_KEY = "properties.storageAccountAccessKey"
_PERIOD = re.compile(r"P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?|PT0S")
_MOST_DAYS = 10 * 365
"""Of long-term retention."""
_ACTIONS = (
    "SUCCESSFUL_DATABASE_AUTHENTICATION_GROUP",
    "FAILED_DATABASE_AUTHENTICATION_GROUP",
    "BATCH_COMPLETED_GROUP",
)
"""What is audited unless the program says otherwise."""


def _check_short_term(change: Change) -> None:
    days = change.get("properties.retentionDays", 7)
    basic = change.parent.body.get("sku", {}).get("tier") == "Basic"
    most = 7 if basic else 35
    if not 1 <= days <= most:
        message = (
            f"Invalid value for retentionDays: {days}; '{change.parent.name}' can keep backups for 1 to {most} days."
        )
        raise bad_request("InvalidBackupRetentionPeriod", message, target="properties.retentionDays")
    hours = change.get("properties.diffBackupIntervalInHours", 24)
    if hours not in (12, 24):
        message = f"diffBackupIntervalInHours is {hours}; it must be 12 or 24."
        raise bad_request("InvalidDiffBackupIntervalInHours", message, target="properties.diffBackupIntervalInHours")


def _short_term(change: Change) -> Json:
    return {
        "properties": {
            "retentionDays": change.get("properties.retentionDays", 7),
            "diffBackupIntervalInHours": change.get("properties.diffBackupIntervalInHours", 12),
        }
    }


def _keep_backups(cloud: Cloud, policy: Resource) -> Json:
    """A database that is dropped can be restored for as long."""
    database = cloud.store.get(policy.id.parent)
    if database:
        days = {"retentionDays": policy.properties["retentionDays"]}
        cloud.store.put(replace(database, private={**database.private, **days}))
    return {}


def _check_long_term(change: Change) -> None:
    kept = {
        name: str(change.get(f"properties.{name}", NO_RETENTION))
        for name in ("weeklyRetention", "monthlyRetention", "yearlyRetention")
    }
    for name, period in kept.items():
        match = _PERIOD.fullmatch(period)
        if not match or _days(match) > _MOST_DAYS:
            message = f"{name} is '{period}'; it must be an ISO 8601 period of at most ten years, such as P4W, or PT0S."
            raise bad_request("LongTermRetentionPolicyInvalid", message, target=f"properties.{name}")
    if kept["yearlyRetention"] != NO_RETENTION and not 1 <= change.get("properties.weekOfYear", 0) <= 52:
        message = f"weekOfYear is {change.get('properties.weekOfYear')}; a yearly retention needs a week from 1 to 52."
        raise bad_request("LongTermRetentionPolicyInvalid", message, target="properties.weekOfYear")
    if is_paused_when_idle(change.parent) and set(kept.values()) != {NO_RETENTION}:
        message = (
            "Enabling long-term backup retention for a serverless database is not supported if auto-pause is enabled: "
            f"'{change.parent.name}' pauses after {change.parent.properties['autoPauseDelay']} minutes. Set its "
            "autoPauseDelay to -1, or keep no long-term backups."
        )
        raise bad_request("LtrConfigPolicyUnsupportedIfAutoPauseEnabled", message)


def _days(period: re.Match[str]) -> int:
    years, months, weeks, days = (int(part or 0) for part in period.groups())
    return years * 365 + months * 30 + weeks * 7 + days


def _long_term(change: Change) -> Json:
    return {
        "properties": {
            **{
                name: change.get(f"properties.{name}", NO_RETENTION)
                for name in ("weeklyRetention", "monthlyRetention", "yearlyRetention")
            },
            "weekOfYear": change.get("properties.weekOfYear", 1),
        }
    }


def _check_auditing(change: Change) -> None:
    """What is audited has to go somewhere."""
    if change.get("properties.state", "Disabled") == "Disabled":
        return
    if not change.get("properties.isAzureMonitorTargetEnabled", False) and not change.get("properties.storageEndpoint"):
        message = "Auditing is Enabled and has no target: set isAzureMonitorTargetEnabled, or storageEndpoint."
        raise bad_request("DataSecurityInvalidUserSuppliedParameter", message, target="properties.storageEndpoint")
    if change.get("properties.storageEndpoint") and not (
        change.get(_KEY) or change.get("properties.isManagedIdentityInUse", False)
    ):
        message = "storageEndpoint is set; isManagedIdentityInUse or storageAccountAccessKey has to be set too."
        raise bad_request("DataSecurityInvalidUserSuppliedParameter", message, target=_KEY)


def _auditing(change: Change) -> Json:
    state = change.get("properties.state", "Disabled")
    return {
        "properties": {
            "state": state,
            "retentionDays": change.get("properties.retentionDays", 0),
            "isAzureMonitorTargetEnabled": change.get("properties.isAzureMonitorTargetEnabled", False),
            "isManagedIdentityInUse": change.get("properties.isManagedIdentityInUse", False),
            "isStorageSecondaryKeyInUse": change.get("properties.isStorageSecondaryKeyInUse", False),
            "auditActionsAndGroups": change.get(
                "properties.auditActionsAndGroups", list(_ACTIONS) if state == "Enabled" else []
            ),
        }
    }


def _disabled(change: Change) -> Json:
    return {"properties": {"state": change.get("properties.state", "Disabled")}}


def _alerts(change: Change) -> Json:
    return {
        "properties": {
            **_disabled(change)["properties"],
            "creationTime": change.keep("properties.creationTime", change.cloud.now),
            "disabledAlerts": change.get("properties.disabledAlerts", []),
            "emailAddresses": change.get("properties.emailAddresses", []),
            "emailAccountAdmins": change.get("properties.emailAccountAdmins", False),
            "retentionDays": change.get("properties.retentionDays", 0),
        }
    }


def _check_assessments(change: Change) -> None:
    """Findings need the alerts of Microsoft Defender for SQL."""
    alerts = change.cloud.store.get(change.parent.id.child("securityAlertPolicies", "Default"))
    on = alerts is not None and alerts.properties.get("state") == "Enabled"
    if change.get("properties.state") == "Enabled" and not on:
        message = (
            "SQL Vulnerability Assessment needs Microsoft Defender for SQL: set the state of "
            f"'{change.parent.id}/securityAlertPolicies/Default' to Enabled first."
        )
        raise bad_request("VulnerabilityAssessmentADSIsDisabled", message)


def _masking(change: Change) -> Json:
    return {
        "kind": "",
        "location": change.parent.location,
        "properties": {
            "dataMaskingState": change.get("properties.dataMaskingState", "Disabled"),
            "exemptPrincipals": change.get("properties.exemptPrincipals", ""),
            "applicationPrincipals": "",
            "maskingLevel": "",
        },
    }


def _check_masking_rule(change: Change) -> None:
    if change.get("properties.maskingFunction") == "Number":
        ends = [change.get(f"properties.{end}") for end in ("numberFrom", "numberTo")]
        if None in ends:
            message = "maskingFunction is 'Number'; numberFrom and numberTo have to be set."
            raise bad_request("DataMaskingInvalidNumberRange", message, target="properties.numberFrom")


def _masking_rule(change: Change) -> Json:
    return {
        "location": change.parent.location,
        "kind": "",
        "properties": {"id": change.id.name, "ruleState": change.get("properties.ruleState", "Enabled")},
    }


def _label(change: Change) -> Json:
    *_, schema, table, column, _source = change.id.names
    return {"properties": {"schemaName": schema, "tableName": table, "columnName": column, "isDisabled": False}}


def _state(change: Change) -> Json:
    return {"properties": {"state": change.get("properties.state", "Enabled")}}


TYPES = (
    ResourceType(
        name=f"{DATABASE}/backupShortTermRetentionPolicies",
        names=_ONLY_DEFAULT,
        provisioning_state=False,
        put=Answer.ASYNC_OPERATION,
        checks=(_check_short_term,),
        complete=_short_term,
        provision=_keep_backups,
    ),
    ResourceType(
        name=f"{DATABASE}/backupLongTermRetentionPolicies",
        names=_ONLY_DEFAULT,
        provisioning_state=False,
        put=Answer.ASYNC_OPERATION,
        checks=(_check_long_term,),
        complete=_long_term,
    ),
    *(
        ResourceType(
            name=f"{above}/extendedAuditingSettings",
            names=_ONLY_DEFAULT,
            provisioning_state=False,
            write_only=(_KEY,),
            put=Answer.ASYNC_OPERATION if above == SERVER else Answer.AT_ONCE,
            checks=(_check_auditing,),
            complete=_auditing,
        )
        for above in (SERVER, DATABASE)
    ),
    ResourceType(
        name=f"{SERVER}/securityAlertPolicies",
        names=_ONLY_DEFAULT,
        provisioning_state=False,
        system_data=True,
        write_only=(_KEY,),
        put=Answer.ASYNC_OPERATION,
        complete=_alerts,
    ),
    ResourceType(
        name=f"{SERVER}/sqlVulnerabilityAssessments",
        names=_ONLY_DEFAULT,
        provisioning_state=False,
        system_data=True,
        checks=(_check_assessments,),
        complete=_disabled,
    ),
    ResourceType(
        name=f"{DATABASE}/dataMaskingPolicies",
        names=_ONLY_DEFAULT,
        provisioning_state=False,
        complete=_masking,
    ),
    ResourceType(
        name=f"{DATABASE}/dataMaskingPolicies/rules",
        provisioning_state=False,
        checks=(_check_masking_rule,),
        complete=_masking_rule,
    ),
    ResourceType(
        name=f"{DATABASE}/schemas/tables/columns/sensitivityLabels",
        names=NameRule("current|recommended", "'current' or 'recommended'"),
        provisioning_state=False,
        complete=_label,
    ),
    ResourceType(
        name=f"{DATABASE}/transparentDataEncryption",
        names=NameRule("current", "the only one is 'current'"),
        provisioning_state=False,
        complete=_state,
    ),
)
