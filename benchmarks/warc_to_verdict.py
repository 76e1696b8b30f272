"""WARC to verdict, pages a second on one core, against datatrove on the same file in the same run; and measure alone against its filters.

Start-up is cancelled by the difference of two input sizes in one Spark session that has run before. The peer runs before and after,
since machines change their pace. usage: warc_to_verdict.py CRAWL_FOLDER PEER_PYTHON [PEER_PAGES]
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from itertools import islice
from pathlib import Path

import pyarrow as pa
from corpusmill.config import load_config
from corpusmill.text.batch import TextBatch
from corpusmill.text.languages import detect_languages
from corpusmill.text.measure import measure, measure_settings
from corpusmill.wording import counted

from benchmarks.copies import copied
from benchmarks.pages import extracted_texts
from benchmarks.processes import ROOT, Finished, Runner, megabytes

CORE = {max(os.sched_getaffinity(0))}
STAGES = ["ingest_documents", "measure_documents", "judge_documents"]
EXTRACTORS = {"trafilatura": 40, "resiliparse": 10}
"""Of the peer, and by how much we must be faster."""
_PASSES = 5
Costs = dict[str, dict[str, float]]
"""Seconds a page of each step of the peer, by extractor."""


def main() -> None:
    """Print pages a second of both, the ratios with their aims, the share of each stage, and the memory."""
    crawl, python, pages = Path(sys.argv[1]), sys.argv[2], sys.argv[3] if len(sys.argv) > 3 else "400"
    files = sorted(crawl.glob("*.warc.gz"))
    more = [path for file in files for path in copied(file, crawl.parent / "copies", 3)]
    peers = [_peers(python, files[0], pages)]
    with Runner(CORE, "local[1,4]") as runner:
        _run(runner, files[:1])
        small, large = _run(runner, files), _run(runner, more)
    peers.append(_peers(python, files[0], pages))
    _print(small, large, peers, _measure_alone(files[0], 2000))


def _print(small: Finished, large: Finished, peers: Sequence[Costs], alone: tuple[float, float]) -> None:
    count = large.rows["ingest_documents"] - small.rows["ingest_documents"]
    spent = {stage: large.seconds[stage] - small.seconds[stage] for stage in STAGES}
    seconds = sum(spent.values())
    ours = count / seconds
    print(f"corpusmill             {ours:8.1f} pages/s on one core ({count:,} pages more in {seconds:.1f} s more)")
    for stage, part in spent.items():
        print(f"  {stage:20s} {part / seconds:8.1%} {count / part:10,.0f} pages/s")
    for extractor, aim in EXTRACTORS.items():
        cost = _mean(peers, extractor)
        chain = 1 / sum(cost.values())
        shares = ", ".join(f"{step} {value * chain:.0%}" for step, value in cost.items())
        print(f"datatrove, {extractor:11s} {chain:8.1f} pages/s; ratio {ours / chain:6.1f} (at least {aim})   {shares}")
    filters = sum(value for step, value in _mean(peers, "resiliparse").items() if step not in ("read", "extract"))
    everything, language = alone
    print(
        f"measure alone          {1 / (everything - language):8.1f} pages/s with all that needs no model; datatrove's filters and MinHash "
        f"{1 / filters:.1f}; ratio {filters / (everything - language):6.1f} (at least 100)"
    )
    print(
        f"  with language        {1 / everything:8.1f} pages/s, ratio {filters / everything:6.1f}: lid.176 takes {language / everything:.1%} of it, "
        "and datatrove's side has none"
    )
    print(
        f"driver: {megabytes(small.heap)} of live objects after {small.rows['ingest_documents']:,} pages, {megabytes(large.heap)} after "
        f"{large.rows['ingest_documents']:,} more; resident {megabytes(large.driver)} of 4 GB allowed, with the executor in it; "
        f"largest Python worker {megabytes(large.worker)}"
    )


def _mean(peers: Sequence[Costs], extractor: str) -> dict[str, float]:
    return {step: sum(peer[extractor][step] for peer in peers) / len(peers) for step in peers[0][extractor]}


def _run(runner: Runner, files: Sequence[Path]) -> Finished:
    print(f"bench: corpusmill on {counted(len(files), 'file')}", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        return runner.run(
            [
                "run_pipeline", "--conf", str(ROOT / "conf/recipes/fineweb.toml"), f"store.root={folder}/store",
                f"ingest.paths={json.dumps([str(f) for f in files])}", f"pipeline.stages={json.dumps(STAGES)}",
            ]
        )  # fmt: skip


def _peers(python: str, file: Path, pages: str) -> Costs:
    script = str(ROOT / "benchmarks" / "peer_datatrove.py")
    print(f"bench: datatrove on {pages} pages of {file.name}", flush=True)
    costs: Costs = {}
    for extractor in EXTRACTORS:
        result = subprocess.run(
            [python, script, str(file), pages, extractor],
            stdout=subprocess.PIPE,
            text=True,
            check=True,
            preexec_fn=lambda: os.sched_setaffinity(0, CORE),
        )
        costs[extractor] = json.loads(result.stdout.strip().splitlines()[-1])["seconds"]
    return costs


def _measure_alone(file: Path, pages: int) -> tuple[float, float]:
    """Seconds a page of measure() with the FineWeb recipe, and of them those of the language model; warmed up, on one core."""
    os.sched_setaffinity(0, CORE)
    config = load_config([str(ROOT / "conf/recipes/fineweb.toml")], [])
    texts = list(islice(extracted_texts(file, config.ingest), pages))
    batch = pa.RecordBatch.from_pydict(
        {
            "doc_id": [f"{i:032x}" for i in range(len(texts))], "snapshot": ["s"] * len(texts), "chunk": pa.array([0] * len(texts), pa.int32()),
            "text": texts, "text_digest": pa.array([b"x" * 32] * len(texts), pa.binary()),
        }
    )  # fmt: skip
    column = batch.column("text")
    steps = {
        "everything": lambda: measure(batch, config.edits, measure_settings(config)),
        "language": lambda: detect_languages(TextBatch(column), config.measure.language_characters),
    }
    spent = dict.fromkeys(steps, 0.0)
    for turn in range(_PASSES + 1):
        for name, step in steps.items():
            begun = time.perf_counter()
            step()
            spent[name] += (time.perf_counter() - begun) * (turn > 0)
    return spent["everything"] / _PASSES / len(texts), spent["language"] / _PASSES / len(texts)


if __name__ == "__main__":
    main()
