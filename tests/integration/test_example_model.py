"""Both committed versions of the example model are what the training script makes, in the model's own environment."""

import csv
import json
import os
import subprocess
from math import log
from pathlib import Path
from typing import Any

import pytest

from local.serving import build_environment

pytestmark = pytest.mark.integration

MODEL = Path(__file__).parents[2] / "examples" / "model"
VERSIONS = ("model", "model-2")

PREDICT = """
import csv, json, sys
sys.path.insert(0, sys.argv[1])
import score
score.init()
with open(sys.argv[2]) as file:
    wines = [{name: float(value) for name, value in row.items() if name != "cultivar"} for row in csv.DictReader(file)]
json.dump(score.run(json.dumps({"data": wines})), sys.stdout)
"""


@pytest.fixture(scope="module")
def python() -> Path:
    return build_environment((MODEL / "environment.yaml").read_text())


def train(python: Path, folder: Path) -> str:
    command: list[str | Path] = [python, MODEL / "train.py", "--output", folder]
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout


def predictions(python: Path, model: Path) -> list[dict[str, Any]]:
    command: list[str | Path] = [python, "-c", PREDICT, MODEL / "scoring", MODEL / "test_set.csv"]
    environment = os.environ | {"AZUREML_MODEL_DIR": str(model)}
    result = subprocess.run(command, check=True, capture_output=True, text=True, env=environment)
    answers: list[dict[str, Any]] = json.loads(result.stdout)["predictions"]
    return answers


def test_training_again_gives_the_same_files_and_the_same_predictions(python: Path, tmp_path: Path) -> None:
    metrics = train(python, tmp_path)

    assert "accuracy" in metrics
    for name in ("test_set.csv", "sample.json"):
        assert (tmp_path / name).read_bytes() == (MODEL / name).read_bytes()
    for version in VERSIONS:
        again, committed = (predictions(python, folder / version) for folder in (tmp_path, MODEL))
        for one, other in zip(again, committed, strict=True):
            assert one["cultivar"] == other["cultivar"]
            assert one["probabilities"] == pytest.approx(other["probabilities"], abs=1e-9)


def test_the_same_training_gives_the_same_bytes(python: Path, tmp_path: Path) -> None:
    for folder in ("one", "two"):
        train(python, tmp_path / folder)

    for version in VERSIONS:
        model = f"{version}/wine.skops"
        assert (tmp_path / "one" / model).read_bytes() == (tmp_path / "two" / model).read_bytes()


def test_the_first_version_is_right_for_nineteen_wines_of_twenty_and_the_second_is_better(python: Path) -> None:
    with (MODEL / "test_set.csv").open() as file:
        truth = [row["cultivar"] for row in csv.DictReader(file)]
    first, second = (predictions(python, MODEL / version) for version in VERSIONS)

    assert accuracy(first, truth) >= 0.95
    assert accuracy(second, truth) > accuracy(first, truth)
    assert loss(second, truth) < loss(first, truth) / 2


def accuracy(answers: list[dict[str, Any]], truth: list[str]) -> float:
    return sum(answer["cultivar"] == cultivar for answer, cultivar in zip(answers, truth, strict=True)) / len(truth)


def loss(answers: list[dict[str, Any]], truth: list[str]) -> float:
    """The mean of the surprise at the truth."""
    return -sum(log(answer["probabilities"][name]) for answer, name in zip(answers, truth, strict=True)) / len(truth)
