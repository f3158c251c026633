"""What is collected of a cluster: logs of its containers, and metrics for Prometheus with rules on them."""

from collections.abc import Sequence

import pulumi
from pulumi_azure_native import alertsmanagement, monitor

from azure_ml_platform.args import Args, Input
from azure_ml_platform.catalog.prometheus import ALERTS, RECORDINGS, PrometheusAlert
from azure_ml_platform.component import PlatformComponent
from azure_ml_platform.components.alerts import RoutesArgs
from azure_ml_platform.components.interfaces import ComponentArgs

_LOGS, _METRICS = "logs", "metrics"
_CONTAINERS = "ContainerInsightsExtension"
"""Name that Azure wants for the association of container logs, and of their source."""
_STREAM = "Microsoft-PrometheusMetrics"


class ContainerLogsArgs(Args):
    """Logs of containers, in the table ContainerLogV2."""

    rule_name: str
    """Required. Name of the data collection rule."""
    workspace_id: Input[str]
    """Required. Resource id of the Log Analytics workspace."""
    quiet_namespaces: Sequence[str] = ("kube-system", "gatekeeper-system", "azure-arc")
    """Optional. Namespaces whose containers are not logged: Azure's own, which write most. Default those."""
    interval_minutes: int = 5
    """Optional. Minutes between two samples of performance and inventory. Default 5."""


class PrometheusArgs(Args):
    """Metrics for Prometheus, in a store of their own."""

    account_name: str
    """Required. Name of the Azure Monitor workspace."""
    endpoint_name: str
    """Required. Name of the data collection endpoint."""
    rule_name: str
    """Required. Name of the data collection rule, and start of the names of the groups of rules."""
    routes: RoutesArgs
    """Required. Action groups by how urgent an alert is."""


class KubernetesMonitoringArgs(ComponentArgs):
    """Inputs of KubernetesMonitoring."""

    resource_group_name: Input[str]
    """Required. Resource group that holds the rules."""
    location: Input[str]
    """Required. Azure region, the cluster's."""
    cluster_id: Input[str]
    """Required. Resource id of the cluster."""
    cluster_name: Input[str]
    """Required. Name of the cluster."""
    container_logs: ContainerLogsArgs | None = None
    """Optional. Collect the logs of containers. Default not."""
    prometheus: PrometheusArgs | None = None
    """Optional. Collect metrics for Prometheus, and watch them. Default not."""


