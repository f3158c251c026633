"""The data lake: one account with a hierarchical namespace, and a container for each zone that data passes through."""

from collections.abc import Mapping
from itertools import pairwise
from typing import Self

import pulumi
from pulumi_azure_native import authorization, security, storage
from pydantic import Field, model_validator

from azure_ml_platform.args import Args
from azure_ml_platform.catalog.roles import Role
from azure_ml_platform.component import PlatformComponent
from azure_ml_platform.components import storage as parts
from azure_ml_platform.components.interfaces import (
    PrincipalArgs,
    RoleAssignmentArgs,
    ScopeArgs,
    WatchedArgs,
    assign_role,
)
from azure_ml_platform.components.private_endpoints import connect
from azure_ml_platform.components.storage import StorageArgs
from azure_ml_platform.roles import path_condition
from azure_ml_platform.vocabulary import InventorySchedule

_INVENTORY_COLUMNS = (
    *("Name", "Creation-Time", "Last-Modified", "Content-Length", "LastAccessTime", "AccessTier", "hdi_isfolder"),
)


class ZoneArgs(Args):
    """A zone: who answers for its data, and what happens to the data as it ages; days count from the last access."""

    owner: str | None = None
    """Optional. Who answers for the data, written on the container. Default nobody."""
    cool_after_days: int | None = Field(default=None, ge=0)
    """Optional. Days until a blob moves to the cool tier. Default never."""
    cold_after_days: int | None = Field(default=None, ge=0)
    """Optional. Days until a blob moves to the cold tier. Default never."""
    archive_after_days: int | None = Field(default=None, ge=0)
    """Optional. Days until a blob moves to the archive tier, which zone-redundant accounts lack. Default never."""
    delete_after_days: int | None = Field(default=None, ge=0)
    """Optional. Days until a blob is deleted. Default never."""
    immutable_days: int | None = Field(default=None, ge=1, le=146_000)
    """Optional. Days from its creation that a blob can be neither changed nor deleted. Default 0.

    The policy stays unlocked: to lock it is for ever, and done by hand.
    """

    @model_validator(mode="after")
    def _ages_in_order(self) -> Self:
        ages = {
            "cool_after_days": self.cool_after_days,
            "cold_after_days": self.cold_after_days,
            "archive_after_days": self.archive_after_days,
            "delete_after_days": self.delete_after_days,
        }
        given = [(name, days) for name, days in ages.items() if days is not None]
        for (first, sooner), (then, later) in pairwise(given):
            if sooner >= later:
                raise ValueError(f"{first} = {sooner} must be less than {then} = {later}")
        if self.immutable_days and self.delete_after_days and self.delete_after_days <= self.immutable_days:
            raise ValueError(
                f"delete_after_days = {self.delete_after_days} must be more than immutable_days = "
                f"{self.immutable_days}: nothing is deleted before"
            )
        return self


class InventoryArgs(Args):
    """A list of every blob, written by Azure."""

    container: str
    """Required. Zone that the lists are written to."""
    schedule: InventorySchedule = InventorySchedule.WEEKLY
    """Optional. How often. Default weekly."""


class MalwareScanArgs(Args):
    """Defender for Storage: every uploaded blob is scanned."""

    cap_gb_per_month: int | None = Field(default=None, ge=1)
    """Optional. GB after which nothing more is scanned in a month. Default no cap."""
    sensitive_data: bool = True
    """Optional. Look for sensitive data too. Default true."""


class LakeGrantArgs(Args):
    """A role for one principal on one zone, or on a path in it."""

    zone: str
    """Required. The zone."""
    role: Role
    """Required. Built-in role for blobs."""
    principal: PrincipalArgs
    """Required. Who gets it."""
    path: str | None = Field(default=None, pattern=r"^[^'*?]+$")
    """Optional. Folder that the role is confined to. Default the whole zone."""


