"""The Databricks workspace."""

from enum import StrEnum
from typing import Annotated

from azure_ml_platform.constraints import Text

SchemaName = Annotated[
    str,
    Text(
        "a name of 1 to 255 lower-case letters, digits and underscores that starts with a letter",
        "features",
        r"[a-z][a-z0-9_]{0,254}",
    ),
]
"""Name of a schema in Unity Catalog."""


class DatabricksComputeMode(StrEnum):
    """Where the compute of a Databricks workspace is; fixed at creation."""

    HYBRID = "Hybrid"
    """Clusters in the stack's own subscription, and serverless compute."""
    SERVERLESS = "Serverless"
    """Serverless compute alone, in Databricks' subscription."""


class DatabricksPolicyUse(StrEnum):
    """What clusters under a policy are for."""

    PERSONAL = "personal"
    """One machine for one person, gone when it idles."""
    JOBS = "jobs"
    """Clusters that live as long as their job."""


class DatabricksObjectsMode(StrEnum):
    """How what is inside a Databricks workspace comes about."""

    DECLARED = "declared"
    """The update makes it through the workspace's REST interface, which it has to reach."""
    DESCRIBED = "described"
    """The outputs describe it for somebody inside the closed network."""
