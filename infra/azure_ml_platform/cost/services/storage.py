"""Storage accounts, and what watches over them."""

from collections.abc import Iterator

from azure_ml_platform.cost.assumptions import Assumptions
from azure_ml_platform.cost.line import Basis, Item
from azure_ml_platform.cost.resource import Resource, Resources
from azure_ml_platform.cost.services import Parts


def _class(account: Resource) -> tuple[str, str]:
    """The meters' words for what an account is: `blob-hot` or `lake-cool` or `blob-premium`, and `lrs`."""
    speed, _, redundancy = account.text("sku.name", "Standard_LRS").casefold().partition("_")
    product = "lake" if account.true("isHnsEnabled") else "blob"
    tier = "premium" if speed == "premium" else account.text("accessTier", "Hot").casefold()
    return f"{product}-{tier}", redundancy


def _data(account: Resource, _: Resources, terms: Assumptions) -> Iterator[Item]:
    """All data in the tier of the account: rules that move it to a cheaper one make it less."""
    kept, redundancy = _class(account)
    setting = "lake_gb" if kept.startswith("lake") else "blob_gb"
    amount = terms.lake_gb if kept.startswith("lake") else terms.blob_gb
    yield Item(f"{kept}-{redundancy}", amount, f"{amount:g} GB ({setting})", Basis.ASSUMED)


def _operations(account: Resource, _: Resources, terms: Assumptions) -> Iterator[Item]:
    kept, redundancy = _class(account)
    for verb, amount in (("write", terms.storage_writes_10k), ("read", terms.storage_reads_10k)):
        why = f"{amount:g} x 10k (storage_{verb}s_10k)"
        yield Item(f"{kept}-{verb}-{redundancy}", amount, why, Basis.ASSUMED)


def _defender(defender: Resource, _: Resources, __: Assumptions) -> Iterator[Item]:
    if defender.true("properties.isEnabled"):
        yield Item("defender-storage", 1, "1 storage account")


def _malware_scan(defender: Resource, _: Resources, terms: Assumptions) -> Iterator[Item]:
    if not defender.true("properties.malwareScanning.onUpload.isEnabled"):
        return
    cap = defender.number("properties.malwareScanning.onUpload.capGBPerMonth", terms.malware_scan_gb)
    scanned = min(cap, terms.malware_scan_gb)
    yield Item("defender-malware-scan", scanned, f"{scanned:g} GB (malware_scan_gb)", Basis.ASSUMED)


PARTS: Parts = {
    "security:DefenderForStorage": (_defender, _malware_scan),
    "storage:StorageAccount": (_data, _operations),
}
