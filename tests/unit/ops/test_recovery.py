"""After a run that was cut short nothing is lost or made twice; after one that ended well nothing is done."""

from pathlib import Path

import pytest

from ops import record, state
from ops.recover import recover
from ops.session import Session
from tests.unit.ops.doubles import SUBSCRIPTION, AzureDouble, EngineDouble, entry, exported

GROUP = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/rg-one"
GROUP_TYPE = "azure-native:resources:ResourceGroup"


def pending(kind: str, name: str, operation: str = "creating", **inputs: object) -> dict[str, object]:
    return {"type": operation, "resource": entry(kind, name, inputs=inputs)}


def recovered(session: Session) -> None:
    recover(session, state.read_or_create(session.engine))


def test_a_run_that_ended_well_needs_nothing(engine: EngineDouble, session: Session) -> None:
    engine.answers("stack export", exported(entry(GROUP_TYPE, "one")))
    recovered(session)
    assert engine.commands == ["stack export"]


def test_a_stack_that_does_not_exist_is_created(engine: EngineDouble, session: Session) -> None:
    engine.answers("stack export", stderr="error: no stack named 'local' found\n", code=255)
    engine.answers("stack init")
    assert state.read_or_create(session.engine).is_empty
    assert engine.commands == ["stack export", "stack init"]


def test_a_begun_creation_that_exists_is_taken_into_the_state(
    engine: EngineDouble, session: Session, azure: AzureDouble
) -> None:
    begun = pending(GROUP_TYPE, "one", resourceGroupName="rg-one")
    engine.answers("stack export", exported(pending=(begun,)))
    engine.answers("refresh")
    engine.answers("preview", {"steps": []}, import_file={})
    azure.resources[GROUP] = {"properties": {"provisioningState": "Succeeded"}}
    recovered(session)
    flag = "--import-pending-creates"
    urn = entry(GROUP_TYPE, "one")["urn"]
    assert engine.calls[1][:8] == [
        "refresh", "--yes", "--skip-preview", flag, urn, flag, GROUP, "--clear-pending-creates",
    ]  # fmt: skip


def test_a_begun_creation_that_does_not_exist_is_dropped(engine: EngineDouble, session: Session) -> None:
    engine.answers("stack export", exported(pending=(pending(GROUP_TYPE, "one", resourceGroupName="rg-one"),)))
    engine.answers("refresh")
    engine.answers("preview", {"steps": []}, import_file={})
    recovered(session)
    assert engine.calls[1][:4] == ["refresh", "--yes", "--skip-preview", "--clear-pending-creates"]


def test_a_begun_creation_of_what_azure_does_not_hold_is_dropped(engine: EngineDouble, session: Session) -> None:
    engine.answers("stack export", exported(pending=(pending("pulumi-python:dynamic:Resource", "upload"),)))
    engine.answers("refresh")
    engine.answers("preview", {"steps": []}, import_file={})
    recovered(session)
    assert engine.calls[1][:4] == ["refresh", "--yes", "--skip-preview", "--clear-pending-creates"]


def test_other_begun_operations_are_settled_by_a_refresh(engine: EngineDouble, session: Session) -> None:
    begun = pending(GROUP_TYPE, "one", "deleting", resourceGroupName="rg-one")
    engine.answers("stack export", exported(pending=(begun,)))
    engine.answers("refresh")
    engine.answers("preview", {"steps": []}, import_file={})
    recovered(session)
    assert "refresh" in engine.commands


def test_a_run_of_which_only_the_note_is_left_leads_to_adoption(engine: EngineDouble, session: Session) -> None:
    engine.answers("stack export", exported())
    engine.answers("preview", {"steps": []}, import_file={})
    assert record.recorded(session.target, lambda: 137) == 137
    recovered(session)
    assert "preview" in [call[0] for call in engine.calls]


def test_a_note_goes_when_the_next_run_ends_well(session: Session) -> None:
    record.recorded(session.target, lambda: 1)
    assert record.unfinished(session.target)
    record.recorded(session.target, lambda: 0)
    assert not record.unfinished(session.target)


def test_a_run_that_never_returns_leaves_its_note(session: Session) -> None:
    def killed() -> int:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        record.recorded(session.target, killed)
    assert record.unfinished(session.target)


def test_a_program_that_fails_is_left_to_the_update_to_report(engine: EngineDouble, session: Session) -> None:
    engine.answers("stack export", exported())
    engine.answers("preview", {"diagnostics": [{"message": "bad settings"}]}, code=1)
    record.recorded(session.target, lambda: 1)
    recovered(session)


def test_notes_of_two_stacks_are_kept_apart(session: Session, project: Path) -> None:
    record.recorded(session.target, lambda: 1)
    assert [file.name for file in (project / "build").iterdir()] == ["unfinished-local"]
