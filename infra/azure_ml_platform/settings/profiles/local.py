"""The profile of the Azure on loopback."""

from dataclasses import replace

from azure_ml_platform.settings.profiles.defaults import Defaults
from azure_ml_platform.vocabulary import IsolationMode


def local(dev: Defaults) -> Defaults:
    """As dev; there is no network to isolate on loopback."""
    no_network = {"isolation_mode": IsolationMode.DISABLED, "provision_network_now": False}
    machine_learning = dev.machine_learning.model_copy(update=no_network)
    return replace(dev, machine_learning=machine_learning)
