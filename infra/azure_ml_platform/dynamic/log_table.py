"""The plan and retention of a table that comes with a Log Analytics workspace.

Such a table is there as soon as the workspace is, so it cannot be created, and a provider that creates refuses what
exists; it can only be set, and set back (Microsoft.OperationalInsights/workspaces/tables).
"""

from typing import Any

import pulumi
from pulumi import dynamic

from azure_ml_platform.dynamic.arm import ArmClient

REVISION = 1
"""Raised when setting a table comes to mean something else."""

API_VERSION = "2023-09-01"
"""Version of Microsoft.OperationalInsights/workspaces/tables that the SDK sends too."""

AS_WORKSPACE = -1
"""The retention of the workspace."""
_DAYS = {"retentionInDays": "retention_days", "totalRetentionInDays": "total_retention_days"}
_SETTABLE = ("plan", "retention_days", "total_retention_days")


class LogTableProvider(dynamic.ResourceProvider):
    """Sets a table, and sets it back to what a new workspace has."""

    serialize_as_secret_always = False

    def diff(self, _id: str, olds: dict[str, Any], news: dict[str, Any]) -> dynamic.DiffResult:
        """Set again what changed; another table is another resource."""
        replaces = [key for key in ("workspace_id", "table") if olds.get(key) != news.get(key)]
        changed = [key for key in (*_SETTABLE, "revision") if olds.get(key) != news.get(key)]
        return dynamic.DiffResult(changes=bool(replaces or changed), replaces=replaces, delete_before_replace=True)

    def create(self, props: dict[str, Any]) -> dynamic.CreateResult:
        """Set the table."""
        _set(props, _body(props, before={}))
        return dynamic.CreateResult(_id_of(props), props)

    def update(self, _id: str, olds: dict[str, Any], news: dict[str, Any]) -> dynamic.UpdateResult:
        """Set the table again; Azure lets its plan change once a week."""
        _set(news, _body(news, before=olds))
        return dynamic.UpdateResult(news)

    def read(self, id_: str, props: dict[str, Any]) -> dynamic.ReadResult:
        """Read plan and retention as they are; what is the workspace's own is said to be."""
        with ArmClient() as arm:
            table = arm.get(id_, API_VERSION)
        if table is None:
            return dynamic.ReadResult("", {})
        shown = table["properties"]
        own = {
            "plan": shown["plan"],
            "retention_days": None if shown.get("retentionInDaysAsDefault") else shown["retentionInDays"],
            "total_retention_days": None
            if shown.get("totalRetentionInDaysAsDefault")
            else shown["totalRetentionInDays"],
        }
        # A table of plan Basic has one retention, which is nobody's choice.
        if shown["plan"] == "Basic":
            own["retention_days"] = props.get("retention_days")
        return dynamic.ReadResult(id_, {**props, **own})

    def delete(self, _id: str, props: dict[str, Any]) -> None:
        """Set the table back; where the workspace is gone, so is the table."""
        with ArmClient() as arm:
            there = arm.get(_id_of(props), API_VERSION)
        if there is not None:
            _set(props, _body({"plan": props["plan"]}, before=props))


class LogTable(dynamic.Resource, module="azure_ml_platform", name="LogTable"):
    """How one table of a workspace keeps what it takes in."""

    def __init__(
        self,
        name: str,
        *,
        workspace_id: pulumi.Input[str],
        table: str,
        plan: str,
        retention_days: int | None,
        total_retention_days: int | None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Set `plan` (`Analytics` or `Basic`) and days of a table; None keeps the days that the workspace keeps.

        `retention_days` can be searched at once, `total_retention_days` counts the archive too. Its plan stays when
        the program drops the table, as Azure lets it change once a week only; its days go back.
        """
        props = {
            "workspace_id": workspace_id,
            "table": table,
            "plan": plan,
            "retention_days": retention_days,
            "total_retention_days": total_retention_days,
            "revision": REVISION,
        }
        super().__init__(LogTableProvider(), name, props, opts)


def _id_of(props: dict[str, Any]) -> str:
    return f"{props['workspace_id']}/tables/{props['table']}"


def _body(props: dict[str, Any], *, before: dict[str, Any]) -> dict[str, Any]:
    """Return what is said of a table; days that were set before and are no more go back to the workspace's."""
    body: dict[str, Any] = {"plan": props["plan"]}
    for member, name in _DAYS.items():
        if props.get(name) is not None:
            body[member] = int(props[name])
        elif before.get(name) is not None and not (props["plan"] == "Basic" and name == "retention_days"):
            body[member] = AS_WORKSPACE
    return body


def _set(props: dict[str, Any], properties: dict[str, Any]) -> None:
    with ArmClient() as arm:
        arm.put(_id_of(props), API_VERSION, {"properties": properties})
