"""The canonical arguments of every component: what is required, and everything."""

from pathlib import Path

from tests.unit.components.cases import (
    databricks,
    foundations,
    ingestion,
    kubernetes,
    machine_learning,
    monitoring,
    network,
    sql,
    storage,
)
from tests.unit.components.cases.given import Case

_SYSTEMS = (databricks, foundations, ingestion, kubernetes, monitoring, network, sql, storage)


def cases(files: Path) -> list[Case]:
    """Every component; `files` holds a model and what serves it."""
    return [case for system in _SYSTEMS for case in system.cases()] + machine_learning.cases(files)
