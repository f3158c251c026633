"""Users, masks and labels: scripts that may run any number of times."""

import pytest
import sqlglot

from azure_ml_platform.tsql import access
from azure_ml_platform.tsql.quoting import Table

MAIL = access.Column(Table("dbo", "callers"), "mail")
OBJECT_ID = "11111111-2222-3333-4444-555555555555"


def test_a_user_is_made_once_for_its_principal_and_gets_its_roles() -> None:
    text = access.user("id-mlops", OBJECT_ID, ("db_datareader",))
    assert f"CREATE USER [id-mlops] FROM EXTERNAL PROVIDER WITH OBJECT_ID = '{OBJECT_ID}';" in text
    assert "IF NOT EXISTS (SELECT 1 FROM sys.database_principals WHERE name = N'id-mlops')\nBEGIN\n  CREATE" in text
    assert text.splitlines()[-1] == "ALTER ROLE [db_datareader] ADD MEMBER [id-mlops];"


def test_a_user_of_a_principal_that_was_made_anew_is_replaced() -> None:
    first = access.user("id-mlops", OBJECT_ID, ()).splitlines()[0]
    assert first.endswith(f"<> N'{OBJECT_ID}' DROP USER [id-mlops];")


def test_a_column_is_masked_and_labelled_once_it_is_there() -> None:
    for text in (access.mask(MAIL, "email()"), access.classify(MAIL, "Confidential", "Contact Info", "HIGH")):
        assert text.startswith("IF COL_LENGTH(N'[dbo].[callers]', N'mail') IS NOT NULL EXEC(N'")
        assert sqlglot.parse(text, read="tsql", error_level=sqlglot.ErrorLevel.RAISE)


@pytest.mark.parametrize("odd", ["o'hara", "a]b", "x'); DROP TABLE t; --"])
def test_an_odd_column_stays_inside_its_quotes(odd: str) -> None:
    text = access.mask(access.Column(Table("dbo", "callers"), odd), 'partial(1, "x", 0)')
    (call,) = [token for token in sqlglot.tokenize(text, read="tsql") if token.text.startswith("ALTER TABLE")]
    inner = sqlglot.tokenize(call.text, read="tsql")
    assert odd.replace("]]", "]") in [token.text.replace("]]", "]") for token in inner]
