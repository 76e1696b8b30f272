"""What the tests of the kernels share: batches of texts, and spans of them as Python strings."""

import pyarrow as pa
from corpusmill.text.batch import TextBatch

HOSTILE = {
    "empty": "",
    "white space": " \t\n\u3000\u2028 ",
    "combining mark": "\u0301",
    "space and mark": " \u0301 a",
    "emoji": "👩\u200d👩\u200d👧\u200d👦👍🏽",
    "flags": "🇩🇪🇫🇷🇩",
    "nul": "a\0b\0",
    "zero width": "\u200b\u200d\ufeff",
    "one mark": "#",
    "dots": "...",
    "newlines": "\n\n\n",
    "apostrophes": "'a''b'",
    "chinese": "我们去北京天安门看升旗",
    "long": "x" * 70,
}


def batch(*texts):
    return TextBatch(pa.array(texts, pa.string()))


def strings(texts, spans, document=0):
    """The spans of one document."""
    rows = range(spans.first[document], spans.first[document + 1])
    data = texts.data.tobytes()
    return [data[spans.start[row] : spans.end[row]].decode() for row in rows]


def all_strings(texts, spans):
    return [strings(texts, spans, document) for document in range(texts.n)]
