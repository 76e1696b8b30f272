"""Near duplicates at scale, under skew and against datatrove: growth of time, memory, time a document, and who finds what in the same documents.

The documents have known copies (near_copies.py). Timed is all from texts to answers: measuring, with every signal that is always measured, judging
and resolving; of datatrove its four MinHash stages, on the same processors. Skew is of made sketches (made_sketches.py).
usage: near_duplicates.py CRAWL_FOLDER PEER_PYTHON [DOCUMENTS] [SKEWED]
"""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from corpusmill.ingest.identity import native_id
from deltalake import DeltaTable

from benchmarks.duplicate_quality import SURE, UNLIKE, Quality, Truth
from benchmarks.made_sketches import MADE, Shape, words_for
from benchmarks.near_copies import make_near_copies, texts_of
from benchmarks.processes import ROOT, Finished, Runner, megabytes

PROCESSORS = os.sched_getaffinity(0)
STAGES = ["ingest_documents", "measure_documents", "judge_documents", "find_duplicates"]
GROWTH = 2.2
"""Of time, at twice the documents; at most."""
FASTER = 30
"""Than datatrove a document; at least."""
LOST = 0.005
"""Recall under datatrove's; at most."""
UNLIKE_SHARE = 0.1
"""Of datatrove's removals of unlike documents; at most."""
SHARED = 10
"""One in so many documents is also given to datatrove."""
SKEWS: dict[Shape, str] = {"bucket": "near-identical documents", "band": "documents that share a band, below the threshold"}


def main() -> None:
    """Print every claim with the number that is asked for."""
    crawl, python = Path(sys.argv[1]), sys.argv[2]
    documents = int(sys.argv[3]) if len(sys.argv) > 3 else 1_000_000
    skewed = int(sys.argv[4]) if len(sys.argv) > 4 else 200_000
    sizes = (documents // SHARED, documents, 2 * documents)
    inputs = [make_near_copies(crawl, size, crawl.parent / "near_copies") for size in sizes]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        seconds = _growth(folder, inputs)
        answers = _answers(folder / "0" / "store")
        for shape, title in SKEWS.items():
            _skew(folder, shape, title, skewed)
        _against_datatrove(folder, python, inputs[0], seconds, answers)


def _runner() -> Runner:
    return Runner(PROCESSORS, f"local[{len(PROCESSORS)},4]")


def _growth(folder: Path, inputs: Sequence[Sequence[Path]]) -> float:
    """Resolve each input, the first as a warm-up, in a store of its own. Gives the seconds a document of the second."""
    with _runner() as runner:
        _, one, two = (_resolve(runner, folder / str(number), files) for number, files in enumerate(inputs))
    for done in (one, two):
        spent = ", ".join(f"{job} {done.seconds[job]:,.0f} s" for job in STAGES[1:])
        print(f"{_documents(done):,} documents, {done.rows['find_duplicates']:,} of them found to be copies: {spent}; {_memory(done)}")
    growth = _cost(two) / _cost(one) * 2
    print(f"twice the documents take {growth:.2f} of the time (at most {GROWTH})", flush=True)
    return _cost(one)


def _resolve(runner: Runner, folder: Path, files: Sequence[Path]) -> Finished:
    print(f"bench: near duplicates in {', '.join(file.name for file in files[-1:])} and what comes before it", flush=True)
    return runner.run(
        [
            "run_pipeline", f"store.root={folder}/store", f"ingest.paths={json.dumps([str(file) for file in files])}",
            f"pipeline.stages={json.dumps(STAGES)}",
        ]
    )  # fmt: skip


def _documents(done: Finished) -> int:
    return done.rows["measure_documents"]


def _cost(done: Finished) -> float:
    """Seconds a document."""
    return sum(done.seconds[job] for job in STAGES[1:]) / _documents(done)


def _memory(done: Finished) -> str:
    return f"JVM at most {megabytes(done.driver)}, the largest Python worker {megabytes(done.worker)}"


def _answers(root: Path) -> dict[str, str | None]:
    """doc_id of each removed document, and of the one that stands for it."""
    found = DeltaTable(str(root / "duplicates")).to_pyarrow_table(columns=["doc_id", "duplicate_of"])
    return dict(zip(found.column("doc_id").to_pylist(), found.column("duplicate_of").to_pylist(), strict=True))


def _skew(folder: Path, shape: Shape, title: str, documents: int) -> None:
    """Resolve made sketches of one shape at two sizes, after a warm-up."""
    counts = (documents // SHARED, documents, 2 * documents)
    command = [sys.executable, "-m", "benchmarks.made_sketches", str(folder / shape), shape, *map(str, counts)]
    made = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)
    if made.returncode:
        raise SystemExit(f"made_sketches {shape}: {made.stderr[-2000:]}")
    with _runner() as runner:
        done = {count: runner.run(["find_duplicates", *words_for(folder / shape / str(count) / "store", MADE)]) for count in counts}
    one, two = (done[count].seconds["find_duplicates"] for count in (documents, 2 * documents))
    print(
        f"{documents:,} {title}: {one:,.1f} s, {done[documents].rows['find_duplicates']:,} removed; twice as many take {two / one:.2f} of it "
        f"(at most {GROWTH}); {_memory(done[2 * documents])}",
        flush=True,
    )


def _against_datatrove(folder: Path, python: str, files: Sequence[Path], seconds: float, answers: Mapping[str, str | None]) -> None:
    """Its time a document, and both choices against the true similarities of the documents that both had."""
    kept = folder / "kept"
    script = [python, str(ROOT / "benchmarks" / "peer_minhash.py"), str(len(PROCESSORS)), str(kept), *map(str, files)]
    print(f"bench: datatrove on {len(files)} files", flush=True)
    result = subprocess.run(script, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, check=True)
    spent: dict[str, float] = json.loads(result.stdout.strip().splitlines()[-1])["seconds"]
    truth = Truth(texts_of(files))
    theirs = sum(spent.values()) / len(truth.ids)
    shares = ", ".join(f"{stage} {part / sum(spent.values()):.0%}" for stage, part in spent.items())
    print(
        f"datatrove takes {1000 * theirs:.2f} ms a document on the same {len(PROCESSORS)} processors ({shares}); ours "
        f"{1000 * seconds:.3f} ms; ratio {theirs / seconds:.1f} (at least {FASTER})"
    )
    stay = set(kept.read_text().split())
    names = {native_id("default", name): name for name in truth.ids}
    ours = truth.judge({names[one]: names[other] if other else None for one, other in answers.items()})
    peer = truth.judge({name: None for name in truth.ids if name not in stay})
    _print_quality(ours, peer)


def _print_quality(ours: Quality, peer: Quality) -> None:
    for name, quality in (("corpusmill", ours), ("datatrove", peer)):
        print(
            f"{name:11s} removes {quality.removed:,}; of {quality.sure:,} that repeat a kept document at J >= {SURE} it finds {quality.recall:.4f}; "
            f"{quality.unlike:,} removed ones have no kept document of J >= {UNLIKE}"
        )
    print(
        f"recall {ours.recall - peer.recall:+.4f} of datatrove's (at least -{LOST}), {ours.unlike / max(peer.unlike, 1):.3f} of its removals "
        f"of unlike documents (at most {UNLIKE_SHARE})"
    )


if __name__ == "__main__":
    main()
