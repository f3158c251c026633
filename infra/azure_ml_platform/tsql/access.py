"""Who may do what in a database, and what its columns hold: scripts that can run again and again.

Sources: learn.microsoft.com/sql/t-sql/statements/create-user-transact-sql (FROM EXTERNAL PROVIDER WITH OBJECT_ID),
.../add-sensitivity-classification-transact-sql, .../sql/relational-databases/security/dynamic-data-masking.
"""

from dataclasses import dataclass

from azure_ml_platform.tsql.quoting import Table, literal, name


@dataclass(frozen=True)
class Column:
    """A column of a table."""

    table: Table
    column: str

    def when_there(self, statement: str) -> str:
        """The statement, for when the column exists: tables come and go without the platform."""
        there = f"COL_LENGTH({literal(self.table.quoted)}, {literal(self.column)}) IS NOT NULL"
        return f"IF {there} EXEC({literal(statement)});"


def user(user_name: str, object_id: str, roles: tuple[str, ...]) -> str:
    """A user for a principal of Microsoft Entra, with its database roles.

    The object id tells principals of one name apart; a user of that name for another principal, which was deleted
    and made anew, is replaced.
    """
    quoted, text = name(user_name), literal(user_name)
    exists = f"SELECT 1 FROM sys.database_principals WHERE name = {text}"
    owned = "CREATED_FOR"
    property_ = f"fn_listextendedproperty({literal(owned)}, N'USER', {text}, NULL, NULL, NULL, NULL)"
    made_for = f"(SELECT CAST(value AS nvarchar(64)) FROM {property_})"
    lines = [
        f"IF EXISTS ({exists}) AND ISNULL({made_for}, N'') <> {literal(object_id)} DROP USER {quoted};",
        f"IF NOT EXISTS ({exists})",
        "BEGIN",
        f"  CREATE USER {quoted} FROM EXTERNAL PROVIDER WITH OBJECT_ID = {literal(object_id)[1:]};",
        f"  EXEC sys.sp_addextendedproperty @name = {literal(owned)}, @value = {literal(object_id)}, "
        f"@level0type = N'USER', @level0name = {text};",
        "END;",
        *(f"ALTER ROLE {name(role)} ADD MEMBER {quoted};" for role in roles),
    ]
    return "\n".join(lines)


def mask(column: Column, function: str) -> str:
    """Mask a column for whoever may not see it."""
    table, quoted = column.table.quoted, name(column.column)
    return column.when_there(
        f"ALTER TABLE {table} ALTER COLUMN {quoted} ADD MASKED WITH (FUNCTION = {literal(function)[1:]})"
    )


def classify(column: Column, label: str, information_type: str, rank: str) -> str:
    """Say how sensitive a column is; a second time replaces the first."""
    parts = ", ".join(
        f"{key} = {literal(value)[1:]}"
        for key, value in (("LABEL", label), ("INFORMATION_TYPE", information_type))
        if value
    )
    target = f"{column.table.quoted}.{name(column.column)}"
    return column.when_there(f"ADD SENSITIVITY CLASSIFICATION TO {target} WITH ({parts}, RANK = {rank})")
