"""The real engine with this project's language host: programs, policy packs, plugins and dynamic providers."""

import json
import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from local.engine import launchers
from local.paths import Paths
from tests.integration.engine import Project

pytestmark = pytest.mark.integration

_BIN = Paths.of_checkout().bin
_GONE_SECONDS = 2.0
_PATIENCE_SECONDS = 30.0

_RUNTIME = f"runtime:\n  name: python\n  options:\n    virtualenv: {sys.prefix}\n"

_SLEEPER = """
import os, pathlib, time
pathlib.Path("pids").write_text(f"{os.getppid()} {os.getpid()}")
print("asleep", flush=True)
time.sleep(60)
"""


@dataclass(frozen=True)
class HostProject(Project):
    """A project whose files a test writes."""

    def write(self, name: str, text: str) -> None:
        """Put a file into the project."""
        (self.folder / name).parent.mkdir(exist_ok=True)
        (self.folder / name).write_text(textwrap.dedent(text))


@pytest.fixture
def project(tmp_path: Path) -> HostProject:
    if not launchers.are_in(_BIN):
        pytest.skip("the engine in use brings its own language host; AZURE_ML_PLATFORM_ENGINE=build gives one without")
    folder = tmp_path / "project"
    (tmp_path / "state").mkdir()
    variables = {
        **{name: value for name, value in os.environ.items() if not name.startswith("PULUMI_")},
        "PATH": f"{_BIN}{os.pathsep}{os.environ['PATH']}",
        "PULUMI_HOME": str(tmp_path / "home"),
        "PULUMI_BACKEND_URL": f"file://{tmp_path}/state",
        "PULUMI_CONFIG_PASSPHRASE": "a passphrase",
        "PULUMI_SKIP_UPDATE_CHECK": "true",
        "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
    }
    project = HostProject(folder, variables)
    project.write("Pulumi.yaml", f"name: sample\n{_RUNTIME}")
    project.run("stack", "init", "test")
    return project


def _diagnostics(output: str) -> str:
    return output.partition("Diagnostics:")[2]


def _wait_until(holds: Callable[[], bool], seconds: float, what: str) -> None:
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, f"waited {seconds} s until {what}"
        time.sleep(0.02)


def _lives(process_id: int) -> bool:
    """Whether a process runs; one that has ended and that nobody has asked about does not."""
    answer = subprocess.run(["ps", "-o", "stat=", "-p", str(process_id)], capture_output=True, text=True)
    return answer.stdout.strip()[:1] not in ("", "Z")


def _asleep(project: HostProject) -> tuple[int, int]:
    """Wait until the program sleeps; the process ids of host and program."""
    pids = project.folder / "pids"
    _wait_until(lambda: pids.exists() and " " in pids.read_text(), _PATIENCE_SECONDS, "the program runs")
    host, program = map(int, pids.read_text().split())
    return host, program


def test_a_program_gets_its_stack_and_its_configuration(project: HostProject) -> None:
    project.write(
        "__main__.py",
        """
        import pulumi, sibling
        config = pulumi.Config()
        print("printed by the program", sibling.NAME)
        pulumi.export("names", [pulumi.get_organization(), pulumi.get_project(), pulumi.get_stack()])
        pulumi.export("plain", config.require("plain"))
        pulumi.export("secret", config.require_secret("hidden"))
        pulumi.export("is_secret", pulumi.runtime.is_config_secret("sample:hidden"))
        """,
    )
    project.write("sibling.py", "NAME = 'with a module beside it'\n")
    project.run("config", "set", "plain", "a value")
    project.run("config", "set", "--secret", "hidden", "whisper")
    output = project.run("up", "--yes")
    assert "printed by the program with a module beside it" in output
    assert "from $PATH" not in output, "the host beside the engine is the bundled one"
    assert "whisper" not in output
    assert json.loads(project.run("stack", "output", "--json")) == {
        "names": ["organization", "sample", "test"],
        "plain": "a value",
        "secret": "[secret]",
        "is_secret": True,
    }


def test_a_failing_program_shows_the_users_frames_alone(project: HostProject) -> None:
    project.write(
        "__main__.py",
        """
        import pulumi
        def resolve(value):
            return {}[value]
        pulumi.export("x", pulumi.Output.from_input("key").apply(resolve))
        """,
    )
    diagnostics = _diagnostics(project.run("preview", fails=True))
    assert diagnostics.count("File ") == 1
    assert f'File "{project.folder}/__main__.py", line 4, in resolve' in diagnostics
    assert "KeyError: 'key'" in diagnostics
    assert "error occurred" not in diagnostics


@pytest.mark.parametrize(
    "statement",
    ["raise pulumi.RunError('two things:\\n- are wrong')", "import sys; sys.exit('two things:\\n- are wrong')"],
)
def test_a_program_that_says_why_it_ends_is_shown_with_that_alone(statement: str, project: HostProject) -> None:
    project.write("__main__.py", f"import pulumi\n{statement}\n")
    diagnostics = _diagnostics(project.run("preview", fails=True))
    assert "error: two things:\n    - are wrong" in diagnostics
    assert "Traceback" not in diagnostics
    assert diagnostics.count("error:") == 1


def test_a_program_that_crashes_is_reported_with_the_signal(project: HostProject) -> None:
    project.write("__main__.py", "import os\nos.abort()\n")
    assert "the program was ended by SIGABRT" in project.run("preview", fails=True)


def test_a_virtualenv_without_the_sdk_is_one_sentence(project: HostProject) -> None:
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", project.folder / "bare"], check=True)
    project.write("Pulumi.yaml", "name: sample\nruntime:\n  name: python\n  options:\n    virtualenv: bare\n")
    project.write("__main__.py", "import pulumi\n")
    diagnostics = _diagnostics(project.run("preview", fails=True))
    assert f"the Pulumi SDK is not installed for {project.folder}/bare/bin/python" in diagnostics
    assert "Traceback" not in diagnostics


