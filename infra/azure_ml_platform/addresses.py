"""Arithmetic of address ranges: what overlaps, what lies in what, how much room there is."""

from collections.abc import Iterable
from ipaddress import IPv4Network

from azure_ml_platform.catalog.subnets import RESERVED_ADDRESSES


def within(inner: str, outer: Iterable[str]) -> bool:
    """Whether a range lies in one of several."""
    return any(IPv4Network(inner).subnet_of(IPv4Network(space)) for space in outer)


def overlapping(ranges: Iterable[str], other: str) -> str | None:
    """The first of several ranges that shares an address with another one."""
    return next((each for each in ranges if IPv4Network(each).overlaps(IPv4Network(other))), None)


def prefix_length(cidr: str) -> int:
    """Length of a range's prefix."""
    return IPv4Network(cidr).prefixlen


def capacity(cidr: str) -> int:
    """Addresses of a subnet that are left beside those that Azure keeps."""
    return IPv4Network(cidr).num_addresses - RESERVED_ADDRESSES


def prefix_for(count: int) -> int:
    """Longest prefix of a subnet with room for `count` addresses."""
    return 32 - (count + RESERVED_ADDRESSES - 1).bit_length()
