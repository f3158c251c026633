import json
import runpy
from pathlib import Path

import pytest

from local.engine.host import frames


def _rendered(tmp_path: Path, program: str) -> str:
    file = tmp_path / "__main__.py"
    file.write_text(program)
    with pytest.raises((ValueError, KeyError, SyntaxError, ExceptionGroup)) as raised:
        runpy.run_path(str(file))
    error = raised.value
    # What ran the program is a test here and the host there; either is not the user's.
    error.__traceback__ = error.__traceback__ and error.__traceback__.tb_next
    return frames.render(error)


def test_only_the_users_frames_are_shown(tmp_path: Path) -> None:
    text = _rendered(tmp_path, "import json\njson.loads('{')\n")
    assert text.splitlines()[:3] == [
        "Traceback (most recent call last):",
        f'  File "{tmp_path}/__main__.py", line 2, in <module>',
        "    json.loads('{')",
    ]
    assert text.splitlines()[-1].startswith("json.decoder.JSONDecodeError: ")
    assert text.count("File ") == 1


def test_causes_are_shown_with_the_users_frames_too(tmp_path: Path) -> None:
    text = _rendered(
        tmp_path, "import json\ntry:\n    json.loads('{')\nexcept ValueError as e:\n    raise KeyError('x') from e\n"
    )
    assert text.count("File ") == 2
    assert "direct cause" in text
    assert "json/decoder.py" not in text


def test_an_error_on_the_way_inside_a_library_is_left_out(tmp_path: Path) -> None:
    library_error = json.JSONDecodeError("inside", "", 0)
    error = ValueError("outside")
    error.__context__ = library_error
    assert frames.render(error) == "ValueError: outside"


def test_a_syntax_error_shows_the_line(tmp_path: Path) -> None:
    text = _rendered(tmp_path, "x = (\n")
    assert f'File "{tmp_path}/__main__.py", line 1' in text
    assert "Traceback" not in text


def test_the_members_of_a_group_are_cut_as_well(tmp_path: Path) -> None:
    text = _rendered(
        tmp_path,
        "import json\n"
        "try:\n    json.loads('{')\n"
        "except ValueError as e:\n    raise ExceptionGroup('two', [e, KeyError('x')])\n",
    )
    assert "json/decoder.py" not in text
    assert "KeyError: 'x'" in text
