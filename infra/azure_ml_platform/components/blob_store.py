"""The storage account behind the workspace: artefacts, features, monitoring data."""

from collections.abc import Mapping, Sequence
from typing import Self

import pulumi
from pulumi_azure_native import authorization, storage
from pydantic import Field, model_validator

from azure_ml_platform.args import Args
from azure_ml_platform.component import PlatformComponent
from azure_ml_platform.components import storage as parts
from azure_ml_platform.components.interfaces import RoleAssignmentArgs, ScopeArgs, WatchedArgs, assign_role
from azure_ml_platform.components.private_endpoints import connect
from azure_ml_platform.components.storage import StorageArgs


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


class BlobStoreArgs(StorageArgs):
    """Inputs of BlobStore."""

    containers: Sequence[str] = ()
    """Optional. Names of the containers. Default none."""
    versioning: bool = True
    """Optional. Keep the earlier content of an overwritten blob. Default true."""
    change_feed: bool = True
    """Optional. Keep a log of every change. Default true."""
    restore_days: int | None = Field(default=None, ge=1)
    """Optional. Days that all blobs can be set back at once. Default never."""
    lifecycle: Mapping[str, LifecycleArgs] = {}
    """Optional. Rules for ageing blobs, by name. Default none."""
    sas_days: int = Field(default=1, ge=1)
    """Optional. Days after which a shared access signature counts as too old and is logged. Default 1."""
    key_days: int = Field(default=60, ge=1)
    """Optional. Days after which an account key counts as too old, should keys ever be let in. Default 60."""
    cors_origins: Sequence[str] = ()
    """Optional. Web pages that may use blobs, as whoever looks at them. Default none."""
    role_assignments: Mapping[str, RoleAssignmentArgs] = {}
    """Optional. Roles on the account, by the name of the grant. Default none."""

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

    It has no hierarchical namespace: a workspace cannot use one as its default account.
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
        self.account = parts.account(
            self,
            name,
            args,
            is_hns_enabled=False,
            sas_policy={"sas_expiration_period": f"{args.sas_days}.00:00:00", "expiration_action": "Log"},
            key_policy=storage.KeyPolicyArgs(key_expiration_period_in_days=args.key_days),
        )
        self.service = self._service(name, args)
        self.containers = {
            each: parts.container(self, f"{name}-{each}", args, self.service, container_name=each)
            for each in args.containers
        }
        rules = [_lifecycle_rule(rule, ageing) for rule, ageing in args.lifecycle.items()]
        parts.lifecycle(self, name, args, self.service, rules)
        scope = ScopeArgs(name=args.account_name, id=self.account.id, subscription_id=args.subscription_id)
        self.role_assignments: dict[str, authorization.RoleAssignment] = {
            key: assign_role(self, f"{name}-{key}-role", scope, grant) for key, grant in args.role_assignments.items()
        }
        parts.diagnose_account(self, name, self.account, self.service, args.diagnostics)
        self.private_endpoints = connect(self, name, self.account.id, args.private_endpoints, args)
        self.account_id = self.account.id
        self.account_name = self.account.name
        self.blob_endpoint = parts.endpoint(self.account, "blob")
        self.finish()

    @property
    def watched(self) -> Mapping[str, WatchedArgs]:
        """What alerts are set on."""
        return {"storage": WatchedArgs(arm_type="Microsoft.Storage/storageAccounts", id=self.account.id)}

    def _service(self, name: str, args: BlobStoreArgs) -> "storage.BlobServiceProperties":
        return parts.blob_service(
            self,
            name,
            args,
            self.account,
            is_versioning_enabled=args.versioning,
            change_feed=storage.ChangeFeedArgs(enabled=args.change_feed),
            restore_policy=None
            if args.restore_days is None
            else storage.RestorePolicyPropertiesArgs(enabled=True, days=args.restore_days),
            cors=_cors(args.cors_origins) if args.cors_origins else None,
        )


def _cors(origins: Sequence[str]) -> "storage.CorsRulesArgs":
    """What pages of these origins may send; whether they may do it is up to the roles of who looks at them."""
    rule = storage.CorsRuleArgs(
        allowed_origins=list(origins),
        allowed_methods=["GET", "HEAD", "PUT", "DELETE", "OPTIONS", "POST", "PATCH"],
        allowed_headers=["*"],
        exposed_headers=["*"],
        max_age_in_seconds=1800,
    )
    return storage.CorsRulesArgs(cors_rules=[rule])


def _lifecycle_rule(name: str, ageing: LifecycleArgs) -> "storage.ManagementPolicyRuleArgs":
    versions = ageing.delete_versions_after_days
    return parts.lifecycle_rule(
        name,
        ageing.prefixes,
        storage.ManagementPolicyBaseBlobArgs(
            tier_to_cool=parts.after(ageing.cool_after_days), delete=parts.after(ageing.delete_after_days)
        ),
        None
        if versions is None
        else storage.ManagementPolicyVersionArgs(
            delete=storage.DateAfterCreationArgs(days_after_creation_greater_than=versions)
        ),
    )
