"""The page on the policies lists every rule as it is."""

from tools import policy_table


def test_the_tables_of_the_page_are_current() -> None:
    current = policy_table.PAGE.read_text(encoding="utf-8")
    assert policy_table.page(current) == current


def test_a_page_that_is_out_of_date_is_found_and_mended() -> None:
    current = policy_table.PAGE.read_text(encoding="utf-8")
    outdated = current.replace("| `st-min-tls` ", "| `st-min-ssl` ")
    assert outdated != current
    assert policy_table.page(outdated) == current
