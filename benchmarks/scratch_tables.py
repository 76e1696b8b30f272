"""Scratch tables of a few rows as Parquet and as Delta: how many times as long Delta takes to write one and to count it."""

import tempfile
import time
from pathlib import Path
from statistics import median

from corpusmill.cli import parse_arguments
from corpusmill.pipeline import open_run
from pyspark.sql import functions as F

ROWS = 1_000
TABLES = 12
"""A round; the first round of two is a warm-up."""


def main() -> None:
    """Print the ratio of the medians; the two take turns."""
    with tempfile.TemporaryDirectory() as folder:
        run = open_run("scratch_tables", parse_arguments([f"store.root={Path(folder) / 'store'}"]), print)
        rows = run.spark.range(ROWS).withColumn("hash", F.sha2(F.col("id").cast("string"), 256))
        seconds: dict[bool, list[float]] = {}
        for number in range(2 * TABLES):
            if number == TABLES:
                seconds.clear()
            for is_delta in (False, True):
                scratch = run.store.scratch("delta" if is_delta else "parquet", resumable=is_delta)
                began = time.perf_counter()
                scratch.write(f"table_{number}", rows)
                scratch.read(f"table_{number}").count()
                seconds.setdefault(is_delta, []).append(time.perf_counter() - began)
        parquet, delta = (median(seconds[is_delta]) for is_delta in (False, True))
        print(f"a scratch table of {ROWS:,} rows takes {delta / parquet:.1f} times as long in Delta as in Parquet, to write and to count")


if __name__ == "__main__":
    main()
