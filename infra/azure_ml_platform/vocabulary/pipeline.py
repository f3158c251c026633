"""The repository that a pipeline runs for."""

from typing import Annotated

from azure_ml_platform.constraints import Text

Repository = Annotated[str, Text("a repository as organisation/name", "organisation/repository", r"[\w.-]+/[\w.-]+")]
"""A repository on GitHub."""

GitName = Annotated[str, Text("the name of a branch or an environment", "main", r"[\w][\w./-]{0,99}")]
"""Name of a branch or of an environment of a repository."""
