"""Slots, traffic and canary of a model: what cannot be is refused when the settings are loaded."""

from typing import Any

import pytest

from tests.unit.settings.given_settings import Load, Problems, Refuse

REGISTRY = "azureml://registries/shared/models/wine/versions"
MODEL = {"model": f"{REGISTRY}/1"}
SLOTS: dict[str, Any] = {"blue": {}, "green": {"model": f"{REGISTRY}/2", "instance_count": 3}}


def wine(**more: Any) -> dict[str, Any]:
    return {"models": {"wine": {**MODEL, **more}}}


def test_a_model_without_slots_has_one(load: Load) -> None:
    model = load(**wine()).models["wine"]
    assert list(model.by_slot) == ["blue"]
    assert model.by_slot["blue"].model == f"{REGISTRY}/1"


def test_a_slot_is_as_the_model_says_but_for_what_it_says_itself(load: Load) -> None:
    slots = load(**wine(slots=SLOTS, traffic={"blue": 90, "green": 10}, instance_count=2)).models["wine"].by_slot
    assert [slot.model for slot in slots.values()] == [f"{REGISTRY}/1", f"{REGISTRY}/2"]
    assert [slot.instance_count for slot in slots.values()] == [2, 3]


@pytest.mark.parametrize(
    ("said", "path", "rule"),
    [
        ({"slots": SLOTS}, "models.wine.traffic", "given with several slots"),
        ({"slots": SLOTS, "traffic": {"blue": 90}}, "models.wine.traffic", "100 in sum, or 0; it is 90"),
        ({"slots": SLOTS, "traffic": {"red": 100}}, "models.wine.traffic.red", "a slot of the model: blue, green"),
        ({"traffic": {"blue": 101}}, "models.wine.traffic.blue", "from 0 to 100"),
        ({"slots": SLOTS, "traffic": {"blue": 100}, "mirror": {"green": 51}}, "models.wine.mirror.green", "0 to 50"),
        ({"slots": SLOTS, "traffic": {"blue": 100}, "mirror": {"blue": 10}}, "models.wine.mirror.blue", "without any"),
        (
            {"slots": {**SLOTS, "red": {}}, "traffic": {"blue": 100}, "mirror": {"green": 10, "red": 10}},
            "models.wine.mirror",
            "one only",
        ),
        ({"canary": {"slot": "green", "steps": [10]}}, "models.wine.canary.slot", "a slot of the model: blue"),
        ({"canary": {"slot": "blue", "steps": [50, 10]}}, "models.wine.canary.steps", "rising"),
        ({"canary": {"slot": "blue", "steps": []}}, "models.wine.canary.steps", "at least one"),
        (
            {
                "slots": SLOTS,
                "traffic": {"blue": 90, "green": 10},
                "canary": {"slot": "green", "steps": [50]},
            },
            "models.wine.canary.steps",
            "10 or less",
        ),
        ({"slots": {"x": {}}}, "models.wine.slots.x", "3 to 32 letters"),
        ({"slots": {"blue": {"instance_count": 51}}}, "models.wine.slots.blue.instance_count", "from 1 to 50"),
        (
            {"slots": {"blue": {"instance_type": "Standard_D4s_v5"}}},
            "models.wine.slots.blue.instance_type",
            "managed online endpoints",
        ),
        ({"slots": {"blue": {"code": "scoring"}}}, "models.wine.slots.blue.scoring_script", "belong together"),
        ({"slots": {f"slot{number}": {} for number in range(21)}}, "models.wine.slots", "at most 20"),
    ],
)
def test_what_cannot_be_is_named_with_its_path_and_its_rule(
    problems: Problems, said: dict[str, Any], path: str, rule: str
) -> None:
    found = problems(**wine(**said))
    assert path in found
    assert rule in found[path].rule
    assert found[path].mend


