"""What a new process of the endpoint has to set right, as everything behind it ended with the old one."""

import logging
from dataclasses import replace

from local.arm.documents import overlay
from local.arm.errors import ArmError
from local.arm.manager import Manager
from local.errors import LocalError

_logger = logging.getLogger(__name__)


def refresh(manager: Manager) -> None:
    """Bring the members up to date that tell where this process answers; quick, done before the first request."""
    store = manager.cloud.store
    for kind in manager.catalogue.types:
        if kind.refresh:
            for resource in store.of_type(kind.name):
                try:
                    store.put(replace(resource, body=overlay(resource.body, kind.refresh(manager.cloud, resource))))
                except LocalError as error:
                    _logger.warning("%s is not available: %s", resource.id, error)


def deploy_again(manager: Manager) -> None:
    """Start the processes that serve what was deployed; until one is ready, its callers are told so."""
    for kind in manager.catalogue.types:
        if kind.runs and kind.provision:
            for resource in manager.cloud.store.of_type(kind.name):
                if resource.properties.get("provisioningState") == "Succeeded":
                    try:
                        kind.provision(manager.cloud, resource)
                    except (ArmError, LocalError) as error:
                        _logger.warning("%s does not run: %s", resource.id, error)
