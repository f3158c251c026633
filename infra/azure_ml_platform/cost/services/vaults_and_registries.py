"""Key vaults and container registries.

Source: learn.microsoft.com/azure/container-registry/container-registry-skus (storage that comes with a tier).
"""

from collections.abc import Iterator

from azure_ml_platform.cost.assumptions import DAYS_PER_MONTH, Assumptions
from azure_ml_platform.cost.line import Basis, Item
from azure_ml_platform.cost.resource import Resource, Resources
from azure_ml_platform.cost.services import Parts

_STORAGE_INCLUDED_GB = {"basic": 10, "standard": 100, "premium": 500}


def _operations(_: Resource, __: Resources, terms: Assumptions) -> Iterator[Item]:
    why = f"{terms.key_operations_10k:g} x 10k (key_operations_10k)"
    yield Item("key-vault-operations", terms.key_operations_10k, why, Basis.ASSUMED)


def _key(key: Resource, _: Resources, __: Assumptions) -> Iterator[Item]:
    """A key of a hardware security module; others cost their operations only."""
    if not key.text("properties.kty").casefold().endswith("-hsm"):
        return
    plain = key.text("properties.kty").casefold() == "rsa-hsm" and key.number("properties.keySize", 2048) == 2048
    yield Item("hsm-key-rsa-2048" if plain else "hsm-key-advanced", 1, "1 key")


def _registry(registry: Resource, _: Resources, __: Assumptions) -> Iterator[Item]:
    """A tier is billed per day."""
    tier = registry.text("sku.name", "Basic").casefold()
    yield Item(f"acr-{tier}", DAYS_PER_MONTH, f"{DAYS_PER_MONTH:.4f} days")


def _images(registry: Resource, _: Resources, terms: Assumptions) -> Iterator[Item]:
    included = _STORAGE_INCLUDED_GB.get(registry.text("sku.name", "Basic").casefold(), 0)
    more = max(0, terms.registry_gb - included)
    if more:
        why = f"{terms.registry_gb:g} GB (registry_gb), of which {included} come with it"
        yield Item("acr-storage", more, why, Basis.ASSUMED)


def _replica(_: Resource, __: Resources, ___: Assumptions) -> Iterator[Item]:
    yield Item("acr-geo-replica", DAYS_PER_MONTH, f"{DAYS_PER_MONTH:.4f} days")


PARTS: Parts = {
    "containerregistry:Registry": (_registry, _images),
    "containerregistry:Replication": (_replica,),
    "keyvault:Key": (_key,),
    "keyvault:Vault": (_operations,),
}
