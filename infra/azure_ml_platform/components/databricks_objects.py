"""What is inside a Databricks workspace: cluster policies, pools, a secret scope, jobs, and Unity Catalog."""

import json
from collections.abc import Mapping, Sequence
from typing import Any, Self

import pulumi
from pydantic import Field, model_validator

from azure_ml_platform.args import Args, Input
from azure_ml_platform.component import PlatformComponent
from azure_ml_platform.components.interfaces import ComponentArgs
from azure_ml_platform.dynamic.databricks import DatabricksObject
from azure_ml_platform.vocabulary import DatabricksPolicyUse

ML_RUNTIME = "16.4.x-cpu-ml-scala2.12"
"""Databricks Runtime ML with long-term support: docs.databricks.com/release-notes/runtime, read 2026-11."""


class ClusterPolicyArgs(Args):
    """What clusters may be: docs.databricks.com/admin/clusters/policy-definition."""

    use: DatabricksPolicyUse
    """Required. Whether a person works on it, alone, or jobs run on it."""
    node_types: Sequence[str]
    """Required. Sizes of machines that may be chosen; the first is the default."""
    max_workers: int = Field(default=4, ge=0)
    """Optional. Most machines of a cluster for jobs, the driver apart. Default 4."""
    idle_minutes: int = Field(default=30, ge=10)
    """Optional. Minutes without work after which a person's cluster ends. Default 30."""
    max_dbus_per_hour: int | None = Field(default=None, ge=1)
    """Optional. Most Databricks units that a cluster may use per hour. Default no limit."""
    spot: bool = True
    """Optional. Take spare capacity, for all machines but the first. Default true."""
    runtime: str = ML_RUNTIME
    """Optional. Version of the Databricks Runtime. Default the long-term one for machine learning."""


class PoolArgs(Args):
    """Machines kept warm."""

    node_type: str
    """Required. Size of the machines."""
    max_capacity: int = Field(default=10, ge=1)
    """Optional. Most machines, in use or idle. Default 10."""
    min_idle: int = Field(default=0, ge=0)
    """Optional. Machines that wait for work, and are paid. Default none."""
    idle_minutes: int = Field(default=10, ge=0)
    """Optional. Minutes until an idle machine beyond those is given back. Default 10."""


class JobArgs(Args):
    """A scheduled run of one Python file or notebook."""

    file: str
    """Required. Path of the Python file, in the workspace or in a volume."""
    parameters: Sequence[str] = ()
    """Optional. Arguments of the file. Default none."""
    policy: str
    """Required. Cluster policy, by its key, that the job's cluster obeys."""
    workers: int = Field(default=1, ge=0)
    """Optional. Machines beside the driver. Default 1."""
    schedule: str | None = None
    """Optional. When it runs, as a Quartz cron expression in UTC. Default never by itself."""
    emails: Sequence[str] = ()
    """Optional. Who is told of failures. Default nobody."""


class CatalogArgs(Args):
    """A catalog of Unity Catalog on the lake."""

    storage: Mapping[str, Input[str]]
    """Required. Locations of the lake (`abfss://…`) by zone."""
    root: str
    """Required. Zone that managed tables are kept in, a key of `storage`."""
    schemas: Sequence[str] = ()
    """Optional. Schemas of the catalog. Default none."""
    grants: Mapping[str, Sequence[str]] = {}
    """Optional. Privileges on the catalog by principal. Default nobody's."""

    @model_validator(mode="after")
    def _root_is_a_zone(self) -> Self:
        if self.root not in self.storage:
            raise ValueError(f"root is {self.root!r}; it must be a zone of storage: {', '.join(self.storage)}")
        return self


