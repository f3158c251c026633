"""What a workspace reaches that is made after it."""

import pytest

ML = "azure-native:machinelearningservices"
ROLE = "azure-native:authorization:RoleAssignment"


@pytest.fixture(scope="module")
def graph(made):
    return made("WorkspaceLinks", full=True)


def test_no_connection_holds_a_secret(graph):
    connections = graph.all(f"{ML}:WorkspaceConnection")
    assert {node.inputs["properties"]["authType"] for node in connections} == {"AAD"}
    assert all("credentials" not in node.inputs["properties"] for node in connections)


def test_rules_follow_each_other_after_the_role_that_approves_them(graph):
    dfs, blob = (graph.one(f"{ML}:ManagedNetworkSettingsRule", f"x-rule-lake-{part}") for part in ("dfs", "blob"))
    assert dfs.urn in graph.before(blob)
    approver = graph.one(ROLE, "x-approver-stlake")
    assert approver.urn in graph.before(dfs)


def test_the_workspace_sees_the_private_endpoints_of_its_storage(graph):
    reader = graph.one(ROLE, "x-reader-blob").inputs
    assert reader["scope"].endswith("pep-blob")
    assert reader["roleDefinitionId"].endswith("acdd72a7-3385-48ef-bd42-f606fba81ae7")
