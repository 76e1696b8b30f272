"""Runs a corpusmill command as a user does, pinned to processors, and watches the memory of its driver and Python workers."""

import os
import re
import subprocess
import sys
import threading
from dataclasses import dataclass, field
from pathlib import Path

import psutil

ROOT = Path(__file__).resolve().parent.parent
_ROWS = re.compile(r"^(?P<job>\w+): (?P<slice>\S+)  (?P<rows>[\d,]+) rows?  (?P<seconds>[\d.]+) s$")


@dataclass
class Finished:
    """What one command took. Memory in bytes, resident, the peak of the largest single process of each kind."""

    seconds: dict[str, float] = field(default_factory=dict)
    rows: dict[str, int] = field(default_factory=dict)
    driver: int = 0
    worker: int = 0


def run_corpusmill(words: list[str], processors: set[int], master: str) -> Finished:
    """Run `corpusmill run …` pinned to `processors`; its progress lines give rows and seconds a job."""
    done = Finished()
    environment = {**os.environ, "MASTER": master}
    process = subprocess.Popen(
        [sys.executable, "-m", "corpusmill.cli", "run", *words],
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=environment, cwd=ROOT,
        preexec_fn=lambda: os.sched_setaffinity(0, processors),
    )  # fmt: skip
    stop = threading.Event()
    watcher = threading.Thread(target=_watch, args=(process.pid, done, stop))
    watcher.start()
    assert process.stdout is not None
    for line in process.stdout:
        if match := _ROWS.match(line.strip()):
            job = match["job"]
            done.seconds[job] = done.seconds.get(job, 0.0) + float(match["seconds"])
            done.rows[job] = done.rows.get(job, 0) + int(match["rows"].replace(",", ""))
    code = process.wait()
    stop.set()
    watcher.join()
    if code:
        raise SystemExit(f"corpusmill run {' '.join(words)} ended with {code}")
    return done


def _watch(pid: int, done: Finished, stop: threading.Event) -> None:
    while not stop.wait(0.1):
        try:
            below = psutil.Process(pid).children(recursive=True)
            done.driver = max(done.driver, psutil.Process(pid).memory_info().rss)
        except psutil.NoSuchProcess:
            return
        for child in below:
            try:
                size, words = child.memory_info().rss, " ".join(child.cmdline())
            except psutil.Error:
                continue
            if "pyspark" in words and "java" not in words.split(" ")[0]:
                done.worker = max(done.worker, size)
            elif "java" in words.split(" ")[0]:
                done.driver = max(done.driver, size)


def megabytes(size: float) -> str:
    """As the tables print it."""
    return f"{size / 2**20:,.0f} MB"
