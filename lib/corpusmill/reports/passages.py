"""Pieces of text that a report may show: cut from a document's bytes, personal data masked in them whatever the recipe says."""

from typing import Any

import pyarrow as pa

from corpusmill.edits.registry import edit_parts
from corpusmill.reports.content import Passage
from corpusmill.text.batch import TextBatch
from corpusmill.text.spans import merge_edits

LENGTH = 360
"""Characters shown of a document or a span."""
_AROUND = 80
"""Characters shown before and after what is marked."""


def cut_passage(before: bytes, marked: bytes, after: bytes) -> Passage:
    """A passage from bytes that may begin and end inside a character. With nothing marked, `after` is the beginning of a document.

    Personal data that reach over an edge of what is marked are marked whole.
    """
    parts = [part.decode("utf-8", "ignore").encode() for part in (before, marked, after)]
    data, first, last = b"".join(parts), len(parts[0]), len(parts[0]) + len(parts[1])
    found = _personal_data(data.decode())
    if marked:
        first = next((edit["start"] for edit in found if edit["start"] < first < edit["end"]), first)
        last = next((edit["end"] for edit in found if edit["start"] < last < edit["end"]), last)
    texts = [_masked(data, found, *edges) for edges in ((0, first), (first, last), (last, len(data)))]
    if not marked:
        return Passage(after=_shortened(texts[2], LENGTH))
    head = texts[0][-_AROUND:]
    return Passage(("… " if len(texts[0]) > _AROUND else "") + head, _shortened(texts[1], LENGTH), _shortened(texts[2], _AROUND))


def _personal_data(text: str) -> list[dict[str, Any]]:
    """The edits of every span part there is, in order and apart from each other."""
    batch = TextBatch(pa.array([text], pa.string()))
    found = [part.find(batch) for part in edit_parts().values() if part.kind == "span"]
    return list(merge_edits(*found)[0].as_py())


def _masked(data: bytes, edits: list[dict[str, Any]], start: int, end: int) -> str:
    """Bytes [start, end) with the edits inside applied."""
    pieces = []
    for edit in edits:
        if start <= edit["start"] and edit["end"] <= end:
            pieces += [data[start : edit["start"]], (edit["replacement"] or "").encode()]
            start = edit["end"]
    return b"".join([*pieces, data[start:end]]).decode()


def _shortened(text: str, length: int) -> str:
    return text if len(text) <= length else text[:length].rstrip() + " …"
