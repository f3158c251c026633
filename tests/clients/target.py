"""Where the programs of this folder find Resource Manager, and what they say of its refusals."""

import os
from collections.abc import Callable
from typing import Any

from azure.core.exceptions import HttpResponseError, ResourceNotFoundError

ENDPOINT = f"https://{os.environ['ARM_METADATA_HOSTNAME']}"
SUBSCRIPTION, TENANT = os.environ["ARM_SUBSCRIPTION_ID"], os.environ["ARM_TENANT_ID"]
WHERE: dict[str, Any] = {"base_url": ENDPOINT, "credential_scopes": [f"{ENDPOINT}/.default"]}
"""What a client of azure-mgmt is told beside credential and subscription."""
REGION = "westeurope"


def refusal(call: Callable[[], Any]) -> str | None:
    """The code that a call is refused with; None for one that is accepted."""
    try:
        call()
    except HttpResponseError as error:
        return str(error.error.code if error.error else error.status_code)
    return None


def is_gone(call: Callable[[], Any]) -> bool:
    """Whether a call finds nothing."""
    try:
        call()
    except ResourceNotFoundError:
        return True
    return False
