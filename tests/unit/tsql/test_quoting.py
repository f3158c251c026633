"""Names and literals: whatever they hold, a real tokenizer reads one name or one text of the same characters."""

from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from sqlglot import tokenize
from sqlglot.tokens import TokenType

from azure_ml_platform.tsql.quoting import NameRefused, literal, name

PRINTABLE = st.text(
    st.characters(blacklist_categories=("C", "Zl", "Zp", "Zs")) | st.just(" "), min_size=1, max_size=128
)


@given(PRINTABLE)
@example("]; DROP TABLE people; --")
@example("a]]b")
@example('it\'s "odd"')
def test_an_odd_name_stays_one_name(text: str) -> None:
    tokens = tokenize(name(text), read="tsql")
    assert [(token.token_type, token.text.replace("]]", "]")) for token in tokens] == [
        (TokenType.IDENTIFIER, text.replace("]]", "]"))
    ]


@pytest.mark.parametrize("text", ["", "x" * 129, "a\nb", "a\0b"])
def test_what_no_object_can_be_called_is_refused(text: str) -> None:
    with pytest.raises(NameRefused, match="1 to 128 printable characters"):
        name(text)


@given(st.text(max_size=60))
@example("'; DROP TABLE people; --")
def test_an_odd_text_stays_one_text(text: str) -> None:
    tokens = tokenize(f"SELECT {literal(text)}", read="tsql")
    assert len(tokens) == 2
    assert tokens[1].token_type == TokenType.NATIONAL_STRING
    assert tokens[1].text == text


@given(st.floats(allow_nan=False, allow_infinity=False) | st.integers())
def test_a_number_is_written_without_an_exponent_and_is_the_same_number(value: float) -> None:
    assert "e" not in literal(value).lower()
    assert Decimal(literal(value)) == Decimal(repr(value))


def test_a_boolean_is_a_bit() -> None:
    assert (literal(True), literal(False)) == ("1", "0")
