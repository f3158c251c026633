"""What a pipeline signs in as."""

import pytest
from pydantic import ValidationError

CREDENTIAL = "azure-native:managedidentity:FederatedIdentityCredential"
ROLE = "azure-native:authorization:RoleAssignment"
READER = "acdd72a7-3385-48ef-bd42-f606fba81ae7"


def test_pull_requests_only_read(made):
    graph = made("PipelineIdentities")
    preview = graph.one(CREDENTIAL, "x-preview-pull-request").inputs
    assert preview["subject"] == "repo:organisation/platform:pull_request"
    roles = [node for node in graph.all(ROLE) if node.name.startswith("x-preview-")]
    assert [node.inputs["roleDefinitionId"].rpartition("/")[2] for node in roles] == [READER]


def test_named_branches_and_environments_update(made):
    graph = made("PipelineIdentities", full=True)
    subjects = {node.name: node.inputs["subject"] for node in graph.all(CREDENTIAL) if "update" in node.name}
    assert subjects == {
        "x-update-branch-main": "repo:organisation/platform:ref:refs/heads/main",
        "x-update-branch-release-1": "repo:organisation/platform:ref:refs/heads/release/1",
        "x-update-environment-prod": "repo:organisation/platform:environment:prod",
    }


@pytest.mark.avoids("secrets-in-pipelines")
def test_credentials_of_one_identity_are_written_one_after_another(made):
    graph = made("PipelineIdentities", full=True)
    first, second, third = (
        graph.one(CREDENTIAL, f"x-update-{key}") for key in ("branch-main", "branch-release-1", "environment-prod")
    )
    assert first.urn in second.dependencies
    assert second.urn in third.dependencies


def test_every_principal_is_said_to_be_a_service(made):
    graph = made("PipelineIdentities")
    assert {node.inputs["principalType"] for node in graph.all(ROLE)} == {"ServicePrincipal"}


def test_a_repository_has_an_organisation(made):
    with pytest.raises(ValidationError, match="repository"):
        made("PipelineIdentities", repository="platform")
