"""Security of monitoring: who reads the logs, whether there are any, and who hears of alerts."""

from collections.abc import Callable

from pulumi_policy import Severity

from policies.kit.conditions import Condition, all_of, any_of, is_set, is_true, not_false, one_of, some
from policies.kit.kinds import (
    APPLICATION_INSIGHTS,
    BLOB_SERVICE,
    DIAGNOSTIC_SETTING,
    LOG_ANALYTICS,
    ML_WORKSPACE,
    ONLINE_ENDPOINT,
    REGISTRY,
    STORAGE_ACCOUNT,
    VAULT,
)
from policies.kit.resource import Resource, Stack
from policies.kit.rule import AnyRule, Rule, StackRule, for_each
from policies.kit.verdict import Verdict, either, undecided, violation
from policies.security.limits import Limits


def rules(_: Limits) -> list[AnyRule]:
    """The rules on logs, diagnostic settings and alerts."""
    return [*_stores(), *_diagnostics(), _alerts()]


def _stores() -> list[AnyRule]:
    private = all_of(
        one_of("publicNetworkAccessForIngestion", "Disabled"), one_of("publicNetworkAccessForQuery", "Disabled")
    )
    return [
        Rule(
            id="law-local-auth",
            requires="Logs are written and read by identity, not by workspace key",
            conditions={LOG_ANALYTICS: is_true("features.disableLocalAuth")},
            fix="set features.disableLocalAuth to true",
            severity=Severity.MEDIUM,
            control="IM-1",
            sources=("AP e15effd4",),
        ),
        Rule(
            id="law-public-access",
            requires="Logs cannot be written or read from public networks",
            conditions={LOG_ANALYTICS: private},
            fix="disable publicNetworkAccessForIngestion and publicNetworkAccessForQuery, with a private link scope",
            severity=Severity.LOW,
            control="NS-2",
            sources=("AP 6c53d030",),
        ),
        Rule(
            id="appi-workspace-based",
            requires="Telemetry is kept in a Log Analytics workspace",
            conditions={APPLICATION_INSIGHTS: is_set("workspaceResourceId")},
            fix="set workspaceResourceId to the id of the workspace",
            severity=Severity.MEDIUM,
            control="LT-5",
            sources=("AZR-000069", "AP d550e854"),
        ),
        Rule(
            id="appi-local-auth",
            requires="Telemetry is accepted from identities, not from whoever knows the instrumentation key",
            conditions={APPLICATION_INSIGHTS: is_true("disableLocalAuth")},
            fix="set disableLocalAuth to true and give the senders the role Monitoring Metrics Publisher",
            severity=Severity.MEDIUM,
            control="IM-1",
            sources=("AP 199d5677", "AP 1bc02227"),
        ),
    ]


def _diagnostics() -> list[AnyRule]:
    enabled = is_true("enabled")
    audit = all_of(enabled, any_of(one_of("category", "AuditEvent"), one_of("categoryGroup", "audit", "allLogs")))
    return [
        StackRule(
            id="aml-diagnostic-logs",
            requires="A machine learning workspace sends its logs somewhere",
            judge=for_each((ML_WORKSPACE,), _logs(enabled, "an enabled log")),
            fix="add a DiagnosticSetting with the workspace's id as resourceUri",
            severity=Severity.MEDIUM,
            control="LT-3",
            sources=("AP afe0c3be",),
        ),
        StackRule(
            id="kv-audit-logs",
            requires="Every access to a vault is logged",
            judge=for_each((VAULT,), _logs(audit, "the enabled category AuditEvent, audit or allLogs")),
            fix='add a DiagnosticSetting for the vault with the category group "audit"',
            severity=Severity.MEDIUM,
            control="LT-3",
            sources=("Azure.KeyVault.Logs", "AP cf820ca0", "CIS 6.1.4"),
        ),
        StackRule(
            id="diag-setting-per-resource",
            requires="Storage, registries and endpoints send their logs somewhere",
            judge=for_each((STORAGE_ACCOUNT, REGISTRY, ONLINE_ENDPOINT), _logs(enabled, "an enabled log")),
            fix="add a DiagnosticSetting for it (for storage: for its blob service)",
            severity=Severity.MEDIUM,
            control="LT-3",
        ),
    ]


def _logs(log: Condition, must_have: str) -> Callable[[Resource, Stack], Verdict]:
    sends = some("logs", log, f"have {must_have}")

    def judge(resource: Resource, stack: Stack) -> Verdict:
        # The settings of a storage account are those of its blob service.
        services = stack.referring(BLOB_SERVICE, "accountName", resource)
        verdicts = [undecided(path) for path in services.undecided]
        for target in (resource, *services.sources):
            links = stack.referring(DIAGNOSTIC_SETTING, "resourceUri", target)
            verdicts += [sends(setting.properties) for setting in links.sources]
            verdicts += [undecided(path) for path in links.undecided]
        return either(verdicts or [violation(f"no DiagnosticSetting with {must_have} belongs to it")])

    return judge


def _alerts() -> AnyRule:
    receivers = (
        *("armRoleReceivers", "automationRunbookReceivers", "azureAppPushReceivers", "azureFunctionReceivers"),
        *("emailReceivers", "eventHubReceivers", "incidentReceivers", "itsmReceivers", "logicAppReceivers"),
        *("smsReceivers", "voiceReceivers", "webhookReceivers"),
    )
    return Rule(
        id="alert-routing",
        requires="An alert is on and reaches someone",
        conditions={
            "alertsmanagement:SmartDetectorAlertRule": all_of(
                one_of("state", "Enabled"), is_set("actionGroups.groupIds")
            ),
            "monitor:ActionGroup": all_of(not_false("enabled"), any_of(*map(is_set, receivers))),
        },
        fix="enable it, and name an action group that has a receiver",
        severity=Severity.MEDIUM,
        control="IR-2",
        sources=("AP b954148f", "Azure.Monitor.ServiceHealth"),
    )
