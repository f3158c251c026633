"""Objects inside a Databricks workspace, kept as declared; the workspace is the local Azure's."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import azure.identity
import pytest
import requests
from azure.core.credentials import AccessToken
from pulumi.runtime.rpc import UNKNOWN
from requests.adapters import HTTPAdapter

from azure_ml_platform.dynamic.databricks import DatabricksObjectProvider
from azure_ml_platform.dynamic.databricks_api import KINDS, DatabricksError
from tests.harness.http import Raw, SignedIn
from tests.unit.arm.doubles import REGION, Azure

SPECS: dict[str, dict[str, Any]] = {
    "cluster policy": {"name": "small", "definition": '{"autotermination_minutes": {"type": "fixed", "value": 30}}'},
    "instance pool": {"instance_pool_name": "warm", "node_type_id": "Standard_D4ds_v5", "max_capacity": 4},
    "job": {"name": "curate", "max_concurrent_runs": 1},
    "secret scope": {"scope": "platform", "scope_backend_type": "AZURE_KEYVAULT"},
    "storage credential": {"name": "lake", "comment": "the lake"},
    "external location": {"name": "curated", "url": "abfss://curated@lake/", "credential_name": "lake"},
    "catalog": {"name": "ml", "comment": "models and features"},
    "schema": {"name": "features", "catalog_name": "ml", "comment": "features"},
    "grants": {"securable": "catalog", "full_name": "ml", "privileges": {"scientists": ["SELECT", "USE_CATALOG"]}},
}
"""One declaration of each kind, in an order in which each finds what it refers to."""

CHANGES: dict[str, dict[str, Any]] = {
    "cluster policy": {"definition": "{}"},
    "instance pool": {"max_capacity": 8},
    "job": {"max_concurrent_runs": 2},
    "storage credential": {"comment": "all of the lake"},
    "external location": {"url": "abfss://curated@lake2/"},
    "catalog": {"comment": "models"},
    "schema": {"comment": "feature tables"},
    "grants": {"privileges": {"scientists": ["SELECT"], "engineers": ["USE_CATALOG"]}},
}
"""A change of each kind that leaves it the same object."""


@pytest.fixture
def url(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The address of a workspace; every HTTPS request of this process ends at its endpoint."""
    endpoint = Azure(tmp_path / "store.db")
    group = endpoint.group()
    path = f"{group}/providers/Microsoft.Databricks/workspaces/dbw"
    managed = {"managedResourceGroupId": f"{endpoint.subscription}/resourceGroups/rg-dbw"}
    endpoint.put(path, {"location": REGION, "sku": {"name": "premium"}, "properties": managed})

    class Credential(SignedIn):
        def get_token(self, *scopes: str, **_: Any) -> AccessToken:
            return AccessToken(endpoint.directory.issue(scopes[0].removesuffix("/.default")), 2**31)

    def send(_: HTTPAdapter, request: requests.PreparedRequest, **__: Any) -> requests.Response:
        parts = urlsplit(request.url or "")
        body = request.body.encode() if isinstance(request.body, str) else request.body
        answer = endpoint(
            request.method or "",
            f"{parts.path}?{parts.query}" if parts.query else parts.path,
            raw=bytes(body or b""),
            version=None,
            token=request.headers["Authorization"].removeprefix("Bearer "),
        )
        response = requests.Response()
        response.request, response.url, response.status_code = request, request.url or "", answer.status
        response.headers["Content-Type"] = "application/json"
        response.raw = Raw(json.dumps(answer.body).encode())
        return response

    monkeypatch.setattr(HTTPAdapter, "send", send)
    monkeypatch.setattr(azure.identity, "DefaultAzureCredential", Credential)
    yield endpoint("GET", path).properties["workspaceUrl"]
    endpoint.close()


def declared(url: str, kind: str, /, **changes: Any) -> dict[str, Any]:
    spec = json.dumps(SPECS[kind] | changes, sort_keys=True)
    return {"workspace_id": "7", "workspace_url": url, "kind": kind, "spec": spec, "revision": 1}


@pytest.fixture
def provider() -> DatabricksObjectProvider:
    return DatabricksObjectProvider()


