"""Times datatrove's four MinHash stages on Parquet files, in as many processes as are asked for: 14 buckets of 8 hashes, 5-word shingles.

Runs in an environment of its own that tools/run_benchmarks.sh makes. Writes the ids of the documents that stay, one a line, and prints one JSON
object: seconds of each stage. usage: peer_minhash.py WORKERS KEPT_FILE PARQUET_FILE...
"""

import json
import os
import sys
import tempfile
import time
from pathlib import Path

from datatrove.executor import LocalPipelineExecutor
from datatrove.pipeline.base import PipelineStep
from datatrove.pipeline.dedup.minhash import (
    MinhashConfig,
    MinhashDedupBuckets,
    MinhashDedupCluster,
    MinhashDedupFilter,
    MinhashDedupSignature,
)
from datatrove.pipeline.readers import ParquetReader
from datatrove.pipeline.writers.jsonl import JsonlWriter

CONFIG = MinhashConfig(n_grams=5, num_buckets=14, hashes_per_bucket=8)


def main() -> None:
    """One stage after the other; a task a file where documents are read."""
    workers, kept, files = int(sys.argv[1]), Path(sys.argv[2]), [Path(name) for name in sys.argv[3:]]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "in").mkdir()
        for number, file in enumerate(files):
            (folder / "in" / f"{number:04d}.parquet").symlink_to(file.resolve())
        steps = stages(folder)
        tasks = {"signatures": len(files), "buckets": CONFIG.num_buckets, "clusters": 1, "filter": len(files)}
        seconds = {}
        for stage, pipeline in steps.items():
            logs = str(folder / "logs" / stage)
            executor = LocalPipelineExecutor(pipeline, tasks=tasks[stage], workers=min(workers, tasks[stage]), logging_dir=logs)
            begun = time.perf_counter()
            executor.run()
            seconds[stage] = time.perf_counter() - begun
        with kept.open("w") as sink:
            for file in sorted((folder / "out").glob("*.jsonl")):
                with file.open() as lines:
                    sink.writelines(json.loads(line)["id"] + "\n" for line in lines)
    sys.stdout.write(json.dumps({"seconds": seconds}) + "\n")


def stages(folder: Path) -> dict[str, list[PipelineStep]]:
    """The steps of each stage, by its name, in order."""
    signatures, buckets, removed = (str(folder / name) + os.sep for name in ("signatures", "buckets", "removed"))

    def reader() -> ParquetReader:
        return ParquetReader(str(folder / "in"), glob_pattern="*.parquet")

    return {
        "signatures": [reader(), MinhashDedupSignature(output_folder=signatures, config=CONFIG)],
        "buckets": [MinhashDedupBuckets(input_folder=signatures, output_folder=buckets, config=CONFIG)],
        "clusters": [MinhashDedupCluster(input_folder=buckets, output_folder=removed, config=CONFIG)],
        "filter": [reader(), MinhashDedupFilter(input_folder=removed), JsonlWriter(str(folder / "out"), compression=None)],
    }


if __name__ == "__main__":
    main()
