"""Sources of data, as typed objects: where the rows are, how they are written, and what starts a copy.

Each knows its parts as Data Factory has them (learn.microsoft.com/azure/data-factory: connector-azure-sql-database,
connector-azure-blob-storage, connector-azure-data-lake-storage, connector-http, format-delimited-text, format-parquet,
concepts-pipeline-execution-triggers).
"""

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from typing import Annotated, Any, ClassVar, Literal
from urllib.parse import urlsplit

from pydantic import Field

from azure_ml_platform.args import Args, Input
from azure_ml_platform.tsql.quoting import Table
from azure_ml_platform.vocabulary import FileFormat, Frequency

Document = dict[str, Any]
"""An object as the provider's schema, or Resource Manager, has it."""

FOLDER, FILE = "folder", "file"
"""Parameters of a pipeline that an event starts: where the file is, and its name."""
_START = "2026-01-01T00:00:00"


class ChecksArgs(Args):
    """What has to hold for data before it counts."""

    min_rows: int = Field(default=1, ge=0)
    """Optional. Rows that there are at least. Default one."""
    max_rejected_rows: int = Field(default=0, ge=0)
    """Optional. Rows that may be left out as they do not fit the columns. Default none."""
    columns: Sequence[str] = ()
    """Optional. Columns that have to be there. Default any."""


