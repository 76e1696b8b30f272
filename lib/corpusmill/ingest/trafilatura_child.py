"""The process that runs trafilatura, page by page, from standard input to standard output; `child` starts it and reads its answers.

It limits itself: the kernel ends it at the deadline whatever it is doing, also where its parent is gone.
"""

import json
import logging
import os
import re
import resource
import signal
import struct
import sys
from pathlib import Path
from typing import BinaryIO

LENGTH = struct.Struct("<BI")
"""Before each page and answer: of an answer FAILED and LAST, and its bytes."""
FAILED = 1
"""The answer says what went wrong."""
LAST = 2
"""The process ends: it has held so much memory that it could not tell an empty page from one that did not fit."""
WALL = 30
"""Times the CPU seconds allowed that may pass on the clock: a process that waits uses none."""
_FULL = "trafilatura needs more than {:,} bytes of memory"
_SEGMENTS = 4096
"""Paragraphs of one page that are remembered, trafilatura's LRU_SIZE."""


def main() -> None:
    """Answer until standard input ends. Argument: TrafilaturaSettings as JSON."""
    settings = json.loads(sys.argv[1])
    # Only answers may go to where the parent reads.
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    logging.disable(logging.CRITICAL)
    _limit_memory(settings["memory_bytes"])
    for number in (signal.SIGPROF, signal.SIGALRM):
        signal.signal(number, signal.SIG_DFL)
    # What is made on first use is not in the first page's time.
    _extract("<html><body><p>first</p></body></html>", settings)
    _answer(answers, 0, b"")
    while head := sys.stdin.buffer.read(LENGTH.size):
        page = sys.stdin.buffer.read(LENGTH.unpack(head)[1]).decode()
        _start_timers(settings["seconds"])
        try:
            flags, said = 0, _extract(page, settings)
        except MemoryError:
            flags, said = FAILED, _FULL.format(settings["memory_bytes"])
        except Exception as error:
            # Whatever trafilatura and lxml stumble over is this page's fault.
            flags, said = FAILED, type(error).__name__
        _start_timers(0)
        is_full = _peak() > settings["memory_bytes"] // 2
        if is_full and not said:
            # libxml2 ends a tree where memory ends, and says nothing.
            flags, said = FAILED, _FULL.format(settings["memory_bytes"])
        _answer(answers, flags | LAST if is_full else flags, said.encode("utf-8", "replace"))
        if is_full:
            return


def _limit_memory(size: int) -> None:
    """At most what it already may have: Spark limits its workers by spark.executor.pyspark.memory."""
    hard = resource.getrlimit(resource.RLIMIT_AS)[1]
    size = size if hard == resource.RLIM_INFINITY else min(size, hard)
    resource.setrlimit(resource.RLIMIT_AS, (size, size))


def _extract(page: str, settings: dict[str, bool]) -> str:
    # Here alone: the other side reads this module's constants where trafilatura may be missing.
    import trafilatura
    from trafilatura.deduplication import LRUCache

    text = trafilatura.extract(
        page,
        favor_precision=settings["favour_precision"],
        include_comments=settings["include_comments"],
        # Its own memory of segments lasts from page to page: a text would depend on the pages before it.
        deduplicate=LRUCache(_SEGMENTS) if settings["deduplicate"] else False,
    )
    return text or ""


def _peak() -> int:
    """The most bytes of address space it has had. Linux alone says (getrusage's figure begins with the parent's); elsewhere 0."""
    status = Path("/proc/self/status")
    found = re.search(rb"VmPeak:\s+(\d+) kB", status.read_bytes()) if status.exists() else None
    return int(found.group(1)) * 1024 if found else 0


def _start_timers(seconds: float) -> None:
    signal.setitimer(signal.ITIMER_PROF, seconds)
    signal.setitimer(signal.ITIMER_REAL, seconds * WALL)


def _answer(to: BinaryIO, flags: int, said: bytes) -> None:
    to.write(LENGTH.pack(flags, len(said)) + said)
    to.flush()


if __name__ == "__main__":
    main()
