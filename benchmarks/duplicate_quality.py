"""How good a choice of duplicates is, against the true Jaccard similarity of near_copies' documents: exact sets of 5-word shingles."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations

import pyarrow as pa
import pyarrow.compute as pc

SURE, UNLIKE = 0.85, 0.7
"""A copy of at least the one should be found, a removal whose best similarity is below the other should not have been."""
_SHINGLE_WORDS = 5
_WORD = re.compile(r"\w+")
_DIGIT = re.compile(r"\d")
Pair = tuple[str, str]


@dataclass(frozen=True)
class Quality:
    """Of one choice of removals."""

    sure: int
    """Documents that are SURE to repeat one that was kept."""
    found: int
    """Of these, removed."""
    removed: int
    unlike: int
    """Removed, though no kept document is of UNLIKE or more."""

    @property
    def recall(self) -> float:
        """Share of the sure ones that were found."""
        return self.found / self.sure if self.sure else 1.0


class Truth:
    """True similarities of all pairs within families, and of any others that are asked for."""

    def __init__(self, documents: pa.Table) -> None:
        """`documents`: near_copies.SCHEMA, of whole families."""
        self._texts = documents.column("text")
        self.ids: list[str] = documents.column("id").to_pylist()
        self._rows = {name: row for row, name in enumerate(self.ids)}
        self._shingles = lru_cache(maxsize=1000)(self._make_shingles)
        self.pairs = dict(self._pairs(documents))
        """By ids in the order of the files."""

    def _pairs(self, documents: pa.Table) -> Iterator[tuple[Pair, float]]:
        families = documents.column("family").to_numpy()
        order = pc.sort_indices(documents, [("family", "ascending"), ("id", "ascending")]).to_numpy()
        members: list[str] = []
        for place, row in enumerate(order):
            members.append(self.ids[row])
            if place + 1 == len(order) or families[order[place + 1]] != families[row]:
                for pair in combinations(members, 2):
                    yield pair, self.similarity(*pair)
                members = []

    def similarity(self, one: str, other: str) -> float:
        """Jaccard of the shingles of two documents; 1 for two without any."""
        a, b = self._shingles(one), self._shingles(other)
        shared = len(a & b)
        return shared / (len(a) + len(b) - shared) if a or b else 1.0

    def _make_shingles(self, name: str) -> frozenset[int]:
        words = _WORD.findall(_DIGIT.sub("0", str(self._texts[self._rows[name]]).lower()))
        return frozenset(hash(tuple(words[at : at + _SHINGLE_WORDS])) for at in range(len(words) - _SHINGLE_WORDS + 1))

    def judge(self, removed: Mapping[str, str | None]) -> Quality:
        """`removed`: the removed documents, each with the one that stands for it where the way names one.

        Of two kept documents that are sure copies the later one counts as missed, once; the order is that of the files.
        """
        best = {name: 0.0 if named is None else self.similarity(name, named) for name, named in removed.items()}
        missed = set()
        for (one, other), similarity in self.pairs.items():
            if one in removed and other not in removed:
                best[one] = max(best[one], similarity)
            elif other in removed and one not in removed:
                best[other] = max(best[other], similarity)
            elif one not in removed and similarity >= SURE:
                missed.add(other)
        found = sum(similarity >= SURE for similarity in best.values())
        unlike = sum(similarity < UNLIKE for similarity in best.values())
        return Quality(found + len(missed), found, len(removed), unlike)
