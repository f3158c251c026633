"""An engine that plays a script, and a Resource Manager that is a dictionary."""

import json
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from azure_ml_platform.outputs import PlatformOutputs
from ops.azure import Document

SUBSCRIPTION = "00000000-0000-0000-0000-000000000001"

ENGINE = """\
#!{python}
import json, pathlib, sys
folder = pathlib.Path({folder!r})
arguments = sys.argv[3:]
with (folder / "calls").open("a") as calls:
    calls.write(json.dumps(arguments) + "\\n")
script = json.loads((folder / "script.json").read_text())
matching = [turn for turn in script if arguments[: len(turn["command"])] == turn["command"]]
if not matching:
    sys.exit(f"no turn for {{arguments}}")
turn = matching[0]
if turn["once"]:
    script.remove(turn)
    (folder / "script.json").write_text(json.dumps(script))
if turn["import_file"] is not None:
    pathlib.Path(arguments[arguments.index("--import-file") + 1]).write_text(json.dumps(turn["import_file"]))
if "--file" in arguments:
    (folder / "imported.json").write_bytes(pathlib.Path(arguments[arguments.index("--file") + 1]).read_bytes())
if "--event-log" in arguments:
    lines = [json.dumps(event) + "\\n" for event in turn["events"]]
    pathlib.Path(arguments[arguments.index("--event-log") + 1]).write_text("".join(lines))
sys.stdout.write(turn["stdout"])
sys.stderr.write(turn["stderr"])
sys.exit(turn["code"])
"""


@dataclass
class EngineDouble:
    """The `pulumi` on PATH: it answers as told and notes how it was called."""

    folder: Path
    script: list[dict[str, Any]] = field(default_factory=list)

    def install(self) -> None:
        program = self.folder / "pulumi"
        program.write_text(ENGINE.format(python=sys.executable, folder=str(self.folder)))
        program.chmod(0o755)

    def answers(
        self,
        command: str,
        stdout: object = "",
        *,
        stderr: str = "",
        code: int = 0,
        once: bool = False,
        import_file: object = None,
        events: tuple[object, ...] = (),
    ) -> None:
        """Add a turn; turns for the same command are played in order, one that is not `once` for ever."""
        self.script.append(
            {
                "command": command.split(),
                "stdout": stdout if isinstance(stdout, str) else json.dumps(stdout),
                "stderr": stderr,
                "code": code,
                "once": once,
                "import_file": import_file,
                "events": events,
            }
        )
        (self.folder / "script.json").write_text(json.dumps(self.script))

    @property
    def calls(self) -> list[list[str]]:
        file = self.folder / "calls"
        return [json.loads(line) for line in file.read_text().splitlines()] if file.exists() else []

    @property
    def commands(self) -> list[str]:
        """The commands without their flags."""
        return [" ".join(word for word in call[:2] if not word.startswith("-")) for call in self.calls]

    @property
    def imported(self) -> list[dict[str, Any]]:
        resources: list[dict[str, Any]] = json.loads((self.folder / "imported.json").read_text())["resources"]
        return resources


@dataclass
class AzureDouble:
    """Resource Manager: resources by id, action results by path."""

    resources: dict[str, Document] = field(default_factory=dict)
    actions: dict[str, Document] = field(default_factory=dict)
    acted: list[str] = field(default_factory=list)
    deleted: list[str] = field(default_factory=list)

    def get(self, path: str, api_version: str) -> Document | None:
        assert api_version
        return self.resources.get(path)

    settled = get

    def delete(self, path: str, api_version: str, query: str = "") -> None:
        assert api_version
        self.deleted.append(path + query)

    def post(self, path: str, api_version: str, body: object = None) -> Document | None:
        assert api_version
        self.acted.append(path)
        return self.actions.get(path)


def exported(*resources: Mapping[str, Any], pending: tuple[Mapping[str, Any], ...] = ()) -> dict[str, Any]:
    """What `pulumi stack export` prints."""
    return {"version": 3, "deployment": {"resources": list(resources), "pending_operations": list(pending)}}


def entry(kind: str, name: str, **members: Any) -> dict[str, Any]:
    """One resource of a state."""
    urn = f"urn:pulumi:local::azure-ml-platform::{kind}::{name}"
    return {"urn": urn, "type": kind, "inputs": {}, **members}


def outputs(**changes: Any) -> dict[str, Any]:
    """What `pulumi stack output --json` prints."""
    fields = PlatformOutputs.model_fields.items()
    values: dict[str, Any] = {name: field.default for name, field in fields if not field.is_required()}
    values |= {"subscription_id": SUBSCRIPTION, "location": "westeurope", "compute_names": []}
    values |= {"resource_groups": ["rg-data", "rg-platform"], "models": {}}
    return values | changes


def model(**changes: Any) -> dict[str, Any]:
    """One model of the outputs."""
    values = {
        "endpoint_name": "iris",
        "endpoint_id": "/endpoints/iris",
        "scoring_uri": "https://127.0.0.1:1/inference/iris/score",
        "swagger_uri": "https://127.0.0.1:1/inference/iris/swagger.json",
        "auth_mode": "AADToken",
        "token_scope": "https://ml.azure.com/.default",
        "sample_request": None,
    }
    return values | changes