class ScheduleArgs(Args):
    """When a source is read."""

    frequency: Frequency = Frequency.DAY
    """Optional. How often. Default daily."""
    at: str = Field(default="02:00", pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")
    """Optional. Time of day; of an hour only the minutes count. Default 02:00."""
    time_zone: str = "UTC"
    """Optional. Time zone of that time, as Windows names it. Default UTC."""

    @property
    def trigger(self) -> Document:
        """The trigger, as Resource Manager has it; its start lies in the past, so the next run is the next of these."""
        hour, minute = (int(part) for part in self.at.split(":"))
        times: Document = {"minutes": [minute]}
        if self.frequency is not Frequency.HOUR:
            times["hours"] = [hour]
        if self.frequency is Frequency.WEEK:
            times["weekDays"] = ["Monday"]
        # Only a time in UTC says so with a Z.
        start = f"{_START}Z" if self.time_zone == "UTC" else _START
        recurrence = {"frequency": self.frequency.value, "interval": 1, "startTime": start, "timeZone": self.time_zone}
        return {"type": "ScheduleTrigger", "typeProperties": {"recurrence": {**recurrence, "schedule": times}}}


class SourceArgs(Args):
    """What every source has."""

    checks: ChecksArgs = ChecksArgs()
    """Optional. What has to hold for its data. Default that there is some, and that all of it fits the columns."""

    parameters: ClassVar[Mapping[str, str]] = {}
    """Parameters of its pipeline, with what a trigger passes for each."""

    @property
    @abstractmethod
    def linked_service(self) -> Document | None:
        """How it is reached, without the identity that does so; None for the lake itself."""

    @property
    @abstractmethod
    def dataset(self) -> Document:
        """Its shape and place, without the linked service."""

    @property
    @abstractmethod
    def reading(self) -> Document:
        """How a copy reads it."""

    @property
    @abstractmethod
    def trigger(self) -> Document:
        """What starts a copy, as Resource Manager has it, without the pipeline."""


class SqlSource(SourceArgs):
    """A table of a database of Azure SQL, whole each time."""

    kind: Literal["sql"] = "sql"
    host: Input[str]
    """Required. Host of the server."""
    database: Input[str]
    """Required. Name of the database, in which the factory's identity is a user that may read."""
    table: str
    """Required. Table or view."""
    schema_name: str = "dbo"
    """Optional. Its schema. Default `dbo`."""
    schedule: ScheduleArgs = ScheduleArgs()
    """Optional. When it is read. Default daily."""

    @property
    def linked_service(self) -> Document:  # noqa: D102 - as the base
        return {
            "type": "AzureSqlDatabase",
            "server": self.host,
            "database": self.database,
            "encrypt": "mandatory",
            "trustServerCertificate": False,
            "authenticationType": "UserAssignedManagedIdentity",
        }

    @property
    def dataset(self) -> Document:  # noqa: D102 - as the base
        return {"type": "AzureSqlTable"}

    @property
    def reading(self) -> Document:  # noqa: D102 - as the base
        # The dataset's schema of that name has no place in the provider's: the query names the table instead.
        query = f"SELECT * FROM {Table(self.schema_name, self.table).quoted}"  # noqa: S608 - the name is quoted
        return {"type": "AzureSqlSource", "sqlReaderQuery": query.replace("@{", "@@{"), "queryTimeout": "02:00:00"}

    @property
    def trigger(self) -> Document:  # noqa: D102 - as the base
        return self.schedule.trigger


class HttpsSource(SourceArgs):
    """A file on the web that anybody may read."""

    kind: Literal["https"] = "https"
    url: str = Field(pattern=r"^https://[^/]+/.+$")
    """Required. Address of the file."""
    file_format: FileFormat = FileFormat.CSV
    """Optional. How its rows are written. Default lines of values with commas between them."""
    schedule: ScheduleArgs = ScheduleArgs()
    """Optional. When it is read. Default daily."""

    @property
    def linked_service(self) -> Document:  # noqa: D102 - as the base
        return {
            "type": "HttpServer",
            "url": f"https://{urlsplit(self.url).netloc}/",
            "authenticationType": "Anonymous",
            "enableServerCertificateValidation": True,
        }

    @property
    def dataset(self) -> Document:  # noqa: D102 - as the base
        path = urlsplit(self.url).path.lstrip("/")
        return _file(self.file_format, {"type": "HttpServerLocation", "relativeUrl": path})

    @property
    def reading(self) -> Document:  # noqa: D102 - as the base
        return _reading(self.file_format, {"type": "HttpReadSettings", "requestMethod": "GET"})

    @property
    def trigger(self) -> Document:  # noqa: D102 - as the base
        return self.schedule.trigger


class _FilesSource(SourceArgs):
    """Files of a container, each copied once, as soon as it is there."""

    account_id: Input[str]
    """Required. Resource id of the storage account."""
    container: str
    """Required. Container."""
    folder: str | None = None
    """Optional. Folder of the container. Default all of it."""
    file_format: FileFormat = FileFormat.CSV
    """Optional. How rows are written. Default lines of values with commas between them."""

    # The event tells container and folder in one.
    parameters: ClassVar[Mapping[str, str]] = {
        FOLDER: "@join(skip(split(triggerBody().folderPath, '/'), 1), '/')",
        FILE: "@triggerBody().fileName",
    }
    location: ClassVar[str]
    """Kind of a place in such an account."""

    @property
    def dataset(self) -> Document:
        place = {name: _expression(f"@dataset().{name}") for name in (FOLDER, FILE)}
        container = "fileSystem" if self.location == "AzureBlobFS" else "container"
        location = {
            "type": f"{self.location}Location",
            container: self.container,
            "folderPath": place[FOLDER],
            "fileName": place[FILE],
        }
        parameters = {name: {"type": "String"} for name in (FOLDER, FILE)}
        return {**_file(self.file_format, location), "parameters": parameters}

    @property
    def reading(self) -> Document:
        return _reading(self.file_format, {"type": f"{self.location}ReadSettings", "recursive": False})

    @property
    def trigger(self) -> Document:
        below = f"{self.folder}/" if self.folder else ""
        return {
            "type": "BlobEventsTrigger",
            "typeProperties": {
                "scope": self.account_id,
                "events": ["Microsoft.Storage.BlobCreated"],
                "blobPathBeginsWith": f"/{self.container}/blobs/{below}",
                "blobPathEndsWith": f".{self.file_format.value}",
                "ignoreEmptyBlobs": True,
            },
        }


class BlobSource(_FilesSource):
    """Files of a blob container of somebody else's, whose account tells of new ones through Event Grid.

    Whoever deploys has to be allowed to subscribe to the account's events, the factory's identity to read its blobs.
    """

    kind: Literal["blob"] = "blob"
    blob_endpoint: Input[str]
    """Required. Address of the account's blobs."""

    location: ClassVar[str] = "AzureBlobStorage"

    @property
    def linked_service(self) -> Document:  # noqa: D102 - as the base
        return {"type": "AzureBlobStorage", "serviceEndpoint": self.blob_endpoint, "accountKind": "StorageV2"}


class InboxSource(_FilesSource):
    """Files that others put into a folder of the lake itself."""

    kind: Literal["inbox"] = "inbox"

    location: ClassVar[str] = "AzureBlobFS"

    @property
    def linked_service(self) -> None:  # noqa: D102 - as the base
        return None


AnySource = Annotated[SqlSource | HttpsSource | BlobSource | InboxSource, Field(discriminator="kind")]
"""Any of the sources, told apart by `kind`."""


def _expression(text: str) -> Document:
    return {"value": text, "type": "Expression"}


def _file(file_format: FileFormat, location: Document) -> Document:
    if file_format is FileFormat.PARQUET:
        return {"type": "Parquet", "location": location}
    return {
        "type": "DelimitedText",
        "location": location,
        "columnDelimiter": ",",
        "quoteChar": '"',
        "escapeChar": '"',
        "firstRowAsHeader": True,
        "encodingName": "UTF-8",
    }


def _reading(file_format: FileFormat, store: Document) -> Document:
    if file_format is FileFormat.PARQUET:
        return {"type": "ParquetSource", "storeSettings": store}
    return {
        "type": "DelimitedTextSource",
        "storeSettings": store,
        "formatSettings": {"type": "DelimitedTextReadSettings"},
    }
