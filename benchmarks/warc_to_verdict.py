"""WARC to verdict, pages a second on one core, against datatrove on the same file in the same run; and measure alone against its filters.

Start-up is cancelled by the difference of two input sizes. usage: warc_to_verdict.py CRAWL_FOLDER PEER_PYTHON [PEER_PAGES]
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from itertools import islice
from pathlib import Path

import pyarrow as pa
from corpusmill.config import load_config
from corpusmill.ingest.formats import read_records
from corpusmill.ingest.rows import Record
from corpusmill.settings import IngestSettings
from corpusmill.text.measure import measure

from benchmarks.processes import ROOT, Finished, megabytes, run_corpusmill

CORE = {max(os.sched_getaffinity(0))}
STAGES = ["ingest_documents", "measure_documents", "judge_documents"]


def main() -> None:
    """Print pages a second of both, the ratios with their aims, the share of each stage, and the memory."""
    crawl, python, pages = Path(sys.argv[1]), sys.argv[2], sys.argv[3] if len(sys.argv) > 3 else "300"
    files = sorted(crawl.glob("*.warc.gz"))
    peers = {kind: _peer(python, files[0], pages, kind) for kind in ("trafilatura", "resiliparse")}
    small, large = _ours(files[:1]), _ours(files)
    count = large.rows["ingest_documents"] - small.rows["ingest_documents"]
    spent = {stage: large.seconds[stage] - small.seconds[stage] for stage in STAGES}
    ours = count / sum(spent.values())
    print(f"corpusmill       {ours:8.1f} pages/s on one core ({count:,} pages more in {sum(spent.values()):.1f} s more)")
    for stage, seconds in spent.items():
        print(f"  {stage:18s} {seconds / sum(spent.values()):6.1%}  {count / seconds:10,.0f} pages/s")
    for kind, aim in (("trafilatura", 40), ("resiliparse", 10)):
        chain = 1 / sum(peers[kind].values())
        print(f"datatrove, {kind:11s} {chain:8.1f} pages/s; ratio {ours / chain:6.1f} (at least {aim})")
    filters = sum(v for k, v in peers["resiliparse"].items() if k not in ("read", "extract"))
    alone = _measure_alone(files[0], 2000)
    print(
        f"measure alone    {alone:8.1f} pages/s; datatrove's four filters and MinHash {1 / filters:6.1f}; ratio {alone * filters:6.1f} (at least 100)"
    )
    print(
        f"driver {megabytes(small.driver)} for one file, {megabytes(large.driver)} for {len(files)}; largest Python worker {megabytes(large.worker)}"
    )


def _ours(files: list[Path]) -> Finished:
    with tempfile.TemporaryDirectory() as folder:
        words = [
            "run_pipeline", "--conf", str(ROOT / "conf/recipes/fineweb.toml"), f"store.root={folder}/store",
            f"ingest.paths={json.dumps([str(f) for f in files])}", f"pipeline.stages={json.dumps(STAGES)}",
        ]  # fmt: skip
        return run_corpusmill(words, CORE, "local[1,4]")


def _peer(python: str, file: Path, pages: str, kind: str) -> dict[str, float]:
    """Seconds a page of each step."""
    script = str(ROOT / "benchmarks" / "peer_datatrove.py")
    result = subprocess.run(
        [python, script, str(file), pages, kind],
        stdout=subprocess.PIPE,
        text=True,
        check=True,
        preexec_fn=lambda: os.sched_setaffinity(0, CORE),
    )
    seconds: dict[str, float] = json.loads(result.stdout.strip().splitlines()[-1])["seconds"]
    return seconds


def _measure_alone(file: Path, pages: int) -> float:
    """Pages a second of measure() with the FineWeb recipe, warmed up, on one core."""
    os.sched_setaffinity(0, CORE)
    config = load_config([str(ROOT / "conf/recipes/fineweb.toml")], [])
    texts = _texts(file, pages, config.ingest)
    batch = pa.RecordBatch.from_pydict(
        {
            "doc_id": [f"{i:032x}" for i in range(len(texts))], "snapshot": ["s"] * len(texts), "chunk": pa.array([0] * len(texts), pa.int32()),
            "text": texts, "text_digest": pa.array([b"x" * 32] * len(texts), pa.binary()),
        }
    )  # fmt: skip
    measure(batch.slice(0, 50), config.edits, config.measure)
    begun = time.perf_counter()
    measure(batch, config.edits, config.measure)
    return len(texts) / (time.perf_counter() - begun)


def _texts(file: Path, pages: int, settings: IngestSettings) -> list[str]:
    """The texts of the first pages, extracted as ingest does."""
    documents = (item for item in read_records(str(file), settings) if isinstance(item, Record))
    return [document.text.decode() for document in islice(documents, pages)]


if __name__ == "__main__":
    main()
