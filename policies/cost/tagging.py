"""Tags that say who pays: without them a bill cannot be divided."""

import re
from typing import Any

from pulumi_policy import Severity

from azure_ml_platform.catalog.tags import REQUIRED_TAGS, Tag
from policies.cost.limits import Limits
from policies.kit.conditions import all_of, holds, one_of
from policies.kit.properties import Properties, Unknown
from policies.kit.rule import AnyRule, Rule
from policies.kit.verdict import PASSED, Verdict, every, undecided, violation
from policies.kit.wording import choices

TAGGABLE = (
    "alertsmanagement:SmartDetectorAlertRule",
    "applicationinsights:Component",
    "applicationinsights:Workbook",
    "containerregistry:Registry",
    "containerservice:ManagedCluster",
    "databricks:AccessConnector",
    "databricks:Workspace",
    "keyvault:Vault",
    "machinelearningservices:BatchDeployment",
    "machinelearningservices:BatchEndpoint",
    "machinelearningservices:Compute",
    "machinelearningservices:OnlineDeployment",
    "machinelearningservices:OnlineEndpoint",
    "machinelearningservices:Registry",
    "machinelearningservices:Workspace",
    "managedidentity:UserAssignedIdentity",
    "monitor:ActionGroup",
    "monitor:ActivityLogAlert",
    "monitor:AutoscaleSetting",
    "monitor:MetricAlert",
    "monitor:PrivateLinkScope",
    "monitor:ScheduledQueryRule",
    "network:FlowLog",
    "network:NatGateway",
    "network:NetworkSecurityGroup",
    "network:PrivateEndpoint",
    "network:PublicIPAddress",
    "network:VirtualNetwork",
    "operationalinsights:Workspace",
    "privatedns:PrivateZone",
    "privatedns:VirtualNetworkLink",
    "resources:ResourceGroup",
    "sql:Database",
    "sql:FailoverGroup",
    "sql:JobAgent",
    "sql:Server",
    "storage:StorageAccount",
)
"""Kinds whose ARM type has tags of its own (Azure Native SDK, input `tags`)."""


def rules(limits: Limits) -> list[AnyRule]:
    """The rules on tags."""
    return [
        Rule(
            id="required-tags",
            requires=f"A resource bears the tags {', '.join(REQUIRED_TAGS)}",
            conditions=dict.fromkeys(TAGGABLE, _has_tags),
            fix="add the tags; the platform's components write them from the area platform of the settings",
            severity=Severity.MEDIUM,
            control="CO:03",
            sources=("Azure.Resource.UseTags", "AP 871b6d14", "AP 1e30110a", "azqr resources-001"),
        ),
        Rule(
            id="tag-values",
            requires="The tags that a bill is divided by have values that it can be divided by",
            conditions=dict.fromkeys(
                TAGGABLE,
                all_of(
                    one_of(f"tags.{Tag.ENVIRONMENT}", *limits.environments, or_absent=True),
                    holds(f"tags.{Tag.COST_CENTER}", _is(limits.cost_center_pattern), "be a cost centre"),
                ),
            ),
            fix=f"set {Tag.ENVIRONMENT} to {choices(limits.environments)} and {Tag.COST_CENTER} "
            f"to a value that matches {limits.cost_center_pattern}",
            severity=Severity.LOW,
            control="CO:03",
            sources=("AP 1e30110a",),
        ),
    ]


def _has_tags(properties: Properties) -> Verdict:
    tags = properties.get("tags")
    if isinstance(tags, Unknown):
        return undecided(tags.path)
    values = {key: properties.get(f"tags.{key}") for key in REQUIRED_TAGS}
    missing = [key for key, value in values.items() if not value]
    unknown = [value.path for value in values.values() if isinstance(value, Unknown)]
    return every(
        [
            violation(f"tags lacks {', '.join(missing)}, must have {len(REQUIRED_TAGS)} keys") if missing else PASSED,
            undecided(*unknown),
        ]
    )


def _is(pattern: str) -> Any:
    expression = re.compile(pattern)
    return lambda value: value is None or (isinstance(value, str) and expression.fullmatch(value) is not None)
