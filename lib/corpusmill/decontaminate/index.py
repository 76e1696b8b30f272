"""The n-grams of all benchmarks, by rule and length, with where each comes from."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from corpusmill.decontaminate.words import NormalWords, normal_words
from corpusmill.kernels.contamination import build_slots, hash_grams
from corpusmill.settings import ContaminationSettings
from corpusmill.text.batch import TextBatch

SHORTEST_ITEM = 8
"""An item shorter than the any rule's n-gram has none; one of 8 words or more is looked for as a whole (GPT-3, arXiv 2005.14165 appendix C,
takes the benchmark's 5th percentile of lengths between 8 and 13). Shorter ones are common phrases and are not looked for."""

Rule = Literal["any", "ratio"]


@dataclass(frozen=True)
class GramTable:
    """Distinct n-grams of one length for one rule. The sources of key k are rows first[k] to first[k + 1] of benchmark and item."""

    rule: Rule
    length: int
    keys: NDArray[np.uint64]
    first: NDArray[np.int64]
    benchmark: NDArray[np.int32]
    """Its place in BenchmarkIndex.names; ascending for a key, each once."""
    item: NDArray[np.int32]
    """The first item of that benchmark that has the n-gram."""

    @cached_property
    def slots(self) -> NDArray[np.int32]:
        """The hash table over `keys`."""
        return build_slots(self.keys)


@dataclass(frozen=True)
class BenchmarkIndex:
    """All tables. About 30 bytes an n-gram."""

    names: tuple[str, ...]
    tables: tuple[GramTable, ...]
    unsearched: tuple[int, ...]
    """For each benchmark its items that no table has: too short for every rule that is on."""

    def to_bytes(self) -> bytes:
        """As a numpy archive, which travels to the executors."""
        arrays: dict[str, NDArray[np.generic]] = {"names": np.array(self.names), "unsearched": np.array(self.unsearched, np.int64)}
        for number, table in enumerate(self.tables):
            arrays[f"{number} {table.rule} {table.length} keys"] = table.keys
            for name in ("first", "benchmark", "item"):
                arrays[f"{number} {name}"] = getattr(table, name)
        out = io.BytesIO()
        np.savez(out, allow_pickle=False, **arrays)
        return out.getvalue()

    @classmethod
    def from_bytes(cls, data: bytes) -> "BenchmarkIndex":
        """What `to_bytes` gave."""
        with np.load(io.BytesIO(data), allow_pickle=False) as arrays:
            heads = [name.split() for name in arrays.files if name.endswith(" keys")]
            tables = tuple(
                GramTable(
                    "any" if rule == "any" else "ratio",
                    int(length),
                    arrays[f"{number} {rule} {length} keys"],
                    *(arrays[f"{number} {name}"] for name in ("first", "benchmark", "item")),
                )
                for number, rule, length, _ in heads
            )
            return cls(tuple(arrays["names"].tolist()), tables, tuple(arrays["unsearched"].tolist()))


def build_index(benchmarks: Sequence[tuple[str, Sequence[str]]], settings: ContaminationSettings) -> BenchmarkIndex:
    """Index (name, item texts) pairs. The any rule counts every n-gram, the ratio rule those that the benchmarks have at most so often."""
    texts = [text for _, items in benchmarks for text in items]
    words = normal_words(TextBatch(pa.array(texts, pa.string())))
    benchmark = np.repeat(np.arange(len(benchmarks), dtype=np.int32), [len(items) for _, items in benchmarks])
    item = np.concatenate([np.arange(len(items), dtype=np.int32) for _, items in benchmarks] or [np.zeros(0, np.int32)])
    sizes = np.diff(words.first)
    searched = np.zeros(len(texts), np.bool_)
    tables = []
    if settings.any_words:
        for length in range(min(SHORTEST_ITEM, settings.any_words), settings.any_words + 1):
            chosen = sizes == length if length < settings.any_words else sizes >= length
            searched |= chosen
            tables.append(_table("any", length, words, chosen, benchmark, item, 0))
    if settings.ratio_words:
        chosen = sizes >= settings.ratio_words
        searched |= chosen
        tables.append(_table("ratio", settings.ratio_words, words, chosen, benchmark, item, settings.ratio_max_count))
    missed = np.bincount(benchmark[~searched & (sizes > 0)], minlength=len(benchmarks))
    return BenchmarkIndex(tuple(name for name, _ in benchmarks), tuple(t for t in tables if len(t.keys)), tuple(missed.tolist()))


def _table(
    rule: Rule, length: int, words: NormalWords, chosen: NDArray[np.bool_], benchmark: NDArray[np.int32], item: NDArray[np.int32], most: int
) -> GramTable:
    """The n-grams of the chosen texts; with `most` those that occur at most so often in all benchmarks together."""
    grams, bounds = hash_grams(words.hash, words.first, length)
    text = np.repeat(np.arange(len(chosen)), np.diff(bounds))
    grams, text = grams[chosen[text]], text[chosen[text]]
    keys, inverse, counts = np.unique(grams, return_inverse=True, return_counts=True)
    common = counts > most if most else np.zeros(len(keys), np.bool_)
    place = np.cumsum(~common) - 1
    rare = ~common[inverse]
    key, text = place[inverse[rare]], text[rare]
    order = np.lexsort((item[text], benchmark[text], key))
    key, text = key[order], text[order]
    fresh = np.ones(len(key), np.bool_)
    fresh[1:] = (np.diff(key) != 0) | (np.diff(benchmark[text]) != 0)
    key, text = key[fresh], text[fresh]
    first = np.searchsorted(key, np.arange(int((~common).sum()) + 1)).astype(np.int64)
    return GramTable(rule, length, keys[~common], first, benchmark[text], item[text])