class DatabricksObjectsArgs(ComponentArgs):
    """Inputs of DatabricksObjects."""

    workspace_id: Input[str]
    """Required. Resource id of the workspace."""
    workspace_url: Input[str]
    """Required. Host of the workspace."""
    declared: bool = True
    """Optional. Keep the objects in the workspace; false only describes them, for a workspace out of reach."""
    policies: Mapping[str, ClusterPolicyArgs] = {}
    """Optional. Cluster policies by name. Default none."""
    pools: Mapping[str, PoolArgs] = {}
    """Optional. Pools of machines by name. Default none."""
    jobs: Mapping[str, JobArgs] = {}
    """Optional. Jobs by name. Default none."""
    vault_id: Input[str] | None = None
    """Conditional. Resource id of the vault behind the secret scope; required for one."""
    vault_uri: Input[str] | None = None
    """Conditional. Address of that vault."""
    secret_scope: str | None = None
    """Optional. Name of the secret scope. Default none."""
    connector_id: Input[str] | None = None
    """Conditional. Resource id of the access connector; required for catalogs."""
    connector_identity_id: Input[str] | None = None
    """Conditional. Resource id of its user-assigned identity; required for catalogs."""
    catalogs: Mapping[str, CatalogArgs] = {}
    """Optional. Catalogs by name. Default none."""

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        if self.secret_scope and (self.vault_id is None or self.vault_uri is None):
            raise ValueError(f"secret_scope {self.secret_scope!r} needs vault_id and vault_uri")
        if self.catalogs and (self.connector_id is None or self.connector_identity_id is None):
            raise ValueError("catalogs need connector_id and connector_identity_id: who reaches the lake for them")
        for name, job in self.jobs.items():
            if job.policy not in self.policies:
                known = ", ".join(self.policies) or "there is none"
                raise ValueError(f"jobs.{name}.policy is {job.policy!r}; it must be a policy of the component: {known}")
        return self


