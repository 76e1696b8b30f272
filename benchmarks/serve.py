"""Reads a JSON list of words a line, runs `corpusmill run` with them in this process, and says how each ended and what the driver holds then."""

import json
import sys

from corpusmill.cli import guarded, run_words
from pyspark.sql import SparkSession


def _live_heap() -> int:
    """Bytes of the JVM's objects that are in use: its resident size only says how long it has put off collecting the others."""
    session = SparkSession.getActiveSession()
    if session is None:
        return 0
    jvm = session.sparkContext._jvm
    assert jvm is not None
    jvm.System.gc()
    runtime = jvm.Runtime.getRuntime()
    return int(runtime.totalMemory() - runtime.freeMemory())


def main() -> None:
    """Until there are no more lines."""
    for line in sys.stdin:
        job, *words = json.loads(line)
        code = guarded(lambda job=job, words=words: run_words(job, words))
        sys.stdout.write(f"live heap {_live_heap()}\nended with {code}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
