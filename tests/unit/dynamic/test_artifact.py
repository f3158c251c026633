"""The upload of files: where they go, what is waited for, what is left behind."""

from pathlib import Path

import pytest

from azure_ml_platform.dynamic import artifact
from azure_ml_platform.dynamic.artifact import ArtifactProvider, UploadError
from azure_ml_platform.dynamic.content import content_version
from tests.harness.http import BLOBS, Clock, SignedIn

NOT_YET = {"x-ms-error-code": "AuthorizationPermissionMismatch"}


@pytest.fixture
def clock(monkeypatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(artifact, "time", clock)
    return clock


@pytest.fixture
def model(tmp_path: Path) -> Path:
    (tmp_path / "model" / "sub").mkdir(parents=True)
    (tmp_path / "model" / "weights.bin").write_bytes(b"weights")
    (tmp_path / "model" / "sub" / "labels.txt").write_text("labels")
    return tmp_path / "model"


def inputs(source: Path, **changes):
    props = {
        "source": str(source),
        "version": content_version(source),
        "endpoint": BLOBS,
        "container": "models",
        "prefix": "wine/model",
        "revision": 1.0,
    }
    return {**props, **changes}


def test_a_folder_goes_below_the_version_of_its_content(azure_, model):
    created = ArtifactProvider().create(inputs(model))
    root = f"wine/model/{content_version(model)}"
    assert azure_.blobs == {
        f"models/{root}/weights.bin": b"weights",
        f"models/{root}/sub/labels.txt": b"labels",
    }
    assert created.outs["uri"] == f"{BLOBS}models/{root}"


def test_a_file_is_addressed_by_its_own_name(azure_, model):
    created = ArtifactProvider().create(inputs(model / "weights.bin"))
    assert created.outs["uri"] == f"{BLOBS}models/wine/model/{content_version(model / 'weights.bin')}/weights.bin"
    assert f"{BLOBS}{next(iter(azure_.blobs))}" == created.outs["uri"]


def test_a_second_upload_of_the_same_content_leaves_the_same_blobs(azure_, model):
    first = ArtifactProvider().create(inputs(model)).outs
    blobs = dict(azure_.blobs)
    assert ArtifactProvider().create(inputs(model)).outs == first
    assert azure_.blobs == blobs


def test_blobs_are_written_with_the_deployers_own_identity(azure_, model):
    SignedIn.scopes.clear()
    ArtifactProvider().create(inputs(model))
    assert set(SignedIn.scopes) == {"https://storage.azure.com/.default"}


def test_content_that_changed_after_the_preview_is_not_uploaded(azure_, model):
    props = inputs(model)
    (model / "weights.bin").write_bytes(b"other")
    with pytest.raises(UploadError, match="has changed since the preview"):
        ArtifactProvider().create(props)
    assert azure_.blobs == {}


@pytest.mark.avoids("roles-that-spread")
def test_a_role_that_is_not_effective_yet_is_waited_for(azure_, model, clock):
    for _ in range(3):
        azure_.once("PUT", 403, headers=NOT_YET)
    ArtifactProvider().create(inputs(model / "weights.bin"))
    assert len(azure_.blobs) == 1
    assert clock.slept == [1, 2, 4]


def test_a_role_that_never_becomes_effective_is_named_after_ten_minutes(azure_, model, clock):
    for _ in range(100):
        azure_.once("PUT", 403, headers=NOT_YET)
    with pytest.raises(UploadError, match=r"models has refused .* 600 s: .* role Storage Blob Data Contributor"):
        ArtifactProvider().create(inputs(model / "weights.bin"))
    assert 570 <= sum(clock.slept) <= 600
    assert max(clock.slept) == 30


def test_any_other_refusal_is_shown_at_once(azure_, model, clock):
    azure_.once("PUT", 403, headers={"x-ms-error-code": "AuthorizationFailure"})
    with pytest.raises(UploadError, match=f"^{BLOBS}models: "):
        ArtifactProvider().create(inputs(model / "weights.bin"))
    assert clock.slept == []


def test_an_artifact_is_found_as_long_as_all_its_blobs_are(azure_, model):
    provider = ArtifactProvider()
    state = provider.create(inputs(model)).outs
    assert provider.read("id", state).id == "id"
    azure_.blobs.popitem()
    assert provider.read("id", state).id == ""


def test_an_artifact_whose_container_is_gone_is_gone(azure_, model):
    state = ArtifactProvider().create(inputs(model)).outs
    azure_.once("GET", 404, headers={"x-ms-error-code": "ContainerNotFound"})
    assert ArtifactProvider().read("id", state).id == ""


def test_deleting_takes_the_artifacts_own_blobs_and_no_others(azure_, model):
    provider = ArtifactProvider()
    state = provider.create(inputs(model)).outs
    version = content_version(model)
    others = {
        f"models/wine/model/{version}0/x": b"",
        "models/wine/model/other/x": b"",
        f"logs/wine/model/{version}/x": b"",
    }
    azure_.blobs.update(others)
    provider.delete("id", state)
    assert azure_.blobs == others


def test_deleting_is_content_with_a_container_that_is_gone(azure_, model):
    state = ArtifactProvider().create(inputs(model)).outs
    azure_.once("GET", 404, headers={"x-ms-error-code": "ContainerNotFound"})
    ArtifactProvider().delete("id", state)


def test_nothing_changes_when_nothing_changed(azure_, model):
    provider = ArtifactProvider()
    state = provider.create(inputs(model)).outs
    assert not provider.diff("id", state, inputs(model)).changes


def test_another_machine_finds_the_same_content_elsewhere(azure_, model, tmp_path):
    provider = ArtifactProvider()
    state = provider.create(inputs(model)).outs
    assert not provider.diff("id", state, inputs(model.rename(tmp_path / "elsewhere"))).changes


@pytest.mark.parametrize("key", ["endpoint", "container", "prefix", "version", "revision"])
def test_a_change_uploads_anew_before_the_old_place_is_emptied(model, key):
    diff = ArtifactProvider().diff("id", inputs(model), inputs(model, **{key: "other"}))
    assert diff.replaces == [key]
    assert not diff.delete_before_replace
