"""An object inside a Databricks workspace, which Resource Manager does not know."""

import json
from collections.abc import Mapping
from typing import Any

import pulumi
from pulumi import dynamic

from azure_ml_platform.dynamic.databricks_api import KINDS, Workspace

REVISION = 1
"""Raised when an object comes to mean something else."""


class DatabricksObjectProvider(dynamic.ResourceProvider):
    """Keeps one object of a workspace as its declaration says; members that it does not name are the workspace's."""

    serialize_as_secret_always = False

    def create(self, props: dict[str, Any]) -> dynamic.CreateResult:
        """Make the object; one of its name is what a run that was cut short left, as the workspace is the stack's."""
        kind, spec = KINDS[props["kind"]], json.loads(props["spec"])
        with Workspace(props["workspace_url"]) as workspace:
            id_ = kind.find(workspace, spec)
            if id_ is None:
                id_ = kind.create(workspace, spec)
            else:
                kind.update(workspace, id_, {}, spec)
        return dynamic.CreateResult(id_, {**props, "object_id": id_})

    def diff(self, _id: str, olds: dict[str, Any], news: dict[str, Any]) -> dynamic.DiffResult:
        """Another workspace or another name makes another object; how the workspace is reached does not matter."""
        old, new = _spec(olds), _spec(news)
        replaces = [key for key in ("workspace_id", "kind") if olds.get(key) != news.get(key)]
        if old and new and KINDS[news["kind"]].replaces(old, new):
            replaces.append("spec")
        changed = bool(replaces) or old != new or olds.get("revision") != news.get("revision")
        return dynamic.DiffResult(changes=changed, replaces=replaces, delete_before_replace=True)

    def update(self, id_: str, olds: dict[str, Any], news: dict[str, Any]) -> dynamic.UpdateResult:
        """Make the object what its declaration says now."""
        with Workspace(news["workspace_url"]) as workspace:
            KINDS[news["kind"]].update(workspace, id_, json.loads(olds["spec"]), json.loads(news["spec"]))
        return dynamic.UpdateResult({**news, "object_id": id_})

    def read(self, id_: str, props: dict[str, Any]) -> dynamic.ReadResult:
        """Read what the declaration speaks of."""
        with Workspace(props["workspace_url"]) as workspace:
            found = KINDS[props["kind"]].read(workspace, id_, json.loads(props["spec"]))
        if found is None:
            return dynamic.ReadResult("", {})
        return dynamic.ReadResult(id_, {**props, "spec": json.dumps(found, sort_keys=True)})

    def delete(self, id_: str, props: dict[str, Any]) -> None:
        """Delete the object."""
        with Workspace(props["workspace_url"]) as workspace:
            KINDS[props["kind"]].delete(workspace, id_, json.loads(props["spec"]))


class DatabricksObject(dynamic.Resource, module="azure_ml_platform", name="DatabricksObject"):
    """A cluster policy, pool, job, secret scope, or an object of Unity Catalog."""

    object_id: pulumi.Output[str]
    """What the workspace calls it by: a number, a code or a full name."""

    def __init__(
        self,
        name: str,
        *,
        workspace_id: pulumi.Input[str],
        workspace_url: pulumi.Input[str],
        kind: str,
        spec: Mapping[str, Any],
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Keep an object of a kind of `databricks_api.KINDS` as `spec`, the body of its REST interface, says."""
        props = {
            "workspace_id": workspace_id,
            "workspace_url": workspace_url,
            "kind": kind,
            # As text: the engine would turn whole numbers into floats and drop members that are null.
            "spec": pulumi.Output.json_dumps(dict(spec), sort_keys=True),
            "revision": REVISION,
            "object_id": None,
        }
        super().__init__(DatabricksObjectProvider(), name, props, opts)


def _spec(props: Mapping[str, Any]) -> dict[str, Any] | None:
    """The declaration, None while a preview does not know it."""
    spec = props.get("spec")
    return dict(json.loads(spec)) if isinstance(spec, str) and spec.startswith("{") else None