class DataLakeArgs(StorageArgs):
    """Inputs of DataLake. Versions, change feed and restore are not among them: such an account has none."""

    zones: Mapping[str, ZoneArgs] = {}
    """Optional. Zones by the name of their container. Default none."""
    inventory: InventoryArgs | None = None
    """Optional. List all blobs regularly. Default never."""
    malware_scan: MalwareScanArgs | None = None
    """Optional. Scan uploads. Default as the subscription's plan says."""
    grants: Mapping[str, LakeGrantArgs] = {}
    """Optional. Roles on zones, by the name of the grant. Default none."""

    @model_validator(mode="after")
    def _zones_exist(self) -> Self:
        named = {f"grants.{key}.zone": grant.zone for key, grant in self.grants.items()}
        if self.inventory:
            named["inventory.container"] = self.inventory.container
        for where, zone in named.items():
            if zone not in self.zones:
                raise ValueError(f"{where} = {zone!r} is not a zone; there are {', '.join(self.zones) or 'none'}")
        return self

    @model_validator(mode="after")
    def _tiers_exist(self) -> Self:
        archived = [name for name, zone in self.zones.items() if zone.archive_after_days is not None]
        if archived and self.redundancy.zonal:
            raise ValueError(
                f"zones.{archived[0]}.archive_after_days needs redundancy LRS, GRS or RAGRS: {self.redundancy} has no "
                "archive tier; use cold_after_days"
            )
        return self