def deployed(provider: DatabricksObjectProvider, url: str, last: str) -> dict[str, tuple[str, dict[str, Any]]]:
    """Every kind up to `last`, deployed: ids and outputs."""
    made = {}
    for kind in SPECS:
        created = provider.create(declared(url, kind))
        made[kind] = str(created.id), dict(created.outs or {})
        if kind == last:
            break
    return made


@pytest.mark.parametrize("kind", KINDS)
def test_an_object_is_read_as_it_was_declared(provider: DatabricksObjectProvider, url: str, kind: str) -> None:
    id_, outputs = deployed(provider, url, kind)[kind]
    assert outputs["object_id"] == id_
    found = provider.read(id_, outputs)
    assert (found.id, json.loads((found.outs or {})["spec"])) == (id_, SPECS[kind])


@pytest.mark.parametrize("kind", CHANGES)
def test_a_change_is_made_to_the_same_object(provider: DatabricksObjectProvider, url: str, kind: str) -> None:
    id_, outputs = deployed(provider, url, kind)[kind]
    wanted = declared(url, kind, **CHANGES[kind])
    difference = provider.diff(id_, outputs, wanted)
    assert (difference.changes, difference.replaces) == (True, [])
    provider.update(id_, outputs, wanted)
    found = provider.read(id_, wanted)
    assert json.loads((found.outs or {})["spec"]) == SPECS[kind] | CHANGES[kind]


@pytest.mark.parametrize("kind", KINDS)
def test_a_deleted_object_is_gone_and_may_be_deleted_again(
    provider: DatabricksObjectProvider, url: str, kind: str
) -> None:
    id_, outputs = deployed(provider, url, kind)[kind]
    provider.delete(id_, outputs)
    found = provider.read(id_, outputs)
    if kind == "grants":
        assert json.loads((found.outs or {})["spec"])["privileges"] == {"scientists": []}
    else:
        assert not found.id
    provider.delete(id_, outputs)


@pytest.mark.parametrize(
    ("kind", "change"),
    [
        ("secret scope", {"scope": "other"}),
        ("catalog", {"name": "other"}),
        ("schema", {"catalog_name": "other"}),
        ("grants", {"full_name": "other"}),
    ],
)
def test_another_name_is_another_object(provider: DatabricksObjectProvider, kind: str, change: dict[str, Any]) -> None:
    difference = provider.diff("id", declared("host", kind), declared("host", kind, **change))
    assert difference.replaces == ["spec"]
    assert difference.delete_before_replace


def test_nothing_changes_when_only_the_address_does(provider: DatabricksObjectProvider) -> None:
    assert not provider.diff("id", declared("here", "catalog"), declared("there", "catalog")).changes


def test_another_workspace_is_another_object(provider: DatabricksObjectProvider) -> None:
    old, new = declared("host", "catalog"), {**declared("host", "catalog"), "workspace_id": "8"}
    assert provider.diff("id", old, new).replaces == ["workspace_id"]


def test_a_declaration_that_a_preview_does_not_know_is_a_change(provider: DatabricksObjectProvider) -> None:
    old = declared("host", "external location")
    assert provider.diff("id", old, {**old, "spec": UNKNOWN}).changes


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "grants"])
def test_what_a_run_that_was_cut_short_made_is_taken_over(
    provider: DatabricksObjectProvider, url: str, kind: str
) -> None:
    id_, _ = deployed(provider, url, kind)[kind]
    again = provider.create(declared(url, kind, **CHANGES.get(kind, {})))
    assert again.id == id_
    found = provider.read(id_, declared(url, kind, **CHANGES.get(kind, {})))
    assert json.loads((found.outs or {})["spec"]) == SPECS[kind] | CHANGES.get(kind, {})


def test_grants_of_others_are_left_alone(provider: DatabricksObjectProvider, url: str) -> None:
    id_, outputs = deployed(provider, url, "grants")["grants"]
    other = declared(url, "grants", privileges={"auditors": ["BROWSE"]})
    provider.create(other)
    provider.delete(id_, outputs)
    found = provider.read(id_, other)
    assert json.loads((found.outs or {})["spec"])["privileges"] == {"auditors": ["BROWSE"]}


def test_a_refusal_names_code_sentence_and_request(provider: DatabricksObjectProvider, url: str) -> None:
    with pytest.raises(DatabricksError, match=r"STORAGE_CREDENTIAL_DOES_NOT_EXIST: credential_name 'lake' .*POST"):
        provider.create(declared(url, "external location"))