class KubernetesMonitoring(PlatformComponent):
    """Data collection rules of one cluster; without them its agents send nothing."""

    rule_ids: pulumi.Output[Sequence[str]]
    """Resource ids of the data collection rules."""

    def __init__(self, name: str, args: KubernetesMonitoringArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Create the rules, then tie the cluster to them."""
        args = KubernetesMonitoringArgs.model_validate(args)
        super().__init__(name, opts, keep_sdk_aliases=args.keep_sdk_aliases)
        self._name, self._args = name, args
        rules = []
        if args.container_logs:
            rules.append(self._container_logs(args.container_logs))
        if args.prometheus:
            rules.append(self._prometheus(args.prometheus))
        self.rule_ids = pulumi.Output.all(*(rule.id for rule in rules))
        self.finish()

    def _rule(
        self,
        role: str,
        rule_name: str,
        stream: str,
        sources: "monitor.DataCollectionRuleDataSourcesArgs",
        destinations: "monitor.DataCollectionRuleDestinationsArgs",
        endpoint_id: Input[str] | None = None,
    ) -> "monitor.DataCollectionRule":
        return monitor.DataCollectionRule(
            f"{self._name}-{role}",
            data_collection_rule_name=rule_name,
            resource_group_name=self._args.resource_group_name,
            location=self._args.location,
            kind="Linux",
            data_collection_endpoint_id=endpoint_id,
            data_sources=sources,
            destinations=destinations,
            data_flows=[monitor.DataFlowArgs(streams=[stream], destinations=[role])],
            tags=self._args.tags,
            opts=self.child(),
        )

    def _container_logs(self, logs: ContainerLogsArgs) -> "monitor.DataCollectionRule":
        stream = "Microsoft-ContainerInsights-Group-Default"
        settings = {
            "interval": f"{logs.interval_minutes}m",
            "namespaceFilteringMode": "Exclude",
            "namespaces": list(logs.quiet_namespaces),
            "enableContainerLogV2": True,
        }
        source = monitor.ExtensionDataSourceArgs(
            name=_CONTAINERS,
            extension_name="ContainerInsights",
            streams=[stream],
            extension_settings={"dataCollectionSettings": settings},
        )
        store = monitor.LogAnalyticsDestinationArgs(name=_LOGS, workspace_resource_id=logs.workspace_id)
        rule = self._rule(
            _LOGS,
            logs.rule_name,
            stream,
            monitor.DataCollectionRuleDataSourcesArgs(extensions=[source]),
            monitor.DataCollectionRuleDestinationsArgs(log_analytics=[store]),
        )
        self._tie(_LOGS, _CONTAINERS, rule_id=rule.id)
        return rule

    def _prometheus(self, wanted: PrometheusArgs) -> "monitor.DataCollectionRule":
        account = monitor.AzureMonitorWorkspace(
            f"{self._name}-account",
            azure_monitor_workspace_name=wanted.account_name,
            resource_group_name=self._args.resource_group_name,
            location=self._args.location,
            tags=self._args.tags,
            opts=self.child(),
        )
        endpoint = monitor.DataCollectionEndpoint(
            f"{self._name}-endpoint",
            data_collection_endpoint_name=wanted.endpoint_name,
            resource_group_name=self._args.resource_group_name,
            location=self._args.location,
            kind="Linux",
            tags=self._args.tags,
            opts=self.child(),
        )
        source = monitor.PrometheusForwarderDataSourceArgs(name="prometheus", streams=[_STREAM])
        store = monitor.MonitoringAccountDestinationArgs(name=_METRICS, account_resource_id=account.id)
        rule = self._rule(
            _METRICS,
            wanted.rule_name,
            _STREAM,
            monitor.DataCollectionRuleDataSourcesArgs(prometheus_forwarder=[source]),
            monitor.DataCollectionRuleDestinationsArgs(monitoring_accounts=[store]),
            endpoint.id,
        )
        self._tie(_METRICS, "prometheus", rule_id=rule.id)
        self._tie("endpoint", "configurationAccessEndpoint", endpoint_id=endpoint.id)
        self._watch(wanted, account.id)
        return rule

    def _tie(
        self, role: str, association: str, *, rule_id: Input[str] | None = None, endpoint_id: Input[str] | None = None
    ) -> None:
        monitor.DataCollectionRuleAssociation(
            f"{self._name}-{role}-association",
            association_name=association,
            resource_uri=self._args.cluster_id,
            data_collection_rule_id=rule_id,
            data_collection_endpoint_id=endpoint_id,
            opts=self.child(),
        )

    def _watch(self, wanted: PrometheusArgs, account_id: pulumi.Output[str]) -> None:
        """Compute what is asked for often, and tell what should not be."""
        recorded = [
            alertsmanagement.PrometheusRuleArgs(record=each.name, expression=each.expression) for each in RECORDINGS
        ]
        told = [_alert(each, wanted.routes) for each in ALERTS]
        for role, rules in (("recordings", recorded), ("alerts", told)):
            alertsmanagement.PrometheusRuleGroup(
                f"{self._name}-{role}",
                rule_group_name=f"{wanted.rule_name}-{role}",
                resource_group_name=self._args.resource_group_name,
                location=self._args.location,
                cluster_name=self._args.cluster_name,
                enabled=True,
                interval="PT1M",
                scopes=[account_id, self._args.cluster_id],
                rules=rules,
                tags=self._args.tags,
                opts=self.child(),
            )


def _alert(alert: PrometheusAlert, routes: RoutesArgs) -> "alertsmanagement.PrometheusRuleArgs":
    return alertsmanagement.PrometheusRuleArgs(
        alert=alert.name,
        expression=alert.expression,
        for_=f"PT{alert.minutes}M",
        severity=alert.severity,
        enabled=True,
        annotations={"description": alert.description},
        actions=[alertsmanagement.PrometheusRuleGroupActionArgs(action_group_id=routes.of(alert.severity))],
        resolve_configuration=alertsmanagement.PrometheusRuleResolveConfigurationArgs(
            auto_resolved=True, time_to_resolve="PT10M"
        ),
    )
