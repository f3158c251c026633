"""What is computed and watched of a cluster's Prometheus metrics.

Metrics: those of kube-state-metrics that Azure Monitor collects by default
(learn.microsoft.com/azure/azure-monitor/containers/prometheus-metrics-scrape-default). Thresholds are starting points.
Read 2026-11.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Recording:
    """An expression that is computed each minute and kept under a name."""

    name: str
    expression: str


@dataclass(frozen=True, kw_only=True)
class PrometheusAlert:
    """An expression whose results are told when they last."""

    name: str
    description: str
    expression: str
    severity: int
    """0 is critical, 1 an error, 2 a warning, 3 a piece of information."""
    minutes: int
    """How long it has to last."""


_REQUESTED = 'sum(kube_pod_container_resource_requests{{resource="{0}"}})'
_ALLOCATABLE = 'sum(kube_node_status_allocatable{{resource="{0}"}})'

RECORDINGS: tuple[Recording, ...] = tuple(
    Recording(f"cluster:{resource}_requested:ratio", f"{_REQUESTED.format(resource)} / {_ALLOCATABLE.format(resource)}")
    for resource in ("cpu", "memory")
)
"""What dashboards and alerts ask for again and again."""

ALERTS: tuple[PrometheusAlert, ...] = (
    PrometheusAlert(
        name="node-not-ready",
        description="A node has not been ready for ten minutes.",
        expression='kube_node_status_condition{condition="Ready",status="true"} == 0',
        severity=1,
        minutes=10,
    ),
    PrometheusAlert(
        name="restarts",
        description="A container restarts again and again.",
        expression="increase(kube_pod_container_status_restarts_total[15m]) > 3",
        severity=2,
        minutes=5,
    ),
    PrometheusAlert(
        name="out-of-memory",
        description="A container was ended because it was short of memory.",
        expression=(
            'kube_pod_container_status_last_terminated_reason{reason="OOMKilled"} == 1 and on (namespace, pod, '
            "container) increase(kube_pod_container_status_restarts_total[15m]) > 0"
        ),
        severity=2,
        minutes=1,
    ),
    PrometheusAlert(
        name="replicas-missing",
        description="A deployment has had fewer replicas than it wants for fifteen minutes.",
        expression="kube_deployment_spec_replicas - kube_deployment_status_replicas_available > 0",
        severity=2,
        minutes=15,
    ),
    PrometheusAlert(
        name="cluster-full",
        description="Pods ask for nine tenths of the memory that all nodes have.",
        expression="cluster:memory_requested:ratio > 0.9",
        severity=3,
        minutes=30,
    ),
)
"""What somebody is told."""
