"""Private DNS zones: own ones, and those of a hub, with their links to the network."""

from collections.abc import Mapping, Sequence

import pulumi
from pulumi_azure_native import privatedns

from azure_ml_platform.args import Input
from azure_ml_platform.component import PlatformComponent
from azure_ml_platform.components.interfaces import ComponentArgs
from azure_ml_platform.components.subscriptions import Subscriptions, group_of, name_of

_GLOBAL = "global"


class PrivateDnsArgs(ComponentArgs):
    """Inputs of PrivateDns."""

    resource_group_name: Input[str]
    """Required. Resource group that holds the own zones."""
    virtual_network_id: Input[str]
    """Required. Network that resolves names in the zones."""
    link_name: str
    """Required. Name of each zone's link to the network."""
    zones: Sequence[str]
    """Required. Names of the zones that are needed, each once."""
    hub_zone_ids: Sequence[str] = ()
    """Optional. Ids of zones, in any subscription, that are there and used instead of own ones. Default none."""
    link_hub_zones: bool = False
    """Optional. Link those zones too. Default false: the hub resolves names for its networks."""


class PrivateDns(PlatformComponent):
    """One zone for each name, linked to the network once; a zone of the hub goes before an own one."""

    zone_ids: pulumi.Output[Mapping[str, str]]
    """Resource ids of the zones by name."""

    def __init__(self, name: str, args: PrivateDnsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Create the own zones, then all links."""
        args = PrivateDnsArgs.model_validate(args)
        super().__init__(name, opts, keep_sdk_aliases=args.keep_sdk_aliases)
        self._subscriptions = Subscriptions(self, name)
        hub = {name_of(zone_id): zone_id for zone_id in args.hub_zone_ids if name_of(zone_id) in args.zones}
        self.by_name: dict[str, Input[str]] = dict(hub)
        for zone in args.zones:
            if zone in hub:
                if args.link_hub_zones:
                    self._link_hub_zone(name, args, hub[zone])
            else:
                self.by_name[zone] = self._own_zone(name, args, zone).id
        self.zone_ids = pulumi.Output.all(**self.by_name)
        self.finish()

    def _own_zone(self, name: str, args: PrivateDnsArgs, zone: str) -> "privatedns.PrivateZone":
        label = zone.replace(".", "-")
        made = privatedns.PrivateZone(
            f"{name}-{label}",
            private_zone_name=zone,
            resource_group_name=args.resource_group_name,
            location=_GLOBAL,
            tags=args.tags,
            opts=self.child(),
        )
        self._link(f"{name}-{label}-link", args, made.name, args.resource_group_name, self.child())
        return made

    def _link_hub_zone(self, name: str, args: PrivateDnsArgs, zone_id: str) -> None:
        zone = name_of(zone_id)
        options = self._subscriptions.child(zone_id)
        self._link(f"{name}-{zone.replace('.', '-')}-link", args, zone, group_of(zone_id), options)

    def _link(
        self, name: str, args: PrivateDnsArgs, zone: Input[str], group: Input[str], options: pulumi.ResourceOptions
    ) -> None:
        privatedns.VirtualNetworkLink(
            name,
            virtual_network_link_name=args.link_name,
            private_zone_name=zone,
            resource_group_name=group,
            location=_GLOBAL,
            # Machines have no names in zones of private endpoints.
            registration_enabled=False,
            virtual_network={"id": args.virtual_network_id},
            tags=args.tags,
            opts=options,
        )
