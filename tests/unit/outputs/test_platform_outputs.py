"""The outputs of a stack, and who reads them."""

import json
from types import SimpleNamespace
from typing import Any

import pulumi
import pytest

from azure_ml_platform.outputs import OutputsUnreadable, PlatformOutputs
from azure_ml_platform.vocabulary import AuthMode

OPTIONAL = {name: field.default for name, field in PlatformOutputs.model_fields.items() if not field.is_required()}
OUTPUTS: dict[str, Any] = OPTIONAL | {
    "subscription_id": "00000000-0000-0000-0000-000000000000",
    "location": "westeurope",
    "resource_groups": ["rg-mlops-dev-weu-data", "rg-mlops-dev-weu-platform"],
    "virtual_network_id": "/subscriptions/s/resourceGroups/rg/providers/Microsoft.Network/virtualNetworks/vnet",
    "egress_ip_addresses": ["203.0.113.7"],
    "workspace_name": "mlw-mlops-dev-weu-k7m2x",
    "workspace_id": "/subscriptions/s/resourceGroups/rg/providers/Microsoft.MachineLearningServices/workspaces/mlw",
    "workspace_resource_group": "rg-mlops-dev-weu-platform",
    "discovery_url": "https://westeurope.api.azureml.ms/discovery",
    "mlflow_tracking_uri": "azureml://westeurope.api.azureml.ms/mlflow/v1.0/subscriptions/s",
    "storage_account_name": "stmlopsdevweuk7m2x",
    "blob_endpoint": "https://stmlopsdevweuk7m2x.blob.core.windows.net/",
    "data_lake_name": "dlmlopsdevweuk7m2x",
    "data_lake_endpoint": "https://dlmlopsdevweuk7m2x.dfs.core.windows.net/",
    "data_lake_zones": ["raw", "curated"],
    "key_vault_uri": "https://kvmlopsdevweuk7m2x.vault.azure.net/",
    "registry_login_server": "crmlopsdevweuk7m2x.azurecr.io",
    "log_analytics_workspace_id": "/subscriptions/s/resourceGroups/rg/providers/Microsoft.OperationalInsights/w/log",
    "application_insights_name": "appi-mlops-dev-weu-k7m2x",
    "preview_client_id": "00000000-0000-0000-0000-000000000001",
    "update_client_id": "00000000-0000-0000-0000-000000000002",
    "sql_host": "sql-mlops-dev-weu-k7m2x.database.windows.net",
    "sql_database_name": "data",
    "compute_names": ["cpu-cluster"],
    "databricks_workspace_id": "/subscriptions/s/resourceGroups/rg/providers/Microsoft.Databricks/workspaces/dbw",
    "databricks_workspace_url": "https://adb-1.1.azuredatabricks.net",
    "databricks_objects": [],
    "asset_registry_name": "mlr-mlops-dev-weu-k7m2x",
    "instance_names": ["ci-jane"],
    "datastore_names": ["models"],
    "studio_url": "https://ml.azure.com/?wsid=/subscriptions/s&tid=t",
    "sdk_config": {"subscription_id": "s", "resource_group": "rg", "workspace_name": "mlw"},
    "models": {
        "wine": {
            "endpoint_name": "wine-dev-k7m2x",
            "endpoint_id": "/subscriptions/s/.../onlineEndpoints/wine-dev-k7m2x",
            "scoring_uri": "https://wine-dev-k7m2x.westeurope.inference.ml.azure.com/score",
            "swagger_uri": "https://wine-dev-k7m2x.westeurope.inference.ml.azure.com/swagger.json",
            "auth_mode": "AADToken",
            "token_scope": "https://ml.azure.com/.default",
            "sample_request": "examples/model/sample.json",
        }
    },
}


def test_what_the_engine_prints_is_read_typed() -> None:
    outputs = PlatformOutputs.read(json.dumps(OUTPUTS))

    assert outputs.models["wine"].auth_mode is AuthMode.AAD_TOKEN
    assert outputs.resource_groups == ("rg-mlops-dev-weu-data", "rg-mlops-dev-weu-platform")
    assert PlatformOutputs.read(OUTPUTS) == outputs


def test_a_platform_without_a_workspace_has_none_of_its_outputs() -> None:
    without = OUTPUTS | {"models": {}, "compute_names": []}
    del without["workspace_name"], without["workspace_id"]

    assert PlatformOutputs.read(without).workspace_name is None


@pytest.mark.parametrize(
    ("printed", "named"),
    [
        ("{}", "subscription_id"),
        ("not json", "not JSON"),
        (json.dumps(OUTPUTS | {"models": {"wine": {}}}), "models.wine.scoring_uri"),
        (json.dumps(OUTPUTS | {"bucket": "b"}), "bucket"),
    ],
)
def test_outputs_of_anything_else_are_refused_in_a_sentence(printed: str, named: str) -> None:
    with pytest.raises(OutputsUnreadable) as refused:
        PlatformOutputs.read(printed)

    assert named in str(refused.value)
    assert "deploy the stack first" in str(refused.value)
    assert "\n" not in str(refused.value)


def test_every_field_is_exported_under_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    exported: dict[str, Any] = {}
    monkeypatch.setattr(pulumi, "export", exported.__setitem__)

    PlatformOutputs.export(SimpleNamespace(**OUTPUTS))

    assert exported == OUTPUTS


def test_a_platform_that_lacks_an_output_is_refused_before_anything_is_exported(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    exported: dict[str, Any] = {}
    monkeypatch.setattr(pulumi, "export", exported.__setitem__)

    with pytest.raises(AttributeError, match="models"):
        PlatformOutputs.export(SimpleNamespace(**{key: value for key, value in OUTPUTS.items() if key != "models"}))

    assert exported == {}


def test_no_output_is_named_like_a_secret() -> None:
    names = [*PlatformOutputs.model_fields, *OUTPUTS["models"]["wine"]]

    assert not [name for name in names if "password" in name or "connection_string" in name or name.endswith("_key")]
