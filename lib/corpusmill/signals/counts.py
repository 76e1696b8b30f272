"""How large a document is: characters, words, lines."""

import pyarrow as pa

from corpusmill.signals.registry import Family, Field
from corpusmill.text.views import Views


def _measure(views: Views) -> pa.StructArray:
    raw = views.raw
    return FAMILY.struct(characters=raw.characters, words=raw.tokens.counts, lines=raw.split_lines.counts)


FAMILY = Family(
    name="counts",
    version=2,
    doc="size of the stored text",
    fields=(
        Field("characters", "bigint", "raw", "code points"),
        Field("words", "bigint", "raw", "words by language (text.splitters), punctuation included, white space not"),
        Field("lines", "bigint", "raw", "lines as str.splitlines gives them; an empty text has none"),
    ),
    measure=_measure,
    examples=(
        ("", {"characters": 0, "words": 0, "lines": 0}),
        ("Hi, né\n\n", {"characters": 8, "words": 3, "lines": 2}),
    ),
)
