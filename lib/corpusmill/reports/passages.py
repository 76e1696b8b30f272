"""Pieces of text that a report may show: cut from a document's bytes, personal data masked in them whatever the recipe says."""

import pyarrow as pa

from corpusmill.edits.registry import edit_parts
from corpusmill.reports.content import Passage
from corpusmill.text.batch import TextBatch
from corpusmill.text.spans import apply_edits, merge_edits

LENGTH = 360
"""Characters shown of a document or a span."""
_AROUND = 80
"""Characters shown before and after what is marked."""


def cut_passage(before: bytes, marked: bytes, after: bytes) -> Passage:
    """A passage from bytes that may begin and end inside a character. With nothing marked, `after` is the beginning of a document."""
    texts = [mask_personal_data(part.decode("utf-8", "ignore")) for part in (before, marked, after)]
    if not marked:
        return Passage(after=_shortened(texts[2], LENGTH))
    head = texts[0][-_AROUND:]
    return Passage(("… " if len(texts[0]) > _AROUND else "") + head, _shortened(texts[1], LENGTH), _shortened(texts[2], _AROUND))


def mask_personal_data(text: str) -> str:
    """The text with every span edit there is applied."""
    texts = pa.array([text], pa.string())
    batch = TextBatch(texts)
    found = [part.find(batch) for part in edit_parts().values() if part.kind == "span"]
    return str(apply_edits(texts, merge_edits(*found))[0].as_py())


def _shortened(text: str, length: int) -> str:
    return text if len(text) <= length else text[:length].rstrip() + " …"
