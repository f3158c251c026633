"""Security of monitoring: who reads the logs, whether there are any, and who hears of alerts."""

from pulumi_policy import Severity

from policies.kit.conditions import all_of, any_of, is_set, is_true, not_false, one_of
from policies.kit.kinds import (
    APPLICATION_INSIGHTS,
    KUBERNETES_CLUSTER,
    LOG_ANALYTICS,
    ML_WORKSPACE,
    ONLINE_ENDPOINT,
    REGISTRY,
    SQL_DATABASE,
    STORAGE_ACCOUNT,
    VAULT,
)
from policies.kit.rule import AnyRule, Rule, StackRule, for_each
from policies.security.diagnostic_settings import sends
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
            remedies={LOG_ANALYTICS: {"features.disableLocalAuth": True}},
            fix="set features.disableLocalAuth to true",
            severity=Severity.MEDIUM,
            control="IM-1",
            sources=("AP e15effd4",),
        ),
        Rule(
            id="law-public-access",
            requires="Logs and telemetry cannot be written or read from public networks",
            conditions={LOG_ANALYTICS: private, APPLICATION_INSIGHTS: private},
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
            remedies={APPLICATION_INSIGHTS: {"disableLocalAuth": True}},
            fix="set disableLocalAuth to true and give the senders the role Monitoring Metrics Publisher",
            severity=Severity.MEDIUM,
            control="IM-1",
            sources=("AP 199d5677", "AP 1bc02227"),
        ),
    ]


_LOGGED = (STORAGE_ACCOUNT, REGISTRY, ONLINE_ENDPOINT, SQL_DATABASE, KUBERNETES_CLUSTER)
"""Kinds whose logs no rule of their own asks for."""


def _diagnostics() -> list[AnyRule]:
    enabled = is_true("enabled")
    audit = all_of(enabled, any_of(one_of("category", "AuditEvent"), one_of("categoryGroup", "audit", "allLogs")))
    return [
        StackRule(
            id="aml-diagnostic-logs",
            requires="A machine learning workspace sends its logs somewhere",
            judge=for_each((ML_WORKSPACE,), sends(enabled, "an enabled log")),
            fix="add a DiagnosticSetting with the workspace's id as resourceUri",
            severity=Severity.MEDIUM,
            control="LT-3",
            sources=("AP afe0c3be",),
        ),
        StackRule(
            id="kv-audit-logs",
            requires="Every access to a vault is logged",
            judge=for_each((VAULT,), sends(audit, "the enabled category AuditEvent, audit or allLogs")),
            fix='add a DiagnosticSetting for the vault with the category group "audit"',
            severity=Severity.MEDIUM,
            control="LT-3",
            sources=("Azure.KeyVault.Logs", "AP cf820ca0", "CIS 6.1.4"),
        ),
        StackRule(
            id="diag-setting-per-resource",
            requires="Storage, registries, endpoints, databases and clusters send their logs somewhere",
            judge=for_each(_LOGGED, sends(enabled, "an enabled log")),
            fix="add a DiagnosticSetting for it (for storage: for its blob service)",
            severity=Severity.MEDIUM,
            control="LT-3",
            sources=("Azure.AKS.AuditLogs", "Azure.AKS.PlatformLogs"),
        ),
    ]


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
            "monitor:MetricAlert": all_of(is_true("enabled"), is_set("actions")),
            "monitor:ScheduledQueryRule": all_of(not_false("enabled"), is_set("actions.actionGroups")),
            "monitor:ActivityLogAlert": all_of(not_false("enabled"), is_set("actions.actionGroups")),
            "monitor:ActionGroup": all_of(not_false("enabled"), any_of(*map(is_set, receivers))),
        },
        fix="enable it, and name an action group that has a receiver",
        severity=Severity.MEDIUM,
        control="IR-2",
        sources=("AP b954148f", "AP c5447c04", "AP 3b980d31", "Azure.Monitor.ServiceHealth"),
    )
