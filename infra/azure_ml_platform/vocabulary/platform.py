"""What a stack is and whose it is."""

import secrets
import string
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated

from azure_ml_platform import parsing
from azure_ml_platform.catalog.regions import REGIONS
from azure_ml_platform.constraints import Text


@dataclass(frozen=True)
class _Seed(Text):
    def suggestion(self) -> str:
        alphabet = string.ascii_lowercase + string.digits
        return secrets.choice(string.ascii_lowercase) + "".join(secrets.choice(alphabet) for _ in range(4))


AzureLocation = Annotated[
    str,
    Text("the programmatic name of an Azure region", "westeurope", parse=parsing.location, choices=tuple(REGIONS)),
]
"""An Azure region of the catalog."""

ObjectId = Annotated[
    str,
    Text(
        "the object id of a user or group of Microsoft Entra, a GUID",
        "00000000-0000-4000-8000-000000000001",
        r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}",
    ),
]
"""Object id of a principal of Microsoft Entra."""

CostCenter = Annotated[
    str,
    Text("1 to 64 letters, digits, dots, hyphens and underscores", "ml-4711", r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}"),
]
"""Cost centre as the bill's reader knows it."""

Email = Annotated[
    str, Text("a mail address", "ml-platform@example.com", r"[A-Za-z0-9._%+'-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")
]
"""A mail address."""

ProjectPath = Annotated[
    str, Text("a path inside the project, relative to its root", "examples/model", parse=parsing.project_path)
]
"""A file or folder of the project."""

Seed = Annotated[
    str, _Seed("five lower-case letters and digits that start with a letter", "k7m2x", r"[a-z][a-z0-9]{4}")
]
"""Five characters that tell this stack's globally unique names from everyone else's."""

TagKey = Annotated[
    str,
    Text("a tag name of 1 to 128 characters without < > % & \\ ? /", "team", r"[^<>%&\\?/]{1,128}"),
]
"""Name of a tag; storage accounts allow 128 characters, everything else more."""

TagValue = Annotated[str, Text("a tag value of 1 to 256 characters", "vision", r".{1,256}")]
"""Value of a tag."""

WorkloadName = Annotated[
    str,
    Text(
        "2 to 12 lower-case letters and digits that start with a letter",
        "mlops",
        r"[a-z][a-z0-9]{1,11}",
    ),
]
"""Name of the workload; part of every resource's name."""


class Profile(StrEnum):
    """What a stack is for; picks the defaults of every setting."""

    LOCAL = "local"
    """The Azure on loopback: small, open, nothing kept."""
    DEV = "dev"
    """A team's development platform on Azure: small, reachable from listed addresses."""
    PROD = "prod"
    """Production on Azure: closed network, redundant, protected."""


class DataClass(StrEnum):
    """How confidential the data of the platform may be."""

    PUBLIC = "public"
    """Anyone may read it."""
    INTERNAL = "internal"
    """Everyone in the organisation may read it."""
    CONFIDENTIAL = "confidential"
    """Only named groups may read it."""
