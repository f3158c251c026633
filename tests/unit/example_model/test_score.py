"""What the scoring script answers to bad requests; libraries of the model's own environment are stood in for."""

import importlib.util
import json
import sys
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

MODEL = Path(__file__).parents[3] / "examples" / "model"
FEATURES = ["alcohol", "ash"]


class Array(list[Any]):
    def tolist(self) -> list[Any]:
        return list(self)


class Model:
    """Gives every wine the probabilities 0.2 and 0.8."""

    classes_ = Array(["Barbera", "Barolo"])

    def __getitem__(self, step: int) -> Any:
        return SimpleNamespace(get_feature_names_out=lambda: FEATURES)

    def predict_proba(self, wines: list[Any]) -> Array:
        return Array([[0.2, 0.8] for _ in wines])


class Response:
    def __init__(self, body: Any, status: int, json_str: bool) -> None:
        self.message = body["error"]["message"]
        self.status = status


@pytest.fixture
def score(monkeypatch: pytest.MonkeyPatch) -> Any:
    """The scoring script with a loaded model."""
    response = ModuleType("azureml_inference_server_http.api.aml_response")
    response.AMLResponse = Response  # type: ignore[attr-defined]
    skops = ModuleType("skops")
    skops.io = ModuleType("skops.io")  # type: ignore[attr-defined]
    skops.io.load = lambda file: Model()
    for name, module in {"skops": skops, "skops.io": skops.io, response.__name__: response}.items():
        monkeypatch.setitem(sys.modules, name, module)
    specification = importlib.util.spec_from_file_location("wine_score", MODEL / "scoring" / "score.py")
    assert specification is not None
    assert specification.loader is not None
    script = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(script)
    monkeypatch.setenv("AZUREML_MODEL_DIR", str(MODEL))
    script.init()
    return script


def test_each_wine_gets_its_likeliest_cultivar_and_all_probabilities(score: Any) -> None:
    answer = score.run(json.dumps({"data": [{"alcohol": 13, "ash": 2.5}] * 2}))

    assert answer == {"predictions": [{"cultivar": "Barolo", "probabilities": {"Barbera": 0.2, "Barolo": 0.8}}] * 2}


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("", "the body is not JSON"),
        ("{", "the body is not JSON"),
        ("[]", "the body has to be"),
        ('{"data": {}}', "the body has to be"),
        ('{"data": []}', "with 1 to 1000 wines"),
        (json.dumps({"data": [{}] * 1001}), "with 1 to 1000 wines"),
        ('{"data": [7]}', "data[0] is 7, not an object"),
        ('{"data": [{"alcohol": 13}]}', "data[0].ash is missing"),
        ('{"data": [{"alcohol": 13, "ash": 2, "proof": 26}]}', "data[0].proof is not a feature of the model"),
        ('{"data": [{"alcohol": "strong", "ash": 2}]}', 'data[0].alcohol is "strong", not a number'),
        ('{"data": [{"alcohol": true, "ash": 2}]}', "data[0].alcohol is true, not a number"),
        ('{"data": [{"alcohol": NaN, "ash": 2}]}', "data[0].alcohol is NaN, not a number"),
        ('{"data": [{"alcohol": 1%s, "ash": 2}]}' % ("0" * 400), "000, not a number"),
        ("[" * 100_000, "the body is not JSON"),
        ('{"data": [{"alcohol": null, "ash": 1e999}]}', "data[0].ash is Infinity, not a number"),
    ],
)
def test_a_bad_request_is_answered_400_with_what_to_mend(score: Any, body: str, message: str) -> None:
    response = score.run(body)

    assert response.status == 400
    assert message in response.message


def test_all_problems_come_at_once_and_a_flood_is_counted(score: Any) -> None:
    message = score.run(json.dumps({"data": [{"alcohol": 13}, {"ash": 2}, *([{}] * 10)]})).message

    assert message.startswith("data[0].ash is missing; data[1].alcohol is missing; ")
    assert message.endswith("; and 12 more")


def test_a_model_folder_without_the_model_is_named(score: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("AZUREML_MODEL_DIR", str(tmp_path))

    with pytest.raises(FileNotFoundError, match=f"wine.skops is not in the model folder {tmp_path}"):
        score.init()
