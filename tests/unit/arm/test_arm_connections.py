"""Connections of a workspace."""

from local.arm.documents import Json
from tests.unit.arm.doubles import Azure, Platform


def connection(**properties: object) -> Json:
    return {"properties": {"category": "AzureSqlDb", "target": "sql.example.com", "authType": "AAD", **properties}}


def test_a_connection_never_shows_its_credentials_but_to_who_asks_for_them(azure: Azure, platform: Platform) -> None:
    path = f"{platform.workspace}/connections/feed"
    body = connection(category="PythonFeed", authType="PAT", credentials={"pat": "hunter2"})
    assert "hunter2" not in str(azure.put(path, body).body)
    template = azure("POST", f"{platform.group}/exportTemplate", {"resources": ["*"]}).body
    assert "hunter2" not in str(template)
    assert azure("POST", f"{path}/listsecrets").properties["credentials"] == {"pat": "hunter2"}
    renamed = connection(category="PythonFeed", authType="PAT", metadata={"a": "b"})
    azure.put(path, renamed)
    assert azure("POST", f"{path}/listsecrets").properties["credentials"] == {"pat": "hunter2"}, "left as they were"


def test_a_connection_has_what_its_authentication_needs(azure: Azure, platform: Platform) -> None:
    path = f"{platform.workspace}/connections/sql"
    assert "credentials.clientId" in azure("PUT", path, connection(authType="ManagedIdentity")).message
    assert azure("PUT", path, connection(authType="Password")).code == "ValidationError"
    assert azure("PUT", path, connection(target="")).code == "ValidationError"
    assert azure("PUT", path, connection()).status == 201


def test_a_target_is_connected_once_in_a_way(azure: Azure, platform: Platform) -> None:
    azure.put(f"{platform.workspace}/connections/sql", connection())
    answer = azure("PUT", f"{platform.workspace}/connections/twin", connection())
    assert (answer.code, "'sql'" in answer.message) == ("ValidationError", True)
    other = connection(target="other.example.com")
    assert azure("PUT", f"{platform.workspace}/connections/twin", other).status == 201
