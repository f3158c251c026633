"""The outputs of a platform as lines for a person."""

import shlex

from azure_ml_platform.outputs import ModelOutputs, PlatformOutputs
from ops.target import Target


def describe(outputs: PlatformOutputs) -> str:
    """What is deployed, one line each; the models come later, with their calls."""
    facts = outputs.model_dump(exclude={"models"})
    left = facts.pop("databricks_objects")
    if left:
        facts["databricks_to_do"] = f"{len(left)} objects; `python -m ops databricks-objects` prints them"
    width = max(len(name) for name in facts)
    return "\n".join(f"  {name.replace('_', ' '):{width}}  {_text(value)}" for name, value in facts.items() if value)


def curl(target: Target, name: str, model: ModelOutputs) -> str:
    """A command that calls the model; the token goes through a pipe, as arguments are visible to every user."""
    bundle = target.environment.get("REQUESTS_CA_BUNDLE")
    words = ["curl", "--silent", "--show-error", "--fail-with-body", "--header", "@-"]
    words += ["--cacert", bundle] if bundle else []
    words += ["--header", "Content-Type: application/json"]
    words += ["--data", f"@{model.sample_request}"] if model.sample_request else ["--data", "@request.json"]
    stack = f"STACK={target.stack}{' TARGET=local' if target.is_local and target.stack != 'local' else ''}"
    return f"make -s authorization {stack} MODEL={name} | {shlex.join([*words, model.scoring_uri])}"


def _text(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, (list, tuple)) else str(value)
