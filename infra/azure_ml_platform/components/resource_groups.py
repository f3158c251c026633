"""Resource groups: one per layer of the platform, so that data outlives what works on it."""

from collections.abc import Mapping

import pulumi
from pulumi_azure_native import resources

from azure_ml_platform.args import Input
from azure_ml_platform.component import PlatformComponent
from azure_ml_platform.components.interfaces import ComponentArgs


class ResourceGroupsArgs(ComponentArgs):
    """Inputs of ResourceGroups."""

    names: Mapping[str, str]
    """Required. Names of the groups by layer; the layer is part of each logical name."""
    location: Input[str]
    """Required. Azure region of the groups."""
    protect: bool = True
    """Optional. Refuse to delete or replace the groups. Default true."""


class ResourceGroups(PlatformComponent):
    """Groups that share a location and tags."""

    names: pulumi.Output[Mapping[str, str]]
    """Names of the groups by layer, known once they exist."""
    ids: pulumi.Output[Mapping[str, str]]
    """Resource ids of the groups by layer."""

    def __init__(self, name: str, args: ResourceGroupsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Create one group per layer."""
        args = ResourceGroupsArgs.model_validate(args)
        super().__init__(name, opts, keep_sdk_aliases=args.keep_sdk_aliases)
        self.by_layer = {
            layer: resources.ResourceGroup(
                f"{name}-{layer}",
                resource_group_name=group,
                location=args.location,
                tags=args.tags,
                opts=self.child(protect=args.protect),
            )
            for layer, group in args.names.items()
        }
        self.names = pulumi.Output.all(**{layer: group.name for layer, group in self.by_layer.items()})
        self.ids = pulumi.Output.all(**{layer: group.id for layer, group in self.by_layer.items()})
        self.finish()