class DataLake(PlatformComponent):
    """A lake that answers to Microsoft Entra only, its zones apart by role, with what is deleted kept for a while."""

    account_id: pulumi.Output[str]
    """Resource id of the account."""
    account_name: pulumi.Output[str]
    """Name of the account."""
    dfs_endpoint: pulumi.Output[str]
    """Address of the file system service, with a slash at its end."""
    zone_ids: pulumi.Output[Mapping[str, str]]
    """Resource ids of the containers by zone."""

    def __init__(self, name: str, args: DataLakeArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Create the account and its zones, then who may use them."""
        args = DataLakeArgs.model_validate(args)
        super().__init__(name, opts, keep_sdk_aliases=args.keep_sdk_aliases)
        self._name, self._args = name, args
        self.account = parts.account(
            self,
            name,
            args,
            is_hns_enabled=True,
            is_sftp_enabled=False,
            enable_nfs_v3=False,
            allowed_copy_scope=storage.AllowedCopyScope.AAD,
        )
        self.service = parts.blob_service(
            self,
            name,
            args,
            self.account,
            last_access_time_tracking_policy=storage.LastAccessTimeTrackingPolicyArgs(
                enable=True, name="AccessTimeTracking", tracking_granularity_in_days=1, blob_type=["blockBlob"]
            ),
        )
        self.zones = {key: self._zone(key, zone) for key, zone in args.zones.items()}
        rules = [
            parts.lifecycle_rule(key, [f"{key}/"], ageing)
            for key, zone in args.zones.items()
            if (ageing := _ageing(zone)) is not None
        ]
        parts.lifecycle(self, name, args, self.service, rules)
        if args.inventory:
            self._inventory(args.inventory)
        if args.malware_scan:
            self._scan(args.malware_scan)
        self.role_assignments = {
            key: self.grant(key, grant.principal, grant.zone, grant.role, grant.path)
            for key, grant in args.grants.items()
        }
        parts.diagnose_account(self, name, self.account, self.service, args.diagnostics)
        self.private_endpoints = connect(self, name, self.account.id, args.private_endpoints, args)
        self.account_id = self.account.id
        self.account_name = self.account.name
        self.dfs_endpoint = parts.endpoint(self.account, "dfs")
        self.zone_ids = pulumi.Output.all(**{key: zone.id for key, zone in self.zones.items()})
        self.finish()

    @property
    def watched(self) -> Mapping[str, WatchedArgs]:
        """What alerts are set on."""
        return {"lake": WatchedArgs(arm_type="Microsoft.Storage/storageAccounts", id=self.account.id)}

    def grant(
        self, key: str, principal: PrincipalArgs, zone: str, role: Role, path: str | None = None
    ) -> "authorization.RoleAssignment":
        """Give a principal a role on a zone, confined to a path by a condition where there is one.

        key: the grant's name, part of the logical name. zone: of the lake; KeyError for another.
        """
        scope = ScopeArgs(
            name=f"{self._args.account_name}/{zone}",
            id=self.zones[zone].id,
            subscription_id=self._args.subscription_id,
        )
        wanted = RoleAssignmentArgs(role=role, principal=principal)
        condition = None if path is None else path_condition(zone, path)
        return assign_role(self, f"{self._name}-{key}-role", scope, wanted, condition)

    def _zone(self, key: str, zone: ZoneArgs) -> "storage.BlobContainer":
        made = parts.container(
            self,
            f"{self._name}-{key}",
            self._args,
            self.service,
            container_name=key,
            metadata={"owner": zone.owner} if zone.owner else None,
        )
        if zone.immutable_days:
            storage.BlobContainerImmutabilityPolicy(
                f"{self._name}-{key}-immutability",
                account_name=self._args.account_name,
                resource_group_name=self._args.resource_group_name,
                container_name=made.name,
                immutability_policy_name="default",
                immutability_period_since_creation_in_days=zone.immutable_days,
                opts=self.child(),
            )
        return made

    def _inventory(self, inventory: InventoryArgs) -> "storage.BlobInventoryPolicy":
        definition = storage.BlobInventoryPolicyDefinitionArgs(
            format=storage.Format.PARQUET,
            object_type=storage.ObjectType.BLOB,
            schedule=storage.Schedule(inventory.schedule.value),
            schema_fields=list(_INVENTORY_COLUMNS),
            filters=storage.BlobInventoryPolicyFilterArgs(blob_types=["blockBlob", "appendBlob"]),
        )
        rule = storage.BlobInventoryPolicyRuleArgs(
            name="all-blobs",
            enabled=True,
            destination=self.zones[inventory.container].name,
            definition=definition,
        )
        return storage.BlobInventoryPolicy(
            f"{self._name}-inventory",
            account_name=self._args.account_name,
            resource_group_name=self._args.resource_group_name,
            blob_inventory_policy_name="default",
            policy=storage.BlobInventoryPolicySchemaArgs(
                enabled=True, type=storage.InventoryRuleType.INVENTORY, rules=[rule]
            ),
            opts=self.child(),
        )

    def _scan(self, scan: MalwareScanArgs) -> "security.DefenderForStorage":
        on_upload = security.OnUploadPropertiesArgs(
            is_enabled=True, cap_gb_per_month=-1 if scan.cap_gb_per_month is None else scan.cap_gb_per_month
        )
        return security.DefenderForStorage(
            f"{self._name}-defender",
            resource_id=self.account.id,
            setting_name="current",
            properties=security.DefenderForStorageSettingPropertiesArgs(
                is_enabled=True,
                override_subscription_level_settings=True,
                malware_scanning=security.MalwareScanningPropertiesArgs(on_upload=on_upload),
                sensitive_data_discovery=security.SensitiveDataDiscoveryPropertiesArgs(is_enabled=scan.sensitive_data),
            ),
            opts=self.child(depends_on=[self.service]),
        )


def _ageing(zone: ZoneArgs) -> "storage.ManagementPolicyBaseBlobArgs | None":
    """What becomes of a zone's blobs, None where they stay as they are."""
    days = (zone.cool_after_days, zone.cold_after_days, zone.archive_after_days, zone.delete_after_days)
    if all(value is None for value in days):
        return None
    cool, cold, archive, delete = (_unused(value) for value in days)
    return storage.ManagementPolicyBaseBlobArgs(
        tier_to_cool=cool, tier_to_cold=cold, tier_to_archive=archive, delete=delete
    )


def _unused(days: int | None) -> "storage.DateAfterModificationArgs | None":
    return None if days is None else storage.DateAfterModificationArgs(days_after_last_access_time_greater_than=days)
