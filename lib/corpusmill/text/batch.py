"""TextBatch: an Arrow array of texts with the features that signals and edits share, each computed once, when first asked for."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from corpusmill.kernels import lines as splitting
from corpusmill.kernels import utf8, word_counts, words
from corpusmill.kernels.character_counts import KINDS, count_kinds
from corpusmill.kernels.hashing import hash_spans
from corpusmill.kernels.line_marks import MARKS, mark_lines
from corpusmill.kernels.marks import count_signs, mark_stop_words
from corpusmill.kernels.piece_counts import COUNTS, count_pieces
from corpusmill.kernels.pieces import join_words
from corpusmill.kernels.sentences import count_sentences, describe_lines
from corpusmill.kernels.spoken_words import count_spoken
from corpusmill.kernels.totals import sum_pieces

Offsets = utf8.Offsets


@dataclass(frozen=True)
class Spans:
    """Pieces of each text, in order: the pieces of document d are rows first[d] to first[d + 1]."""

    first: Offsets
    """int64[n+1]: each document's first row."""
    start: Offsets
    """int64[m], of tokens int32[m]: byte in TextBatch.data."""
    end: Offsets
    """As start: byte after the piece."""
    characters: npt.NDArray[np.int32]
    """int32[m]: code points."""

    @property
    def counts(self) -> Offsets:
        """int64[n]: pieces a document."""
        return np.diff(self.first)

    @cached_property
    def document(self) -> Offsets:
        """int64[m]: the document of each piece."""
        return np.repeat(np.arange(self.first.size - 1), self.counts)


@dataclass(frozen=True)
class Words(Spans):
    """Pieces that are looked up by their hashes."""

    data: npt.NDArray[np.uint8]
    """TextBatch.data."""

    @cached_property
    def hash(self) -> npt.NDArray[np.uint64]:
        """uint64[m]: XXH64, seed 0, of the bytes."""
        return hash_spans(self.data, self.start, self.end)


@dataclass(frozen=True)
class Tokens(Words):
    """Words by the document's language (text.splitters), white space left out, punctuation kept."""

    symbol: npt.NDArray[np.bool_]
    """bool[m]: every character is in datatrove's PUNCTUATION_SET (281 characters)."""
    alpha: npt.NDArray[np.bool_]
    """bool[m]: at least one character is str.isalpha."""

    @cached_property
    def stops(self) -> npt.NDArray[np.uint8]:
        """uint8[m]: which stop word each is (kernels.marks)."""
        return mark_stop_words(self.data, self.start, self.end)


@dataclass(frozen=True)
class Pieces(Words):
    """What str.split gives."""

    letters: npt.NDArray[np.bool_]
    """bool[m]: at least one character is str.isalpha."""
    stops: npt.NDArray[np.uint8]
    """uint8[m]: which stop word each is (kernels.marks)."""


def byte_view(texts: pa.Array) -> tuple[npt.NDArray[np.uint8], Offsets]:
    """(data uint8, offsets int64[n+1] into data) of a string or large_string array without nulls. ValueError for anything else."""
    large = pa.types.is_large_string(texts.type)
    if not large and not pa.types.is_string(texts.type):
        raise ValueError(f"texts must be a string or large_string array, not {texts.type}")
    if texts.null_count:
        raise ValueError(f"texts must not hold nulls; {texts.null_count} of {len(texts)} are null")
    if len(texts) == 0:
        return np.empty(0, np.uint8), np.zeros(1, np.int64)
    _, positions, buffer = texts.buffers()
    width = np.dtype(np.int64 if large else np.int32)
    offsets = np.frombuffer(positions, width, len(texts) + 1, texts.offset * width.itemsize)
    if buffer is None or offsets[-1] == offsets[0]:
        return np.empty(0, np.uint8), np.zeros(len(texts) + 1, np.int64)
    data = np.frombuffer(buffer, np.uint8)[offsets[0] : offsets[-1]]
    return data, offsets.astype(np.int64) - offsets[0]


