"""The container registry."""

from enum import StrEnum


class RegistrySku(StrEnum):
    """Tier of a container registry."""

    BASIC = "Basic"
    """Small storage; no network rules."""
    STANDARD = "Standard"
    """More storage and throughput; no network rules."""
    PREMIUM = "Premium"
    """Network rules, private endpoints, zones, retention of untagged manifests."""
