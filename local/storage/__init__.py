"""The blob service behind the local storage accounts: Azurite, over HTTPS on loopback."""

from local.storage.azurite import Azurite
from local.storage.install import install

__all__ = ["Azurite", "install"]
