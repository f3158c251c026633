"""The workbook of operations: what the models answer, how fast, on how much, and what it costs to watch."""

import json
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

import pulumi
from pulumi_azure_native import applicationinsights

from azure_ml_platform.args import Input
from azure_ml_platform.catalog.alerts import DEPLOYMENT
from azure_ml_platform.component import PlatformComponent
from azure_ml_platform.components.interfaces import ComponentArgs

_NAMESPACE = uuid.UUID("5d3c7e1e-9a8b-5f7a-8b6e-1f0d2c4b6a97")
_TRAFFIC = "AmlOnlineEndpointTrafficLog | where TimeGenerated {range}"
_QUERIES: tuple[tuple[str, str, str], ...] = (
    (
        "Requests by deployment",
        "areachart",
        f"{_TRAFFIC} | summarize requests = count() by bin(TimeGenerated, 5m), DeploymentName",
    ),
    (
        "Latency in milliseconds, median and 95th percentile",
        "timechart",
        f"{_TRAFFIC} | summarize median = percentile(TotalDurationMs, 50), p95 = percentile(TotalDurationMs, 95) "
        "by bin(TimeGenerated, 5m)",
    ),
    (
        "Answers by status",
        "piechart",
        f"{_TRAFFIC} | summarize requests = count() by ResponseCode, ModelStatusCode",
    ),
    (
        "Training jobs by result",
        "barchart",
        "AmlComputeJobEvent | where TimeGenerated {range} "
        "| summarize jobs = count() by bin(TimeGenerated, 1d), EventType",
    ),
    (
        "Monitoring runs: drift and data quality",
        "table",
        "AmlRunStatusChangedEvent | where TimeGenerated {range} | summarize runs = count() by Status",
    ),
    (
        "Logs taken in, GB a day by table: what watching costs",
        "barchart",
        "Usage | where TimeGenerated {range} and IsBillable "
        "| summarize gigabytes = sum(Quantity) / 1000 by bin(TimeGenerated, 1d), DataType",
    ),
)
"""Title, chart and query of each part; `{range}` is the time that the reader has chosen."""


class WorkbookArgs(ComponentArgs):
    """Inputs of Workbook."""

    resource_group_name: Input[str]
    """Required. Resource group that holds the workbook."""
    location: Input[str]
    """Required. Azure region."""
    display_name: str
    """Required. Title of the workbook, from which its id follows."""
    log_analytics_id: Input[str]
    """Required. Log Analytics workspace that the workbook reads."""
    deployment_ids: Mapping[str, Input[str]] = {}
    """Optional. Online deployments whose instances are shown, by name. Default none, and no such part."""


class Workbook(PlatformComponent):
    """A shared workbook, its content made from the platform's own parts (Microsoft.Insights/workbooks)."""

    workbook_id: pulumi.Output[str]
    """Resource id of the workbook."""

    def __init__(self, name: str, args: WorkbookArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Create the workbook."""
        args = WorkbookArgs.model_validate(args)
        super().__init__(name, opts, keep_sdk_aliases=args.keep_sdk_aliases)
        logs = pulumi.Output.from_input(args.log_analytics_id)
        deployments = pulumi.Output.all(*args.deployment_ids.values())
        self.workbook = applicationinsights.Workbook(
            f"{name}-workbook",
            resource_name_=str(uuid.uuid5(_NAMESPACE, args.display_name)),
            resource_group_name=args.resource_group_name,
            location=args.location,
            kind="shared",
            display_name=args.display_name,
            category="workbook",
            source_id=logs.apply(str.lower),
            serialized_data=pulumi.Output.all(logs, deployments).apply(lambda both: content(*both)),
            tags=args.tags,
            opts=self.child(),
        )
        self.workbook_id = self.workbook.id
        self.finish()


def content(log_analytics_id: str, deployment_ids: Sequence[str]) -> str:
    """Return a workbook's document: a choice of time, then a chart for each query, then the instances."""
    items = [_time_choice()]
    items += [_chart(title, chart, query, log_analytics_id) for title, chart, query in _QUERIES]
    if deployment_ids:
        items.append(_instances(deployment_ids))
    document = {
        "version": "Notebook/1.0",
        "items": items,
        "fallbackResourceIds": [log_analytics_id],
        "$schema": "https://github.com/Microsoft/Application-Insights-Workbooks/blob/master/schema/workbook.json",
    }
    return json.dumps(document, sort_keys=True)


def _time_choice() -> dict[str, Any]:
    choices = [{"durationMs": hours * 3_600_000} for hours in (1, 24, 7 * 24, 30 * 24)]
    parameter = {
        "id": str(uuid.uuid5(_NAMESPACE, "range")),
        "name": "range",
        "type": 4,
        "isRequired": True,
        "value": {"durationMs": 24 * 3_600_000},
        "typeSettings": {"selectableValues": choices},
    }
    return {"type": 9, "name": "time", "content": {"version": "KqlParameterItem/1.0", "parameters": [parameter]}}


def _chart(title: str, chart: str, query: str, log_analytics_id: str) -> dict[str, Any]:
    return {
        "type": 3,
        "name": title,
        "content": {
            "version": "KqlItem/1.0",
            "title": title,
            "query": query,
            "size": 0,
            "queryType": 0,
            "resourceType": "microsoft.operationalinsights/workspaces",
            "crossComponentResources": [log_analytics_id],
            "visualization": chart,
        },
    }


def _instances(deployment_ids: Sequence[str]) -> dict[str, Any]:
    kind = DEPLOYMENT.lower()
    metrics = [
        {"namespace": kind, "metric": f"{kind}--{metric}", "aggregation": 4}
        for metric in ("DeploymentCapacity", "CpuUtilizationPercentage", "GpuUtilizationPercentage")
    ]
    return {
        "type": 10,
        "name": "Instances",
        "content": {
            "chartId": str(uuid.uuid5(_NAMESPACE, "instances")),
            "version": "MetricsItem/2.0",
            "title": "Instances and how busy they are",
            "size": 0,
            "chartType": 2,
            "resourceType": kind,
            "metricScope": 0,
            "resourceIds": list(deployment_ids),
            "timeContextFromParameter": "range",
            "metrics": metrics,
        },
    }
