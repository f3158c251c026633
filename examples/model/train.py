"""Trains two versions of the wine model: from which grape is the wine in the tank?

Runs in the environment of `environment.yaml`.

The data are 178 chemical analyses of wines from three cultivars of one Italian region (the UCI data set "Wine"), which
scikit-learn ships. The same packages give the same bytes: a model file changes only when its model does.
"""

import argparse
import csv
import io
import json
import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import skops.io
from sklearn.base import ClassifierMixin
from sklearn.datasets import load_wine
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import classification_report, log_loss
from sklearn.model_selection import train_test_split
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler

SEED = 20
TEST_SHARE = 0.25
CULTIVARS = ("Barolo", "Grignolino", "Barbera")
"""The cultivars in the order of the data set's classes 0, 1 and 2."""

CLASSIFIERS: dict[str, Callable[[], ClassifierMixin]] = {
    "model": LogisticRegression,
    "model-2": LinearDiscriminantAnalysis,
}
"""By the folder that each version of the model is written to."""

Wine = dict[str, float]


def load() -> tuple[list[Wine], list[str]]:
    """All wines and the cultivar of each."""
    data = load_wine()
    wines = [dict(zip(data.feature_names, row, strict=True)) for row in data.data.tolist()]
    return wines, [CULTIVARS[label] for label in data.target]


def fit(classifier: ClassifierMixin, wines: list[Wine], cultivars: list[str]) -> Pipeline:
    """A classifier on standardised features; the first step takes wines as they stand in a request."""
    pipeline = make_pipeline(DictVectorizer(sparse=False), StandardScaler(), classifier)
    return pipeline.fit(wines, cultivars)


def to_bytes(model: Pipeline) -> bytes:
    """The model file. Skops names parts by memory address and stamps the time: here parts are numbered."""
    names: dict[str, str] = {}
    source = zipfile.ZipFile(io.BytesIO(skops.io.dumps(model)))

    def number(match: re.Match[str]) -> str:
        return names.setdefault(match[0], str(len(names)))

    address = re.compile(r'(?<="__id__": )\d+|\d+(?=\.npy)')
    schema = address.sub(number, source.read("schema.json").decode())
    result = io.BytesIO()
    with zipfile.ZipFile(result, "w", zipfile.ZIP_DEFLATED) as target:
        target.writestr(zipfile.ZipInfo("schema.json"), schema, zipfile.ZIP_DEFLATED)
        for name in sorted(set(source.namelist()) - {"schema.json"}, key=lambda name: int(names[Path(name).stem])):
            target.writestr(zipfile.ZipInfo(address.sub(number, name)), source.read(name), zipfile.ZIP_DEFLATED)
    return result.getvalue()


def write_model(folder: Path, model: Pipeline) -> None:
    """Write a model file."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "wine.skops").write_bytes(to_bytes(model))


def write_test_set(folder: Path, wines: list[Wine], cultivars: list[str]) -> None:
    """Write the wines that no model ever saw, and one of them as a request."""
    with (folder / "test_set.csv").open("w", newline="", encoding="utf-8") as file:
        rows: list[dict[str, Any]] = [{**wine, "cultivar": name} for wine, name in zip(wines, cultivars, strict=True)]
        table = csv.DictWriter(file, fieldnames=list(rows[0]), lineterminator="\n")
        table.writeheader()
        table.writerows(rows)
    (folder / "sample.json").write_text(json.dumps({"data": wines[:1]}, indent=2) + "\n", encoding="utf-8")


def main() -> None:
    """Train both versions, print their metrics on the test set, write the files."""
    parser = argparse.ArgumentParser(description="Train both versions of the wine model.")
    parser.add_argument("--output", type=Path, default=Path(__file__).parent, help="folder to write to")
    folder = parser.parse_args().output
    wines, cultivars = load()
    train_wines, test_wines, train_cultivars, test_cultivars = train_test_split(
        wines, cultivars, test_size=TEST_SHARE, random_state=SEED, stratify=cultivars
    )
    for version, classifier in CLASSIFIERS.items():
        model = fit(classifier(), train_wines, train_cultivars)
        print(version, classification_report(test_cultivars, model.predict(test_wines), digits=3))  # noqa: T201
        print(f"log loss {log_loss(test_cultivars, model.predict_proba(test_wines)):.3f}\n")  # noqa: T201
        write_model(folder / version, model)
    write_test_set(folder, test_wines, test_cultivars)


if __name__ == "__main__":
    main()
