"""The storage account behind the workspace: artefacts, features, monitoring data."""

from collections.abc import Mapping, Sequence
from typing import Self

import pulumi
from pulumi_azure_native import authorization, storage
from pydantic import Field, model_validator

from azure_ml_platform.args import Args, Input
from azure_ml_platform.component import PlatformComponent
from azure_ml_platform.components.interfaces import (
    ComponentArgs,
    DiagnosticsArgs,
    NetworkAccessArgs,
    RoleAssignmentArgs,
    ScopeArgs,
    WatchedArgs,
    assign_role,
    diagnose,
)
from azure_ml_platform.components.private_endpoints import PrivateEndpoints, connect
from azure_ml_platform.vocabulary import Redundancy


class LifecycleArgs(Args):
    """What happens to blobs as they age; days count from the last change."""

    prefixes: Sequence[str] = ()
    """Optional. Container, or container and path, that the rule is for. Default the whole account."""
    cool_after_days: int | None = Field(default=None, ge=0)
    """Optional. Days until a blob moves to the cool tier. Default never."""
    delete_after_days: int | None = Field(default=None, ge=0)
    """Optional. Days until a blob is deleted. Default never."""
    delete_versions_after_days: int | None = Field(default=None, ge=0)
    """Optional. Days until an earlier version of a blob is deleted. Default never."""

    @model_validator(mode="after")
    def _does_something(self) -> Self:
        days = (self.cool_after_days, self.delete_after_days, self.delete_versions_after_days)
        if all(value is None for value in days):
            raise ValueError("a lifecycle rule needs cool_after_days, delete_after_days or delete_versions_after_days")
        return self


class BlobStoreArgs(ComponentArgs):
    """Inputs of BlobStore."""

    resource_group_name: Input[str]
    """Required. Resource group that holds the account."""
    location: Input[str]
    """Required. Azure region."""
    account_name: str
    """Required. Name of the account, unique in the whole cloud: 3 to 24 lower-case letters and digits."""
    containers: Sequence[str] = ()
    """Optional. Names of the containers. Default none."""
    redundancy: Redundancy = Redundancy.ZRS
    """Optional. How the data is copied. Default to three zones of the region."""
    soft_delete_days: int = Field(default=30, ge=1, le=365)
    """Optional. Days that deleted blobs and containers can be restored. Default 30."""
    versioning: bool = True
    """Optional. Keep the earlier content of an overwritten blob. Default true."""
    change_feed: bool = True
    """Optional. Keep a log of every change. Default true."""
    restore_days: int | None = Field(default=None, ge=1)
    """Optional. Days that all blobs can be set back at once. Default never."""
    lifecycle: Mapping[str, LifecycleArgs] = {}
    """Optional. Rules for ageing blobs, by name. Default none."""
    infrastructure_encryption: bool = True
    """Optional. Encrypt a second time below the service. Fixed at creation. Default true."""
    sas_days: int = Field(default=1, ge=1)
    """Optional. Days after which a shared access signature counts as too old and is logged. Default 1."""
    network: NetworkAccessArgs = NetworkAccessArgs()
    """Optional. Who reaches the account from outside. Default nobody."""
    role_assignments: Mapping[str, RoleAssignmentArgs] = {}
    """Optional. Roles on the account, by the name of the grant. Default none."""
    subscription_id: Input[str] | None = None
    """Optional. Subscription of the account, for its roles. Default that in its id."""
    private_endpoints: PrivateEndpoints = {}
    """Optional. Private endpoints by group id: blob, file, queue, table. Default none."""
    diagnostics: DiagnosticsArgs | None = None
    """Optional. Where reads, writes and deletes of blobs are logged. Default nowhere."""
    protect: bool = True
    """Optional. Refuse to delete or replace the account and its containers. Default true."""

    @model_validator(mode="after")
    def _restore_is_possible(self) -> Self:
        if self.restore_days is None:
            return self
        if not (self.versioning and self.change_feed and self.restore_days < self.soft_delete_days):
            raise ValueError(
                f"restore_days = {self.restore_days} needs versioning, change_feed and more soft_delete_days: "
                f"here {self.versioning}, {self.change_feed} and {self.soft_delete_days}"
            )
        return self


