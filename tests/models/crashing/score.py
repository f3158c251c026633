"""A model that cannot be loaded: its licence is not there."""

import os


def init() -> None:
    """Fail."""
    message = f"no licence in {os.environ['AZUREML_MODEL_DIR']}"
    raise RuntimeError(message)


def run(raw_data: str) -> str:
    """Never called."""
    return raw_data
