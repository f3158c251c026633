"""A model is called as any client would call it; whatever goes wrong is said in one sentence."""

from pathlib import Path
from typing import Any

import pytest

from azure_ml_platform.outputs import ModelOutputs, PlatformOutputs
from ops import score
from ops.errors import ModelRefusedError, OpsError, UnreachableError
from ops.session import Session
from tests.unit.ops.doubles import AzureDouble, model, outputs
from tests.unit.ops.https_double import Https

PATH = "/inference/iris/score"


def at(https: Https, **changes: Any) -> ModelOutputs:
    return ModelOutputs.model_validate(model(scoring_uri=f"{https.url}{PATH}", **changes))


def test_the_prediction_is_what_the_model_answers(session: Session, https: Https) -> None:
    https.answer(PATH, 200, [0, 2], azureml_model_deployment="blue")
    answer = score.predict(session, at(https), '{"data": []}')
    assert (answer.prediction, answer.slot) == ([0, 2], "blue")
    assert answer.seconds > 0
    assert https.requests[0].body == '{"data": []}'
    assert https.requests[0].authorization == "Bearer token-for-https://ml.azure.com/.default"


@pytest.mark.parametrize(
    ("mode", "action", "answer"),
    [("Key", "listKeys", {"primaryKey": "k", "secondaryKey": "l"}), ("AMLToken", "token", {"accessToken": "k"})],
)
def test_each_way_to_prove_who_calls_has_its_header(
    session: Session, azure: AzureDouble, https: Https, mode: str, action: str, answer: dict[str, str]
) -> None:
    azure.actions[f"/endpoints/iris/{action}"] = answer
    assert score.authorization(session, at(https, auth_mode=mode)) == "Authorization: Bearer k"


def test_an_endpoint_that_is_gone_is_named(session: Session, https: Https) -> None:
    with pytest.raises(OpsError, match="endpoint iris does not exist in Azure"):
        score.authorization(session, at(https, auth_mode="Key"))


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        (401, "does not accept this login"),
        (403, "may not score"),
        (404, "there is no such endpoint"),
        (408, "takes longer than its request timeout"),
        (424, "the model's own code failed"),
        (503, "it has no traffic or is not healthy"),
    ],
)
def test_a_refusal_is_explained(session: Session, https: Https, status: int, reason: str) -> None:
    https.answer(PATH, status, "the server's words", Retry_After="3600")
    with pytest.raises(OpsError, match=rf"answered {status}: .*{reason}.*: the server's words$"):
        score.predict(session, at(https), "{}")
    assert len(https.requests) == 1


@pytest.mark.parametrize("headers", [{}, {"Retry_After": "0.01"}])
@pytest.mark.parametrize("status", [429, 503])
def test_a_busy_endpoint_is_asked_again(session: Session, https: Https, status: int, headers: dict[str, str]) -> None:
    https.answer(PATH, status, "busy", **headers)
    https.answer(PATH, 200, [1])
    assert score.predict(session, at(https), "{}").prediction == [1]
    assert [request.body for request in https.requests] == ["{}", "{}"]


def test_an_endpoint_that_stays_busy_is_given_up(session: Session, https: Https) -> None:
    https.answer(PATH, 429, "busy", Retry_After="0.01")
    with pytest.raises(OpsError, match="answered 429: the model has more requests than it takes at once"):
        score.predict(session, at(https), "{}")
    assert len(https.requests) == score.RETRIES + 1


def test_a_request_that_the_model_does_not_take_is_told_in_one_line(session: Session, https: Https) -> None:
    refusal = {"error": {"code": "BadRequest", "message": "data[0].ash is missing;\ndata[1].ash is missing"}}
    https.answer(PATH, 424, refusal, ms_azureml_model_error_statuscode="400")
    with pytest.raises(ModelRefusedError) as error:
        score.predict(session, at(https), "{}")
    refused = "the model at iris refused the request (400): data[0].ash is missing; data[1].ash is missing"
    assert (str(error.value), error.value.exit_code) == (refused, 3)


def test_a_slot_is_asked_for_by_its_name(session: Session, https: Https) -> None:
    https.answer(PATH, 200, [0])
    score.predict(session, at(https), "{}", slot="green")
    assert https.requests[0].headers["azureml-model-deployment"] == "green"


def test_an_endpoint_out_of_reach_is_told_apart_from_one_that_refuses(session: Session) -> None:
    closed = ModelOutputs.model_validate(model())
    with pytest.raises(UnreachableError, match="cannot be reached from here"):
        score.predict(session, closed, "{}")


def test_all_models_are_called_or_the_one_that_is_named() -> None:
    two = PlatformOutputs.read(outputs(models={"iris": model(), "wine": model()}))
    assert list(score.choose(two, None)) == ["iris", "wine"]
    assert list(score.choose(two, "wine")) == ["wine"]
    with pytest.raises(OpsError, match="no model 'tea' is deployed; deployed: iris, wine"):
        score.choose(two, "tea")
    with pytest.raises(OpsError, match="no model is deployed; deployed: none"):
        score.choose(PlatformOutputs.read(outputs()), None)


def test_the_request_is_the_file_or_the_sample(tmp_path: Path) -> None:
    (tmp_path / "request.json").write_text("{}")
    without = ModelOutputs.model_validate(model())
    assert score.sample(without, tmp_path / "request.json") == "{}"
    with pytest.raises(OpsError, match="has no sample request"):
        score.sample(without, None)
    with pytest.raises(OpsError, match="cannot read the request"):
        score.sample(without, tmp_path / "absent.json")
