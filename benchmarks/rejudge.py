"""Moving a bound over a million documents: how long judging them again takes, and what it reads of what the store holds.

The signals are those of one file of a crawl, copied under ids of their own; its text is in the store too, so that reading it would show.
usage: rejudge.py CRAWL_FOLDER [DOCUMENTS]
"""

import contextlib
import io
import re
import sys
import tempfile
import time
from pathlib import Path

import pyarrow.parquet as pq
from corpusmill.cli import parse_arguments
from corpusmill.job import Run
from corpusmill.jobs import make_job
from corpusmill.ledger import Ledger
from corpusmill.pipeline import open_run, run_job
from corpusmill.rules.columns import reasons_column
from corpusmill.rules.rule import compile_rules
from corpusmill.settings import Config
from corpusmill.slices import Slice
from corpusmill.store import Store
from corpusmill.tables import Signals, Verdicts
from pyspark.sql import functions as F

from benchmarks.processes import ROOT

BOUND = re.compile(r'(signal = "gopher_quality.words"\nmin = )(\d+)')
"""The lower bound that is moved."""
PIECE = Slice("default", 0)
WHOLE_PLAN = "spark.sql.debug.maxToStringFields=10000"
"""Else Spark leaves fields out of a plan that it shows."""


def main(crawl: Path, documents: int) -> None:
    """Prints the seconds of both judgements, what each kept, and the columns and bytes that judging reads."""
    recipe = (ROOT / "conf/recipes/gopher.toml").read_text()
    with tempfile.TemporaryDirectory() as folder:
        files = {"recipe": Path(folder) / "recipe.toml", "moved": Path(folder) / "moved.toml"}
        files["recipe"].write_text(recipe)
        files["moved"].write_text(BOUND.sub(lambda found: found[1] + str(2 * int(found[2])), recipe))
        root, source = f"{folder}/store", sorted(crawl.glob("*.warc.gz"))[0]
        configs = {
            name: parse_arguments(["--conf", str(path), f"store.root={root}", f"ingest.paths={source}", WHOLE_PLAN])
            for name, path in files.items()
        }
        run = open_run("rejudge", configs["recipe"], print)
        for name in ("ingest_documents", "measure_documents"):
            run_job(make_job(name), run)
        _copy_signals(run.store, documents)
        for name, config in configs.items():
            seconds, kept = _judge(run, config)
            print(f"{name}: {documents:,} documents judged in {seconds:.1f} s, {kept:,} kept")
        _print_reads(run.store, configs["moved"], Path(root))


def _copy_signals(store: Store, documents: int) -> None:
    measured = store.read(Signals, PIECE)
    copies = -(-documents // measured.count())
    number = F.explode(F.sequence(F.lit(1), F.lit(copies))).alias("number")
    copied = measured.select("*", number).withColumn(Signals.doc_id, F.md5(F.concat(Signals.doc_id, F.col("number").cast("string"))))
    store.replace(Signals, copied.drop("number").limit(documents), PIECE)


def _judge(run: Run, config: Config) -> tuple[float, int]:
    began = time.perf_counter()
    run_job(make_job("judge_documents"), Run(run.spark, run.store, config, Ledger(run.store), print))
    seconds = time.perf_counter() - began
    return seconds, run.store.read(Verdicts).where(F.size(Verdicts.reasons) == 0).count()


def _print_reads(store: Store, config: Config, root: Path) -> None:
    """By the query's plan, and the sizes of the column chunks it names in the table's Parquet files."""
    judged = store.read(Signals, PIECE).select(Signals.doc_id, Signals.snapshot, Signals.chunk, reasons_column(compile_rules(config.rules)))
    shown = io.StringIO()
    with contextlib.redirect_stdout(shown):
        judged.explain("formatted")
    schemas = re.findall(r"^ReadSchema: struct<(.*)>$", shown.getvalue(), re.M)
    (schema,) = schemas
    read = {name.partition(":")[0] for name in re.split(r",(?![^<]*>)", schema)}
    sizes: dict[str, int] = {}
    for file in (root / "signals").rglob("*.parquet"):
        metadata = pq.ParquetFile(file).metadata
        for group in range(metadata.num_row_groups):
            for number in range(metadata.num_columns):
                chunk = metadata.row_group(group).column(number)
                column = chunk.path_in_schema.partition(".")[0]
                sizes[column] = sizes.get(column, 0) + chunk.total_compressed_size
    text = sum(file.stat().st_size for file in (root / "documents").rglob("*.parquet"))
    used, all_columns = sum(sizes.get(name, 0) for name in read), sum(sizes.values())
    print(
        f"the plan scans {len(schemas)} table, {', '.join(sorted(read))}: at most {used / 1e6:,.1f} of {all_columns / 1e6:,.1f} MB of signals"
    )
    print(f"the {text / 1e6:,.1f} MB of documents are not read")


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 1_000_000)
