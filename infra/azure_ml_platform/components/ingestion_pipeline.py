"""The pipeline of a source: rows land, are judged, and go on to the lake's raw zone or into quarantine.

Sources: learn.microsoft.com/azure/data-factory: copy-activity-fault-tolerance (rows that do not fit),
copy-activity-monitoring (what a copy counts), control-flow-get-metadata-activity, control-flow-if-condition-activity,
control-flow-fail-activity, control-flow-expression-language-functions.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import reduce

from azure_ml_platform.components.ingestion_sources import ChecksArgs, Document, SourceArgs

LAND, INSPECT, JUDGE = "Land", "Inspect", "Judge"
_COUNTS = f"activity('{LAND}').output"
_POLICY = {"timeout": "0.02:00:00", "retry": 2, "retryIntervalInSeconds": 300}
_SUCCEEDED = "Succeeded"


@dataclass(frozen=True)
class Zones:
    """Zones of the lake that data passes through."""

    landing: str
    raw: str
    quarantine: str


@dataclass(frozen=True)
class LakeDocuments:
    """What pipelines know of the lake, as references."""

    store: Document
    """Its linked service."""
    rows: Document
    """The dataset of a file of rows."""
    files: Document
    """The dataset of a file as it is."""


@dataclass(frozen=True)
class _Place:
    """A folder of a zone, for files named after the run."""

    zone: str
    folder: str
    """An expression."""

    def of(self, dataset: Document) -> Document:
        """The file of this run, as a dataset."""
        file = "@concat(pipeline().RunId, '.parquet')"
        return {**dataset, "parameters": {"zone": self.zone, "folder": self.folder, "file": file}}


def pipeline(name: str, source: SourceArgs, dataset: Document, lake: LakeDocuments, zones: Zones) -> Document:
    """The pipeline of a source, with `dataset` the reference to its dataset."""
    landing = _Place(zones.landing, f"{name}/staged")
    raw = _Place(zones.raw, f"@concat('{name}/', formatDateTime(pipeline().TriggerTime, 'yyyy/MM/dd'))")
    quarantine = _Place(zones.quarantine, name)
    passed = {parameter: f"@pipeline().parameters.{parameter}" for parameter in source.parameters}
    rejected = f"{zones.quarantine}/{name}/rejected"
    inspected = (INSPECT,) if source.checks.columns else (LAND,)
    activities = [
        _land(source, {**dataset, **({"parameters": passed} if passed else {})}, landing.of(lake.rows), lake, rejected),
        *([_inspect(landing.of(lake.rows))] if source.checks.columns else []),
        {
            "name": JUDGE,
            "type": "IfCondition",
            "dependsOn": _after(*inspected),
            "expression": {"type": "Expression", "value": verdict(source.checks)},
            "ifTrueActivities": [_move("Accept", landing.of(lake.files), raw.of(lake.files))],
            "ifFalseActivities": [
                _move("Quarantine", landing.of(lake.files), quarantine.of(lake.files)),
                _fail(name, source.checks, zones),
            ],
        },
    ]
    made: Document = {"activities": activities, "folder": {"name": "ingestion"}}
    if passed:
        made["parameters"] = {parameter: {"type": "String"} for parameter in passed}
    else:
        # Two reads of a whole table or file at once would only load its server twice.
        made["concurrency"] = 1
    return made


def verdict(checks: ChecksArgs) -> str:
    """The expression that is true for data that counts."""
    return f"@{reduce(lambda both, one: f'and({both}, {one})', _conditions(checks))}"


def _conditions(checks: ChecksArgs) -> Iterator[str]:
    yield f"greaterOrEquals({_COUNTS}.rowsCopied, {checks.min_rows})"
    yield f"lessOrEquals({_COUNTS}.rowsSkipped, {checks.max_rejected_rows})"
    for column in checks.columns:
        quoted = column.replace("'", "''")
        yield f"contains(string(activity('{INSPECT}').output.structure), concat('\"name\":\"', '{quoted}', '\"'))"


def _land(source: SourceArgs, reads: Document, writes: Document, lake: LakeDocuments, rejected: str) -> Document:
    """Copy the rows; those that do not fit are kept apart with the reason of each."""
    log = {
        "enableCopyActivityLog": True,
        "copyActivityLogSettings": {"logLevel": "Warning", "enableReliableLogging": False},
        "logLocationSettings": {"linkedServiceName": lake.store, "path": rejected},
    }
    return {
        "name": LAND,
        "type": "Copy",
        "policy": _POLICY,
        "inputs": [reads],
        "outputs": [writes],
        "source": source.reading,
        "sink": {"type": "ParquetSink", "storeSettings": {"type": "AzureBlobFSWriteSettings"}},
        "enableSkipIncompatibleRow": True,
        "logSettings": log,
    }


def _inspect(landed: Document) -> Document:
    return {
        "name": INSPECT,
        "type": "GetMetadata",
        "policy": _POLICY,
        "dependsOn": _after(LAND),
        "dataset": landed,
        "fieldList": ["structure"],
        "storeSettings": {"type": "AzureBlobFSReadSettings", "recursive": False},
        "formatSettings": {"type": "ParquetReadSettings"},
    }


def _move(name: str, reads: Document, writes: Document) -> Document:
    """Copy the file as it is; what landed is deleted by age."""
    return {
        "name": name,
        "type": "Copy",
        "policy": _POLICY,
        "inputs": [reads],
        "outputs": [writes],
        "source": {
            "type": "BinarySource",
            "storeSettings": {"type": "AzureBlobFSReadSettings", "recursive": False},
            "formatSettings": {"type": "BinaryReadSettings"},
        },
        "sink": {"type": "BinarySink", "storeSettings": {"type": "AzureBlobFSWriteSettings"}},
        "validateDataConsistency": True,
    }


def _fail(name: str, checks: ChecksArgs, zones: Zones) -> Document:
    """End the run as failed, which alerts; the message says what was found and where it is."""
    wanted = f"at least {checks.min_rows} rows, at most {checks.max_rejected_rows} rejected"
    if checks.columns:
        wanted += f", columns {', '.join(checks.columns)}"
    told = wanted.replace("'", "''")
    message = (
        f"@concat(string({_COUNTS}.rowsCopied), ' rows, ', string({_COUNTS}.rowsSkipped), "
        f"' rejected; wanted {told}; see {zones.quarantine}/{name}/', pipeline().RunId, '.parquet')"
    )
    return {
        "name": "Refuse",
        "type": "Fail",
        "dependsOn": _after("Quarantine"),
        "errorCode": "ChecksFailed",
        "message": {"value": message, "type": "Expression"},
    }


def _after(*activities: str) -> list[Mapping[str, object]]:
    return [{"activity": activity, "dependencyConditions": [_SUCCEEDED]} for activity in activities]
