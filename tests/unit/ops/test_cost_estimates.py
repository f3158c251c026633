"""The price of a preview: read from its events, shown below it, compared with what is deployed, judged in pipelines."""

import json
from pathlib import Path
from typing import Any

import pytest

from azure_ml_platform.catalog.prices import PriceTableError
from azure_ml_platform.cost.resource import UNKNOWN
from ops import __main__ as program
from ops import estimate
from ops.cost import TOO_MUCH, cost
from ops.errors import OpsError
from ops.preview import preview
from ops.session import Session
from ops.target import Target
from ops.up import up
from tests.unit.ops.doubles import EngineDouble, exported, outputs

ADDRESS = "azure-native:network:PublicIPAddress"
GATEWAY = "azure-native:network:NatGateway"
VAULT = "azure-native:keyvault:Vault"
NOT_KNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"


def event(op: str, kind: str = ADDRESS, name: str = "it", **inputs: Any) -> dict[str, Any]:
    """A step as the engine's event log tells it."""
    urn = f"urn:pulumi:local::azure-ml-platform::{kind}::{name}"
    state = {"type": kind, "urn": urn, "inputs": {"location": "eastus"} | inputs}
    old = None if op == "create" else state
    new = None if op == "delete" else state
    return {"resourcePreEvent": {"metadata": {"op": op, "urn": urn, "type": kind, "old": old, "new": new}}}


def previews(engine: EngineDouble, *events: object, code: int = 0) -> None:
    engine.answers("stack export", exported())
    engine.answers("preview", events=events, code=code)
    engine.answers("up")
    engine.answers("stack output", outputs(models={}))


def settings(target: Target, text: str) -> None:
    (target.project / "Pulumi.local.yaml").write_text(f"config:\n  azure-ml-platform:profile: dev\n{text}")


def test_a_preview_ends_with_what_the_stack_would_cost(
    engine: EngineDouble, session: Session, capsys: pytest.CaptureFixture[str]
) -> None:
    previews(engine, event("create"))
    assert preview(session) == 0
    shown = capsys.readouterr().out
    assert "Cost of local on Azure per month, in USD" in shown
    assert "total                3.65\n" in shown
    assert engine.commands == ["stack export", "preview"]


def test_a_preview_that_fails_shows_no_price(
    engine: EngineDouble, session: Session, capsys: pytest.CaptureFixture[str]
) -> None:
    previews(engine, event("create"), code=255)
    assert preview(session) == 255
    assert "Cost of" not in capsys.readouterr().out


def test_up_shows_the_price_of_its_one_preview(
    engine: EngineDouble, session: Session, capsys: pytest.CaptureFixture[str]
) -> None:
    previews(engine, event("create"))
    assert up(session) == 0
    assert "Cost of local on Azure per month" in capsys.readouterr().out
    assert engine.commands.count("preview") == 1


def test_what_is_deployed_is_compared_with_what_will_be(engine: EngineDouble, session: Session, capsys: Any) -> None:
    previews(engine, event("same"), event("create", GATEWAY, "gateway"), event("delete", name="gone"))
    settings(session.target, "  azure-ml-platform:cost: {nat_gb: 0}\n")
    assert preview(session) == 0
    assert "total               36.50   +29.20 (+400.0%) against what is deployed" in capsys.readouterr().out


def test_a_resource_that_is_only_read_is_somebody_elses(engine: EngineDouble, session: Session, capsys: Any) -> None:
    previews(engine, event("read"))
    assert cost(session, as_json=True) == 0
    assert json.loads(capsys.readouterr().out)["monthly"]["total"] == 0


def test_the_settings_of_the_stack_count(engine: EngineDouble, session: Session, capsys: Any) -> None:
    previews(engine, event("create", VAULT))
    settings(session.target, "  azure-ml-platform:cost: {key_operations_10k: 100, currency: EUR, exchange_rate: 0.5}\n")
    assert cost(session) == 0
    shown = capsys.readouterr().out
    assert "in EUR" in shown
    assert "assumed use          1.50" in shown


def test_a_setting_that_is_not_understood_is_one_sentence(engine: EngineDouble, session: Session) -> None:
    previews(engine, event("create"))
    settings(session.target, "  azure-ml-platform:cost: {nat_gb: much}\n")
    with pytest.raises(OpsError, match=r"the setting azure-ml-platform:cost.nat_gb is 'much', must be a number"):
        cost(session)


def test_a_price_table_that_is_broken_is_one_sentence(
    engine: EngineDouble, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken() -> None:
        raise PriceTableError("prices.csv, line 7: usd is empty")

    monkeypatch.setattr(estimate.prices, "load", broken)
    previews(engine, event("create"))
    with pytest.raises(OpsError, match=r"prices.csv, line 7: usd is empty"):
        cost(session)


@pytest.mark.parametrize(
    "value",
    [
        NOT_KNOWN,
        "[secret]",
        {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", "ciphertext": "x"},
    ],
)
def test_what_the_engine_does_not_know_or_not_tell_is_unknown(value: object) -> None:
    assert estimate.plain({"sku": {"name": value}, "list": [value]}) == {"sku": {"name": UNKNOWN}, "list": [UNKNOWN]}


def test_the_object_for_programs_is_all_that_is_printed(engine: EngineDouble, session: Session, capsys: Any) -> None:
    previews(engine, event("create"), event("create", "azure-native:cache:Redis", "cache"))
    assert cost(session, as_json=True) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["monthly"]["total"] == pytest.approx(3.65)
    assert [line["resource"] for line in said["unknown"]] == ["cache"]


def test_a_preview_that_fails_is_told_in_the_engines_words(engine: EngineDouble, session: Session) -> None:
    engine.answers("stack export", exported())
    engine.answers("preview", stderr="error: the program is wrong\n", code=255)
    with pytest.raises(OpsError, match="the program is wrong"):
        cost(session)


@pytest.mark.parametrize(("limit", "code"), [(399.0, TOO_MUCH), (400.0, 0), (None, 0)])
def test_a_pipeline_is_stopped_by_too_large_an_increase(
    engine: EngineDouble, session: Session, capsys: Any, limit: float | None, code: int
) -> None:
    previews(engine, event("same"), *(event("create", name=str(number)) for number in range(4)))
    assert cost(session, max_increase_percent=limit) == code
    said = "would cost 18.25 USD per month instead of 3.65, 400.0 % more; at most 399 % more is allowed"
    assert (said in capsys.readouterr().err) is bool(code)


def test_a_new_stack_has_nothing_to_compare_with(engine: EngineDouble, session: Session) -> None:
    previews(engine, event("create"))
    assert cost(session, max_increase_percent=0) == 0


def test_the_command_takes_its_flags(monkeypatch: pytest.MonkeyPatch, project: Path) -> None:
    seen: dict[str, Any] = {}
    monkeypatch.setattr(program, "cost", lambda _, **flags: seen.update(flags) or 0)
    monkeypatch.setenv("AZURE_ML_PLATFORM_PROJECT", str(project))
    assert program.main(["cost", "--stack", "local", "--json", "--max-increase-percent", "10"]) == 0
    assert seen == {"as_json": True, "max_increase_percent": 10.0}
