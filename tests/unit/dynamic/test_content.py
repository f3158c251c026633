"""Versions follow from content."""

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from azure_ml_platform.dynamic.content import MissingContentError, content_version, files, text_version


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "model" / "sub").mkdir(parents=True)
    (tmp_path / "model" / "b.bin").write_bytes(b"b")
    (tmp_path / "model" / "sub" / "a.txt").write_text("a")
    return tmp_path / "model"


def test_a_file_is_its_own_only_content(folder):
    assert list(files(folder / "b.bin")) == ["b.bin"]


def test_a_folders_files_are_named_relative_to_it(folder):
    assert list(files(folder)) == ["b.bin", "sub/a.txt"]


def test_caches_are_no_content(folder):
    version = content_version(folder)
    (folder / "__pycache__").mkdir()
    (folder / "__pycache__" / "score.cpython-311.pyc").write_bytes(b"x")
    (folder / "sub" / "stray.pyc").write_bytes(b"x")
    (folder / ".DS_Store").write_bytes(b"x")
    assert content_version(folder) == version


def test_the_version_does_not_change_with_place_or_time(folder, tmp_path):
    version = content_version(folder)
    moved = folder.rename(tmp_path / "elsewhere")
    os.utime(moved / "b.bin", (1, 1))
    assert content_version(moved) == version


@pytest.mark.parametrize(
    "change",
    [
        lambda folder: (folder / "b.bin").write_bytes(b"c"),
        lambda folder: (folder / "b.bin").rename(folder / "c.bin"),
        lambda folder: (folder / "b.bin").unlink(),
        lambda folder: (folder / "empty").write_bytes(b""),
    ],
)
def test_the_version_changes_with_any_name_and_any_byte(folder, change):
    version = content_version(folder)
    change(folder)
    assert content_version(folder) != version


def test_a_version_is_sixteen_hexadecimal_digits(folder):
    assert int(content_version(folder), 16) >= 0
    assert len(content_version(folder)) == 16


def test_a_path_that_does_not_exist_is_named(tmp_path):
    with pytest.raises(MissingContentError, match=r"nowhere does not exist: give the path of a file or of a folder"):
        content_version(tmp_path / "nowhere")


def test_an_empty_folder_is_named(tmp_path):
    with pytest.raises(MissingContentError, match="is an empty folder"):
        content_version(tmp_path)


@given(st.lists(st.text(), min_size=1, max_size=4), st.lists(st.text(), min_size=1, max_size=4))
def test_different_texts_have_different_versions(one, other):
    assert (text_version(*one) == text_version(*other)) == (one == other)
