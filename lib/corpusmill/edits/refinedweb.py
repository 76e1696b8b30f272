"""RefinedWeb's line edits, as DCLM's refinedweb baseline runs them: lines that are no prose, then phrases of web shops and blogs."""

from functools import partial

import numpy as np
import pyarrow as pa

from corpusmill.edits.registry import EditPart
from corpusmill.kernels.dropped_lines import CODES, edit_lines
from corpusmill.kernels.refinedweb_lines import judge_lines
from corpusmill.kernels.short_line_phrases import ANYWHERE, AT_BEGIN, AT_END, find_phrases
from corpusmill.text.batch import Offsets, TextBatch
from corpusmill.text.spans import make_edits

_PROSE = "A line of prose stays."
_LONG = "Sign-in: eleven words are too many to lose these items in cart Read more..."
_REASONS = pa.array([f"refinedweb_{code}" for code in CODES])
_REPLACEMENTS = pa.array([None] * len(CODES), pa.string())


def _edits(texts: TextBatch, codes: np.ndarray, phrase_first: Offsets, phrases: Offsets) -> pa.ListArray:
    lines = texts.lines
    first, rows = edit_lines(texts.data, texts.offsets, lines.first, lines.start, lines.end, codes, phrase_first, phrases)
    begins = texts.offsets[:-1].repeat(np.diff(first))
    code = pa.array(rows[:, 2])
    return make_edits(first, rows[:, 0] - begins, rows[:, 1] - begins, _REPLACEMENTS.take(code), _REASONS.take(code))


def _find_lines(texts: TextBatch) -> pa.ListArray:
    lines = texts.lines
    codes = judge_lines(texts.data, lines.start, lines.end)
    return _edits(texts, codes, np.zeros(codes.size + 1, np.int64), np.zeros((0, 2), np.int64))


def _find_phrases(texts: TextBatch, place: int) -> pa.ListArray:
    return _edits(texts, *find_phrases(texts.data, texts.lines.start, texts.lines.end, place))


def _phrase(name: str, place: int, doc: str, before: str, after: str) -> EditPart:
    return EditPart(
        name=name,
        version=1,
        kind="line",
        doc=f"{doc}, out of lines of at most ten words (DCLM's refinedweb baseline, arXiv 2406.11794)",
        find=partial(_find_phrases, place=place),
        examples=(("", ""), (before, after), (f"{_LONG}\n{_PROSE}", f"{_LONG}\n{_PROSE}")),
    )


EDITS = (
    EditPart(
        name="refinedweb_lines",
        version=1,
        kind="line",
        doc="RefinedWeb's lines (arXiv 2306.01116, table 5): not mostly upper case, not a number, no counter, two words or more",
        find=_find_lines,
        examples=(
            ("", ""),
            (f"BUY IT NOW here\n\n{_PROSE}\n2024\n3,1k likes\nHome\n\n", _PROSE),
            (f"  {_PROSE}\n\nTwo words \n", f"{_PROSE}\n\nTwo words"),
        ),
    ),
    _phrase("items_in_cart", ANYWHERE, "items in cart", f"3 Items in Cart\n{_PROSE}\nitems in cart", f"3\n{_PROSE}"),
    _phrase(
        "read_more",
        AT_END,
        "a final Read more...",
        f"{_PROSE} Read more...\nRead more...\nRead more... of it",
        f"{_PROSE}\nRead more... of it",
    ),
    _phrase("sign_in", AT_BEGIN, "a leading Sign-in", f"Sign-in to read it\nSign-in\n{_PROSE}", f"to read it\n{_PROSE}"),
)
