"""Documents with known copies, made of real sentences: as many as wanted, the same for the same seed, in Parquet files that ingest reads.

An original is a few runs of sentences of several pages, so that a few thousand pages give millions of distinct texts. Its copies are equal to it, or
have words replaced, inserted and deleted. usage: near_copies.py CRAWL_FOLDER DOCUMENTS [FOLDER]
"""

import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from corpusmill.settings import IngestSettings

from benchmarks.pages import extracted_texts

SEED = 0
BLOCK = 5_000
"""Documents made together, a row group; the copies of a document are in its block."""
FILE = 10 * BLOCK
SCHEMA = pa.schema([("id", pa.string()), ("text", pa.string()), ("family", pa.int64()), ("source", pa.string())])
"""`family`: the same for an original and its copies. `source`: the original's id, null for the original itself."""
_FAMILIES = {1: 0.60, 2: 0.20, 3: 0.10, 5: 0.07, 12: 0.03}
"""Documents of a family, and how often: about half of all documents are copies."""
_EXACT = 0.15
"""Share of copies that are equal to their original."""
_JACCARD = (0.4, 1.0)
"""Of the shingles of a copy and its original, on average; evenly spread."""
_SHINGLE_WORDS = 5
_RUN = 3
"""Sentences taken together."""
_RUNS = (4, 10)
"""Runs of a document, at least and at most."""
_WORDS = (6, 40)
"""Of a sentence."""
_SENTENCE = re.compile(r"(?<=[.!?])\s+|\n+")
_LATIN = re.compile(r"[\u0000-\u024f\u2010-\u203a]+")
"""Scripts whose words spaces part, so that an edit of words is one of tokens."""
Integers = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Pool:
    """Distinct sentences of real pages in their order, as numbers of words."""

    words: pa.Array
    """Distinct, as between spaces."""
    tokens: npt.NDArray[np.int32]
    starts: Integers
    """Where each sentence begins in `tokens`, and last where they end."""


