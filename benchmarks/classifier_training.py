"""Classifiers against the libraries' own trainers on one split of real pages: F1, training time, and what scoring adds to a page.

The pages are LibreOffice's English help in the crawl; the label is the program that a page is about, told from its first characters.
One thread each. usage: classifier_training.py CRAWL_FOLDER
"""

import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import xxhash
from corpusmill.config import load_config
from corpusmill.ingest.formats import read_records
from corpusmill.ingest.rows import Record
from corpusmill.scoring.embedders import open_embedder
from corpusmill.scoring.embedding_training import train_score
from corpusmill.scoring.evaluation import evaluate
from corpusmill.scoring.examples import Split
from corpusmill.scoring.fasttext_training import train_fasttext
from corpusmill.scoring.scorer import Scorer, open_scorer
from corpusmill.settings import EmbeddingScoreSettings, FastTextScoreSettings, FastTextTrainingSettings, IngestSettings
from corpusmill.text.measure import measure, measure_settings
from sklearn.linear_model import LogisticRegression

from benchmarks.processes import ROOT

CORE = {max(os.sched_getaffinity(0))}
CHARACTERS = 300
LEAST = 20
"""Pages that a label must have."""
ALLOWED = 0.01
"""Difference of F1 from the library's own trainer."""
_LABEL = re.compile(r"/help/en-US/text/([a-z]+)/")
_FASTTEXT = ROOT / "build" / "fasttext"
_PEER = """
import json, sys, time
import fasttext
settings, train, held = json.loads(sys.argv[1]), sys.argv[2], json.loads(open(sys.argv[3]).read())
began = time.perf_counter()
model = fasttext.train_supervised(train, thread=1, verbose=0, **settings)
seconds = time.perf_counter() - began
print(json.dumps([seconds, [model.predict(text)[0][0].removeprefix("__label__") for text in held]]))
"""
Rows = list[tuple[str, str]]


def main() -> None:
    """Print both F1 with their difference and the ratio of the training times, then the share of scoring in a page's time."""
    os.sched_setaffinity(0, CORE)
    pages = _labelled_pages(Path(sys.argv[1]))
    held_out = [xxhash.xxh3_64_intdigest(text.encode()) % 10 < 3 for text, _ in pages]
    cut = [(" ".join(text[:CHARACTERS].split()), label) for text, label in pages]
    learned = [row for row, is_held in zip(cut, held_out, strict=True) if not is_held]
    held = [row for row, is_held in zip(cut, held_out, strict=True) if is_held]
    print(f"bench: {len(learned):,} pages to train on, {len(held):,} held out, {len({label for _, label in cut})} labels")
    with tempfile.TemporaryDirectory() as folder:
        split = _spilled(learned, Path(folder) / "train.arrow")
        models = {"fasttext": _fasttext(split, learned, held, Path(folder)), "embedding": _embedding(split, learned, held, Path(folder))}
        _print_shares([text for text, _ in pages], models)


def _labelled_pages(crawl: Path) -> Rows:
    found = []
    for file in sorted(crawl.glob("*.warc.gz")):
        for item in read_records(str(file), IngestSettings()):
            match = _LABEL.search(item.url or "") if isinstance(item, Record) else None
            if match and item.text.strip():
                found.append((item.text.decode(), match[1]))
    labels = [label for _, label in found]
    return [(text, label) for text, label in found if labels.count(label) >= LEAST]


def _spilled(rows: Rows, path: Path) -> Split:
    batch = pa.RecordBatch.from_arrays([pa.array(column) for column in zip(*rows, strict=True)], names=["text", "label"])
    with pa.OSFile(str(path), "wb") as sink, pa.ipc.new_file(sink, batch.schema) as file:
        file.write_batch(batch)
    return Split(path, len(rows))


