"""Scores wines: the contract of Azure ML's inference server, `init` once and `run` for each request."""

import json
import os
import sys
from http import HTTPStatus
from pathlib import Path
from typing import Any

import skops.io
from azureml_inference_server_http.api.aml_response import AMLResponse

MODEL_FILE = "wine.skops"
MAX_WINES = 1000
MAX_PROBLEMS = 10

model: Any


class BadRequestError(ValueError):
    """The request cannot be scored; the message tells its sender what to mend."""


def init() -> None:
    """Load the model. Skops refuses a file that holds anything but types of scikit-learn and NumPy."""
    global model
    # The folder's name above the file differs between a local path, a registry and a job's output.
    found = sorted(Path(os.environ["AZUREML_MODEL_DIR"]).rglob(MODEL_FILE))
    if not found:
        message = f"{MODEL_FILE} is not in the model folder {os.environ['AZUREML_MODEL_DIR']}"
        raise FileNotFoundError(message)
    model = skops.io.load(found[0])


def run(raw_data: str) -> Any:
    """Answer one request.

    raw_data: JSON, `{"data": [{"alcohol": 13.2, ...}, ...]}`, with each feature of the model for each wine.
    Returns `{"predictions": [{"cultivar": "Barolo", "probabilities": {"Barolo": 0.99, ...}}, ...]}` in the same order,
    or status 400 with every problem found.
    """
    try:
        wines = parse(raw_data, model[0].get_feature_names_out())
    except BadRequestError as error:
        body = {"error": {"code": "BadRequest", "message": str(error)}}
        return AMLResponse(body, HTTPStatus.BAD_REQUEST, json_str=True)
    rows = model.predict_proba(wines).tolist()
    return {"predictions": [prediction(dict(zip(model.classes_.tolist(), row, strict=True))) for row in rows]}


def prediction(probabilities: dict[str, float]) -> dict[str, Any]:
    """The likeliest cultivar and all probabilities."""
    return {"cultivar": max(probabilities, key=probabilities.__getitem__), "probabilities": probabilities}


def parse(raw_data: str, features: Any) -> list[dict[str, float]]:
    """The wines of a request; raises BadRequestError with what is wrong with it."""
    try:
        request = json.loads(raw_data)
    except (ValueError, RecursionError) as error:
        message = f"the body is not JSON: {error}"
        raise BadRequestError(message) from error
    wines = request.get("data") if isinstance(request, dict) else None
    if not isinstance(wines, list) or not 1 <= len(wines) <= MAX_WINES:
        message = f'the body has to be {{"data": [...]}} with 1 to {MAX_WINES} wines'
        raise BadRequestError(message)
    problems = [f"data[{index}]{problem}" for index, wine in enumerate(wines) for problem in check(wine, features)]
    if problems:
        more = f"; and {len(problems) - MAX_PROBLEMS} more" if len(problems) > MAX_PROBLEMS else ""
        raise BadRequestError("; ".join(problems[:MAX_PROBLEMS]) + more)
    return wines


def check(wine: Any, features: Any) -> list[str]:
    """What is wrong with one wine."""
    if not isinstance(wine, dict):
        return [f" is {json.dumps(wine)}, not an object of features"]
    missing = [f".{name} is missing" for name in features if name not in wine]
    unknown = [f".{name} is not a feature of the model" for name in wine if name not in features]
    present = [(name, wine[name]) for name in features if name in wine]
    wrong = [f".{name} is {json.dumps(value)}, not a number" for name, value in present if not is_number(value)]
    return [*missing, *unknown, *wrong]


def is_number(value: Any) -> bool:
    """Whether a JSON value is a number that a model can take: finite, and not `true`, with which Python counts."""
    return isinstance(value, (int, float)) and not isinstance(value, bool) and abs(value) <= sys.float_info.max
