"""Where a command acts: which project folder the engine gets, which environment, and whether that is Azure or local.

A local run is recognised by AZURE_ML_PLATFORM_PROJECT, which the local target sets. Without it the target is Azure, and
nothing of a local target may be left in the environment: a deployment to Azure must not depend on it, and a person in
a shell that is still set to the local target must not deploy to Azure by mistake.
"""

import json
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import yaml

from ops.errors import OpsError

ROOT = Path(__file__).resolve().parent.parent
"""The checkout."""

ENGINE_FOLDER = ROOT / ".local" / "bin"
"""Where the set-up puts the engine of this checkout."""

PROJECT_VARIABLE = "AZURE_ML_PLATFORM_PROJECT"
LOOPBACK = ("127.0.0.1", "localhost", "::1")

SAME_LOGIN = {
    "AZURE_CLIENT_ID": "ARM_CLIENT_ID",
    "AZURE_CLIENT_SECRET": "ARM_CLIENT_SECRET",
    "AZURE_FEDERATED_TOKEN_FILE": "ARM_OIDC_TOKEN_FILE_PATH",
    "AZURE_TENANT_ID": "ARM_TENANT_ID",
}
"""What azure-identity reads, and the provider's name for it: a pipeline that logs the provider in logs us in too."""


@dataclass(frozen=True)
class Target:
    """One stack, and the place that it is deployed to."""

    stack: str
    project: Path
    """Folder of the Pulumi project that the engine is given."""
    environment: Mapping[str, str]
    """Variables of the engine's process."""
    is_local: bool

    @classmethod
    def of(cls, stack: str, kind: str | None, environment: Mapping[str, str]) -> "Target":
        """The target of `stack`.

        kind: `azure` or `local`; None reads it from the environment.
        """
        project = environment.get(PROJECT_VARIABLE)
        if kind == "local" and not project:
            message = "the local environment is not set; run the command through `python -m local run --stack … --`"
            raise OpsError(message)
        if project and kind != "azure":
            return cls(stack, Path(project), dict(environment), is_local=True)
        _refuse_local_remains(environment)
        return cls(stack, ROOT, _with_same_login(_with_engine(environment)), is_local=False)

    @cached_property
    def project_name(self) -> str:
        """`name` of Pulumi.yaml."""
        return str(self._yaml("Pulumi.yaml")["name"])

    def with_variable(self, name: str, value: str) -> "Target":
        """The same target with one more variable in its environment."""
        return replace(self, environment={**self.environment, name: value})

    def config(self, key: str) -> object:
        """A plain value of the stack's file, None when it is not set."""
        return (self._yaml(f"Pulumi.{self.stack}.yaml").get("config") or {}).get(key)

    def require_stack_file(self) -> None:
        """Raise OpsError if the project has no file for this stack."""
        if not (self.project / f"Pulumi.{self.stack}.yaml").exists():
            known = ", ".join(sorted(file.name.split(".")[1] for file in self.project.glob("Pulumi.*.yaml")))
            message = f"there is no stack {self.stack!r}: Pulumi.{self.stack}.yaml does not exist; there are {known}"
            raise OpsError(message)

    def _yaml(self, name: str) -> dict[str, Any]:
        return dict(yaml.safe_load((self.project / name).read_text(encoding="utf-8")) or {})


def _with_engine(environment: Mapping[str, str]) -> dict[str, str]:
    # The engine's plugins run what is installed beside this Python: the program that signs in to a cluster.
    folders = (str(ENGINE_FOLDER), str(Path(sys.executable).parent), environment.get("PATH", ""))
    return {**environment, "PATH": os.pathsep.join(folders)}


def _with_same_login(environment: Mapping[str, str]) -> dict[str, str]:
    derived = {ours: environment[theirs] for ours, theirs in SAME_LOGIN.items() if environment.get(theirs)}
    return derived | dict(environment)


def _refuse_local_remains(environment: Mapping[str, str]) -> None:
    remains = [name for name in sorted(environment) if _is_local(name, environment[name])]
    if _current_backend(environment).startswith(_local_uri()):
        remains.append("the backend that `pulumi login` chose")
    if remains:
        message = (
            f"the target is Azure, but this shell is set to the local target ({', '.join(remains)}); "
            "open a new shell, or add TARGET=local if the local target is meant"
        )
        raise OpsError(message)


def _is_local(name: str, value: str) -> bool:
    if name in ("ARM_METADATA_HOSTNAME", "IDENTITY_ENDPOINT"):
        return urlsplit(value if "//" in value else f"//{value}").hostname in LOOPBACK
    if name == "PULUMI_BACKEND_URL":
        return value.startswith(_local_uri())
    return name == PROJECT_VARIABLE or (name.startswith("PULUMI_") and f"{os.sep}.local{os.sep}" in value)


def _local_uri() -> str:
    return (ROOT / ".local").as_uri()


def _current_backend(environment: Mapping[str, str]) -> str:
    """What `pulumi login` last chose; empty when the environment names a backend or nobody has logged in."""
    if environment.get("PULUMI_BACKEND_URL"):
        return ""
    home = Path(environment.get("PULUMI_HOME") or Path.home() / ".pulumi")
    try:
        return str(json.loads((home / "credentials.json").read_text(encoding="utf-8")).get("current", ""))
    except (OSError, ValueError):
        return ""
