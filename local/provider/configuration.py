"""What the plugin has to know before it can work: from the provider's configuration and the environment contract."""

import os
from collections.abc import Mapping
from dataclasses import dataclass

from local.arm.contracts import UNKNOWN, Json
from local.provider.errors import ProviderError


@dataclass(frozen=True)
class Configuration:
    """Where Azure is, who asks, and the defaults for resources."""

    endpoint: str
    identity_endpoint: str
    identity_header: str
    ca_bundle: str | None
    subscription_id: str
    location: str | None


def configuration(args: Mapping[str, Json], environment: Mapping[str, str] = os.environ) -> Configuration:
    """Return the configuration; `ProviderError` naming everything that is missing.

    Args:
        args: The provider's configuration, `azure-native:<key>`.
        environment: The environment contract of the local target.
    """
    values = {
        "ARM_METADATA_HOSTNAME": _text(args, "metadataHost") or environment.get("ARM_METADATA_HOSTNAME"),
        "ARM_SUBSCRIPTION_ID": _text(args, "subscriptionId") or environment.get("ARM_SUBSCRIPTION_ID"),
        "IDENTITY_ENDPOINT": environment.get("IDENTITY_ENDPOINT"),
        "IDENTITY_HEADER": environment.get("IDENTITY_HEADER"),
    }
    if missing := [name for name, value in values.items() if not value]:
        raise ProviderError(
            f"{', '.join(missing)} not set; this plugin manages the local Azure: run the command through `make`, "
            'or set the environment with `eval "$(make -s env)"`'
        )
    return Configuration(
        endpoint=f"https://{values['ARM_METADATA_HOSTNAME']}",
        identity_endpoint=str(values["IDENTITY_ENDPOINT"]),
        identity_header=str(values["IDENTITY_HEADER"]),
        ca_bundle=environment.get("REQUESTS_CA_BUNDLE"),
        subscription_id=str(values["ARM_SUBSCRIPTION_ID"]),
        location=_text(args, "location"),
    )


def _text(args: Mapping[str, Json], key: str) -> str | None:
    value = args.get(key)
    return None if value in (None, "", UNKNOWN) else str(value)
