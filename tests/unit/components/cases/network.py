"""The network and its names."""

from azure_ml_platform.catalog.subnets import SubnetPurpose
from azure_ml_platform.components.flow_log import FlowLog
from azure_ml_platform.components.network import Network
from azure_ml_platform.components.private_dns import PrivateDns
from tests.unit.components.cases.given import HUB, HUB_ZONES, LOGS, PLACE, SCOPES, VNET, WATCHER, Case


def cases() -> list[Case]:
    """The network and its names."""
    return [
        Case(
            Network,
            {
                **PLACE,
                "virtual_network_name": "vnet",
                "address_space": ["10.0.0.0/16"],
                "subnets": {
                    purpose: {
                        "name": f"snet-{purpose}",
                        "address_range": f"10.0.{number}.0/24",
                        "security_group_name": f"nsg-{purpose}",
                    }
                    for number, purpose in enumerate(SubnetPurpose)
                },
            },
            {
                "nat_gateway": {"name": "ng", "address_name": "pip", "zone": 2},
                "hub": {"virtual_network_id": HUB, "peering_name": "peer", "use_gateways": True},
                "diagnostics": LOGS,
                "protect": False,
            },
        ),
        Case(
            PrivateDns,
            {
                "resource_group_name": "rg-test",
                "link_name": "vnet",
                "virtual_network_id": VNET,
                "zones": ["privatelink.vaultcore.azure.net", "privatelink.blob.core.windows.net"],
            },
            {"hub_zone_ids": [f"{HUB_ZONES}/privatelink.blob.core.windows.net"], "link_hub_zones": True},
        ),
        Case(
            FlowLog,
            {
                **PLACE,
                "flow_log_name": "fl",
                "virtual_network_id": VNET,
                "network_watcher_id": WATCHER,
                "storage": SCOPES["storage"],
                "identity_name": "id-flow-log",
            },
            {"retention_days": 30},
        ),
    ]