class DatabricksObjects(PlatformComponent):
    """The objects of a workspace, made in the order in which they need each other and deleted in the other."""

    objects: pulumi.Output[Sequence[Mapping[str, Any]]]
    """Kind and body of every object, in order: what a workspace out of reach is given by another hand."""

    def __init__(self, name: str, args: DatabricksObjectsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Declare every object."""
        args = DatabricksObjectsArgs.model_validate(args)
        super().__init__(name, opts, keep_sdk_aliases=args.keep_sdk_aliases)
        self._args = args
        self._described: list[Mapping[str, Any]] = []
        policies = {key: self._object(name, "cluster policy", key, _policy(args, key)) for key in args.policies}
        for key, pool in args.pools.items():
            self._object(name, "instance pool", key, _pool(args, key, pool))
        if args.secret_scope:
            self._object(name, "secret scope", args.secret_scope, _scope(args))
        for key, job in args.jobs.items():
            policy = policies[job.policy]
            self._object(name, "job", key, _job(args, key, job, policy.object_id if policy else None), policy)
        if args.catalogs:
            self._catalogs(name)
        self.objects = pulumi.Output.all(*self._described).apply(list)
        self.finish()

    def _object(
        self, name: str, kind: str, key: str, spec: Mapping[str, Any], *after: DatabricksObject | None
    ) -> DatabricksObject | None:
        """Declare an object that comes after others; only described where the workspace is out of reach."""
        self._described.append({"kind": kind, "spec": dict(spec)})
        if not self._args.declared:
            return None
        return DatabricksObject(
            f"{name}-{kind.replace(' ', '-')}-{key}",
            workspace_id=self._args.workspace_id,
            workspace_url=self._args.workspace_url,
            kind=kind,
            spec=spec,
            opts=self.child(depends_on=[one for one in after if one is not None]),
        )

    def _catalogs(self, name: str) -> None:
        args = self._args
        lake = {
            "name": "lake",
            "azure_managed_identity": {
                "access_connector_id": args.connector_id,
                "managed_identity_id": args.connector_identity_id,
            },
        }
        credential = self._object(name, "storage credential", "lake", lake)
        for key, catalog in args.catalogs.items():
            locations = [
                self._object(
                    *(name, "external location", f"{key}-{zone}"),
                    {"name": f"{key}-{zone}", "url": url, "credential_name": "lake"},
                    credential,
                )
                for zone, url in catalog.storage.items()
            ]
            body = {"name": key, "storage_root": catalog.storage[catalog.root], "isolation_mode": "ISOLATED"}
            made = self._object(name, "catalog", key, body, *locations)
            for schema in catalog.schemas:
                self._object(name, "schema", f"{key}-{schema}", {"name": schema, "catalog_name": key}, made)
            if catalog.grants:
                privileges = {principal: list(held) for principal, held in catalog.grants.items()}
                grants = {"securable": "catalog", "full_name": key, "privileges": privileges}
                self._object(name, "grants", key, grants, made)


def _policy(args: DatabricksObjectsArgs, key: str) -> dict[str, Any]:
    return {"name": key, "definition": json.dumps(policy_definition(args.policies[key], args.tags), sort_keys=True)}


def policy_definition(policy: ClusterPolicyArgs, tags: Mapping[str, str]) -> dict[str, dict[str, Any]]:
    """The rules of a cluster policy: what is fixed, what may be chosen, and between which bounds."""
    rules: dict[str, dict[str, Any]] = {
        "spark_version": {"type": "fixed", "value": policy.runtime},
        "node_type_id": {
            "type": "allowlist",
            "values": list(policy.node_types),
            "defaultValue": policy.node_types[0],
        },
        "azure_attributes.availability": {
            "type": "fixed",
            "value": "SPOT_WITH_FALLBACK_AZURE" if policy.spot else "ON_DEMAND_AZURE",
        },
        "azure_attributes.first_on_demand": {"type": "fixed", "value": 1},
        **{f"custom_tags.{tag}": {"type": "fixed", "value": value} for tag, value in tags.items()},
    }
    if policy.max_dbus_per_hour is not None:
        rules["dbus_per_hour"] = {"type": "range", "maxValue": policy.max_dbus_per_hour}
    own = _personal(policy) if policy.use is DatabricksPolicyUse.PERSONAL else _for_jobs(policy)
    return rules | own


def _personal(policy: ClusterPolicyArgs) -> dict[str, dict[str, Any]]:
    """One machine for one person, gone when it idles."""
    idle = policy.idle_minutes
    return {
        "cluster_type": {"type": "fixed", "value": "all-purpose"},
        "autotermination_minutes": {"type": "range", "minValue": 10, "maxValue": idle, "defaultValue": idle},
        "data_security_mode": {"type": "fixed", "value": "SINGLE_USER"},
        "num_workers": {"type": "fixed", "value": 0},
        "spark_conf.spark.databricks.cluster.profile": {"type": "fixed", "value": "singleNode"},
        "spark_conf.spark.master": {"type": "fixed", "value": "local[*, 4]"},
        "custom_tags.ResourceClass": {"type": "fixed", "value": "SingleNode"},
    }


def _for_jobs(policy: ClusterPolicyArgs) -> dict[str, dict[str, Any]]:
    """Clusters that live as long as their job."""
    return {
        "cluster_type": {"type": "fixed", "value": "job"},
        "data_security_mode": {"type": "allowlist", "values": ["SINGLE_USER", "USER_ISOLATION"]},
        "num_workers": {"type": "range", "maxValue": policy.max_workers, "isOptional": True},
        "autoscale.max_workers": {"type": "range", "maxValue": policy.max_workers, "isOptional": True},
    }


def _pool(args: DatabricksObjectsArgs, key: str, pool: PoolArgs) -> dict[str, Any]:
    return {
        "instance_pool_name": key,
        "node_type_id": pool.node_type,
        "min_idle_instances": pool.min_idle,
        "max_capacity": pool.max_capacity,
        "idle_instance_autotermination_minutes": pool.idle_minutes,
        "custom_tags": dict(args.tags),
    }


def _scope(args: DatabricksObjectsArgs) -> dict[str, Any]:
    return {
        "scope": args.secret_scope,
        "scope_backend_type": "AZURE_KEYVAULT",
        "backend_azure_keyvault": {"resource_id": args.vault_id, "dns_name": args.vault_uri},
    }


def _job(args: DatabricksObjectsArgs, key: str, job: JobArgs, policy_id: Input[str] | None) -> dict[str, Any]:
    policy = args.policies[job.policy]
    cluster = {
        "policy_id": policy_id,
        "spark_version": policy.runtime,
        "node_type_id": policy.node_types[0],
        "num_workers": job.workers,
        "data_security_mode": "SINGLE_USER",
    }
    task = {
        "task_key": key,
        "new_cluster": {name: value for name, value in cluster.items() if value is not None},
        "spark_python_task": {"python_file": job.file, "parameters": list(job.parameters)},
    }
    body: dict[str, Any] = {"name": key, "max_concurrent_runs": 1, "tasks": [task], "tags": dict(args.tags)}
    if job.schedule:
        body["schedule"] = {"quartz_cron_expression": job.schedule, "timezone_id": "UTC", "pause_status": "UNPAUSED"}
    if job.emails:
        body["email_notifications"] = {"on_failure": list(job.emails)}
    return body
