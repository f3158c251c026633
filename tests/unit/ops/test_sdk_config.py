"""The SDKs find the workspace by what the command writes and prints."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from ops.errors import OpsError
from ops.sdk_config import sdk_config
from ops.session import Session
from tests.unit.ops.doubles import SUBSCRIPTION, EngineDouble, outputs

CONFIG = {"subscription_id": SUBSCRIPTION, "resource_group": "rg-ml", "workspace_name": "mlw-one"}
WORKSPACE = {
    "sdk_config": CONFIG,
    "workspace_name": "mlw-one",
    "workspace_resource_group": "rg-ml",
    "mlflow_tracking_uri": "azureml://westeurope.api.azureml.ms/mlflow/v1.0/x",
}


def test_the_file_names_the_workspace_and_the_lines_set_a_shell(
    engine: EngineDouble, session: Session, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    engine.answers("stack output", outputs(**WORKSPACE))
    assert sdk_config(session, tmp_path) == 0
    assert json.loads((tmp_path / ".azureml" / "config.json").read_text()) == CONFIG
    assert capsys.readouterr().out.splitlines() == [
        "export ARM_CLOUD_METADATA_URL='https://127.0.0.1:1/metadata/endpoints?api-version=2019-05-01'",
        "export MLFLOW_TRACKING_URI=azureml://westeurope.api.azureml.ms/mlflow/v1.0/x",
        "az configure --defaults group=rg-ml workspace=mlw-one location=westeurope",
    ]


def test_in_the_public_cloud_no_endpoints_are_named(
    engine: EngineDouble, session: Session, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    engine.answers("stack output", outputs(**WORKSPACE))
    variables = {name: value for name, value in session.target.environment.items() if name != "ARM_METADATA_HOSTNAME"}
    sdk_config(replace(session, target=replace(session.target, environment=variables)), tmp_path)
    assert "ARM_CLOUD_METADATA_URL" not in capsys.readouterr().out


def test_a_stack_without_a_workspace_and_a_place_that_cannot_be_written_are_said(
    engine: EngineDouble, session: Session, tmp_path: Path
) -> None:
    engine.answers("stack output", outputs(), once=True)
    engine.answers("stack output", outputs(**WORKSPACE))
    with pytest.raises(OpsError, match="stack local has no machine learning workspace"):
        sdk_config(session, tmp_path)
    (tmp_path / "file").touch()
    with pytest.raises(OpsError, match=r"cannot write .*/file/\.azureml/config\.json"):
        sdk_config(session, tmp_path / "file")
