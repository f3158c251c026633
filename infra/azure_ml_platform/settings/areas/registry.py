"""The container registry."""

from collections.abc import Iterable
from typing import Annotated

from azure_ml_platform.constraints import whole
from azure_ml_platform.settings.area import Broken, System
from azure_ml_platform.vocabulary import (
    IpRange,
    RegistrySku,
)


class RegistrySettings(System):
    """The container registry: Microsoft.ContainerRegistry/registries, no admin user, no anonymous pull."""

    sku: RegistrySku
    """Tier of the registry."""
    zone_redundancy: bool
    """Whether images are kept in several zones. Premium."""
    public_network_access: bool
    """Whether the registry answers from public networks. Closing it needs Premium."""
    allowed_ip_ranges: tuple[IpRange, ...] = ()
    """Public addresses that may reach the registry; empty for all. Premium."""
    untagged_retention_days: Annotated[int, whole(0, 365, "days")] | None
    """Days until an untagged manifest is deleted; null keeps them. Premium."""

    def conflicts(self) -> Iterable[Broken]:  # noqa: D102 - as the base
        if self.sku is RegistrySku.PREMIUM:
            return
        wanted = {
            "zone_redundancy": ("false", not self.zone_redundancy),
            "public_network_access": ("true", self.public_network_access),
            "allowed_ip_ranges": ("empty", not self.allowed_ip_ranges),
            "untagged_retention_days": ("null", self.untagged_retention_days is None),
        }
        for path, (value, given) in wanted.items():
            if not given:
                rule = f"{value} while registry.sku is {self.sku}: only Premium has that"
                yield Broken((path,), rule, RegistrySku.PREMIUM, mend_path=("sku",))
