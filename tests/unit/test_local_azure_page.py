"""The page on the local Azure says of every type what is imitated, in the words of what imitates it."""

import re
from pathlib import Path

import pytest

from local.arm.behaviours.covered import catalogue
from local.arm.contracts import Contracts
from tools.local_azure.__main__ import PAGE, page
from tools.local_azure.refusals import refusals
from tools.traps import traps

TEXT = page(PAGE.read_text(encoding="utf-8"))
CONTRACTS = Contracts.load()


@pytest.mark.avoids("versions-that-move")
def test_every_type_stands_there_with_the_version_of_its_api() -> None:
    missing = []
    for kind in catalogue().types:
        contract = CONTRACTS.by_arm_type(kind.name)
        version = contract.api_version if contract else "no version"
        section = TEXT.partition(f"### {kind.name.partition('/')[0]}\n")[2].partition("\n### ")[0]
        if f"| `{kind.name.partition('/')[2]}` | {version} |" not in section:
            missing.append(kind.name)
    assert missing == []


def test_every_trap_stands_there() -> None:
    assert [name for name in traps() if f"| `{name}` |" not in TEXT] == []


def test_a_page_that_is_out_of_date_is_mended_and_what_people_wrote_stays() -> None:
    outdated = TEXT.replace("`InvalidServerName` (400)", "`WrongServerName` (400)")
    assert outdated != TEXT
    assert page(outdated) == TEXT
    assert "## What differs from Azure" in TEXT


def test_a_page_without_its_marks_is_refused() -> None:
    with pytest.raises(ValueError, match="lacks the marks"):
        page(re.sub("<!-- traps: end -->", "", TEXT))


def test_codes_are_read_from_the_source_with_their_status(tmp_path: Path) -> None:
    (tmp_path / "behaviour.py").write_text(
        'raise bad_request("One", "text")\n'
        'raise conflict("Two", message)\n'
        'raise ArmError(412, "Three", message)\n'
        'names = NameRule(".*", "anything", "Four")\n'
        'unique = UniqueName("Five")\n'
        'unique = UniqueName("Six", 400)\n'
    )
    expected = [("Five", 409), ("Four", 400), ("One", 400), ("Six", 400), ("Three", 412), ("Two", 409)]
    assert refusals(tmp_path) == expected
