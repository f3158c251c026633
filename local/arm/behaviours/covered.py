"""The resource providers that this Azure covers."""

from local.arm.behaviours import (
    alerts_management,
    authorization,
    consumption,
    container_registry,
    container_service,
    cost_management,
    data_factory,
    databricks,
    insights,
    key_vault,
    kubernetes_configuration,
    machine_learning,
    managed_identity,
    monitor_accounts,
    network,
    operational_insights,
    resources,
    security,
    sql,
    storage,
)
from local.arm.catalogue import Catalogue

PROVIDERS = (
    alerts_management,
    authorization,
    consumption,
    container_registry,
    container_service,
    cost_management,
    data_factory,
    databricks,
    insights,
    key_vault,
    kubernetes_configuration,
    machine_learning,
    managed_identity,
    monitor_accounts,
    network,
    operational_insights,
    resources,
    security,
    sql,
    storage,
)
"""The module of each."""


def catalogue() -> Catalogue:
    """Every provider, with its types by name."""
    return Catalogue(module.PROVIDER for module in PROVIDERS)
