"""The committed files of the example model fit together."""

import csv
import json
import re
from pathlib import Path

import pytest
import yaml

MODEL = Path(__file__).parents[3] / "examples" / "model"


def test_the_sample_request_is_a_wine_of_the_test_set() -> None:
    with (MODEL / "test_set.csv").open() as file:
        rows = [
            {name: float(value) for name, value in row.items() if name != "cultivar"} for row in csv.DictReader(file)
        ]

    sample = json.loads((MODEL / "sample.json").read_text())

    assert len(rows) == 45
    assert sample["data"][0] in rows


def test_every_package_of_the_environment_is_pinned() -> None:
    dependencies = yaml.safe_load((MODEL / "environment.yaml").read_text())["dependencies"]
    packages = next(part["pip"] for part in dependencies if isinstance(part, dict))

    assert [package for package in packages if not re.fullmatch(r"[a-z0-9-]+==[0-9.]+", package)] == []
    assert any(package.startswith("azureml-inference-server-http==") for package in packages)


@pytest.mark.parametrize("version", ["model", "model-2"])
def test_a_model_file_is_small_enough_to_be_committed(version: str) -> None:
    assert 0 < (MODEL / version / "wine.skops").stat().st_size < 10_000
