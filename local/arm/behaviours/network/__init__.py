"""Microsoft.Network: what the platform's systems are connected by."""

from local.arm.behaviours.network import (
    egress,
    interfaces,
    peerings,
    perimeters,
    private_dns,
    private_endpoints,
    rules,
    subnets,
    virtual_networks,
    watchers,
    zone_groups,
)
from local.arm.resource_types import ResourceProvider

PROVIDER = ResourceProvider(
    namespace="Microsoft.Network",
    types=(
        virtual_networks.TYPE,
        subnets.TYPE,
        peerings.TYPE,
        *rules.TYPES,
        *egress.TYPES,
        *watchers.TYPES,
        private_endpoints.TYPE,
        zone_groups.TYPE,
        *perimeters.TYPES,
        *private_dns.TYPES,
    ),
    views=(interfaces.VIEW,),
)
