"""The passages of texts that are compared with each other: where they are, and the hashes by which they are equal. No Spark.

A passage is made of pieces that tile its document: a line or paragraph with its newline and the empty lines behind it, a sentence or token with the
white space behind it. So a document of which all pieces go has no text left.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from corpusmill.kernels.contamination import hash_grams
from corpusmill.kernels.double_hashes import hash_simplified, hash_twice
from corpusmill.kernels.hashing import SCRAMBLE, Hashes
from corpusmill.kernels.lines import count_span_characters
from corpusmill.kernels.sentence_starts import find_sentences
from corpusmill.kernels.winnowing import select_minima
from corpusmill.settings.passages import PASSAGE_REASONS, Kind, PassageSettings
from corpusmill.text.batch import TextBatch

Integers = NDArray[np.int64]
KINDS: Final[tuple[Kind, ...]] = tuple(PASSAGE_REASONS)
"""By number, as scratch tables hold them."""


@dataclass(frozen=True)
class Units:
    """m passages of n documents, by document and place. Two are equal iff both hashes are."""

    document: Integers
    start: Integers
    """Bytes from the document's start."""
    end: Integers
    hash: Hashes
    second: Hashes
    screen: Hashes
    """Equal passages have equal ones. A passage whose screen no other has is like no other."""

    def where(self, chosen: NDArray[np.bool_]) -> "Units":
        """Those of them that are chosen, bool[m]."""
        where, value = (self.document[chosen], self.start[chosen], self.end[chosen]), (self.hash[chosen], self.second[chosen])
        return Units(*where, *value, self.screen[chosen])


@dataclass(frozen=True)
class _Pieces:
    """Pieces [start, end) in TextBatch.data; those of document d are rows first[d] to first[d + 1]."""

    first: Integers
    start: Integers
    end: Integers

    def runs(self, length: int) -> tuple[Integers, Integers, Integers]:
        """(document, start, end) of every run of `length` pieces of one document."""
        counts = np.maximum(np.diff(self.first) - length + 1, 0)
        document = np.repeat(np.arange(len(counts)), counts)
        row = np.arange(len(document)) - np.repeat(np.cumsum(counts) - counts, counts) + self.first[document]
        return document, self.start[row], self.end[row + length - 1]


def find_units(texts: TextBatch, kind: Kind, settings: PassageSettings) -> Units:
    """The passages of one kind, all of them."""
    if kind == "lines":
        return _lines(texts, settings.line_characters)
    if kind == "paragraphs":
        return _paragraphs(texts, settings.paragraph_characters)
    if kind == "sentences":
        return _sentences(texts, settings.sentences)
    return _substrings(texts, settings.substring_tokens)


def screens(texts: TextBatch, kinds: Sequence[Kind], settings: PassageSettings) -> Hashes:
    """The screens of all passages of some kinds: a screen comes twice or oftener wherever two passages have it.

    A stretch of tokens has that of its anchor, the least hash among its runs of half as many tokens. An anchor comes once, of however many
    stretches it is: equal stretches have theirs at different places. So of random tokens about one in 13 gives one, with stretches of 50.
    """
    found = [
        _anchors(texts, settings.substring_tokens) if kind == "substrings" else find_units(texts, kind, settings).screen for kind in kinds
    ]
    return np.concatenate(found or [np.empty(0, np.uint64)])


def _apart(hashes: Hashes, kind: Kind) -> Hashes:
    """Hashes that are not those of another kind, and uniform in their upper bits: those of anchors, which are the least of many, are not."""
    salt = np.uint64(int(SCRAMBLE) * (KINDS.index(kind) + 1) % 2**64)
    return np.asarray((hashes ^ salt) * SCRAMBLE, np.uint64)


def _tiles(texts: TextBatch, first: Integers, start: Integers) -> _Pieces:
    """Pieces that begin at `start`, each up to the next; a document's first from its beginning, the last to its end."""
    filled = np.flatnonzero(np.diff(first))
    begin, end = start.astype(np.int64), np.empty(len(start), np.int64)
    begin[first[filled]] = texts.offsets[filled]
    end[:-1] = begin[1:]
    end[first[filled + 1] - 1] = texts.offsets[filled + 1]
    return _Pieces(first, begin, end)