class TextBatch:
    """n texts. Every byte offset below is absolute, into `data`."""

    def __init__(self, texts: pa.Array, is_english: npt.NDArray[np.bool_] | None = None) -> None:
        """`texts`: string or large_string, no nulls; slices are fine. `is_english` bool[n]: split into English words; by default none is."""
        self.texts = texts
        self.n = len(texts)
        data, self.offsets = byte_view(texts)
        # Arrow's buffers are read-only, an empty one is not: one of both kinds, so that the kernels are compiled once.
        data.flags.writeable = False
        self.data = data
        self.is_english = np.zeros(self.n, np.bool_) if is_english is None else is_english

    def text(self, i: int) -> str:
        """One text as a Python string."""
        return str(self.texts[i].as_py())

    @cached_property
    def characters(self) -> Offsets:
        """int64[n]: code points a document."""
        return utf8.count_characters(self.data, self.offsets)

    @cached_property
    def tokens(self) -> Tokens:
        """Words that are not white space alone."""
        found = words.segment_words(self.data, self.offsets, self.is_english)
        return Tokens(*found[:4], self.data, *found[4:])

    @cached_property
    def pieces(self) -> Pieces:
        """Each text as str.split(): 14 bytes a piece, so for families alone that are measured where they are asked for."""
        tokens = self.tokens
        found = join_words(self.data, tokens.first, tokens.start, tokens.end, tokens.characters, tokens.alpha, tokens.stops)
        return Pieces(*found[:4], self.data, *found[4:])

    @cached_property
    def piece_counts(self) -> dict[str, Offsets]:
        """int64[n] each: COUNTS of kernels.piece_counts."""
        tokens, (hashes, ellipses, _) = self.tokens, self.signs
        words = (tokens.first, tokens.start, tokens.end, tokens.characters, tokens.alpha, tokens.stops)
        counts = count_pieces(self.data, self.offsets, *words, hashes + ellipses)
        return dict(zip(COUNTS, counts.T, strict=True))

    @cached_property
    def spoken(self) -> Offsets:
        """int64[n]: words of fastText's tokenizer that begin with a letter or digit."""
        return count_spoken(self.data, self.offsets)

    @cached_property
    def kinds(self) -> dict[str, Offsets]:
        """int64[n] each: characters of KINDS of kernels.character_counts."""
        return dict(zip(KINDS, count_kinds(self.data, self.offsets).T, strict=True))

    @cached_property
    def signs(self) -> tuple[Offsets, Offsets, Offsets]:
        """int64[n] each: `#`, ellipses, and ellipses with spaces between their dots."""
        return count_signs(self.data, self.offsets)

    @cached_property
    def words(self) -> Offsets:
        """int64[n]: tokens a document; where they were not asked for, they are counted without being kept."""
        if "tokens" in self.__dict__:
            return self.tokens.counts
        segments = word_counts.count_segments(self.data, self.offsets, ~self.is_english)
        return segments + sum_pieces(self.lines.first, self._line_counts[1])

    @cached_property
    def line_ends(self) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
        """bool[lines.first[n]] each: which of `lines` hold more than white space, and which end with a character that ends sentences."""
        return describe_lines(self.data, self.lines.start, self.lines.end)

    @property
    def sentences(self) -> Offsets:
        """int64[lines.first[n]]: sentences of each of `lines`."""
        return self._line_counts[0]

    @cached_property
    def _line_counts(self) -> tuple[Offsets, Offsets]:
        """Sentences of each line, and the words of those in English."""
        lines = self.lines
        return count_sentences(self.data, lines.start, lines.end, self.is_english[lines.document])

    @cached_property
    def lines(self) -> Spans:
        r"""Each text as str.split("\n"): an empty text has one empty line."""
        return self._spans(splitting.split_newlines(self.data, self.offsets))

    @cached_property
    def line_hashes(self) -> npt.NDArray[np.uint64]:
        """uint64[m]: XXH64, seed 0, of each of `lines`."""
        return hash_spans(self.data, self.lines.start, self.lines.end)

    @cached_property
    def line_cores(self) -> tuple[Offsets, Offsets]:
        """(start int64[m], end int64[m]) of `lines` without the white space at their ends; equal where a line is blank."""
        return splitting.strip_spans(self.data, self.lines.start, self.lines.end)

    @cached_property
    def line_marks(self) -> dict[str, Offsets]:
        """int64[n] each: lines with MARKS of kernels.line_marks."""
        lines = self.lines
        return dict(zip(MARKS, mark_lines(self.data, lines.first, lines.start, lines.end, *self.line_cores).T, strict=True))

    @cached_property
    def line_runs(self) -> Spans:
        r"""Each text as re.split("\n+", text), which datatrove's repetition filter calls lines."""
        return self._spans(splitting.split_newline_runs(self.data, self.offsets))

    @cached_property
    def split_lines(self) -> Spans:
        """Each text as str.splitlines()."""
        return self._spans(splitting.split_lines(self.data, self.offsets))

    @cached_property
    def paragraphs(self) -> Spans:
        r"""Each text as re.split(r"\n{2,}", text.strip())."""
        return self._spans(splitting.split_paragraphs(self.data, self.offsets))

    @cached_property
    def paragraph_hashes(self) -> npt.NDArray[np.uint64]:
        """uint64[m]: XXH64, seed 0, of each of `paragraphs`."""
        return hash_spans(self.data, self.paragraphs.start, self.paragraphs.end)

    @cached_property
    def newline_pairs(self) -> Spans:
        r"""Each text as str.split("\n\n")."""
        return self._spans(splitting.split_newline_pairs(self.data, self.offsets))

    def _spans(self, ranges: splitting.Ranges) -> Spans:
        first, start, end = ranges
        return Spans(first, start, end, splitting.count_span_characters(self.data, start, end))
