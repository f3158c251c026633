"""Microsoft's azure-mgmt-sql through the life of a server and a database, over HTTPS."""

from typing import Any

import pytest

from tests.integration.conftest import Checkout

pytestmark = pytest.mark.integration


@pytest.fixture(scope="module")
def seen(shared_target: Checkout) -> dict[str, Any]:
    """What the client saw."""
    return shared_target.client("sql")


def test_a_server_is_made_with_an_entra_administrator_alone(seen: dict[str, Any]) -> None:
    servers = seen["servers"]
    assert servers["host"] == "sql-client.database.windows.net"
    assert (servers["administrator"], servers["entra_only"]) == ("database-owners", True)
    assert servers["without_a_login"] == "InvalidParameterValue"


def test_a_server_is_changed_and_listed_and_its_name_taken(seen: dict[str, Any]) -> None:
    servers = seen["servers"]
    assert (servers["tags"], servers["tls"]) == ({"state": "changed"}, "1.2")
    assert servers["in_group"] == servers["in_subscription"] == ["sql-client"]
    assert servers["name"] == "AlreadyExists"


def test_a_firewall_rule_comes_changes_and_goes_while_the_public_endpoint_is_open(seen: dict[str, Any]) -> None:
    firewall = seen["firewall"]
    assert firewall["range"] == ["203.0.113.1", "203.0.113.5"]
    assert (firewall["listed"], firewall["gone"]) == (["office"], True)
    assert firewall["closed"] == "DenyPublicEndpointEnabled"


def test_a_database_is_kept_for_years_only_once_it_stays_awake(seen: dict[str, Any]) -> None:
    databases = seen["databases"]
    assert databases["size"] == ["GP_S_Gen5", "GP_S_Gen5_1", 0.5]
    assert databases["kept_while_it_pauses"] == "LtrConfigPolicyUnsupportedIfAutoPauseEnabled"
    assert databases["kept"] == [-1, "P1Y"]


def test_a_deleted_database_can_be_restored(seen: dict[str, Any]) -> None:
    databases = seen["databases"]
    assert databases["listed"] == ["data", "master"]
    assert (databases["gone"], databases["restorable"]) == (True, ["data"])


def test_audits_of_server_and_database_need_a_target(seen: dict[str, Any]) -> None:
    audits = seen["databases"]["audits"]
    assert (audits["server"], audits["database"], audits["listed"]) == (["Enabled", True], "Enabled", ["default"])
    assert audits["without_a_target"] == "DataSecurityInvalidUserSuppliedParameter"


def test_a_deleted_server_leaves_its_name_free(seen: dict[str, Any]) -> None:
    assert seen["end"] == {"gone": True, "free": True}
