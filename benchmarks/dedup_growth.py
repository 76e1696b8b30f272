"""A new snapshot against a history ten and a hundred times its size: how much of the time is the new documents', and what is read of the old.

Time is fitted as c + a new + b history over snapshots of made sketches that come one after the other (made_sketches.py). While one is resolved, all
texts and the signals of all others are out of the store's reach. usage: dedup_growth.py [DOCUMENTS]
"""

import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from corpusmill.cli import parse_arguments
from corpusmill.job import Run
from corpusmill.jobs import make_job
from corpusmill.ledger import Ledger
from corpusmill.pipeline import open_run, run_job

from benchmarks.made_sketches import make_snapshot, words_for
from benchmarks.scans import Scanned, event_log, scans

DEDUP = ["dedup.scope=global", "dedup.against=history"]
SHARES = (10, 1, 2, 87, 1, 2)
"""Sizes of the snapshots in the order of ingest, in new snapshots: those of 1 and 2 meet histories of about 10 and 100."""
READS = (1, 2)
"""Snapshots whose reading is shown."""
ASKED, AIM = 1 / 20, 1 / 50
"""Of b / a, at most."""
Point = tuple[int, int, float]
"""New documents, documents before them, seconds."""


def main() -> None:
    """Print the seconds of each snapshot, the fit, and the bytes that were read by table and column."""
    documents = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name).resolve()
        root, log = folder / "store", folder / "events"
        words = [*DEDUP, *event_log(log)]
        run = open_run("dedup_growth", parse_arguments([*words, *words_for(root, "first")]), _quiet)
        points: list[Point] = []
        times = []
        for number, share in enumerate(SHARES):
            before = documents * sum(SHARES[:number])
            config = parse_arguments([*words, *words_for(root, f"s{number}")])
            run = Run(run.spark, run.store, config, Ledger(run.store), _quiet)
            make_snapshot(run, root, "growing", documents * share, before)
            begun = time.time()
            with _out_of_reach(root, f"s{number}"):
                run_job(make_job("find_duplicates"), Run(run.spark, run.store, config, Ledger(run.store), _quiet))
            times.append((begun, time.time()))
            points.append((documents * share, before, times[-1][1] - begun))
            print(f"{documents * share:,} new documents after {before:,}: {points[-1][2]:.1f} s", flush=True)
        run.spark.stop()
        _print_fit(points)
        for number in READS:
            _print_reads(scans(log, root, *times[number]), number)


def _quiet(line: str) -> None:
    """Progress of jobs would drown the answers."""


@contextmanager
def _out_of_reach(root: Path, snapshot: str) -> Iterator[None]:
    """The texts of all snapshots and the signals of all others are elsewhere: a job that reads any of them fails."""
    away = root.parent / "away"
    moved = [(folder, away / f"{folder.parent.name}-{folder.name}") for folder in root.glob("documents/snapshot=*")]
    earlier = [folder for folder in root.glob("signals/snapshot=*") if folder.name != f"snapshot={snapshot}"]
    moved += [(folder, away / f"{folder.parent.name}-{folder.name}") for folder in earlier]
    away.mkdir(exist_ok=True)
    for folder, place in moved:
        folder.rename(place)
    try:
        yield
    finally:
        for folder, place in moved:
            place.rename(folder)


def _print_fit(points: Sequence[Point]) -> None:
    """Least squares of relative errors; the first snapshot, which meets no history and a cold JVM, is left out."""
    rows = np.array([(1, new, before) for new, before, _ in points[1:]], dtype=np.float64)
    seconds = np.array([spent for _, _, spent in points[1:]])
    (c, a, b), *_ = np.linalg.lstsq(rows / seconds[:, None], np.ones(len(seconds)), rcond=None)
    errors = ", ".join(f"{fitted / spent - 1:+.0%}" for fitted, spent in zip(rows @ (c, a, b), seconds, strict=True))
    print(
        f"time = {c:.1f} s + {1e6 * a:.1f} us a new document + {1e6 * b:.2f} us an earlier one (errors {errors}); b / a = {b / a:.4f} "
        f"(at most {ASKED:.3f}, aim {AIM:.3f})"
    )


def _print_reads(found: dict[str, Scanned], number: int) -> None:
    """Scratch tables together, as they are what the run itself wrote."""
    print(
        f"run {number + 1} read, in sizes of files that were scanned; none of documents or of earlier snapshots' signals, which were out of reach:"
    )
    scratch = sum(scanned.bytes for table, scanned in found.items() if table.startswith("_scratch"))
    for table, scanned in sorted(found.items()):
        if not table.startswith("_scratch"):
            columns = ", ".join(f"{column} {size:,}" for column, size in sorted(scanned.columns.items()))
            print(f"  {table:18s}{scanned.bytes:14,} bytes; of them at most {columns}")
    for table in {"documents", "history", "history_sketches", "signals"} - found.keys():
        print(f"  {table:18s}{0:14,} bytes")
    print(f"  {'scratch tables':18s}{scratch:14,} bytes")


if __name__ == "__main__":
    main()
