"""C4's line edits: lines that are no prose go, citations go, what stays is stripped. Three strictnesses, in the order they are defined."""

from functools import partial

import numpy as np
import pyarrow as pa

from corpusmill.edits.registry import EditPart
from corpusmill.kernels.c4_lines import BREAK, CODES, edit_lines, judge_lines
from corpusmill.text.batch import TextBatch
from corpusmill.text.spans import make_edits

_REASONS = pa.array([f"c4_{code}" for code in CODES])
_REPLACEMENTS = pa.array(["\n" if code == BREAK else None for code in range(len(CODES))])


_LONGEST_WORD = 1000
"""Characters; in C4's code, not in its paper."""
_FEWEST_WORDS = 3
"""C4, arXiv 1910.10683, section 2.2 (version 1 of the paper says 5)."""
_ANY = 2**62


def _find(
    texts: TextBatch, needs_terminal: bool = False, fewest_words: int = _FEWEST_WORDS, longest_word: int = _LONGEST_WORD
) -> pa.ListArray:
    lines = texts.split_lines
    codes = judge_lines(texts.data, lines.start, lines.end, needs_terminal, fewest_words, longest_word)
    first, rows = edit_lines(texts.data, texts.offsets, lines.first, lines.start, lines.end, codes)
    begins = texts.offsets[:-1].repeat(np.diff(first))
    code = pa.array(rows[:, 2])
    return make_edits(first, rows[:, 0] - begins, rows[:, 1] - begins, _REPLACEMENTS.take(code), _REASONS.take(code))


_WORDS = "This is a fine sentence with words."
_COMMON = (
    ("", ""),
    (f"{_WORDS}\nPlease enable JavaScript in your browser.\nRead our Privacy Policy for more.", _WORDS),
    ("It was built in 1990.[1][2][edit]", "It was built in 1990."),
    (f"\n  {_WORDS}\t\r\n{_WORDS} \u2028", f"{_WORDS}\n{_WORDS}"),
)

EDITS = (
    EditPart(
        name="c4",
        version=1,
        kind="line",
        doc="C4's lines (arXiv 1910.10683, section 2.2, as datatrove's C4QualityFilter runs them): three words or more, a final mark, no "
        "JavaScript, no policy; citations removed",
        find=partial(_find, needs_terminal=True),
        examples=(*_COMMON, (f"{_WORDS}\nHello there.\nNo terminal punctuation here\nThis line trails off...", _WORDS)),
    ),
    EditPart(
        name="c4_no_terminal_punc",
        version=1,
        kind="line",
        doc="C4's lines without the demand for a final mark, as FineWeb uses them (arXiv 2406.17557, section 3.5)",
        find=_find,
        examples=(*_COMMON, (f"{_WORDS}\nNo terminal punctuation here\nToo few", f"{_WORDS}\nNo terminal punctuation here")),
    ),
    EditPart(
        name="c4_boilerplate",
        version=1,
        kind="line",
        doc="C4's lines by JavaScript, policies and citations alone: for scripts without blanks, where a line is one word to str.split",
        find=partial(_find, fewest_words=0, longest_word=_ANY),
        examples=(
            *_COMMON,
            (f"\u6211\u4eec\u53bb\u5317\u4eac\u3002\nWe use cookies\n{_WORDS}", f"\u6211\u4eec\u53bb\u5317\u4eac\u3002\n{_WORDS}"),
        ),
    ),
)
