"""The two texts of a document that are measured: as stored, and what the line edits leave of it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import pyarrow as pa

from corpusmill.settings import MeasureSettings
from corpusmill.text.batch import TextBatch
from corpusmill.text.languages import Languages, detect_languages
from corpusmill.text.spans import EditView, merge_edits, no_edits
from corpusmill.text.splitters import ENGLISH

Find = Callable[[TextBatch], pa.ListArray]
"""An edit part's `find`: n lists of edits for n texts."""


@dataclass(frozen=True)
class Views:
    """The same n documents twice."""

    raw: TextBatch
    """The stored text."""
    lines: TextBatch
    """The text after the line edits; the very same batch where there are none."""
    languages: Languages
    """Of `raw`; both are split into words by them."""
    line_edits: pa.ListArray
    """The line edits, in raw coordinates."""
    span_edits: tuple[pa.ListArray, ...]
    """What each span edit found on `lines`, in raw coordinates."""
    language_characters: int
    """How many leading characters of a text tell its language."""


def make_views(
    texts: pa.Array, find_line_edits: Iterable[Find], settings: MeasureSettings | None = None, find_span_edits: Iterable[Find] = ()
) -> Views:
    """Apply line edits one after another, each on what the ones before left; find span edits on the result. `texts`: n strings without nulls.

    After each, the text is made anew from the stored one, so that applying the merged edits at publication gives `lines` to the byte.
    """
    settings = settings or MeasureSettings()
    languages = detect_languages(TextBatch(texts), settings.language_characters)
    raw = lines = TextBatch(texts, languages.among(ENGLISH))
    edits = no_edits(raw.n)
    view = EditView(texts, edits)
    for find in find_line_edits:
        edits = merge_edits(edits, view.to_raw(find(lines)))
        view = EditView(texts, edits)
        lines = raw if view.texts is texts else TextBatch(view.texts, raw.is_english)
    spans = tuple(view.to_raw(find(lines)) for find in find_span_edits)
    return Views(raw, lines, languages, edits, spans, settings.language_characters)
