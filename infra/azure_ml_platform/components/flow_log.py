"""The log of a virtual network's flows, written by an identity and not by an account key."""

import pulumi
from pulumi_azure_native import managedidentity, network
from pydantic import Field

from azure_ml_platform.args import Input
from azure_ml_platform.catalog.roles import Role
from azure_ml_platform.component import PlatformComponent
from azure_ml_platform.components.interfaces import (
    ComponentArgs,
    PrincipalArgs,
    RoleAssignmentArgs,
    ScopeArgs,
    assign_role,
)
from azure_ml_platform.components.subscriptions import group_of, name_of


class FlowLogArgs(ComponentArgs):
    """Inputs of FlowLog."""

    resource_group_name: Input[str]
    """Required. Resource group that holds the identity."""
    location: Input[str]
    """Required. Azure region of network, account and network watcher."""
    flow_log_name: str
    """Required. Name of the flow log."""
    virtual_network_id: Input[str]
    """Required. Network whose flows are logged. Flow logs of security groups are retired."""
    network_watcher_id: Input[str]
    """Required. Network watcher of the region; Azure makes one with the first network."""
    storage: ScopeArgs
    """Required. Storage account that keeps the log."""
    identity_name: str
    """Required. Name of the identity that writes it."""
    retention_days: int = Field(default=90, ge=0, le=365)
    """Optional. Days that the log is kept, 0 for ever. Default 90."""


class FlowLog(PlatformComponent):
    """A flow log whose identity may write blobs of its account and nothing else."""

    flow_log_id: pulumi.Output[str]
    """Resource id of the flow log."""

    def __init__(self, name: str, args: FlowLogArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Create the identity, grant its role, then create the log."""
        args = FlowLogArgs.model_validate(args)
        super().__init__(name, opts, keep_sdk_aliases=args.keep_sdk_aliases)
        identity = managedidentity.UserAssignedIdentity(
            f"{name}-identity",
            resource_name_=args.identity_name,
            resource_group_name=args.resource_group_name,
            location=args.location,
            tags=args.tags,
            opts=self.child(),
        )
        writer = PrincipalArgs(name=args.identity_name, principal_id=identity.principal_id)
        grant = RoleAssignmentArgs(role=Role.STORAGE_BLOB_DATA_CONTRIBUTOR, principal=writer)
        self.role_assignment = assign_role(self, f"{name}-writer-role", args.storage, grant)
        watcher_id = pulumi.Output.from_input(args.network_watcher_id)
        self.flow_log = network.FlowLog(
            f"{name}-flows",
            flow_log_name=args.flow_log_name,
            network_watcher_name=watcher_id.apply(name_of),
            resource_group_name=watcher_id.apply(group_of),
            location=args.location,
            target_resource_id=args.virtual_network_id,
            storage_id=args.storage.id,
            identity=network.ManagedServiceIdentityArgs(
                type=network.ResourceIdentityType.USER_ASSIGNED, user_assigned_identities=[identity.id]
            ),
            enabled=True,
            format=network.FlowLogFormatParametersArgs(type="JSON", version=2),
            retention_policy=network.RetentionPolicyParametersArgs(
                days=args.retention_days, enabled=args.retention_days > 0
            ),
            tags=args.tags,
            opts=self.child(depends_on=[self.role_assignment]),
        )
        self.flow_log_id = self.flow_log.id
        self.finish()