def make_near_copies(crawl: Path, documents: int, folder: Path, seed: int = SEED) -> list[Path]:
    """Files of FILE documents each, so many that they hold `documents`, made the first time; the last may be shorter, a multiple of BLOCK.

    A smaller number gives the first files of a larger one.
    """
    folder.mkdir(parents=True, exist_ok=True)
    blocks = -(-documents // BLOCK)
    per_file = FILE // BLOCK
    pool: Pool | None = None
    made = []
    for first in range(0, blocks, per_file):
        numbers = range(first, min(first + per_file, blocks))
        path = folder / f"near-{seed}-{first // per_file:04d}-{len(numbers)}.parquet"
        if not path.exists():
            pool = pool or read_pool(crawl)
            _write(path, (make_block(pool, seed, number) for number in numbers))
        made.append(path)
    return made


def read_pool(crawl: Path) -> Pool:
    """The sentences of all pages of a crawl that are in Latin letters, each once."""
    seen: dict[str, None] = {}
    for file in sorted(crawl.glob("*.warc.gz")):
        for text in extracted_texts(file, IngestSettings()):
            seen.update(dict.fromkeys(sentence for sentence in map(_joined, _SENTENCE.split(text)) if sentence))
    split = pc.split_pattern(pa.array(list(seen), pa.string()), " ")
    encoded = split.flatten().dictionary_encode()
    starts = split.offsets.to_numpy().astype(np.int64)
    return Pool(encoded.dictionary, encoded.indices.to_numpy(), starts)


def _joined(sentence: str) -> str:
    """With one space between words; empty where it is not of the kind that is wanted."""
    words = sentence.split()
    return " ".join(words) if _WORDS[0] <= len(words) <= _WORDS[1] and _LATIN.fullmatch(sentence) else ""


def make_block(pool: Pool, seed: int, number: int) -> pa.RecordBatch:
    """BLOCK documents in a random order; SCHEMA."""
    rng = np.random.default_rng((seed, number))
    sizes = rng.choice(list(_FAMILIES), size=BLOCK, p=list(_FAMILIES.values()))
    family = np.repeat(np.arange(BLOCK), sizes)[:BLOCK]
    is_original = np.diff(family, prepend=-1) > 0
    tokens, starts = _originals(pool, rng, int(is_original.sum()))
    lengths = np.diff(starts)[family]
    tokens = tokens[_ranges(starts[:-1][family], lengths)]
    tokens, lengths = _edited(tokens, lengths, np.where(is_original, 0.0, _edit_rates(rng)), len(pool.words), rng)
    offsets = pa.array(np.concatenate([[0], np.cumsum(lengths)]), pa.int32())
    texts = pc.binary_join(pa.ListArray.from_arrays(offsets, pool.words.take(pa.array(tokens))), " ")
    place = np.empty(BLOCK, np.int64)
    order = rng.permutation(BLOCK)
    place[order] = np.arange(BLOCK)
    names = pa.array([f"{number * BLOCK + row:09d}" for row in range(BLOCK)])
    originals = place[np.flatnonzero(is_original)][family]
    source = names.take(pa.array(originals[order], mask=is_original[order]))
    return pa.RecordBatch.from_arrays([names, texts.take(pa.array(order)), pa.array(number * BLOCK + family[order]), source], schema=SCHEMA)


def _ranges(starts: Integers, lengths: Integers) -> Integers:
    """The numbers from each start on, so many, one range after the other."""
    ends = np.cumsum(lengths)
    return np.arange(ends[-1]) + np.repeat(starts - ends + lengths, lengths)


def _originals(pool: Pool, rng: np.random.Generator, count: int) -> tuple[npt.NDArray[np.int32], Integers]:
    """Tokens of texts that are runs of the pool's sentences, and where each text starts in them, with the end."""
    runs = rng.integers(_RUNS[0], _RUNS[1], size=count, endpoint=True)
    first = rng.integers(0, len(pool.starts) - _RUN, size=int(runs.sum()))
    begin, end = pool.starts[first], pool.starts[first + _RUN]
    words = np.add.reduceat(end - begin, np.cumsum(runs) - runs)
    return pool.tokens[_ranges(begin, end - begin)], np.concatenate([[0], np.cumsum(words)])


def _edit_rates(rng: np.random.Generator) -> npt.NDArray[np.float64]:
    """The share of words to edit in each copy: a shingle stays with (1 - p)^5, and J = q / (2 - q) of the share q that stays."""
    jaccard = rng.uniform(*_JACCARD, size=BLOCK)
    rates = 1 - (2 * jaccard / (1 + jaccard)) ** (1 / _SHINGLE_WORDS)
    return np.where(rng.random(BLOCK) < _EXACT, 0.0, rates)


def _edited(
    tokens: npt.NDArray[np.int32], lengths: Integers, rates: npt.NDArray[np.float64], words: int, rng: np.random.Generator
) -> tuple[npt.NDArray[np.int32], Integers]:
    """The texts with words deleted, inserted and replaced by random ones, equally often; and their lengths."""
    document = np.repeat(np.arange(len(lengths)), lengths)
    drawn = rng.random(len(tokens)) * 3
    rate = rates[document]
    counts = np.where(drawn < rate, 0, np.where(drawn < 2 * rate, 2, 1))
    is_new = (drawn >= 2 * rate) & (drawn < 3 * rate)
    edited, is_new = np.repeat(tokens, counts), np.repeat(is_new, counts)
    # The second of two is the inserted one.
    is_new[np.cumsum(counts)[counts == 2] - 1] = True
    edited[is_new] = rng.integers(0, words, size=int(is_new.sum()))
    return edited, np.bincount(np.repeat(document, counts), minlength=len(lengths))


def _write(path: Path, batches: Iterator[pa.RecordBatch]) -> None:
    unfinished = path.with_suffix(".unfinished")
    with pq.ParquetWriter(unfinished, SCHEMA) as writer:
        for batch in batches:
            writer.write_batch(batch)
    unfinished.rename(path)


def texts_of(files: Sequence[Path]) -> pa.Table:
    """All that the files hold."""
    return pa.concat_tables([pq.read_table(file) for file in files])


if __name__ == "__main__":
    crawl = Path(sys.argv[1])
    folder = Path(sys.argv[3]) if len(sys.argv) > 3 else crawl.parent / "near_copies"
    for made in make_near_copies(crawl, int(sys.argv[2]), folder):
        print(made)
