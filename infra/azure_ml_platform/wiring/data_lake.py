"""Arguments of the data lake, and of the datastores that show it to the workspace."""

from azure_ml_platform.catalog.name_rules import Kind
from azure_ml_platform.catalog.roles import Role
from azure_ml_platform.components.data_lake import (
    DataLake,
    DataLakeArgs,
    InventoryArgs,
    LakeGrantArgs,
    MalwareScanArgs,
    ZoneArgs,
)
from azure_ml_platform.components.identities import Identities
from azure_ml_platform.components.interfaces import DiagnosticsArgs
from azure_ml_platform.components.key_vault import KeyVault
from azure_ml_platform.components.lake_datastores import LakeDatastoresArgs
from azure_ml_platform.components.machine_learning import MachineLearning
from azure_ml_platform.components.resource_groups import ResourceGroups
from azure_ml_platform.settings.areas.data_lake import INVENTORY_ZONE, ZoneSettings
from azure_ml_platform.vocabulary import PrivateSystem
from azure_ml_platform.wiring import encryption
from azure_ml_platform.wiring.private_links import PrivateLinks
from azure_ml_platform.wiring.stack import Stack, network_access

KEY = "data-lake"

# Who does what in a zone: jobs of the workspace read data and write what they make of it, endpoints write what they
# were asked, data comes in through the first zones, Databricks refines.
_READS, _WRITES = Role.STORAGE_BLOB_DATA_READER, Role.STORAGE_BLOB_DATA_CONTRIBUTOR
_NEEDS = {
    "compute": {
        "raw": _READS,
        "enriched": _READS,
        "curated": _READS,
        "workspace": _WRITES,
        "monitoring": _WRITES,
    },
    "endpoint": {"monitoring": _WRITES},
    "workspace": {"raw": _READS, "enriched": _READS, "curated": _READS, "workspace": _READS, "monitoring": _READS},
    "databricks": {"raw": _READS, "enriched": _WRITES, "curated": _WRITES},
    "ingestion": {"landing": _WRITES, "raw": _WRITES, "quarantine": _WRITES},
}


def args(
    stack: Stack,
    groups: ResourceGroups,
    identities: Identities,
    vault: KeyVault | None,
    diagnostics: DiagnosticsArgs | None,
    links: PrivateLinks | None,
) -> DataLakeArgs:
    """The lake with its zones, open to the identities that work in each."""
    wanted = stack.settings.data_lake
    return DataLakeArgs(
        **stack.place(groups, "data"),
        account_name=stack.name(Kind.DATA_LAKE),
        redundancy=wanted.redundancy,
        zones={key: _zone(stack, zone) for key, zone in wanted.zones.items()},
        soft_delete_days=wanted.soft_delete_days,
        inventory=None
        if wanted.inventory is None
        else InventoryArgs(container=INVENTORY_ZONE, schedule=wanted.inventory),
        malware_scan=MalwareScanArgs(cap_gb_per_month=wanted.malware_scan_cap_gb) if wanted.malware_scan else None,
        customer_managed_key=encryption.key_of(stack, KEY, identities, vault),
        network=network_access(wanted),
        private_endpoints=links.endpoints(PrivateSystem.DATA_LAKE, groups, "data") if links else {},
        grants=_grants(stack, identities),
        subscription_id=stack.deployer.subscription_id,
        diagnostics=diagnostics,
        protect=stack.protects_data,
    )


def datastores(stack: Stack, groups: ResourceGroups, lake: DataLake, workspace: MachineLearning) -> LakeDatastoresArgs:
    """One datastore for each zone; its name allows no hyphen."""
    return LakeDatastoresArgs(
        resource_group_name=groups.by_layer["platform"].name,
        tags=stack.settings.tags,
        workspace_name=workspace.workspace_name,
        account_id=lake.account_id,
        account_name=stack.name(Kind.DATA_LAKE),
        zones={f"lake_{key.replace('-', '_')}": zone.name for key, zone in lake.zones.items()},
        storage_endpoint=stack.cloud.storage_suffix,
    )


def _zone(stack: Stack, zone: ZoneSettings) -> ZoneArgs:
    return ZoneArgs(owner=zone.owner or stack.settings.platform.owner, **zone.model_dump(exclude={"owner"}))


def _grants(stack: Stack, identities: Identities) -> dict[str, LakeGrantArgs]:
    zones = stack.settings.data_lake.zones
    return {
        f"{part}-{zone}": LakeGrantArgs(zone=zone, role=role, principal=stack.principal(identities, part))
        for part, needs in _NEEDS.items()
        if part in identities.by_role
        for zone, role in needs.items()
        if zone in zones
    }
