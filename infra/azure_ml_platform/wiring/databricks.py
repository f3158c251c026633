"""Arguments of Databricks: the workspace, and what is inside it."""

import pulumi

from azure_ml_platform.catalog.name_rules import Kind
from azure_ml_platform.catalog.subnets import SubnetPurpose
from azure_ml_platform.components.data_lake import DataLake
from azure_ml_platform.components.databricks import ConnectorArgs, Databricks, DatabricksArgs, InjectionArgs
from azure_ml_platform.components.databricks_objects import (
    CatalogArgs,
    ClusterPolicyArgs,
    DatabricksObjectsArgs,
    JobArgs,
    PoolArgs,
)
from azure_ml_platform.components.identities import Identities
from azure_ml_platform.components.interfaces import DiagnosticsArgs
from azure_ml_platform.components.key_vault import KeyVault
from azure_ml_platform.components.machine_learning import MachineLearning
from azure_ml_platform.components.resource_groups import ResourceGroups
from azure_ml_platform.vocabulary import DatabricksComputeMode, DatabricksObjectsMode, PrivateSystem
from azure_ml_platform.wiring.private_links import PrivateLinks
from azure_ml_platform.wiring.stack import Stack

SECRET_SCOPE = "platform"  # noqa: S105 - a name
IDENTITY = "databricks"


def args(
    stack: Stack,
    groups: ResourceGroups,
    identities: Identities,
    workspace: MachineLearning | None,
    diagnostics: DiagnosticsArgs | None,
    links: PrivateLinks | None,
) -> DatabricksArgs:
    """The workspace; its managed group is named after it and so is never another workspace's."""
    wanted = stack.settings.databricks
    classic = wanted.compute_mode is DatabricksComputeMode.HYBRID
    injection = _injection(links) if links and classic else None
    name = stack.name(Kind.DATABRICKS_WORKSPACE)
    managed = stack.deployer.subscription_id.apply(lambda id_: f"/subscriptions/{id_}/resourceGroups/rg-{name}")
    return DatabricksArgs(
        **stack.place(groups),
        workspace_name=name,
        compute_mode=wanted.compute_mode,
        managed_resource_group_id=managed if classic else None,
        connector=ConnectorArgs(
            name=stack.name(Kind.DATABRICKS_ACCESS_CONNECTOR),
            identity_id=identities.by_role[IDENTITY].id,
            principal=stack.principal(identities, IDENTITY),
        ),
        injection=injection,
        # Azure wants the back end private where the front end is.
        private_back_end=injection is not None and not wanted.public_network_access,
        private_endpoints=links.endpoints(PrivateSystem.DATABRICKS, groups) if links else {},
        public_network_access=wanted.public_network_access,
        storage_firewall=wanted.storage_firewall,
        infrastructure_encryption=wanted.infrastructure_encryption,
        enhanced_security=wanted.enhanced_security,
        machine_learning_workspace_id=workspace.workspace_id if workspace and classic else None,
        diagnostics=diagnostics,
        protect=stack.protects_data,
    )


def _injection(links: PrivateLinks) -> InjectionArgs | None:
    """The clusters' place in the network, where it has the two subnets for it."""
    wanted = (SubnetPurpose.DATABRICKS_HOST, SubnetPurpose.DATABRICKS_CONTAINER)
    if not all(purpose in links.subnet_ids for purpose in wanted):
        return None
    host, container = (pulumi.Output.from_input(links.subnet_ids[purpose]).apply(_last) for purpose in wanted)
    return InjectionArgs(
        virtual_network_id=links.virtual_network_id, host_subnet_name=host, container_subnet_name=container
    )


def _last(resource_id: str) -> str:
    return resource_id.rpartition("/")[2]


def objects(
    stack: Stack, identities: Identities, workspace: Databricks, vault: KeyVault | None, lake: DataLake | None
) -> DatabricksObjectsArgs:
    """What is inside the workspace."""
    wanted = stack.settings.databricks
    scope = vault if wanted.secret_scope else None
    return DatabricksObjectsArgs(
        workspace_id=workspace.workspace_id,
        workspace_url=workspace.workspace_url,
        declared=wanted.objects is DatabricksObjectsMode.DECLARED,
        policies={name: ClusterPolicyArgs(**policy.model_dump()) for name, policy in wanted.policies.items()},
        pools={name: PoolArgs(**pool.model_dump()) for name, pool in wanted.pools.items()},
        jobs={
            name: JobArgs(**{**job.model_dump(), "emails": stack.receivers(job.emails)})
            for name, job in wanted.jobs.items()
        },
        catalogs=_catalogs(stack, lake),
        connector_id=workspace.connector_id,
        connector_identity_id=identities.by_role[IDENTITY].id,
        secret_scope=SECRET_SCOPE if scope else None,
        vault_id=scope.vault_id if scope else None,
        vault_uri=scope.vault_uri if scope else None,
        tags=stack.settings.tags,
    )


def _catalogs(stack: Stack, lake: DataLake | None) -> dict[str, CatalogArgs]:
    """The stack's catalog; all stacks of a region share one metastore, so it bears the stack's name."""
    wanted = stack.settings.databricks.catalog
    if wanted is None or lake is None:
        return {}
    suffix = stack.cloud.storage_suffix
    storage = {
        zone: pulumi.Output.concat("abfss://", zone, "@", lake.account_name, ".dfs.", suffix, "/")
        for zone in wanted.zones
    }
    name = f"{stack.settings.platform.workload}_{stack.settings.stack}".replace("-", "_")
    return {name: CatalogArgs(storage=storage, root=wanted.root, schemas=wanted.schemas, grants=wanted.grants)}
