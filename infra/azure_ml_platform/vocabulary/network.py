"""Addresses, hosts, and the systems that private endpoints lead to."""

from enum import StrEnum
from typing import Annotated

from azure_ml_platform import parsing
from azure_ml_platform.constraints import Text

HostName = Annotated[
    str,
    Text(
        "a fully qualified domain name in lower case",
        "contoso.blob.core.windows.net",
        r"([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}",
    ),
]
"""Name of a host."""

IpRange = Annotated[str, Text("a public IPv4 address or CIDR block", "198.51.100.0/24", parse=parsing.ip_range)]
"""A public IPv4 address or CIDR block, as the firewalls of storage, vault and registry take it."""

IpAddress = Annotated[str, Text("an IPv4 address", "10.0.0.4", parse=parsing.ip_address)]
"""One IPv4 address."""

NetworkRange = Annotated[
    str, Text("a private IPv4 block (RFC 1918) of /29 or more addresses", "10.40.0.0/16", parse=parsing.network_range)
]
"""Addresses of a virtual network or of a subnet in it."""


class PrivateSystem(StrEnum):
    """Systems that private endpoints can lead to; the value is the system's area of the settings."""

    KEY_VAULT = "key_vault"
    """The key vault."""
    REGISTRY = "registry"
    """The container registry."""
    BLOB = "blob"
    """The storage account of the workspace: blobs and files."""
    DATA_LAKE = "data_lake"
    """The data lake: its files, and the same as blobs."""
    MACHINE_LEARNING = "machine_learning"
    """The workspace, its endpoints and notebooks."""
    DATABRICKS = "databricks"
    """The Databricks workspace: its front end, its clusters' back end, and signing in."""
    SQL = "sql"
    """The SQL server."""
    MONITORING = "monitoring"
    """The private link scope of the stores of logs and telemetry."""
    INGESTION = "ingestion"
    """The data factory: its own service, and its studio."""
