"""Finds words and phrases of lists in documents: a walk down a tree of words from each place where one of their first words stands."""

import json
import unicodedata
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from corpusmill.errors import InputError
from corpusmill.scoring.word_lists import Phrases
from corpusmill.settings import WordListScoreSettings
from corpusmill.signals.registry import ratio
from corpusmill.signals.scored import scored_struct
from corpusmill.text.batch import TextBatch
from corpusmill.text.splitters import ENGLISH, WITHOUT_BLANKS

Units = npt.NDArray[np.uint64]
"""What texts are compared by: hashes of words, or code points."""


class Tree:
    """Phrases as a tree of units. Phrases have a bounded length, so that a text of n units takes O(n) steps."""

    def __init__(self, phrases: Sequence[Units]) -> None:
        """Phrases without units are passed over."""
        self._next: dict[tuple[int, int], int] = {}
        self._ends: dict[int, int] = {}
        for number, phrase in enumerate(phrases):
            state = 0
            for unit in phrase.tolist():
                state = self._next.setdefault((state, unit), len(self._next) + 1)
            if state:
                self._ends[state] = number
        self._firsts = np.array(sorted(unit for state, unit in self._next if state == 0), np.uint64)

    def find(self, units: Units) -> list[tuple[int, int, int]]:
        """(begin, end, phrase) of what is found from left to right, at each place the longest, none over another."""
        found: list[tuple[int, int, int]] = []
        free = 0
        for begin in np.flatnonzero(np.isin(units, self._firsts)).tolist():
            if begin >= free and (hit := self._longest(units, begin)):
                found.append((begin, *hit))
                free = hit[0]
        return found

    def _longest(self, units: Units, begin: int) -> tuple[int, int] | None:
        state, place, longest = 0, begin, None
        while place < units.size and (state := self._next.get((state, int(units[place])), 0)):
            place += 1
            if state in self._ends:
                longest = place, self._ends[state]
        return longest


class WordScorer:
    """The lists in memory, as a tree for each language that was met."""

    def __init__(self, settings: WordListScoreSettings, phrases: Phrases) -> None:
        self._settings = settings
        self._phrases = phrases
        self._trees: dict[str, Tree] = {}

    def score(self, texts: pa.Array, languages: pa.Array) -> pa.StructArray:
        """See Scorer. A language without lists, or none, has those for every language."""
        codes = np.array([code or "" for code in languages.to_pylist()], object)
        folded = [fold(text) for text in texts.to_pylist()]
        counted = np.zeros((len(folded), 4), np.int64)
        whole = np.isin(codes, WITHOUT_BLANKS)
        for row in np.flatnonzero(whole).tolist():
            units = code_points(folded[row])
            counted[row] = self._count(codes[row], units, _is_blank(units))
        rows = np.flatnonzero(~whole)
        batch = TextBatch(pa.array([folded[row] for row in rows.tolist()], pa.string()), np.isin(codes[rows], ENGLISH))
        tokens = batch.tokens
        for place, row in enumerate(rows.tolist()):
            words = slice(tokens.first[place], tokens.first[place + 1])
            counted[row] = self._count(codes[row], tokens.hash[words], tokens.symbol[words])
        hits, distinct, covered, words_of = counted.T
        return scored_struct(self._settings).struct(hits=hits, distinct=distinct, share=ratio(covered, words_of, 0.0))

    def _count(self, code: str, units: Units, passed_over: npt.NDArray[np.bool_]) -> tuple[int, int, int, int]:
        """(hits, distinct phrases, units covered, all units) of one text, without counting those `passed_over`."""
        if code not in self._trees:
            self._trees[code] = self._tree(code)
        found = self._trees[code].find(units)
        covered = sum(int((~passed_over[begin:end]).sum()) for begin, end, _ in found)
        return len(found), len({phrase for _, _, phrase in found}), covered, int((~passed_over).sum())

    def _tree(self, code: str) -> Tree:
        """Phrases split as the documents of the language are."""
        phrases = sorted({fold(phrase) for language in {code, ""} for phrase in self._phrases.get(language, [])})
        if code in WITHOUT_BLANKS:
            return Tree([code_points(phrase) for phrase in phrases])
        tokens = TextBatch(pa.array(phrases, pa.string()), np.full(len(phrases), code in ENGLISH)).tokens
        return Tree([tokens.hash[tokens.first[n] : tokens.first[n + 1]] for n in range(len(phrases))])


def fold(text: str) -> str:
    """Without case, characters composed: the form in which texts and phrases are compared."""
    return unicodedata.normalize("NFC", text.casefold())


def code_points(text: str) -> Units:
    """uint64[n]."""
    return np.frombuffer(text.encode("utf-32-le"), np.uint32).astype(np.uint64)


def _is_blank(units: Units) -> npt.NDArray[np.bool_]:
    kinds, place = np.unique(units, return_inverse=True)
    return np.array([chr(unit).isspace() for unit in kinds.tolist()], np.bool_)[place]


def open_scorer(settings: WordListScoreSettings, model: Path) -> WordScorer:
    """See scoring.scorer."""
    try:
        phrases: Phrases = json.loads(model.read_bytes())
    except ValueError as error:
        raise InputError(f"{model} is no file of word lists: run score_documents again") from error
    return WordScorer(settings, phrases)
