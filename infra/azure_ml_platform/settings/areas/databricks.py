"""Azure Databricks."""

from collections.abc import Iterable, Mapping
from typing import Annotated

from azure_ml_platform.constraints import whole
from azure_ml_platform.settings.area import Area, Broken, System
from azure_ml_platform.vocabulary import (
    ClusterName,
    ContainerName,
    DatabricksComputeMode,
    DatabricksObjectsMode,
    DatabricksPolicyUse,
    Email,
    SchemaName,
    VmSize,
)


class ClusterPolicySettings(Area):
    """What clusters of a Databricks workspace may be."""

    use: DatabricksPolicyUse
    """Whether a person works on them, alone, or jobs run on them."""
    node_types: tuple[VmSize, ...]
    """Sizes of machines that may be chosen; the first is the default."""
    max_workers: Annotated[int, whole(0, 1000, "machines")] = 4
    """Most machines of a cluster for jobs, the driver apart."""
    idle_minutes: Annotated[int, whole(10, 1440, "minutes")] = 30
    """Minutes without work after which a person's cluster ends."""
    max_dbus_per_hour: Annotated[int, whole(1, 10_000, "units")] | None = None
    """Most Databricks units that a cluster may use per hour; null for no limit."""
    spot: bool = True
    """Whether all machines but the first are spare capacity."""

    def conflicts(self) -> Iterable[Broken]:  # noqa: D102 - as the base
        if not self.node_types:
            yield Broken(("node_types",), "a list of at least one size", ["Standard_D4ds_v5"])


class PoolSettings(Area):
    """Machines that a Databricks workspace keeps warm."""

    node_type: VmSize
    """Size of the machines."""
    max_capacity: Annotated[int, whole(1, 1000, "machines")] = 10
    """Most machines, in use or idle."""
    min_idle: Annotated[int, whole(0, 1000, "machines")] = 0
    """Machines that wait for work, and are paid."""
    idle_minutes: Annotated[int, whole(0, 1440, "minutes")] = 10
    """Minutes until an idle machine beyond those is given back."""

    def conflicts(self) -> Iterable[Broken]:  # noqa: D102 - as the base
        if self.min_idle > self.max_capacity:
            yield Broken(("min_idle",), f"at most max_capacity ({self.max_capacity})", self.max_capacity)


class JobSettings(Area):
    """A scheduled run of one Python file in a Databricks workspace."""

    file: str
    """Path of the file, in the workspace or in a volume."""
    parameters: tuple[str, ...] = ()
    """Arguments of the file."""
    policy: str
    """Policy of `databricks.policies` that the job's cluster obeys."""
    workers: Annotated[int, whole(0, 1000, "machines")] = 1
    """Machines beside the driver."""
    schedule: str | None = None
    """When it runs, as a Quartz cron expression in UTC; null for never by itself."""
    emails: tuple[Email, ...] = ()
    """Who is told of failures; empty for the owner."""


class CatalogSettings(Area):
    """The stack's catalog in Unity Catalog, on the lake; it has the name of the workload and the stack."""

    zones: tuple[ContainerName, ...] = ("raw", "enriched", "curated")
    """Zones of the lake that it reaches, a location each."""
    root: ContainerName = "curated"
    """Zone that its own tables are kept in."""
    schemas: tuple[SchemaName, ...] = ("features",)
    """Schemas of the catalog."""
    grants: Mapping[str, tuple[str, ...]] = {}
    """Privileges on the catalog, such as USE_CATALOG and SELECT, by the name of the group."""

    def conflicts(self) -> Iterable[Broken]:  # noqa: D102 - as the base
        if self.root not in self.zones:
            known = ", ".join(self.zones) or "there is none"
            yield Broken(("root",), f"one of databricks.catalog.zones ({known})", next(iter(self.zones), "curated"))


class DatabricksSettings(System):
    """The workspace: Microsoft.Databricks/workspaces of the premium tier, no public addresses on its clusters."""

    compute_mode: DatabricksComputeMode = DatabricksComputeMode.HYBRID
    """Whether the workspace has clusters of its own; immutable."""
    public_network_access: bool
    """Whether the workspace answers from public networks."""
    storage_firewall: bool
    """Whether the workspace's own storage is closed to all but its connector and private endpoints."""
    infrastructure_encryption: bool
    """Whether the workspace's own storage is encrypted twice; immutable."""
    enhanced_security: bool
    """Whether clusters have hardened images, monitoring and automatic updates."""
    objects: DatabricksObjectsMode
    """Whether the update makes what is inside the workspace, or describes it for somebody who can reach it."""
    secret_scope: bool = True
    """Whether the workspace reads the stack's key vault as a secret scope."""
    catalog: CatalogSettings | None = CatalogSettings()
    """The catalog on the lake, where the stack has a lake; null for none."""
    policies: Mapping[ClusterName, ClusterPolicySettings]
    """Cluster policies by name."""
    pools: Mapping[ClusterName, PoolSettings] = {}
    """Pools of machines by name."""
    jobs: Mapping[ClusterName, JobSettings] = {}
    """Jobs by name."""

    def conflicts(self) -> Iterable[Broken]:  # noqa: D102 - as the base
        if self.compute_mode is DatabricksComputeMode.SERVERLESS:
            classic = {
                "storage_firewall": self.storage_firewall,
                "infrastructure_encryption": self.infrastructure_encryption,
            }
            for name, value in classic.items():
                if value:
                    yield Broken((name,), "false while databricks.compute_mode is Serverless", False)
        if not self.public_network_access and self.objects is DatabricksObjectsMode.DECLARED:
            rule = "described while databricks.public_network_access is false: the update does not reach the workspace"
            yield Broken(("objects",), rule, DatabricksObjectsMode.DESCRIBED)
        for name, job in self.jobs.items():
            if job.policy not in self.policies:
                known = ", ".join(self.policies) or "it has none"
                example = next(iter(self.policies), "jobs")
                yield Broken(("jobs", name, "policy"), f"a policy of databricks.policies ({known})", example)
