"""The commands as a user meets them: what they call, in which order, what they print, how they end."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from azure.core.credentials import TokenCredential

from ops import __main__ as program
from ops import export as export_module
from ops import record
from ops.down import down
from ops.errors import OpsError, UnreachableError
from ops.export import export
from ops.preview import preview
from ops.session import Session
from ops.target import Target
from ops.up import up
from tests.unit.ops.doubles import SUBSCRIPTION, AzureDouble, EngineDouble, entry, exported, model, outputs
from tests.unit.ops.https_double import Https

GROUP_TYPE = "azure-native:resources:ResourceGroup"
LOCK_TYPE = "azure-native:authorization:ManagementLockByScope"


def step(op: str = "same", kind: str = GROUP_TYPE, **changed: object) -> dict[str, object]:
    old = {"urn": "u", "parent": "p", "protect": False}
    return {"resourcePreEvent": {"metadata": {"op": op, "type": kind, "old": old, "new": old | changed}}}


def deploys(engine: EngineDouble, *events: object, **models: object) -> None:
    """An engine whose preview has these events and whose outputs have these models."""
    engine.answers("stack export", exported())
    engine.answers("preview", events=events)
    engine.answers("up")
    engine.answers("stack output", outputs(models=models))


def test_up_previews_then_updates_and_both_runs_are_policed(engine: EngineDouble, session: Session) -> None:
    deploys(engine, step("create"))
    assert up(session) == 0
    assert engine.commands == ["stack export", "preview", "up", "stack output"]
    assert [call.count("--policy-pack") for call in engine.calls[1:3]] == [2, 2]
    assert engine.calls[2][:3] == ["up", "--yes", "--skip-preview"]
    assert not record.unfinished(session.target)


def test_up_ends_with_its_preview_when_that_finds_nothing_to_change(
    engine: EngineDouble, session: Session, capsys: pytest.CaptureFixture[str]
) -> None:
    deploys(engine, step(), step(kind="pulumi:pulumi:Stack"))
    assert up(session) == 0
    assert engine.commands == ["stack export", "preview", "stack output"]
    assert "no changes" in capsys.readouterr().err


NEW_OUTPUT = {
    "resOutputsEvent": {
        "metadata": {"op": "same", "type": "pulumi:pulumi:Stack", "old": {"outputs": {}}, "new": {"outputs": {"a": 1}}}
    }
}


@pytest.mark.parametrize(
    "event",
    [
        step("update"),
        step("read"),
        step(protect=True),
        step(parent="q"),
        NEW_OUTPUT,
    ],
)
def test_up_updates_for_all_that_the_state_would_say_otherwise(
    engine: EngineDouble, session: Session, event: object
) -> None:
    deploys(engine, step(), event)
    up(session)
    assert "up" in engine.commands


def test_a_preview_that_is_refused_ends_the_command_before_anything_is_changed(
    engine: EngineDouble, session: Session
) -> None:
    engine.answers("stack export", exported())
    engine.answers("preview", code=255)
    assert up(session) == 255
    assert engine.commands == ["stack export", "preview"]
    assert not record.unfinished(session.target)


def test_an_update_that_fails_ends_with_the_engines_code_and_leaves_its_note(
    engine: EngineDouble, session: Session
) -> None:
    engine.answers("stack export", exported())
    engine.answers("preview", events=(step("create"),))
    engine.answers("up", code=4)
    assert up(session) == 4
    assert record.unfinished(session.target)


def test_azure_is_changed_only_after_a_yes_when_somebody_is_there_to_say_it(
    engine: EngineDouble, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    monkeypatch.setattr("ops.up.needs_approval", lambda _: True)

    def no(question: str) -> bool:
        asked.append(question)
        return False

    monkeypatch.setattr("ops.up.confirmed", no)
    deploys(engine, step("create"))
    assert up(session) == 1
    assert "up" not in engine.commands
    assert SUBSCRIPTION in asked[0]


def test_a_run_that_lost_azure_says_so(
    engine: EngineDouble, session: Session, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def unreachable(*_: str) -> None:
        raise UnreachableError("Azure Resource Manager does not answer")

    monkeypatch.setattr(AzureDouble, "get", unreachable)
    engine.answers("stack export", exported())
    engine.answers("preview", events=(step("create"),))
    engine.answers("up", code=255)
    assert up(session) == 255
    assert "error: the local Azure does not answer any more\nthe same command again" in capsys.readouterr().err


def test_up_ends_with_the_outputs_a_curl_line_and_a_prediction(
    engine: EngineDouble,
    session: Session,
    https: Https,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    monkeypatch.setattr("ops.score.ROOT", tmp_path)
    (tmp_path / "sample.json").write_text("{}")
    https.answer("/score", 200, {"species": ["setosa"]})
    deploys(engine, iris=model(scoring_uri=f"{https.url}/score", sample_request="sample.json"))
    assert up(session) == 0
    shown = capsys.readouterr().out
    assert "location" in shown
    assert "make -s authorization STACK=local MODEL=iris | curl" in shown
    assert f"--data @sample.json {https.url}/score" in shown
    assert '{"species": ["setosa"]}' in shown
    assert "token-for" not in shown


def test_up_of_a_model_that_is_closed_to_us_is_still_a_success(
    engine: EngineDouble, session: Session, capsys: pytest.CaptureFixture[str]
) -> None:
    deploys(engine, iris=model(sample_request="pyproject.toml"))
    assert up(session) == 0
    assert "note: https://127.0.0.1:1/inference/iris/score cannot be reached from here" in capsys.readouterr().err


def test_preview_is_policed_and_creates_the_stack(engine: EngineDouble, session: Session) -> None:
    engine.answers("stack export", stderr="error: no stack named 'local' found\n", code=255)
    engine.answers("stack init")
    engine.answers("preview", code=3)
    assert preview(session, ["--diff"]) == 3
    assert engine.calls[2].count("--policy-pack") == 2
    assert "--diff" in engine.calls[2]


def test_down_destroys_what_is_open(engine: EngineDouble, session: Session) -> None:
    engine.answers("stack export", exported(entry(GROUP_TYPE, "one")))
    engine.answers("destroy")
    assert down(session, unlock=False) == 0
    assert engine.calls[-1][:2] == ["destroy", "--yes"]


def test_down_of_nothing_does_nothing(
    engine: EngineDouble, session: Session, capsys: pytest.CaptureFixture[str]
) -> None:
    engine.answers("stack export", exported())
    assert down(session, unlock=False) == 0
    assert "destroy" not in engine.commands
    assert "nothing to destroy" in capsys.readouterr().err


PROTECTED = exported(entry(GROUP_TYPE, "one", protect=True, id="/rg/one"), entry(LOCK_TYPE, "lock", id="/locks/one"))


@pytest.mark.avoids("locks-keep")
def test_down_lists_what_is_protected_or_locked_and_refuses(engine: EngineDouble, session: Session) -> None:
    engine.answers("stack export", PROTECTED)
    with pytest.raises(OpsError, match=r"protected: \S+ one /rg/one\n  lock: \S+ lock /locks/one\n.*UNLOCK=1"):
        down(session, unlock=False)
    assert engine.commands == ["stack export"]


def test_unlock_takes_protection_off_and_shows_it(
    engine: EngineDouble, session: Session, capsys: pytest.CaptureFixture[str]
) -> None:
    engine.answers("stack export", PROTECTED)
    engine.answers("state unprotect")
    engine.answers("destroy")
    assert down(session, unlock=True) == 0
    assert engine.commands[-2:] == ["state unprotect", "destroy"]
    assert "taking protection off:\n  protected:" in capsys.readouterr().err


def template(count: int) -> dict[str, object]:
    return {"template": {"resources": [{"name": str(number)} for number in range(count)]}}


@pytest.fixture
def build(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(export_module, "ROOT", tmp_path)
    return tmp_path / "build" / "arm-local"


def test_export_writes_one_template_per_scope(
    engine: EngineDouble, session: Session, azure: AzureDouble, build: Path
) -> None:
    build.mkdir(parents=True)
    (build / "stale.json").touch()
    engine.answers("stack output", outputs())
    subscription = f"/subscriptions/{SUBSCRIPTION}"
    azure.actions[f"{subscription}/exportTemplate"] = template(1)
    for group, count in (("rg-data", 2), ("rg-platform", 3)):
        azure.actions[f"{subscription}/resourceGroups/{group}/exportTemplate"] = template(count)
    assert export(session) == 0
    written = {file.stem: len(json.loads(file.read_text())["resources"]) for file in build.glob("*.json")}
    assert written == {"subscription": 1, "rg-data": 2, "rg-platform": 3}


def test_export_does_without_the_subscription_where_that_does_not_answer(
    engine: EngineDouble, session: Session, azure: AzureDouble, build: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    engine.answers("stack output", outputs(resource_groups=["rg-data"]))
    path = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/rg-data/exportTemplate"
    azure.actions[path] = template(1) | {"error": {"details": [{"message": "no schema for type x"}]}}
    assert export(session) == 0
    assert [file.name for file in build.iterdir()] == ["rg-data.json"]
    assert "rg-data: not exported: no schema for type x" in capsys.readouterr().err


def test_export_names_a_resource_group_that_is_gone(engine: EngineDouble, session: Session, build: Path) -> None:
    engine.answers("stack output", outputs())
    with pytest.raises(OpsError, match="resource group rg-data does not exist"):
        export(session)


def test_outputs_of_a_stack_that_is_not_deployed_say_how_to_deploy_it(engine: EngineDouble, session: Session) -> None:
    engine.answers("stack output", {})
    with pytest.raises(OpsError, match=r"make up STACK=local"):
        session.outputs()


@pytest.fixture
def azure_session(target: Target, project: Path, caller: TokenCredential) -> Callable[..., Session]:
    def make(**variables: str) -> Session:
        path = {"PATH": target.environment["PATH"]}
        return Session(Target("local", project, path | variables, is_local=False), caller)

    return make


def test_the_subscription_is_the_stacks_then_the_environments_then_that_of_az(
    azure_session: Callable[..., Session], project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ops.session._default_of_az", lambda: "of-az")
    assert azure_session().logged_in().subscription_id == "of-az"
    assert azure_session(ARM_SUBSCRIPTION_ID="set").logged_in().subscription_id == "set"
    (project / "Pulumi.local.yaml").write_text("config:\n  azure-native:subscriptionId: of-stack\n")
    assert azure_session(ARM_SUBSCRIPTION_ID="set").logged_in().subscription_id == "of-stack"


def test_without_any_subscription_the_ways_to_one_are_shown(
    azure_session: Callable[..., Session], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ops.session._default_of_az", str)
    with pytest.raises(OpsError, match="ARM_SUBSCRIPTION_ID"):
        azure_session().logged_in()


def test_an_error_is_one_line_and_exit_code_one(
    monkeypatch: pytest.MonkeyPatch, project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("AZURE_ML_PLATFORM_PROJECT", str(project))
    assert program.main(["up", "--stack", "absent"]) == 1
    shown = capsys.readouterr().err
    assert shown.startswith("error: there is no stack 'absent'")
    assert shown.count("\n") == 1


def test_flags_after_two_dashes_reach_the_engine(
    engine: EngineDouble, monkeypatch: pytest.MonkeyPatch, project: Path, target: Target
) -> None:
    for name, value in target.environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("AZURE_ML_PLATFORM_PROJECT", str(project))
    engine.answers("stack export", exported())
    engine.answers("preview")
    assert program.main(["preview", "--stack", "local", "--", "--diff"]) == 0
    assert "--diff" in engine.calls[-1]
