"""Everything the endpoint remembers, in one SQLite file.

Durability: a change is answered after its COMMIT. In WAL mode with `synchronous=NORMAL` a commit has reached the
kernel's page cache, which outlives this process however it dies; only a failing machine could lose the last commits,
and never tear one. Waiting for the disk on each of them (FULL) would buy nothing that the promise, "a killed endpoint
loses nothing", needs.
"""

import json
import os
import sqlite3
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from threading import RLock
from typing import Any

from local.arm.documents import Json
from local.arm.identifiers import ResourceId
from local.errors import LocalError

VERSION = 4
SCHEMA = """
CREATE TABLE resources (
    key TEXT PRIMARY KEY, id TEXT NOT NULL, type TEXT NOT NULL, name TEXT NOT NULL, api_version TEXT NOT NULL,
    sent TEXT, body TEXT NOT NULL, private TEXT NOT NULL, created TEXT NOT NULL, changed TEXT NOT NULL,
    etag TEXT NOT NULL, sequence INTEGER NOT NULL UNIQUE
) WITHOUT ROWID;
CREATE INDEX resources_by_type ON resources (type, name);
CREATE INDEX resources_by_type_in_order ON resources (type, sequence);
CREATE TABLE operations (
    id TEXT PRIMARY KEY, kind TEXT NOT NULL, target TEXT NOT NULL, target_key TEXT NOT NULL, api_version TEXT NOT NULL,
    status TEXT NOT NULL, error TEXT, started TEXT NOT NULL, ended TEXT
) WITHOUT ROWID;
CREATE INDEX operations_by_status ON operations (status, target_key);
CREATE TABLE deleted (
    key TEXT PRIMARY KEY, type TEXT NOT NULL, name TEXT NOT NULL, location TEXT NOT NULL,
    deleted TEXT NOT NULL, purged TEXT NOT NULL, resource TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE scoring (
    endpoint TEXT NOT NULL, deployment TEXT NOT NULL, minute TEXT NOT NULL, status INTEGER NOT NULL,
    model_status INTEGER NOT NULL, requests INTEGER NOT NULL, seconds REAL NOT NULL,
    PRIMARY KEY (endpoint, deployment, minute, status, model_status)
) WITHOUT ROWID;
CREATE TABLE latencies (
    endpoint TEXT NOT NULL, deployment TEXT NOT NULL, minute TEXT NOT NULL, bucket INTEGER NOT NULL,
    requests INTEGER NOT NULL,
    PRIMARY KEY (endpoint, deployment, minute, bucket)
) WITHOUT ROWID;
CREATE TABLE settings (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
"""

PIECE = 128
"""Rows that a scan reads at once."""
_END = 2**63 - 1
_BELOW = "key > ? AND key < ?"


@dataclass(frozen=True)
class Resource:
    """A resource as it is stored."""

    id: ResourceId
    type: str
    """In the spelling of its resource provider."""
    api_version: str
    """Of the request that wrote it last."""
    sent: Json | None
    """The body of that request; None for a sub-resource that came with its parent."""
    body: Json
    """What GET answers, without the envelope."""
    created: str
    changed: str
    etag: str = ""
    private: Json = field(default_factory=dict)
    """What never leaves by GET: keys and the like."""
    sequence: int = 0
    """Order of creation, given by the store."""

    def renewed(self) -> "Resource":
        """The same as another version of itself."""
        return replace(self, etag=uuid.uuid4().hex[:16])

    @property
    def name(self) -> str:
        """The last part of the name."""
        return self.id.name

    @property
    def properties(self) -> Json:
        """The `properties` of the body."""
        properties = self.body.get("properties")
        return properties if isinstance(properties, dict) else {}

    @property
    def location(self) -> str:
        """The region, empty for a resource that has none."""
        return str(self.body.get("location", ""))