def _units(
    texts: TextBatch, kind: Kind, runs: tuple[Integers, Integers, Integers], hashes: Hashes, seconds: Hashes, screen: Hashes
) -> Units:
    document, start, end = runs
    origin = texts.offsets[document]
    return Units(document, start - origin, end - origin, _apart(hashes, kind), seconds, _apart(screen, kind))


def _lines(texts: TextBatch, characters: int) -> Units:
    """Lines. A blank one, or one of marks alone, of which simplify leaves nothing, belongs to the line before it."""
    lines, (start, end) = texts.lines, texts.line_cores
    hashes, seconds, is_filled = hash_simplified(texts.data, start, end)
    first = np.concatenate([np.zeros(1, np.int64), np.cumsum(is_filled)])[lines.first]
    pieces = _tiles(texts, first, lines.start[is_filled])
    units = _units(texts, "lines", pieces.runs(1), hashes[is_filled], seconds[is_filled], hashes[is_filled])
    return units.where(count_span_characters(texts.data, start[is_filled], end[is_filled]) >= characters)


def _paragraphs(texts: TextBatch, characters: int) -> Units:
    found = texts.paragraphs
    hashes, seconds = hash_twice(texts.data, found.start, found.end)
    units = _units(texts, "paragraphs", _tiles(texts, found.first, found.start).runs(1), hashes, seconds, hashes)
    return units.where(found.characters >= characters)


def _sentences(texts: TextBatch, length: int) -> Units:
    """Runs of sentences. One of marks alone, of which simplify leaves nothing, belongs to the sentence before it."""
    first, start = find_sentences(texts.data, texts.lines.first, texts.lines.start, texts.lines.end)
    whole = _tiles(texts, first, start)
    hashes, seconds, is_filled = hash_simplified(texts.data, whole.start, whole.end)
    first = np.concatenate([np.zeros(1, np.int64), np.cumsum(is_filled)])[first]
    pieces = _tiles(texts, first, start[is_filled])
    hashes, seconds = (hash_grams(values[is_filled], first, length)[0] for values in (hashes, seconds))
    return _units(texts, "sentences", pieces.runs(length), hashes, seconds, hashes)


def _gram_tokens(length: int) -> int:
    """Tokens of the runs among which a stretch of `length` has its anchor: about half, so that anchors are both few and telling."""
    return (length + 1) // 2


def _half_grams(texts: TextBatch, length: int) -> tuple[Hashes, Integers]:
    """(hashes of all runs of half of `length` tokens, for each stretch of `length` the row of its anchor among them)."""
    tokens = texts.tokens
    half = _gram_tokens(length)
    grams, first = hash_grams(tokens.hash, tokens.first, half)
    return grams, select_minima(grams, first, length - half + 1)


def _anchors(texts: TextBatch, length: int) -> Hashes:
    grams, rows = _half_grams(texts, length)
    fresh = np.ones(len(rows), np.bool_)
    fresh[1:] = np.diff(rows) != 0
    return _apart(grams[rows[fresh]], "substrings")


def _substrings(texts: TextBatch, length: int) -> Units:
    """Stretches of tokens by Unicode word segmentation, whatever the language: so equal bytes are equal tokens in any two documents."""
    tokens = texts.tokens
    grams, rows = _half_grams(texts, length)
    hashes, _ = hash_grams(tokens.hash, tokens.first, length)
    # Not a linear function of the words' hashes, so that the second polynomial meets at other places than the first.
    other = tokens.hash ^ (tokens.hash >> np.uint64(29))
    seconds, _ = hash_grams(other * SCRAMBLE ^ (other >> np.uint64(32)), tokens.first, length)
    pieces = _tiles(texts, tokens.first, tokens.start)
    return _units(texts, "substrings", pieces.runs(length), hashes, seconds, grams[rows])
