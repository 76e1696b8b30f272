"""SQL that makes and widens the tables of tables.py. Saving a frame is never what makes a table: on Connect that gives types others cannot open."""

from pyspark.sql.types import DataType, StructType

from corpusmill.errors import StoreError
from corpusmill.tables import Column, Table

_SCALARS = {"string", "int", "bigint", "double", "timestamp"}


def create_statement(table: type[Table], identifier: str, retention: str) -> str:
    """CREATE TABLE with types, comments, partitioning and properties.

    Deletion vectors stay off, since deltalake refuses them. Statistics are kept on narrow scalar columns alone: no text, url or host.
    """
    columns = ", ".join(f"`{c}` {c.type} COMMENT '{_quoted(c.doc)}'" for c in table.columns())
    partitioning = f" PARTITIONED BY ({', '.join(table.partitioned_by)})" if table.partitioned_by else ""
    properties = {
        "delta.enableDeletionVectors": "false",
        "delta.logRetentionDuration": f"interval {retention}",
        "delta.deletedFileRetentionDuration": f"interval {retention}",
        **_statistics(table),
    }
    listed = ", ".join(f"'{key}' = '{value}'" for key, value in properties.items())
    comment = _quoted((table.__doc__ or "").splitlines()[0])
    return f"CREATE TABLE IF NOT EXISTS {identifier} ({columns}) USING delta{partitioning} COMMENT '{comment}' TBLPROPERTIES ({listed})"


def widen_statements(table: type[Table], identifier: str, present: StructType) -> list[str]:
    """ALTER TABLE for the columns and struct fields that the table lacks.

    Raises StoreError where a column's type is another one.
    """
    types = {field.name: field.dataType for field in present.fields}
    missing: list[str] = []
    for column in table.columns():
        if column not in types:
            missing.append(f"`{column}` {column.type}")
        elif types[column].simpleString() != column.type:
            missing += _new_fields(table, column, types[column])
    return [f"ALTER TABLE {identifier} ADD COLUMNS ({', '.join(missing)})"] if missing else []


def _new_fields(table: type[Table], column: Column, present: DataType) -> list[str]:
    """The fields of a struct column that are new; any other difference is an error."""
    declared = StructType.fromDDL(f"`{column}` {column.type}")
    assert isinstance(declared, StructType)
    wanted = declared.fields[0].dataType
    wrong = StoreError(
        f"table {table.name}: column {column} is {present.simpleString()}, must be {column.type}: it was made by another version of corpusmill"
    )
    if not (isinstance(present, StructType) and isinstance(wanted, StructType)):
        raise wrong
    known = {field.name: field.dataType.simpleString() for field in present.fields}
    if any(known.get(f.name, f.dataType.simpleString()) != f.dataType.simpleString() for f in wanted.fields):
        raise wrong
    return [f"`{column}`.`{f.name}` {f.dataType.simpleString()}" for f in wanted.fields if f.name not in known]


def _statistics(table: type[Table]) -> dict[str, str]:
    skipped = {*table.partitioned_by, *table.unindexed}
    indexed = [str(c) for c in table.columns() if c.type in _SCALARS and c not in skipped]
    return {"delta.dataSkippingStatsColumns": ",".join(f"`{c}`" for c in indexed)} if indexed else {"delta.dataSkippingNumIndexedCols": "0"}


def _quoted(text: str) -> str:
    return text.replace("\\", "\\\\").replace("'", "\\'")
