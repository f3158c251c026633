"""Address ranges as Azure reads them.

Source: learn.microsoft.com/azure/virtual-network/virtual-networks-faq (reserved addresses, smallest subnet).
"""

from collections.abc import Iterable
from ipaddress import IPv4Network, IPv6Network, ip_network

from local.arm.errors import bad_request

Range = IPv4Network | IPv6Network
RESERVED_FIRST = 4
"""Network address, default gateway and two for Azure DNS, at the start of each subnet."""
RESERVED_LAST = 1
"""The broadcast address."""


def parse(text: object, owner: str) -> Range:
    """The range in `text`; raises ArmError for what is none, or for an address with bits beyond the prefix."""
    if not isinstance(text, str) or "/" not in text:
        raise _malformed(text, owner)
    try:
        loose = ip_network(text, strict=False)
    except ValueError as error:
        raise _malformed(text, owner) from error
    if str(loose.network_address) != text.partition("/")[0]:
        message = (
            f"The address prefix {text} in resource {owner} has an invalid CIDR notation. For the given prefix length, "
            f"the address prefix should be {loose}."
        )
        raise bad_request("InvalidCIDRNotation", message)
    return loose


def parse_all(texts: Iterable[object], owner: str) -> list[Range]:
    """The ranges in a list of texts."""
    return [parse(text, owner) for text in texts]


def overlaps(one: Iterable[Range], other: Iterable[Range]) -> list[Range]:
    """The ranges of `one` that share an address with a range of `other`."""
    others = list(other)
    return [mine for mine in one if any(mine.version == its.version and mine.overlaps(its) for its in others)]


def lies_in(inner: Range, outer: Iterable[Range]) -> bool:
    """Whether a range lies in one of several."""
    return any(
        (isinstance(inner, IPv4Network) and isinstance(space, IPv4Network) and inner.subnet_of(space))
        or (isinstance(inner, IPv6Network) and isinstance(space, IPv6Network) and inner.subnet_of(space))
        for space in outer
    )


def free(subnet: Range, taken: Iterable[str], count: int) -> list[str]:
    """The first `count` addresses that Azure would hand out; fewer when the subnet has no more."""
    busy = set(taken)
    found: list[str] = []
    for number in range(RESERVED_FIRST, subnet.num_addresses - RESERVED_LAST):
        if len(found) == count:
            break
        address = str(subnet[number])
        if address not in busy:
            found.append(address)
    return found


def _malformed(text: object, owner: str) -> Exception:
    message = f"Address prefix string {text} for resource {owner} was not valid: it is no address, '/', length."
    return bad_request("InvalidAddressPrefixFormat", message)
