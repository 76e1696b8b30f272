"""Looks at stores from outside Spark: versions of tables and their rows, for comparison."""

from pathlib import Path
from typing import Any

from corpusmill.tables import TABLES, Jobs, Runs, Table

TIMES = {Jobs.seconds, Jobs.recorded_at, Runs.tokens_per_second}
"""Columns that differ from run to run."""


def versions(root: Path) -> dict[str, int]:
    """The number of commits of every table."""
    return {path.parent.name: len(list(path.glob("*.json"))) for path in root.glob("*/_delta_log")}


def rows(store: Any, table: type[Table]) -> list[tuple[Any, ...]]:
    """All rows of a table, times aside, in an order of their own."""
    columns = [c for c in table.columns() if c not in TIMES]
    return sorted(tuple(repr(row[c]) for c in columns) for row in store.read(table).collect())


def everything(store: Any, leave_out: tuple[type[Table], ...] = (Jobs,)) -> dict[str, list[tuple[Any, ...]]]:
    """The rows of all tables but the ledger's."""
    return {table.name: rows(store, table) for table in TABLES if table not in leave_out}
