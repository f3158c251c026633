"""Logs and alerts."""

from enum import StrEnum
from typing import Annotated

from azure_ml_platform.constraints import Text

LogTableName = Annotated[
    str, Text("the name of a table of a Log Analytics workspace", "AppTraces", r"[A-Za-z][A-Za-z0-9_]{2,62}")
]
"""Name of a table (Microsoft.OperationalInsights/workspaces/tables)."""


class AlertSet(StrEnum):
    """Which of the curated alerts a stack has."""

    NONE = "none"
    """None of them."""
    ESSENTIAL = "essential"
    """Those without which a broken platform goes unnoticed."""
    ALL = "all"
    """Every one: metrics, logs and activity."""
