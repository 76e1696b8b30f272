"""Finds benchmark n-grams in texts and applies the two rules: any shared n-gram, or a share of a document's n-grams."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from corpusmill.decontaminate.index import BenchmarkIndex, GramTable
from corpusmill.decontaminate.words import NormalWords, normal_words
from corpusmill.kernels.contamination import hash_grams, look_up
from corpusmill.text.batch import TextBatch

Integers = NDArray[np.int64]


@dataclass(frozen=True)
class Findings:
    """A row for each contaminated document and benchmark that it holds text of, sorted by both."""

    document: Integers
    benchmark: Integers
    item: Integers
    """The item of the first hit, by its line number."""
    hits: Integers
    """Places where an n-gram of the benchmark begins."""
    first: Integers
    """int64[rows + 1]: a row's spans are first[r] to first[r + 1] of start and end."""
    start: Integers
    """Bytes from the document's start."""
    end: Integers


@dataclass(frozen=True)
class _Hits:
    """One row a hit and source: words [start, end) of `document`, counted over the batch."""

    document: Integers
    benchmark: Integers
    item: Integers
    start: Integers
    end: Integers

    def take(self, rows: NDArray[np.intp]) -> "_Hits":
        """Some rows, in that order."""
        return _Hits(self.document[rows], self.benchmark[rows], self.item[rows], self.start[rows], self.end[rows])


def find_contamination(texts: TextBatch, index: BenchmarkIndex, ratio: float) -> Findings:
    """What of `index` is in n texts.

    A document is contaminated where any n-gram of the any rule is in it, or more than `ratio` of its n-grams are of the ratio rule's, over
    all benchmarks together. One with fewer words than an n-gram has no such n-gram.
    """
    words = normal_words(texts)
    parts = [_hits(words, table, ratio) for table in index.tables]
    names = ("document", "benchmark", "item", "start", "end")
    hits = _Hits(*(np.concatenate([getattr(part, name) for part in parts] or [np.zeros(0, np.int64)]) for name in names))
    return _findings(hits.take(np.lexsort((hits.end, hits.start, hits.benchmark, hits.document))), words)


def _hits(words: NormalWords, table: GramTable, ratio: float) -> _Hits:
    grams, bounds = hash_grams(words.hash, words.first, table.length)
    found = look_up(grams, table.keys, table.slots)
    gram = np.flatnonzero(found >= 0)
    document = np.searchsorted(bounds, gram, side="right") - 1
    if table.rule == "ratio":
        totals = np.diff(bounds)
        over = np.bincount(document, minlength=len(totals)) > ratio * totals
        gram, document = gram[over[document]], document[over[document]]
    begin = words.first[document] + gram - bounds[document]
    # Each hit once for each benchmark that has the n-gram.
    key = found[gram]
    sources = table.first[key + 1] - table.first[key]
    hit = np.repeat(np.arange(len(gram)), sources)
    row = np.arange(len(hit)) - np.repeat(np.cumsum(sources) - sources, sources) + np.repeat(table.first[key], sources)
    start = begin[hit]
    return _Hits(document[hit], table.benchmark[row].astype(np.int64), table.item[row].astype(np.int64), start, start + table.length)


def _findings(hits: _Hits, words: NormalWords) -> Findings:
    """Group sorted hits by (document, benchmark); overlapping and adjoining ones become one span."""
    fresh = _changes(hits.document) | _changes(hits.benchmark)
    group = np.cumsum(fresh) - 1
    rows = int(fresh.sum())
    places = np.bincount(group[fresh | _changes(hits.start)], minlength=rows)
    # The furthest end so far in the group: groups are kept apart by adding more than any end.
    apart = group * (int(hits.end.max(initial=0)) + 1)
    furthest = np.maximum.accumulate(hits.end + apart) - apart if len(group) else hits.end
    opens = fresh.copy()
    opens[1:] |= hits.start[1:] > furthest[:-1]
    closes = np.roll(opens, -1)
    first = np.searchsorted(group[opens], np.arange(rows + 1)).astype(np.int64)
    start, end = words.source(hits.start[opens], furthest[closes])
    return Findings(hits.document[fresh], hits.benchmark[fresh], hits.item[fresh], places, first, start, end)


def _changes(values: Integers) -> NDArray[np.bool_]:
    """Where a value differs from the one before; true at the first."""
    changed = np.ones(len(values), np.bool_)
    changed[1:] = np.diff(values) != 0
    return changed
