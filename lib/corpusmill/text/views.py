"""The two texts of a document that are measured: as stored, and what the line edits leave of it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import pyarrow as pa

from corpusmill.settings import MeasureSettings
from corpusmill.text.batch import TextBatch
from corpusmill.text.languages import Languages, detect_languages
from corpusmill.text.spans import EditView, merge_edits, no_edits
from corpusmill.text.splitters import ENGLISH


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
    line_view: EditView
    """The way from `lines` back to `raw`."""

    def to_raw(self, edits: pa.ListArray) -> pa.ListArray:
        """Edits found on `lines`, in raw coordinates."""
        return self.line_view.to_raw(edits)


def make_views(
    texts: pa.Array, find_line_edits: Iterable[Callable[[TextBatch], pa.ListArray]], settings: MeasureSettings | None = None
) -> Views:
    """Apply line edits one after another, each on what the ones before left. `texts`: n strings without nulls.

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
    return Views(raw, lines, languages, edits, view)
