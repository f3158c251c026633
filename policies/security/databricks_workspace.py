"""Security of Databricks workspaces: Microsoft.Databricks/workspaces."""

from pulumi_policy import Severity

from policies.kit.conditions import Condition, all_of, is_set, is_true, none_of, one_of, only_if
from policies.kit.kinds import DATABRICKS_WORKSPACE
from policies.kit.resource import Resource, Stack
from policies.kit.rule import AnyRule, Rule, StackRule, for_each
from policies.kit.verdict import Verdict, every
from policies.security.diagnostic_settings import sends
from policies.security.limits import Limits
from policies.security.private_endpoints import has_private_endpoint


def rules(_: Limits) -> list[AnyRule]:
    """The rules on workspaces."""
    return [*_network(), *_data()]


def _with_clusters(condition: Condition) -> Condition:
    """A condition on what only a workspace with clusters of its own has."""
    return only_if(none_of("computeMode", "Serverless"), condition, otherwise="a serverless workspace has no clusters")


def _network() -> list[AnyRule]:
    return [
        Rule(
            id="dbx-public-access",
            requires="A Databricks workspace cannot be reached from public networks",
            conditions={DATABRICKS_WORKSPACE: one_of("publicNetworkAccess", "Disabled")},
            remedies={DATABRICKS_WORKSPACE: {"publicNetworkAccess": "Disabled"}},
            fix='set publicNetworkAccess to "Disabled"',
            severity=Severity.HIGH,
            control="NS-2",
            sources=("CKV_AZURE_158", "AZR-000410", "AP 0e7849de"),
        ),
        Rule(
            id="dbx-no-public-ip",
            requires="No node of a Databricks cluster can be reached from the internet",
            conditions={DATABRICKS_WORKSPACE: _with_clusters(is_true("parameters.enableNoPublicIp.value"))},
            remedies={DATABRICKS_WORKSPACE: {"parameters.enableNoPublicIp.value": True}},
            fix="set parameters.enableNoPublicIp.value to true",
            severity=Severity.HIGH,
            control="NS-2",
            sources=("AZR-000393", "AP 51c1490f", "azqr dbw-007"),
        ),
        Rule(
            id="dbx-vnet-injection",
            requires="Databricks clusters run in a network of the organisation",
            conditions={
                DATABRICKS_WORKSPACE: _with_clusters(
                    all_of(
                        is_set("parameters.customVirtualNetworkId.value"),
                        is_set("parameters.customPublicSubnetName.value"),
                        is_set("parameters.customPrivateSubnetName.value"),
                    )
                )
            },
            fix="set customVirtualNetworkId and both subnets in parameters before the workspace is created",
            severity=Severity.HIGH,
            control="NS-2",
            sources=("AP 9c25c9e4",),
        ),
        StackRule(
            id="dbx-private-endpoint",
            requires="People and clusters reach a Databricks workspace through a private endpoint alone",
            judge=for_each((DATABRICKS_WORKSPACE,), _private),
            fix='add a PrivateEndpoint of the group "databricks_ui_api", and set requiredNsgRules to '
            '"NoAzureDatabricksRules"',
            severity=Severity.HIGH,
            control="NS-2",
            sources=("AP 258823f2", "azqr dbw-004"),
        ),
    ]


_BY_ENDPOINT = has_private_endpoint("databricks_ui_api")
_BACK_END = _with_clusters(one_of("requiredNsgRules", "NoAzureDatabricksRules"))


def _private(workspace: Resource, stack: Stack) -> Verdict:
    return every([_BY_ENDPOINT(workspace, stack), _BACK_END(workspace.properties)])


def _data() -> list[AnyRule]:
    return [
        Rule(
            id="dbx-premium",
            requires="A Databricks workspace has the tier that offers access control and private networks",
            conditions={DATABRICKS_WORKSPACE: one_of("sku.name", "premium")},
            fix='set sku.name to "premium"',
            severity=Severity.MEDIUM,
            control="NS-2",
            sources=("AP 2cc2c3b5", "AZR-000409"),
        ),
        Rule(
            id="dbx-dbfs-cmk",
            requires="The storage of a Databricks workspace is encrypted with a key of the organisation",
            conditions={
                DATABRICKS_WORKSPACE: _with_clusters(
                    all_of(
                        is_true("parameters.prepareEncryption.value"),
                        one_of("parameters.encryption.value.keySource", "Microsoft.Keyvault"),
                    )
                )
            },
            fix="set parameters.prepareEncryption.value to true, and parameters.encryption.value to a key of a vault",
            severity=Severity.LOW,
            control="DP-5",
            sources=("CKV2_AZURE_48",),
        ),
        Rule(
            id="dbx-storage-firewall",
            requires="The storage of a Databricks workspace answers to its access connector only",
            conditions={
                DATABRICKS_WORKSPACE: _with_clusters(
                    all_of(one_of("defaultStorageFirewall", "Enabled"), is_set("accessConnector.id"))
                )
            },
            fix='set defaultStorageFirewall to "Enabled", with an accessConnector',
            severity=Severity.MEDIUM,
            control="NS-2",
        ),
        StackRule(
            id="dbx-diagnostic-logs",
            requires="Who does what in a Databricks workspace is recorded",
            judge=for_each((DATABRICKS_WORKSPACE,), sends(is_true("enabled"), "an enabled log")),
            fix="add a DiagnosticSetting with the workspace's id as resourceUri, which takes the premium tier",
            severity=Severity.MEDIUM,
            control="LT-3",
            sources=("AP 138ff14d",),
        ),
    ]
