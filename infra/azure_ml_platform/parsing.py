"""Readers of settings whose rule no pattern can say: each returns the canonical text or tells what is wrong with it."""

import difflib
import ipaddress
import re
from collections.abc import Callable
from pathlib import PurePosixPath

from azure_ml_platform.catalog import regions, vm_sizes
from azure_ml_platform.constraints import broken

_PRIVATE = tuple(map(ipaddress.IPv4Network, ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "127.0.0.0/8")))

VM_SIZE = "Standard_DS3_v2"
"""The size to offer to whoever asks for one that there is not."""


def location(value: str) -> str:
    """Read an Azure region."""
    if value in regions.REGIONS:
        return value
    compact = re.sub(r"[\s_-]", "", value).lower()
    near = difflib.get_close_matches(compact, regions.REGIONS, n=1)
    raise broken("the programmatic name of an Azure region", near[0] if near else "westeurope")


def ip_range(value: str) -> str:
    """Read a public IPv4 address or block, written as the IP rules of storage accounts want it.

    Source: learn.microsoft.com/azure/storage/common/storage-network-security, restrictions of IP rules.
    """
    rule = "a public IPv4 address or a CIDR block that starts at its network address"
    try:
        network = ipaddress.IPv4Network(value, strict=False)
    except ValueError:
        raise broken(rule, "198.51.100.0/24") from None
    if network.prefixlen == 0:
        raise broken(f"{rule}, and no more than the addresses in use", "198.51.100.0/24")
    if any(network.overlaps(private) for private in _PRIVATE):
        raise broken(f"{rule}: Azure's firewalls see no private addresses", "198.51.100.0/24")
    if network.network_address != ipaddress.IPv4Address(value.partition("/")[0]):
        raise broken(rule, str(network))
    if network.prefixlen == 31:
        raise broken(f"{rule}, at most 30 bits long: write the two addresses of a /31", str(network[0]))
    return str(network[0]) if network.prefixlen == 32 else str(network)


def network_range(value: str) -> str:
    """Read a private IPv4 block that a virtual network may have.

    Source: learn.microsoft.com/azure/virtual-network/virtual-networks-faq, address ranges.
    """
    rule = "a private IPv4 block (RFC 1918) of /29 or more addresses that starts at its network address"
    try:
        network = ipaddress.IPv4Network(value, strict=False)
    except ValueError:
        raise broken(rule, "10.40.0.0/16") from None
    if not 8 <= network.prefixlen <= 29 or not any(network.subnet_of(private) for private in _PRIVATE[:3]):
        raise broken(rule, "10.40.0.0/16")
    if str(network) != value:
        raise broken(rule, str(network))
    return value


def ip_address(value: str) -> str:
    """Read one IPv4 address."""
    try:
        return str(ipaddress.IPv4Address(value))
    except ValueError:
        raise broken("an IPv4 address", "10.0.0.4") from None


def vm_size(value: str) -> str:
    """Read a virtual machine size that is known and not retired."""
    size = vm_sizes.find(value)
    if size is None:
        near = difflib.get_close_matches(value, vm_sizes.VM_SIZES, n=1)
        rule = "a virtual machine size of the catalog (azure_ml_platform/catalog/vm_sizes.py)"
        raise broken(rule, near[0] if near else VM_SIZE)
    if size.retired:
        raise broken(f"a virtual machine size that Azure still offers: {size.name} ended on {size.retires}", VM_SIZE)
    return size.name


def vm_family(value: str) -> str:
    """Read a family of virtual machine sizes, which Azure compares without regard to case."""
    families = {size.family for size in vm_sizes.VM_SIZES.values()}
    found = next((family for family in families if family.casefold() == value.casefold()), None)
    if found is None:
        near = difflib.get_close_matches(value, families, n=1)
        raise broken("a family of virtual machine sizes of the catalog", near[0] if near else "standardDSv2Family")
    return found


def project_path(value: str) -> str:
    """Read a path that stays inside the project."""
    path = PurePosixPath(value)
    if not value or "\\" in value or path.is_absolute() or ".." in path.parts:
        raise broken("a path inside the project, relative to its root, with forward slashes", "examples/model")
    return str(path)


def is_registry_asset(value: str) -> bool:
    """Whether a model or an environment is one of a machine learning registry, and no path."""
    return value.startswith("azureml://")


def asset(collection: str, name: str) -> Callable[[str], str]:
    """Return the reader of a path inside the project or of the id of a version in a registry's `collection`."""
    pattern = re.compile(rf"azureml://registries/[\w.-]+/{collection}/[\w.-]+/versions/[\w.-]+")
    example = f"azureml://registries/ml-registry/{collection}/{name}/versions/1"

    def parse(value: str) -> str:
        if not is_registry_asset(value):
            return project_path(value)
        if not pattern.fullmatch(value):
            raise broken(f"a path inside the project or the id of a version in a registry's {collection}", example)
        return value

    return parse
