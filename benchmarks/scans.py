"""What Spark read of a store's tables, by table and column: from the plans and metrics in its event log, and the sizes in the Parquet files."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

_EVENTS = "org.apache.spark.sql.execution.ui.SparkListener"
_PLANS = (f"{_EVENTS}SQLExecutionStart", f"{_EVENTS}SQLAdaptiveExecutionUpdate")
_METRICS = f"{_EVENTS}DriverAccumUpdates"
_SIZE = "size of files read"
_LOG = "_delta_log"


@dataclass
class Scanned:
    """Of one table."""

    bytes: int = 0
    """Sizes of the files that were scanned, each as often as it was; whole files, of which the columns below are a part."""
    columns: dict[str, int] = field(default_factory=dict)
    """By column, at most: its chunks' share in the files of the table, of the files that were scanned for it. Zeros where the table is gone."""


def event_log(folder: Path) -> list[str]:
    """Settings that make Spark write what `scans` reads, with nothing left out of a plan."""
    folder.mkdir(parents=True, exist_ok=True)
    return [
        "spark.eventLog.enabled=true", f"spark.eventLog.dir={folder.as_uri()}", "spark.eventLog.compress=false",
        "spark.sql.maxMetadataStringLength=1000000", "spark.sql.debug.maxToStringFields=100000",
    ]  # fmt: skip


def scans(folder: Path, root: Path, begun: float, ended: float) -> dict[str, Scanned]:
    """By path under `root`, of the queries that began between two times in seconds since 1970; scratch tables too, Delta's own logs not."""
    executions: set[int] = set()
    sources: dict[int, tuple[str, tuple[str, ...]]] = {}
    sizes: dict[int, int] = {}
    for event in _events(folder):
        kind = event["Event"]
        if kind == _PLANS[0] and begun <= event["time"] / 1000 <= ended:
            executions.add(event["executionId"])
        if kind in _PLANS and event["executionId"] in executions:
            sources.update(_scan_metrics(event["sparkPlanInfo"], root))
        if kind == _METRICS and event["executionId"] in executions:
            sizes.update((number, size) for number, size in event["accumUpdates"])
    found = {table: Scanned() for table, _ in sources.values()}
    shares = {table: _column_shares(root / table) for table in found}
    for number, (table, columns) in sources.items():
        scanned, size = found[table], sizes.get(number, 0)
        scanned.bytes += size
        for column in columns:
            scanned.columns[column] = scanned.columns.get(column, 0) + int(size * shares[table].get(column, 0.0))
    return found


def _events(folder: Path) -> Iterator[dict[str, Any]]:
    """In order. A log is one file or a folder of numbered ones."""
    files = [path for path in folder.rglob("*") if path.is_file() and not path.name.startswith(("appstatus", "."))]
    for path in sorted(files, key=lambda path: [int(part) if part.isdigit() else 0 for part in re.split(r"(\d+)", path.name)]):
        with path.open(encoding="utf-8") as lines:
            for line in lines:
                if _EVENTS in line[:200]:
                    yield json.loads(line)


def _scan_metrics(plan: dict[str, Any], root: Path) -> Iterator[tuple[int, tuple[str, tuple[str, ...]]]]:
    """(number of the metric of sizes, (table, columns)) of each scan of a table below `root` in a plan."""
    metadata = plan.get("metadata", {})
    location = re.search(r"\[(.*)\]$", metadata.get("Location", ""))
    if location and _LOG not in location[1]:
        path = re.sub("^file:/+", "/", location[1].split(",")[0])
        if path.startswith(f"{root}/"):
            schema = re.sub(r"^struct<|>$", "", metadata.get("ReadSchema", ""))
            columns = tuple(name.partition(":")[0] for name in _fields(schema))
            for metric in plan["metrics"]:
                if metric["name"] == _SIZE:
                    yield metric["accumulatorId"], (path.removeprefix(f"{root}/"), columns)
    for child in plan["children"]:
        yield from _scan_metrics(child, root)


def _fields(schema: str) -> list[str]:
    """The columns of `a:int,b:struct<c:int,d:int>`."""
    found, depth = [""], 0
    for character in schema:
        depth += (character == "<") - (character == ">")
        if character == "," and depth == 0:
            found.append("")
        else:
            found[-1] += character
    return [name for name in found if name]


def _column_shares(table: Path) -> dict[str, float]:
    """What part of a table's Parquet files each column is."""
    sizes: dict[str, int] = {}
    total = 0
    for file in table.rglob("*.parquet"):
        if _LOG in file.parts:
            continue
        metadata = pq.ParquetFile(file).metadata
        total += file.stat().st_size
        for group in range(metadata.num_row_groups):
            for number in range(metadata.num_columns):
                chunk = metadata.row_group(group).column(number)
                column = chunk.path_in_schema.partition(".")[0]
                sizes[column] = sizes.get(column, 0) + chunk.total_compressed_size
    return {column: size / total for column, size in sizes.items()}
