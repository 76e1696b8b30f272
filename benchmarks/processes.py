"""Runs corpusmill commands in one process, pinned to processors, and watches the memory of its driver and Python workers."""

import json
import os
import re
import subprocess
import sys
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import psutil

ROOT = Path(__file__).resolve().parent.parent
_ROWS = re.compile(r"^(?P<job>\w+): (?P<slice>\S+)  (?P<rows>[\d,]+) rows?  (?P<seconds>[\d.]+) s$")


@dataclass
class Finished:
    """What one command took. Memory in bytes, resident, the peak of the largest single process of each kind since the first command."""

    seconds: dict[str, float] = field(default_factory=dict)
    rows: dict[str, int] = field(default_factory=dict)
    driver: int = 0
    worker: int = 0
    heap: int = 0
    """Bytes that the driver's objects take when it has ended, after a collection."""


class Runner:
    """A process that runs one `corpusmill run` after another in the same Spark session, so that only the first one pays for its start."""

    def __init__(self, processors: set[int], master: str) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.serve"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, cwd=ROOT,
            env={**os.environ, "MASTER": master},
            preexec_fn=lambda: os.sched_setaffinity(0, processors),
        )  # fmt: skip
        self._peak = Finished()
        self._stop = threading.Event()
        self._watcher = threading.Thread(target=self._watch)
        self._watcher.start()

    def __enter__(self) -> "Runner":
        """Itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """End the process."""
        self._stop.set()
        self._watcher.join()
        self._process.communicate()

    def run(self, words: Sequence[str]) -> Finished:
        """Run `corpusmill run WORDS`; its progress lines give rows and seconds a job."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(list(words)) + "\n")
        self._process.stdin.flush()
        done = Finished()
        for line in self._process.stdout:
            if line.startswith("ended with "):
                if line.strip() != "ended with 0":
                    raise SystemExit(f"corpusmill run {' '.join(words)} {line.strip()}")
                break
            if line.startswith("live heap "):
                done.heap = int(line.split()[-1])
            if match := _ROWS.match(line.strip()):
                job = match["job"]
                done.seconds[job] = done.seconds.get(job, 0.0) + float(match["seconds"])
                done.rows[job] = done.rows.get(job, 0) + int(match["rows"].replace(",", ""))
        done.driver, done.worker = self._peak.driver, self._peak.worker
        return done

    def _watch(self) -> None:
        peak = self._peak
        while not self._stop.wait(0.1):
            try:
                below = psutil.Process(self._process.pid).children(recursive=True)
                peak.driver = max(peak.driver, psutil.Process(self._process.pid).memory_info().rss)
            except psutil.NoSuchProcess:
                return
            for child in below:
                try:
                    size, words = child.memory_info().rss, " ".join(child.cmdline())
                except psutil.Error:
                    continue
                if "java" in words.split(" ")[0]:
                    peak.driver = max(peak.driver, size)
                elif "pyspark" in words:
                    peak.worker = max(peak.worker, size)


def megabytes(size: float) -> str:
    """As the tables print it."""
    return f"{size / 2**20:,.0f} MB"