def test_no_traffic_at_all_is_possible(load: Load) -> None:
    assert load(**wine(slots=SLOTS, traffic={"blue": 0, "green": 0}, mirror={"green": 10}))


def test_every_slot_needs_its_quota(refuse: Refuse) -> None:
    quota = {"quota": {"standardDSv2Family": 4}, "clusters": {}}
    said = str(refuse(**wine(slots=SLOTS, traffic={"blue": 100}), compute=quota))
    assert "at least" in said
    assert "standardDSv2Family" in said


def test_files_of_a_slot_have_to_exist_too(refuse: Refuse, tmp_path: Any) -> None:
    said = str(refuse(root=tmp_path, **wine(slots={"blue": {"model": "elsewhere/model"}})))
    assert "models.wine.slots.blue.model" in said


def own_files(folder: Any, **files: str) -> dict[str, Any]:
    """A model of one's own files, some of them as given."""
    written = {
        "model/weights.bin": "weights",
        "code/score.py": "def init(): ...\ndef run(data): ...\n",
        "conda.yaml": "dependencies: [pip, {pip: [azureml-inference-server-http]}]\n",
        **{
            name.replace("__", "/").replace("_yaml", ".yaml").replace("_py", ".py"): text
            for name, text in files.items()
        },
    }
    for name, text in written.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text)
    served = {"model": "model", "code": "code", "scoring_script": "score.py", "environment": "conda.yaml"}
    return {"models": {"wine": served}}


def test_a_model_of_ones_own_files_is_taken(load: Load, tmp_path: Any) -> None:
    assert load(root=tmp_path, **own_files(tmp_path)).models["wine"].uploads == ("model", "code", "conda.yaml")


@pytest.mark.parametrize(
    ("files", "path", "rule"),
    [
        ({"code__score_py": "def init(): ...\n"}, "scoring_script", "score.py has no run"),
        ({"code__score_py": "def init(:\n"}, "scoring_script", "a script in Python: invalid syntax"),
        ({"conda_yaml": "dependencies: [\n"}, "environment", "a conda file in YAML"),
        ({"conda_yaml": "packages: [numpy]\n"}, "environment", "conda.yaml has none"),
        ({"conda_yaml": "dependencies: [numpy]\n"}, "environment", "azureml-inference-server-http"),
    ],
)
def test_files_that_would_fail_minutes_later_are_refused_at_once(
    problems: Problems, tmp_path: Any, files: dict[str, str], path: str, rule: str
) -> None:
    found = problems(root=tmp_path, **own_files(tmp_path, **files))
    assert list(found) == [f"models.wine.{path}"]
    assert rule in found[f"models.wine.{path}"].rule


def test_machines_by_demand_need_quota_for_all_that_there_can_be(refuse: Refuse, load: Load) -> None:
    demand = {"autoscale": {"min_instances": 1, "max_instances": 10}}
    quota = {"quota": {"standardDSv2Family": 48}}
    assert load(**wine(**demand), compute={**quota, "enabled": False})
    said = str(refuse(**wine(autoscale={"min_instances": 1, "max_instances": 11}), compute=quota))
    assert "at least" in said


@pytest.mark.parametrize(
    ("said", "path"),
    [
        ({"min_instances": 3, "max_instances": 2}, "autoscale.max_instances"),
        ({"min_instances": 2, "max_instances": 3}, "instance_count"),
        ({"min_instances": 1, "max_instances": 3, "cpu_below_percent": 80}, "autoscale.cpu_below_percent"),
        (
            {
                "min_instances": 1,
                "max_instances": 3,
                "busy_hours": {"start": "07:00", "end": "19:00", "min_instances": 4},
            },
            "autoscale.busy_hours.min_instances",
        ),
    ],
)
def test_machines_by_demand_that_cannot_be_are_refused(problems: Problems, said: dict[str, Any], path: str) -> None:
    assert f"models.wine.{path}" in problems(**wine(autoscale=said))
