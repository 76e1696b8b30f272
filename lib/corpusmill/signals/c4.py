"""C4's signals for whole pages (arXiv 1910.10683, section 2.2), counted on the lines that the recipe's line edits leave.

A line with `lorem ipsum` or a curly bracket is left by the c4 edits only if datatrove's filter would have dropped the page at it.
"""

import pyarrow as pa

from corpusmill.kernels.c4_marks import CURLY, LOREM, marks_of_lines
from corpusmill.kernels.totals import sum_pieces
from corpusmill.signals.registry import Family, Field
from corpusmill.text.views import Views


def _measure(views: Views) -> pa.StructArray:
    texts, lines = views.lines, views.lines.lines
    marks = marks_of_lines(texts.data, lines.start, lines.end)
    is_filled, _ = texts.line_ends
    return FAMILY.struct(
        lines=sum_pieces(lines.first, is_filled),
        sentences=sum_pieces(lines.first, texts.sentences),
        curly_bracket=sum_pieces(lines.first, marks & CURLY != 0),
        lorem_ipsum=sum_pieces(lines.first, marks & LOREM != 0),
    )


FAMILY = Family(
    name="c4",
    version=2,
    doc="C4's signals for whole pages, after the line edits",
    fields=(
        Field("lines", "bigint", "lines", "lines that are not blank"),
        Field("sentences", "bigint", "lines", "sentences, counted line by line (kernels.sentences, of English kernels.english_sentences)"),
        Field("curly_bracket", "bigint", "lines", "lines with {"),
        Field("lorem_ipsum", "bigint", "lines", "lines with lorem ipsum in any case"),
    ),
    measure=_measure,
    examples=(
        ("", {"lines": 0, "sentences": 0, "curly_bracket": 0, "lorem_ipsum": 0}),
        ("One. Two!\n\nif (x) { return\nLorem Ipsum", {"lines": 3, "sentences": 4, "curly_bracket": 1, "lorem_ipsum": 1}),
    ),
)
