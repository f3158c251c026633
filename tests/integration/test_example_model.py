"""The committed example model is what its training script makes. It trains with the model's own environment."""

import csv
import json
import os
import subprocess
from pathlib import Path

import pytest

from local.serving import build_environment

pytestmark = pytest.mark.integration

MODEL = Path(__file__).parents[2] / "examples" / "model"

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


def predictions(python: Path, model: Path) -> list[dict[str, object]]:
    command: list[str | Path] = [python, "-c", PREDICT, MODEL / "scoring", MODEL / "test_set.csv"]
    environment = os.environ | {"AZUREML_MODEL_DIR": str(model)}
    result = subprocess.run(command, check=True, capture_output=True, text=True, env=environment)
    answers: list[dict[str, object]] = json.loads(result.stdout)["predictions"]
    return answers


def test_training_again_gives_the_same_files_and_the_same_predictions(python: Path, tmp_path: Path) -> None:
    metrics = train(python, tmp_path)

    assert "accuracy" in metrics
    for name in ("test_set.csv", "sample.json"):
        assert (tmp_path / name).read_bytes() == (MODEL / name).read_bytes()
    for again, committed in zip(
        predictions(python, tmp_path / "model"), predictions(python, MODEL / "model"), strict=True
    ):
        assert again["cultivar"] == committed["cultivar"]
        assert again["probabilities"] == pytest.approx(committed["probabilities"], abs=1e-9)


def test_the_same_training_gives_the_same_bytes(python: Path, tmp_path: Path) -> None:
    for folder in ("one", "two"):
        train(python, tmp_path / folder)

    model = "model/wine.skops"
    assert (tmp_path / "one" / model).read_bytes() == (tmp_path / "two" / model).read_bytes()


def test_the_committed_model_is_right_for_nineteen_wines_of_twenty_that_it_never_saw(python: Path) -> None:
    with (MODEL / "test_set.csv").open() as file:
        truth = [row["cultivar"] for row in csv.DictReader(file)]

    answers = [answer["cultivar"] for answer in predictions(python, MODEL / "model")]

    right = sum(answer == cultivar for answer, cultivar in zip(answers, truth, strict=True))
    assert right / len(truth) >= 0.95
