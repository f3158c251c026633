"""Microsoft.AlertsManagement: smart detection, Prometheus rules, and the alerts that rules have fired.

Sources: learn.microsoft.com/rest/api/monitor/smart-detector-alert-rules, .../prometheus-rule-groups, .../alerts.
"""

from local.arm.behaviours.insights.action_groups import check_named
from local.arm.behaviours.insights.alert_rules import MINUTE, refusal, within
from local.arm.behaviours.insights.alerts import ALERTS_VIEW
from local.arm.behaviours.insights.components import COMPONENT
from local.arm.behaviours.monitor_accounts import ACCOUNT
from local.arm.documents import Json
from local.arm.resource_types import Change, NameRule, ResourceProvider, ResourceType, objects

MOST_RULES = 20


def _check_scope(change: Change) -> None:
    for component in change.get("properties.scope", []):
        change.cloud.find(component, COMPONENT, property_path="properties.scope")


def _check_actions(change: Change) -> None:
    groups = change.get("properties.actionGroups.groupIds", [])
    check_named(change, groups, "properties.actionGroups.groupIds")


def _check_group(change: Change) -> None:
    """Rules over one Azure Monitor workspace, evaluated each so many minutes."""
    scopes, rules = change.get("properties.scopes", []), change.objects("properties.rules")
    if not scopes:
        raise refusal("properties.scopes", scopes, "a list that begins with an Azure Monitor workspace")
    change.cloud.find(scopes[0], ACCOUNT, property_path="properties.scopes")
    within(change.get("properties.interval", "PT1M"), "properties.interval", MINUTE, 15 * MINUTE)
    if not 1 <= len(rules) <= MOST_RULES:
        raise refusal("properties.rules", f"{len(rules)} entries", f"a list of 1 to {MOST_RULES} rules")
    for rule in rules:
        _check_rule(change, rule)


def _check_rule(change: Change, rule: Json) -> None:
    """A recording or an alert, never both; only an alert has actions."""
    path, name = "properties.rules", rule.get("alert") or rule.get("record")
    if bool(rule.get("alert")) == bool(rule.get("record")):
        raise refusal(path, name, "a list of rules with either 'alert' or 'record'")
    if not str(rule.get("expression") or "").strip():
        raise refusal(f"{path}.expression", rule.get("expression"), f"a PromQL expression in the rule '{name}'")
    actions = objects(rule.get("actions"), f"{path}.actions")
    if actions and not rule.get("alert"):
        raise refusal(f"{path}.actions", name, "absent in a recording rule")
    check_named(change, [action.get("actionGroupId") for action in actions], f"{path}.actions")


def _group(change: Change) -> Json:
    return {"properties": {"enabled": change.get("properties.enabled", True)}}


PROVIDER = ResourceProvider(
    namespace="Microsoft.AlertsManagement",
    types=(
        ResourceType(
            name="Microsoft.AlertsManagement/smartDetectorAlertRules",
            provisioning_state=False,
            names=NameRule(
                r"[^:@#{}%&+*<>?/]{1,259}[^:@#{}%&+*<>?/.\s]", "at most 260 characters, none of :@#{}%&+*<>?/"
            ),
            checks=(_check_scope, _check_actions),
            raises_alerts=True,
        ),
        ResourceType(
            name="Microsoft.AlertsManagement/prometheusRuleGroups",
            tracked=True,
            provisioning_state=False,
            system_data=True,
            names=NameRule(r"[^:@/#{}%&+*<>?]{1,260}", "1 to 260 characters, none of :@/#{}%&+*<>?"),
            checks=(_check_group,),
            complete=_group,
            raises_alerts=True,
        ),
    ),
    views=(ALERTS_VIEW,),
)