class BlobStore(PlatformComponent):
    """A blob account that answers to Microsoft Entra only, with deleted data kept and no public container.

    It has no hierarchical namespace: a workspace cannot use one as its default account. Containers are made through
    Resource Manager, so that a closed network does not shut out whoever deploys.
    """

    account_id: pulumi.Output[str]
    """Resource id of the account."""
    account_name: pulumi.Output[str]
    """Name of the account."""
    blob_endpoint: pulumi.Output[str]
    """Address of the blob service, with a slash at its end."""

    def __init__(self, name: str, args: BlobStoreArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Create the account, then what is in it."""
        args = BlobStoreArgs.model_validate(args)
        super().__init__(name, opts, keep_sdk_aliases=args.keep_sdk_aliases)
        self.account = self._account(name, args)
        self.service = self._service(name, args)
        self.containers = {container: self._container(name, args, container) for container in args.containers}
        if args.lifecycle:
            self._lifecycle(name, args)
        scope = ScopeArgs(name=args.account_name, id=self.account.id, subscription_id=args.subscription_id)
        self.role_assignments: dict[str, authorization.RoleAssignment] = {
            key: assign_role(self, f"{name}-{key}-role", scope, grant) for key, grant in args.role_assignments.items()
        }
        account_type = "Microsoft.Storage/storageAccounts"
        diagnose(self, f"{name}-account-diagnostics", account_type, self.account.id, args.diagnostics)
        diagnose(self, f"{name}-blob-diagnostics", f"{account_type}/blobServices", self.service.id, args.diagnostics)
        self.private_endpoints = connect(self, name, self.account.id, args.private_endpoints, args)
        self.account_id = self.account.id
        self.account_name = self.account.name
        self.blob_endpoint = self.account.primary_endpoints.apply(lambda endpoints: endpoints.blob)
        self.finish()

    @property
    def watched(self) -> Mapping[str, WatchedArgs]:
        """What alerts are set on."""
        return {"storage": WatchedArgs(arm_type="Microsoft.Storage/storageAccounts", id=self.account.id)}

    def _account(self, name: str, args: BlobStoreArgs) -> "storage.StorageAccount":
        return storage.StorageAccount(
            f"{name}-account",
            account_name=args.account_name,
            resource_group_name=args.resource_group_name,
            location=args.location,
            kind="StorageV2",
            sku={"name": f"Standard_{args.redundancy}"},
            is_hns_enabled=False,
            allow_shared_key_access=False,
            default_to_o_auth_authentication=True,
            allow_blob_public_access=False,
            allow_cross_tenant_replication=False,
            is_local_user_enabled=False,
            enable_https_traffic_only=True,
            minimum_tls_version="TLS1_2",
            encryption=_encryption(args),
            sas_policy={"sas_expiration_period": f"{args.sas_days}.00:00:00", "expiration_action": "Log"},
            public_network_access=args.network.state,
            network_rule_set=_network_rules(args.network),
            tags=args.tags,
            opts=self.child(protect=args.protect),
        )

    def _service(self, name: str, args: BlobStoreArgs) -> "storage.BlobServiceProperties":
        kept = storage.DeleteRetentionPolicyArgs(enabled=True, days=args.soft_delete_days)
        return storage.BlobServiceProperties(
            f"{name}-service",
            account_name=self.account.name,
            resource_group_name=args.resource_group_name,
            blob_services_name="default",
            delete_retention_policy=kept,
            container_delete_retention_policy=kept,
            is_versioning_enabled=args.versioning,
            change_feed=storage.ChangeFeedArgs(enabled=args.change_feed),
            restore_policy=None
            if args.restore_days is None
            else storage.RestorePolicyPropertiesArgs(enabled=True, days=args.restore_days),
            opts=self.child(),
        )

    def _container(self, name: str, args: BlobStoreArgs, container: str) -> "storage.BlobContainer":
        return storage.BlobContainer(
            f"{name}-{container}",
            account_name=self.account.name,
            resource_group_name=args.resource_group_name,
            container_name=container,
            public_access=storage.PublicAccess.NONE,
            # The service settings change the account; Azure refuses two changes of one account at once.
            opts=self.child(protect=args.protect, depends_on=[self.service]),
        )

    def _lifecycle(self, name: str, args: BlobStoreArgs) -> "storage.ManagementPolicy":
        return storage.ManagementPolicy(
            f"{name}-lifecycle",
            account_name=self.account.name,
            resource_group_name=args.resource_group_name,
            management_policy_name="default",
            policy=storage.ManagementPolicySchemaArgs(
                rules=[_lifecycle_rule(rule, ageing) for rule, ageing in args.lifecycle.items()]
            ),
            opts=self.child(depends_on=[self.service]),
        )


def _encryption(args: BlobStoreArgs) -> "storage.EncryptionArgs":
    service = storage.EncryptionServiceArgs(enabled=True, key_type="Account")
    return storage.EncryptionArgs(
        key_source="Microsoft.Storage",
        require_infrastructure_encryption=args.infrastructure_encryption,
        services=storage.EncryptionServicesArgs(blob=service, file=service),
    )


def _network_rules(network: NetworkAccessArgs) -> "storage.NetworkRuleSetArgs":
    return storage.NetworkRuleSetArgs(
        default_action=storage.DefaultAction.DENY,
        bypass="AzureServices",
        ip_rules=[
            storage.IPRuleArgs(i_p_address_or_range=address, action=storage.Action.ALLOW)
            for address in network.allowed_ip_ranges
        ],
    )


def _lifecycle_rule(name: str, ageing: LifecycleArgs) -> "storage.ManagementPolicyRuleArgs":
    versions = ageing.delete_versions_after_days
    return storage.ManagementPolicyRuleArgs(
        name=name,
        type="Lifecycle",
        enabled=True,
        definition=storage.ManagementPolicyDefinitionArgs(
            filters=storage.ManagementPolicyFilterArgs(
                blob_types=["blockBlob"], prefix_match=list(ageing.prefixes) or None
            ),
            actions=storage.ManagementPolicyActionArgs(
                base_blob=storage.ManagementPolicyBaseBlobArgs(
                    tier_to_cool=_after(ageing.cool_after_days), delete=_after(ageing.delete_after_days)
                ),
                version=None
                if versions is None
                else storage.ManagementPolicyVersionArgs(
                    delete=storage.DateAfterCreationArgs(days_after_creation_greater_than=versions)
                ),
            ),
        ),
    )


def _after(days: int | None) -> "storage.DateAfterModificationArgs | None":
    return None if days is None else storage.DateAfterModificationArgs(days_after_modification_greater_than=days)
