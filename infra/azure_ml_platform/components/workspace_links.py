"""What a workspace reaches that is made after it: connections to its siblings, and its network's way to them."""

from collections.abc import Mapping

import pulumi

from azure_ml_platform.args import Input
from azure_ml_platform.catalog.roles import Role
from azure_ml_platform.component import PlatformComponent
from azure_ml_platform.components.connections import ConnectionArgs, connections
from azure_ml_platform.components.interfaces import (
    ComponentArgs,
    PrincipalArgs,
    RoleAssignmentArgs,
    ScopeArgs,
    assign_role,
)
from azure_ml_platform.components.managed_network import (
    ManagedNetworkArgs,
    OutboundEndpointArgs,
    approve_endpoints,
    outbound_rules,
)


class WorkspaceLinksArgs(ComponentArgs):
    """Inputs of WorkspaceLinks."""

    resource_group_name: Input[str]
    """Required. Resource group of the workspace."""
    workspace_name: Input[str]
    """Required. Name of the workspace."""
    identity: PrincipalArgs
    """Required. Identity that the workspace acts as; it gets here what the links take."""
    connections: Mapping[str, ConnectionArgs] = {}
    """Optional. Connections to other services by name, none of them with a secret. Default none."""
    endpoints: Mapping[str, OutboundEndpointArgs] = {}
    """Optional. Private endpoints in the workspace's managed network, by the name of their rule. Default none."""
    storage_endpoints: Mapping[str, ScopeArgs] = {}
    """Optional. Private endpoints of the workspace's own storage, which studio looks up there. Default none."""


class WorkspaceLinks(PlatformComponent):
    """Links of a workspace, of which Azure changes one at a time: it has to be made after the workspace's own rules."""

    connection_ids: pulumi.Output[Mapping[str, str]]
    """Resource ids of the connections by name."""
    rule_ids: pulumi.Output[Mapping[str, str]]
    """Resource ids of the outbound rules by name."""

    def __init__(self, name: str, args: WorkspaceLinksArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Grant what the links take, then make them."""
        args = WorkspaceLinksArgs.model_validate(args)
        super().__init__(name, opts, keep_sdk_aliases=args.keep_sdk_aliases)
        place = {"resource_group_name": args.resource_group_name, "workspace_name": args.workspace_name}
        network = ManagedNetworkArgs(endpoints=args.endpoints)
        approvers = approve_endpoints(self, name, network, args.identity)
        # Studio shows data behind a private endpoint to whoever may see that its workspace has one
        # (learn.microsoft.com/azure/machine-learning/how-to-enable-studio-virtual-network).
        reads = RoleAssignmentArgs(role=Role.READER, principal=args.identity)
        readers = [
            assign_role(self, f"{name}-reader-{key}", scope, reads) for key, scope in args.storage_endpoints.items()
        ]
        self.role_assignments: list[pulumi.Resource] = [*approvers, *readers]
        rules = outbound_rules(self, name, network, depends_on=approvers, **place)
        made = connections(self, name, args.connections, **place)
        self.connection_ids = pulumi.Output.all(**{key: one.id for key, one in made.items()})
        self.rule_ids = pulumi.Output.all(**{key: rule.id for key, rule in zip(args.endpoints, rules, strict=True)})
        self.finish()
