"""Where data comes from, in what form, and when."""

from enum import StrEnum
from typing import Annotated

from azure_ml_platform.constraints import Text

SourceName = Annotated[
    str,
    Text(
        "a name of 2 to 40 lower-case letters, digits and single hyphens that starts with a letter",
        "orders",
        r"(?=.{2,40}$)[a-z](-?[a-z0-9])*",
    ),
]
"""Name of a source; part of its folder in every zone of the lake."""

HttpsUrl = Annotated[
    str,
    Text(
        "the address of a file, https:// with a path and nothing secret in it",
        "https://data.example.com/prices.csv",
        r"https://[a-z0-9.-]+/[A-Za-z0-9/._~%-]+",
    ),
]
"""Address of a file that anybody may read."""

FolderPath = Annotated[
    str, Text("a folder of a container, without a slash at either end", "exports/daily", r"[^/*?'\\]+(/[^/*?'\\]+)*")
]
"""Folder of a container."""


class SourceKind(StrEnum):
    """What data is taken from."""

    SQL = "sql"
    """A table of a SQL database, whole, on a schedule."""
    INBOX = "inbox"
    """Files that others put into the lake, folder `<name>/inbox` of the zone `landing`, each as soon as it is there."""
    BLOB = "blob"
    """Files of somebody else's blob container, each as soon as it is there."""
    HTTPS = "https"
    """A file on the web, on a schedule."""


class FileFormat(StrEnum):
    """How the rows of a file are written."""

    CSV = "csv"
    """Lines of values with commas between them, names of the columns in the first."""
    PARQUET = "parquet"
    """Apache Parquet."""


class Frequency(StrEnum):
    """How often a source is read; the value is Data Factory's."""

    HOUR = "Hour"
    """Every hour."""
    DAY = "Day"
    """Every day."""
    WEEK = "Week"
    """Every week, on Mondays."""
