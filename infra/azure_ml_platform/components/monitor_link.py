"""The private way to the stores of logs and telemetry, for the networks that are joined to it."""

from collections.abc import Mapping

import pulumi
from pulumi_azure_native import monitor

from azure_ml_platform.args import Input
from azure_ml_platform.component import PlatformComponent
from azure_ml_platform.components.interfaces import ComponentArgs
from azure_ml_platform.components.private_endpoints import PrivateEndpoints, connect


class MonitorLinkArgs(ComponentArgs):
    """Inputs of MonitorLink."""

    resource_group_name: Input[str]
    """Required. Resource group that holds the scope."""
    scope_name: str
    """Required. Name of the private link scope."""
    stores: Mapping[str, Input[str]]
    """Required. Resource ids of Log Analytics workspaces and Application Insights components, by a name for each."""
    private_queries: bool = False
    """Optional. Let the networks query no other workspace either. Default false."""
    private_endpoints: PrivateEndpoints = {}
    """Optional. Private endpoints by group id: azuremonitor. Default none."""


class MonitorLink(PlatformComponent):
    """A private link scope: from the networks that lead to it, logs and telemetry go to its stores alone."""

    scope_id: pulumi.Output[str]
    """Resource id of the private link scope."""

    def __init__(self, name: str, args: MonitorLinkArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Create the scope, put the stores into it, then open the networks' way to it."""
        args = MonitorLinkArgs.model_validate(args)
        super().__init__(name, opts, keep_sdk_aliases=args.keep_sdk_aliases)
        self.scope = monitor.PrivateLinkScope(
            f"{name}-scope",
            scope_name=args.scope_name,
            resource_group_name=args.resource_group_name,
            location="global",
            access_mode_settings={
                "ingestion_access_mode": "PrivateOnly",
                "query_access_mode": "PrivateOnly" if args.private_queries else "Open",
            },
            tags=args.tags,
            opts=self.child(),
        )
        for key, store_id in args.stores.items():
            monitor.PrivateLinkScopedResource(
                f"{name}-{key}",
                name=key,
                scope_name=self.scope.name,
                resource_group_name=args.resource_group_name,
                linked_resource_id=store_id,
                opts=self.child(),
            )
        self.private_endpoints = connect(self, name, self.scope.id, args.private_endpoints, args)
        self.scope_id = self.scope.id
        self.finish()
