"""What a key is made of: type, size or curve, permitted operations, and the public half.

No operation that this vault offers uses the private half, so none is kept. Source: learn.microsoft.com/azure/key-vault/
keys/about-keys-details (types, sizes, curves, operations).
"""

import base64
from collections.abc import Mapping
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec, rsa

from local.arm.documents import Json
from local.arm.errors import bad_request

SIZES = (2048, 3072, 4096)
CURVES: dict[str, type[ec.EllipticCurve]] = {
    "P-256": ec.SECP256R1,
    "P-384": ec.SECP384R1,
    "P-521": ec.SECP521R1,
    "P-256K": ec.SECP256K1,
}
TYPES = ("RSA", "RSA-HSM", "EC", "EC-HSM")
RSA_OPERATIONS = ["encrypt", "decrypt", "sign", "verify", "wrapKey", "unwrapKey"]
EC_OPERATIONS = ["sign", "verify"]
OPERATIONS = (*RSA_OPERATIONS, "import", "export", "release")
PUBLIC_EXPONENT = 65537


def material(*, kty: object, size: object, curve: object, operations: object, hardware: bool) -> Json:
    """A new key's `kty`, `key_size` or `crv`, `key_ops` and public numbers; raises ArmError for what no key has.

    hardware: whether the vault's tier has the types that end in -HSM.
    """
    if kty not in TYPES:
        raise bad_request("BadParameter", f"kty is '{kty}'; it must be one of {', '.join(TYPES)}.", target="kty")
    if str(kty).endswith("-HSM") and not hardware:
        message = (
            f"Key type {kty} is not supported by a vault of the standard tier; use sku premium, or {str(kty)[:-4]}."
        )
        raise bad_request("BadParameter", message, target="kty")
    default, numbers = (
        (RSA_OPERATIONS, _rsa(size or SIZES[0]))
        if str(kty).startswith("RSA")
        else (EC_OPERATIONS, _ec(str(curve or "P-256")))
    )
    permitted = operations or default
    if not isinstance(permitted, list) or not all(operation in OPERATIONS for operation in permitted):
        message = f"key_ops is {permitted}; it must list some of {', '.join(OPERATIONS)}."
        raise bad_request("BadParameter", message, target="key_ops")
    return {"kty": kty, "key_ops": permitted, **numbers}


def again(version: Mapping[str, Any]) -> Json:
    """New numbers for a key of the same kind: what a rotation makes."""
    numbers = _rsa(version["key_size"]) if "key_size" in version else _ec(version["crv"])
    return {"kty": version["kty"], "key_ops": version["key_ops"], **numbers}


def _rsa(size: object) -> Json:
    if not isinstance(size, int) or size not in SIZES:
        raise bad_request("BadParameter", f"key_size is {size}; an RSA key has {', '.join(map(str, SIZES))} bits.")
    numbers = rsa.generate_private_key(PUBLIC_EXPONENT, size).public_key().public_numbers()
    return {"key_size": size, "n": _base64(numbers.n), "e": _base64(numbers.e)}


def _ec(curve: str) -> Json:
    if curve not in CURVES:
        raise bad_request("BadParameter", f"crv is '{curve}'; an EC key has {', '.join(CURVES)}.")
    numbers = ec.generate_private_key(CURVES[curve]()).public_key().public_numbers()
    return {"crv": curve, "x": _base64(numbers.x), "y": _base64(numbers.y)}


def _base64(number: int) -> str:
    return base64.urlsafe_b64encode(number.to_bytes((number.bit_length() + 7) // 8, "big")).rstrip(b"=").decode()