def _fasttext(split: Split, learned: Rows, held: Rows, folder: Path) -> Scorer:
    if not _FASTTEXT.is_dir():
        # Not beside the other packages: it would overwrite fasttext-predict.
        command = [sys.executable, "-m", "pip", "install", "-q", "--no-deps", "--target", str(_FASTTEXT), "fasttext-numpy2-wheel"]
        subprocess.run(command, check=True)
    training = FastTextTrainingSettings(dim=50, epochs=25, learning_rate=0.5, buckets=100_000)
    train_fasttext(split.blocks, training.model_copy(update={"epochs": 1}), folder / "warm.bin")
    seconds, _ = _timed(lambda: train_fasttext(split.blocks, training, folder / "model.bin"))
    scorer = open_scorer(FastTextScoreSettings(kind="fasttext", name="program"), folder / "model.bin")
    (folder / "train.txt").write_text("".join(f"__label__{label} {text}\n" for text, label in learned), encoding="utf-8")
    (folder / "held.json").write_text(json.dumps([text for text, _ in held]))
    peer = {"dim": training.dim, "epoch": training.epochs, "lr": training.learning_rate}
    peer |= {"wordNgrams": training.word_ngrams, "bucket": training.buckets, "minCount": training.minimum_count}
    command = [sys.executable, "-c", _PEER, json.dumps(peer), str(folder / "train.txt"), str(folder / "held.json")]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True, env=os.environ | {"PYTHONPATH": str(_FASTTEXT)})
    theirs, guessed = json.loads(done.stdout.splitlines()[-1])
    _print_compared("fastText", held, _labels(scorer, held), guessed, seconds / theirs)
    return scorer


def _embedding(split: Split, learned: Rows, held: Rows, folder: Path) -> Scorer:
    settings = EmbeddingScoreSettings.model_validate({"kind": "embedding", "name": "program", "training": {"task": "classification"}})
    train_score(settings, split, folder)
    seconds, (path, _) = _timed(lambda: train_score(settings, split, folder))
    scorer = open_scorer(settings, path)
    embedder = open_embedder(settings.embedder)

    def fitted() -> LogisticRegression:
        vectors = embedder.embed([text for text, _ in learned], settings.training.tokens)
        return LogisticRegression(max_iter=1000).fit(vectors, [label for _, label in learned])

    theirs, peer = _timed(fitted)
    guessed = peer.predict(embedder.embed([text for text, _ in held], settings.training.tokens)).tolist()
    _print_compared("embedding, scikit-learn", held, _labels(scorer, held), guessed, seconds / theirs)
    return scorer


def _timed(work: Callable[[], Any]) -> tuple[float, Any]:
    began = time.perf_counter()
    made = work()
    return time.perf_counter() - began, made


def _labels(scorer: Scorer, rows: Rows) -> list[str]:
    return list(_scored(scorer, [text for text, _ in rows]).field("label").to_pylist())


def _scored(scorer: Scorer, texts: Sequence[str]) -> pa.StructArray:
    return scorer.score(pa.array(texts, pa.string()), pa.nulls(len(texts), pa.string()))


def _print_compared(name: str, held: Rows, ours: Sequence[str], theirs: Sequence[str], ratio: float) -> None:
    true = [label for _, label in held]
    mine, other = (_f1(true, guessed) for guessed in (ours, theirs))
    print(
        f"{name:24s} F1 {mine:.4f}, the library's {other:.4f}, difference {mine - other:+.4f} (at least -{ALLOWED}); "
        f"training takes {ratio:.2f} of its time"
    )


def _f1(true: Sequence[str], guessed: Sequence[str]) -> float:
    zeros = pa.array(np.zeros(len(true)))
    found = pa.StructArray.from_arrays([pa.array(guessed, pa.string()), zeros, zeros], ["label", "probability", "score"])
    return float(evaluate(true, found)["f1"])


def _print_shares(texts: list[str], models: dict[str, Scorer]) -> None:
    config = load_config([str(ROOT / "conf/recipes/fineweb.toml")], [])
    count = len(texts)
    batch = pa.RecordBatch.from_pydict(
        {
            "doc_id": [f"{i:032x}" for i in range(count)], "snapshot": ["s"] * count, "chunk": pa.array([0] * count, pa.int32()),
            "text": texts, "text_digest": pa.array([b"x" * 32] * count, pa.binary()),
        }
    )  # fmt: skip
    measure(batch, config.edits, measure_settings(config))
    measured, _ = _timed(lambda: measure(batch, config.edits, measure_settings(config)))
    for name, scorer in models.items():
        spent, _ = _timed(lambda scorer=scorer: _scored(scorer, texts))
        print(f"scoring whole pages, {name:10s} {spent / (spent + measured):.1%} of what measuring and scoring take together")


if __name__ == "__main__":
    main()
