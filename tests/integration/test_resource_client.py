"""Microsoft's azure-mgmt-resource through Resource Manager's own APIs, over HTTPS."""

from typing import Any

import pytest

from tests.integration.conftest import Checkout

pytestmark = pytest.mark.integration


@pytest.fixture(scope="module")
def seen(shared_target: Checkout) -> dict[str, Any]:
    """What the client saw."""
    return shared_target.client("resource")


def test_a_group_is_made_changed_and_found_by_its_tag(seen: dict[str, Any]) -> None:
    groups = seen["groups"]
    assert (groups["existed"], groups["exists"], groups["state"]) == (False, True, "Succeeded")
    assert groups["tags"] == {"made-by": "client", "more": "1"}
    assert groups["found"] == ["rg-resource-client"]


def test_resources_are_put_patched_deleted_and_listed_page_by_page(seen: dict[str, Any]) -> None:
    resources = seen["resources"]
    assert resources["listed"] == resources["by_type"] == ["id-0", "id-1", "id-2"]
    assert resources["by_tag"] == ["id-0"]
    assert (resources["times"], resources["exists"], resources["deleted"]) == (True, True, True)


def test_tags_are_merged_and_taken_away_at_their_scope(seen: dict[str, Any]) -> None:
    tags = seen["tags"]
    assert tags["merged"] == {"number": "1", "owner": "me"}
    assert tags["left"] == {"owner": "me"}
    assert tags["group"] == {"only": "this"}
    assert {"number", "only", "owner"} <= set(tags["names"])


def test_providers_tell_their_types_and_versions(seen: dict[str, Any]) -> None:
    providers = seen["providers"]
    types = ["userAssignedIdentities", "userAssignedIdentities/federatedIdentityCredentials"]
    assert (providers["state"], providers["types"]) == ("Registered", types)
    assert len(set(providers["versions"])) == 1
    assert {"Microsoft.Resources", "Microsoft.Storage"} <= set(providers["listed"])


def test_a_template_is_deployed_in_order_and_exported(seen: dict[str, Any]) -> None:
    deployments = seen["deployments"]
    assert (deployments["state"], deployments["order"]) == ("Succeeded", ["id-first", "id-second"])
    assert deployments["exported"] == ["id-0", "id-1", "id-first", "id-second"]


def test_a_lock_keeps_a_group_until_it_is_taken_off(seen: dict[str, Any]) -> None:
    assert seen["locks"] == {"refusal": "ScopeLocked", "exists": False}
