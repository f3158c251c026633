"""Microsoft's azure-mgmt-containerservice through the life of a cluster and a node pool, over HTTPS."""

from typing import Any

import pytest

from local.kubernetes.build import CLUSTER
from tests.integration.conftest import Checkout

pytestmark = pytest.mark.integration


@pytest.fixture(scope="module")
def seen(shared_target: Checkout) -> dict[str, Any]:
    """What the client saw."""
    return shared_target.client("container_service")


def test_a_cluster_is_made_tagged_and_listed(seen: dict[str, Any]) -> None:
    clusters = seen["clusters"]
    assert (clusters["state"], clusters["power"], clusters["host"]) == ("Succeeded", "Running", True)
    assert clusters["node_group"] == "MC_rg-aks-client_aks-client_westeurope"
    assert (clusters["pools"], clusters["tags"]) == (["system"], {"state": "changed"})
    assert clusters["in_group"] == clusters["in_subscription"] == ["aks-client"]


def test_people_sign_in_with_entra_and_the_local_account_with_a_token(seen: dict[str, Any]) -> None:
    user, administrator = seen["clusters"]["user"], seen["clusters"]["administrator"]
    if CLUSTER.built is None:
        assert "`make kubernetes` builds one" in user
        assert "`make kubernetes` builds one" in administrator
    else:
        assert user == ["clusterUser", ["exec"]]
        assert administrator == ["clusterAdmin", ["token"]]


def test_a_node_pool_is_made_grown_and_deleted_but_never_resized(seen: dict[str, Any]) -> None:
    pools = seen["pools"]
    assert pools["made"] == ["Succeeded", "VirtualMachineScaleSets", 1]
    assert (pools["grown"], pools["listed"]) == (2, ["extra", "system"])
    assert (pools["resized"], pools["gone"]) == ("PropertyChangeNotAllowed", True)
    assert pools["the_last_system_pool"] == "MustDefineAtLeastOneSystemPool"


def test_a_stopped_cluster_does_nothing_until_it_is_started(seen: dict[str, Any]) -> None:
    assert seen["power"] == {"stopped": "Stopped", "refused": "OperationNotAllowed", "started": "Running", "gone": True}
