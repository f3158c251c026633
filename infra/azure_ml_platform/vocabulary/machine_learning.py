"""The workspace, who works with it, and models."""

from enum import StrEnum
from typing import Annotated

from azure_ml_platform import parsing
from azure_ml_platform.constraints import Text

is_registry_asset = parsing.is_registry_asset

CodeSource = Annotated[
    str,
    Text(
        "the path of a folder in the project or the id of a code version in a registry",
        "examples/model/scoring",
        parse=parsing.asset("codes", "scoring"),
    ),
]
"""A folder of scoring code of the project, or of a machine learning registry."""

EnvironmentSource = Annotated[
    str,
    Text(
        "the path of a conda file in the project or the id of an environment version in a registry",
        "examples/model/environment.yaml",
        parse=parsing.asset("environments", "scoring"),
    ),
]
"""A conda file of the project, or an environment of a machine learning registry."""

GrantName = Annotated[
    str, Text("a name of lower-case letters, digits and single hyphens", "web-shop", r"[a-z0-9](-?[a-z0-9])*")
]
"""What a grant is called in the stack's file."""

ModelName = Annotated[
    str,
    Text(
        "a name of 2 to 20 lower-case letters, digits and single hyphens that starts with a letter",
        "wine-quality",
        r"(?=.{2,20}$)[a-z](-?[a-z0-9])*",
    ),
]
"""Name of a deployed model; part of its endpoint's name."""

ModelSource = Annotated[
    str,
    Text(
        "the path of a model in the project or the id of a model version in a registry",
        "examples/model/model",
        parse=parsing.asset("models", "wine-quality"),
    ),
]
"""A file or folder of the project, or a model of a machine learning registry."""

SlotName = Annotated[
    str,
    Text(
        "a name of 3 to 32 letters, digits and single hyphens that starts with a letter and does not end with a hyphen",
        "green",
        r"(?=.{3,32}$)[A-Za-z](-?[A-Za-z0-9])*",
    ),
]
"""Name of a deployment of an online endpoint (how-to-manage-quotas)."""

VariableName = Annotated[
    str, Text("a variable name of letters, digits and underscores", "LOG_LEVEL", r"[A-Za-z_][A-Za-z0-9_]*")
]
"""Name of an environment variable."""


class IsolationMode(StrEnum):
    """Outbound rules of the workspace's managed virtual network; the value is ARM's."""

    DISABLED = "Disabled"
    """No managed network."""
    ALLOW_INTERNET_OUTBOUND = "AllowInternetOutbound"
    """Managed network that may call the internet."""
    ALLOW_ONLY_APPROVED_OUTBOUND = "AllowOnlyApprovedOutbound"
    """Managed network that may call only what outbound rules name."""


class FirewallSku(StrEnum):
    """Tier of the firewall behind the managed network's outbound rules by domain name."""

    BASIC = "Basic"
    """The cheaper one."""
    STANDARD = "Standard"
    """More throughput and threat intelligence."""


class AuthMode(StrEnum):
    """How callers of an online endpoint prove who they are; the value is ARM's."""

    AAD_TOKEN = "AADToken"  # noqa: S105 - the name of a mode
    """A Microsoft Entra token: nothing to keep secret, access by role."""
    KEY = "Key"
    """Two long-lived keys."""
    AML_TOKEN = "AMLToken"  # noqa: S105 - the name of a mode
    """Short-lived tokens issued by the workspace."""


class ModelTask(StrEnum):
    """What a model does; the value is ARM's."""

    CLASSIFICATION = "Classification"
    """It tells kinds apart."""
    REGRESSION = "Regression"
    """It tells a number."""


class PrincipalKind(StrEnum):
    """What a principal of Microsoft Entra is; the value is ARM's."""

    SERVICE_PRINCIPAL = "ServicePrincipal"
    """An application, or a managed identity."""
    GROUP = "Group"
    """A group."""
    USER = "User"
    """A person."""


class Persona(StrEnum):
    """Who works with a workspace."""

    DATA_SCIENTIST = "data-scientist"
    """Runs experiments, uses notebooks and designer, registers and deploys models."""
    COMPUTE_OPERATOR = "compute-operator"
    """Creates, starts and stops compute."""
    LABELER = "labeler"
    """Labels data in projects that others set up."""
    READER = "reader"
    """Sees everything, changes nothing."""
