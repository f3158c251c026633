"""Rules between areas, one file per system whose settings they mend."""

import inspect
from collections.abc import Iterator, Mapping
from typing import Any

from azure_ml_platform.settings.area import Broken
from azure_ml_platform.settings.rules import (
    budget,
    compute,
    databricks,
    ingestion,
    key_vault,
    machine_learning,
    models,
    names,
    network,
    regions,
)

_RULES = (
    *names.RULES,
    *regions.RULES,
    *machine_learning.RULES,
    *compute.RULES,
    *models.RULES,
    *key_vault.RULES,
    *budget.RULES,
    *network.RULES,
    *databricks.RULES,
    *ingestion.RULES,
)


def broken_rules(known: Mapping[str, Any]) -> Iterator[Broken]:
    """Yield what is broken among the areas that could be read, by name."""
    for rule in _RULES:
        wanted = inspect.signature(rule).parameters
        if wanted.keys() <= known.keys():
            yield from rule(**{name: known[name] for name in wanted})