class Store:
    """The SQLite file. One connection, one writer; an answer takes well under a millisecond."""

    def __init__(self, file: Path) -> None:
        """Open or create the store; raises LocalError for a file that another version wrote or that is damaged."""
        os.close(os.open(file, os.O_CREAT | os.O_RDWR, 0o600))
        self.lock = RLock()
        self.connection = sqlite3.connect(file, check_same_thread=False, isolation_level=None)
        self.connection.row_factory = sqlite3.Row
        try:
            self.connection.execute("PRAGMA journal_mode = WAL")
            self.connection.execute("PRAGMA synchronous = NORMAL")
            self._migrate(file)
        except sqlite3.DatabaseError as error:
            message = f"{file} cannot be read ({error}); `python -m local reset` starts anew"
            raise LocalError(message) from error

    def close(self) -> None:
        """Close the file."""
        with self.lock:
            self.connection.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Make what happens inside one change: all of it is on record when this returns, none if it raises."""
        with self.lock:
            if self.connection.in_transaction:
                yield
                return
            self.connection.execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                self.connection.execute("ROLLBACK")
                raise
            self.connection.execute("COMMIT")

    def rows(self, query: str, *values: object) -> list[sqlite3.Row]:
        """All rows of a query."""
        with self.lock:
            return self.connection.execute(query, values).fetchall()

    def execute(self, query: str, *values: object) -> int:
        """Run a statement; returns the number of rows that it changed."""
        with self.lock:
            return self.connection.execute(query, values).rowcount

    def get(self, id: ResourceId | None) -> Resource | None:
        """A resource by its id."""
        if id is None:
            return None
        return next(iter(self._select("key = ?", id.key)), None)

    def put(self, resource: Resource) -> None:
        """Write a resource; a new one goes to the end of the order of creation."""
        self.execute(
            """INSERT INTO resources VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?,
                   (SELECT COALESCE(MAX(sequence), 0) + 1 FROM resources))
               ON CONFLICT (key) DO UPDATE SET api_version = excluded.api_version, sent = excluded.sent,
                   body = excluded.body, private = excluded.private, changed = excluded.changed,
                   etag = excluded.etag""",
            resource.id.key,
            resource.id.text,
            resource.type,
            resource.name.casefold(),
            resource.api_version,
            None if resource.sent is None else json.dumps(resource.sent),
            json.dumps(resource.body),
            json.dumps(resource.private),
            resource.created,
            resource.changed,
            resource.etag,
        )

    def remove(self, id: ResourceId) -> None:
        """Forget one resource, not what lies below it."""
        self.execute("DELETE FROM resources WHERE key = ?", id.key)

    def below(self, id: ResourceId) -> list[Resource]:
        """Everything that lies in or extends `id`, at any depth, in order of creation."""
        return self._select(_BELOW, *_range(id))

    def keys_below(self, id: ResourceId) -> set[str]:
        """The keys of all that `below` gives."""
        return {row["key"] for row in self.rows(f"SELECT key FROM resources WHERE {_BELOW}", *_range(id))}  # noqa: S608 - ours

    def of_type(self, type_name: str, *, name: str | None = None) -> list[Resource]:
        """The resources of one type, or those of one name among them, in order of creation."""
        if name is None:
            return self._select("type = ?", type_name)
        return self._select("type = ? AND name = ?", type_name, name.casefold())

    def scan(
        self,
        *,
        type_name: str | None = None,
        below: ResourceId | None = None,
        after: int | None = None,
        descending: bool = False,
    ) -> Iterator[Resource]:
        """The resources of a type, or in a place, in order of creation, read in pieces while they are asked for.

        after: the `sequence` to go on behind.
        """
        conditions, values = ["sequence < ?" if descending else "sequence > ?"], list[object]()
        if type_name is not None:
            conditions.append("type = ?")
            values.append(type_name)
        if below is not None:
            # The plus keeps SQLite from sorting the whole range for every piece: it goes along the sequence instead.
            conditions.append("+key > ? AND +key < ?")
            values += _range(below)
        order = "DESC" if descending else "ASC"
        query = f"SELECT * FROM resources WHERE {' AND '.join(conditions)} ORDER BY sequence {order} LIMIT {PIECE}"  # noqa: S608 - conditions are ours
        last = after if after is not None else _END if descending else 0
        while rows := self.rows(query, last, *values):
            yield from map(_resource, rows)
            last = rows[-1]["sequence"]

    def setting(self, name: str, default: Any) -> Any:
        """A value kept by `set_setting`."""
        rows = self.rows("SELECT value FROM settings WHERE name = ?", name)
        return json.loads(rows[0]["value"]) if rows else default

    def set_setting(self, name: str, value: Any) -> None:
        """Keep a JSON value."""
        self.execute("INSERT OR REPLACE INTO settings VALUES (?, ?)", name, json.dumps(value))

    def _select(self, condition: str, *values: object) -> list[Resource]:
        query = f"SELECT * FROM resources WHERE {condition} ORDER BY sequence"  # noqa: S608 - conditions are ours
        return [_resource(row) for row in self.rows(query, *values)]

    def _migrate(self, file: Path) -> None:
        version = self.rows("PRAGMA user_version")[0][0]
        if version == 0:
            with self.transaction():
                for statement in SCHEMA.split(";"):
                    self.execute(statement)
                self.execute(f"PRAGMA user_version = {VERSION}")
        elif version != VERSION:
            message = (
                f"{file} has version {version} of the store's format, and this endpoint reads version {VERSION} alone; "
                "`python -m local reset` starts anew, without what was deployed"
            )
            raise LocalError(message)


def _range(id: ResourceId) -> tuple[str, str]:
    """The keys between which everything below `id` lies: "0" follows "/" in ASCII."""
    return f"{id.key}/", f"{id.key}0"


def _resource(row: sqlite3.Row) -> Resource:
    return Resource(
        id=ResourceId.parse(row["id"]),
        type=row["type"],
        api_version=row["api_version"],
        sent=None if row["sent"] is None else json.loads(row["sent"]),
        body=json.loads(row["body"]),
        created=row["created"],
        changed=row["changed"],
        etag=row["etag"],
        private=json.loads(row["private"]),
        sequence=row["sequence"],
    )