def test_a_policy_rule_knows_the_stack_and_its_configuration(project: HostProject) -> None:
    project.write("__main__.py", "import pulumi\n")
    project.write("pack/PulumiPolicy.yaml", f"version: 0.0.1\n{_RUNTIME}")
    project.write(
        "pack/__main__.py",
        """
        import pulumi
        from pulumi_policy import EnforcementLevel, PolicyPack, StackValidationPolicy
        def rule(args, report_violation):
            setting = pulumi.Config("sample").require("setting")
            names = [pulumi.get_organization(), pulumi.get_project(), pulumi.get_stack()]
            report_violation(f"{names} {setting} dry run: {pulumi.runtime.is_dry_run()}")
        PolicyPack("pack", [StackValidationPolicy("rule", "a rule", rule, EnforcementLevel.MANDATORY)])
        """,
    )
    project.run("config", "set", "setting", "from the stack")
    output = project.run("preview", "--policy-pack", "pack", fails=True)
    assert "['organization', 'sample', 'test'] from the stack dry run: True" in output


def test_a_policy_rule_that_crashes_fails_the_preview_with_its_own_frames(project: HostProject) -> None:
    project.write("__main__.py", "import pulumi\n")
    project.write("pack/PulumiPolicy.yaml", f"version: 0.0.1\n{_RUNTIME}")
    project.write(
        "pack/__main__.py",
        """
        from pulumi_policy import PolicyPack, StackValidationPolicy
        def rule(args, report_violation):
            raise NotImplementedError("nobody wrote this")
        PolicyPack("pack", [StackValidationPolicy("rule", "a rule", rule)])
        """,
    )
    diagnostics = _diagnostics(project.run("preview", "--policy-pack", "pack", fails=True))
    assert "NotImplementedError: nobody wrote this" in diagnostics
    assert diagnostics.count("File ") == 1


def test_dynamic_resources_live_and_fail_with_their_authors_frames(project: HostProject) -> None:
    project.write(
        "__main__.py",
        """
        import pulumi
        from pulumi import dynamic
        class Provider(dynamic.ResourceProvider):
            def create(self, props):
                if props["value"] == "bad":
                    raise ValueError("not this one")
                return dynamic.CreateResult("an-id", {**props, "upper": props["value"].upper()})
        class Thing(dynamic.Resource):
            upper: pulumi.Output[str]
            def __init__(self, name, value):
                super().__init__(Provider(), name, {"value": value, "upper": None})
        pulumi.export("upper", Thing("thing", pulumi.Config().require("value")).upper)
        """,
    )
    project.run("config", "set", "value", "bad")
    diagnostics = _diagnostics(project.run("up", "--yes", "--skip-preview", fails=True))
    assert "ValueError: not this one" in diagnostics
    assert diagnostics.count("File ") == 1
    project.run("config", "set", "value", "good")
    project.run("up", "--yes", "--skip-preview")
    assert json.loads(project.run("stack", "output", "--json")) == {"upper": "GOOD"}


def test_a_component_plugin_written_in_python_is_run(project: HostProject) -> None:
    project.write("plugin/PulumiPlugin.yaml", _RUNTIME)
    project.write(
        "plugin/__main__.py",
        """
        from typing import TypedDict
        import pulumi
        from pulumi.provider.experimental import component_provider_host
        class PartArgs(TypedDict):
            size: pulumi.Input[int]
        class Part(pulumi.ComponentResource):
            def __init__(self, name: str, args: PartArgs, opts: pulumi.ResourceOptions | None = None):
                super().__init__("parts:index:Part", name, {}, opts)
        component_provider_host(name="parts", components=[Part])
        """,
    )
    schema = json.loads(project.run("package", "get-schema", "./plugin"))
    assert list(schema["resources"]) == ["parts:index:Part"]


def test_the_engine_is_told_which_python_runs_the_program(project: HostProject) -> None:
    project.write("__main__.py", "import pulumi\n")
    about = project.run("about")
    assert f"executable='{sys.prefix}/bin/python'" in about
    assert "azure-ml-platform" in about.partition("Dependencies:")[2]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_update_ends_quietly_and_leaves_no_process(number: signal.Signals, project: HostProject) -> None:
    project.write("__main__.py", _SLEEPER)
    engine = project.start("up", "--yes", "--skip-preview")
    processes = _asleep(project)
    engine.send_signal(number)
    output, _ = engine.communicate(timeout=_PATIENCE_SECONDS)
    assert "Traceback" not in output
    assert "KeyboardInterrupt" not in output
    assert not any(map(_lives, processes))


def test_host_and_program_end_with_a_killed_engine(project: HostProject) -> None:
    project.write("__main__.py", _SLEEPER)
    engine = project.start("up", "--yes", "--skip-preview")
    processes = _asleep(project)
    engine.kill()
    _wait_until(lambda: not any(map(_lives, processes)), _GONE_SECONDS, "host and program are gone")
    engine.communicate()


def test_program_ends_with_a_killed_host(project: HostProject) -> None:
    project.write("__main__.py", _SLEEPER)
    engine = project.start("up", "--yes", "--skip-preview")
    host, program = _asleep(project)
    os.kill(host, signal.SIGKILL)
    _wait_until(lambda: not _lives(program), _GONE_SECONDS, "the program is gone")
    output, _ = engine.communicate(timeout=_PATIENCE_SECONDS)
    assert engine.returncode != 0
    assert "Traceback" not in output
