"""find_passages over one and two GB of text: time must grow like the text. Prints the ratio of the times, with its aim.

The text is that of real pages, over and over, each time with other endings to all words of four letters and more: so each copy repeats itself
as much as the crawl does, and no copy repeats another. usage: passages.py CRAWL_FOLDER [GB ...]
"""

import json
import re
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from itertools import count
from pathlib import Path

from corpusmill.cli import parse_arguments
from corpusmill.job import Run
from corpusmill.jobs import make_job
from corpusmill.ledger import Ledger
from corpusmill.pipeline import open_run, run_job
from corpusmill.settings import Config, IngestSettings
from corpusmill.tables import Documents, Passages
from pyspark.sql import functions as F

from benchmarks.pages import extracted_texts

AIM = 2.3
"""Times as long for twice the text, at most."""
LETTERS = "bcdfghjklmnpqrstvwxz"
_LONG_WORD = re.compile(r"[^\W\d_]{4,}")
_FILE_BYTES = 100_000_000
_WARM_UP = 5_000_000


def main(crawl: Path, sizes: Sequence[float]) -> None:
    """A line a size, then the ratio of the last two."""
    pages = _pages(sorted(crawl.glob("*.warc.gz")))
    with tempfile.TemporaryDirectory() as folder:
        seconds = []
        written: list[Path] = []
        for number, size in enumerate([_WARM_UP / 1e9, *sizes]):
            total = sum(path.stat().st_size for path in written)
            written += _files(pages, Path(folder) / f"part-{number}", int(size * 1e9) - total)
            spent, text, cut = _find(Path(folder) / "store", written)
            if number:
                seconds.append((spent, text))
                print(
                    f"{text / 1e9:.3f} GB of text: {spent:.1f} s, {text / 1e6 / spent:.1f} MB/s, {cut:.1%} of it repeats, each kind by itself"
                )
    if len(seconds) > 1:
        (shorter, less), (longer, more) = seconds[-2:]
        print(f"{longer / shorter:.2f} times as long for {more / less:.2f} times the text (for twice the text at most {AIM})")


def _pages(files: Sequence[Path]) -> Iterator[str]:
    """Texts without end."""
    texts = [text for file in files for text in extracted_texts(file, IngestSettings())]
    for copy in count():
        ending = "".join(LETTERS[copy // len(LETTERS) ** place % len(LETTERS)] for place in range(3))
        for text in texts:
            yield _LONG_WORD.sub(lambda word, ending=ending: word[0] + ending, text)


def _files(pages: Iterator[str], folder: Path, size: int) -> list[Path]:
    """The next `size` bytes of pages in JSON lines, 100 MB a file."""
    folder.mkdir()
    made: list[Path] = []
    while size > 0:
        path = folder / f"{folder.name}-{len(made)}.jsonl"
        with path.open("w", encoding="utf-8") as file:
            left = min(size, _FILE_BYTES)
            while left > 0:
                line = json.dumps({"text": next(pages)}, ensure_ascii=False) + "\n"
                file.write(line)
                left -= len(line.encode())
        made.append(path)
        size -= path.stat().st_size
    return made


def _find(root: Path, files: Sequence[Path]) -> tuple[float, int, float]:
    """Seconds of find_passages, bytes of text, and the share of it that is cut out, counted once for each kind."""
    run = open_run("passages", _config(root, files), lambda _line: None)
    for name in ("ingest_documents", "measure_documents", "judge_documents"):
        run_job(make_job(name), run)
    opened = Run(run.spark, run.store, run.config, Ledger(run.store), print)
    began = time.perf_counter()
    run_job(make_job("find_passages"), opened)
    spent = time.perf_counter() - began
    text = sum(row[0] for row in run.store.read(Documents).select(F.sum(F.octet_length(Documents.text))).collect())
    span = F.explode(Passages.spans).alias("span")
    cut = run.store.read(Passages).select(span).select(F.sum(F.col("span.end") - F.col("span.start"))).collect()[0][0] or 0
    return spent, text, cut / text


def _config(root: Path, files: Sequence[Path]) -> Config:
    paths = json.dumps([str(path) for path in files])
    kinds = '["lines", "paragraphs", "sentences", "substrings"]'
    return parse_arguments(
        [f"store.root={root}", f"ingest.paths={paths}", f"passages.kinds={kinds}", f"ingest.chunk_bytes={4 * _FILE_BYTES}"]
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]), [float(size) for size in sys.argv[2:]] or [1.0, 2.0])
