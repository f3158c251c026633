"""A model that takes its time: as many seconds as the request says."""

import json
import time
from typing import Any


def init() -> None:
    """There is nothing to load."""


def run(raw_data: str) -> Any:
    """Answer with the seconds that it took."""
    seconds = json.loads(raw_data)["seconds"]
    time.sleep(seconds)
    return {"seconds": seconds}
