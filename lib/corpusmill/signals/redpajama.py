"""RedPajama v2's signals of language and lines (togethercomputer/RedPajama-Data 855a8e0, app/src/core/quality_signals).

Of content.py, lines.py and natural_language.py. It uses them as signals alone, without bounds, and rounds them to 8 digits; here none is rounded.
Its signals of a line are shares or means over lines here. Left out: its lists of bad words and of addresses and its stop words of languages but
English, which are lists to download, and DSIR's and its classifiers' scores, which are models.
"""

import math
import re
from collections import Counter

import numpy as np
import pyarrow as pa

from corpusmill.signals.registry import Family, Field
from corpusmill.text.batch import TextBatch
from corpusmill.text.redpajama import lines, normalized, words
from corpusmill.text.stop_words import STOP_WORDS
from corpusmill.text.views import Views

_SENTENCE, _LETTER = re.compile(r"\b[^.!?]+[.!?]*"), re.compile("[a-zA-Z]")
_BULLETS = ("\u2022", "\u2023", "\u25b6", "\u25c0", "\u25e6", "\u25a0", "\u25a1", "\u25aa", "\u25ab", "\u2013")


def _share(count: float, total: int) -> float:
    return count / total if total else 0.0


def _of_words(text: str) -> dict[str, float]:
    total = stops = capitals = letters = 0
    for word in words(text):
        total += 1
        stops += word in STOP_WORDS
        capitals += word.isupper()
        letters += _LETTER.search(word) is not None
    symbols = sum(map(text.count, ("#", "...", "\u2026")))
    return {
        "symbol_ratio": _share(symbols, total),
        "stop_words": _share(stops, total),
        "capital_words": _share(capitals, total),
        "no_letter_words": 1.0 - letters / total if total else 0.0,
    }


def _of_lines(text: str) -> dict[str, float]:
    total = marks = ellipses = bullets = javascript = found = 0
    uppercase, numeric = 0.0, 0.0
    for line in lines(text):
        bare, right = normalized(line), line.rstrip()
        total += 1
        marks += right.endswith((".", "!", "?", "\u201d"))
        ellipses += right.endswith(("...", "\u2026"))
        bullets += line.lstrip().startswith(_BULLETS)
        own = bare.split()
        found += len(own)
        javascript += own.count("javascript")
        uppercase += sum(map(str.isupper, line)) / len(line)
        numeric += _share(sum(map(str.isnumeric, bare)), len(bare))
    sums = {"ended_lines": marks, "end_ellipsis_lines": ellipses, "bullet_lines": bullets, "line_uppercase": uppercase}
    sums |= {"line_numeric": numeric, "line_words": found, "line_javascript": javascript}
    return {name: _share(value, total) for name, value in sums.items()}


def _of_normalized(texts: list[str], kind: pa.DataType) -> dict[str, list[float]]:
    """What is counted of normalised words, for each text."""
    pieces = TextBatch(pa.array(texts, kind)).pieces
    found: dict[str, list[float]] = {"words": [], "mean_word_characters": [], "unique_words": [], "entropy": [], "lorem_ipsum": []}
    for d, text in enumerate(texts):
        own = slice(pieces.first[d], pieces.first[d + 1])
        total = own.stop - own.start
        _, counts = np.unique(pieces.hash[own], return_counts=True)
        # As many words are there equally often, few logarithms are taken.
        often = sorted(Counter(counts.tolist()).items())
        found["words"].append(total)
        found["mean_word_characters"].append(_share(int(pieces.characters[own].sum()), total))
        found["unique_words"].append(_share(counts.size, total))
        found["entropy"].append(math.fsum(-times * count / total * math.log(count / total) for count, times in often))
        found["lorem_ipsum"].append(_share(text.count("lorem ipsum"), len(text)))
    return found


def _measure(views: Views) -> pa.StructArray:
    texts = views.raw.texts.to_pylist()
    found = _of_normalized([normalized(text) for text in texts], views.raw.texts.type)
    rows = [_of_words(text) | _of_lines(text) for text in texts]
    found |= {name: [row[name] for row in rows] for name in (*_WORDS, *_LINES)}
    found["sentences"] = [sum(1 for _ in _SENTENCE.finditer(text)) for text in texts]
    found["curly_brackets"] = [_share(text.count("{") + text.count("}"), len(text)) for text in texts]
    return FAMILY.struct(**{name: np.array(values) for name, values in found.items()})


_WORDS = {
    "symbol_ratio": "#, ... and U+2026 a word",
    "stop_words": "share of words that are English stop words (text.stop_words), case counts",
    "capital_words": "share of words in capitals",
    "no_letter_words": "share of words without an ASCII letter",
}
_LINES = {
    "ended_lines": "share of lines that end with . ! ? or U+201D",
    "end_ellipsis_lines": "share of lines that end with ... or U+2026",
    "bullet_lines": "share of lines that begin with one of ten bullets",
    "line_uppercase": "mean over lines of the share of upper-case letters, the newline being a character",
    "line_numeric": "mean over lines of the share of numeric characters, normalised",
    "line_words": "normalised words a line",
    "line_javascript": "how often `javascript` is a normalised word, a line",
}
_OTHERS = {
    "mean_word_characters": "mean characters of normalised words",
    "unique_words": "different normalised words, of all",
    "entropy": "entropy of normalised words, in nats",
    "lorem_ipsum": "times of `lorem ipsum` a character of the normalised text",
    "curly_brackets": "share of { and }",
}

FAMILY = Family(
    name="redpajama",
    version=1,
    doc="what RedPajama v2 says of a text; words are runs of letters and digits or of signs, normalised ones as in redpajama_repetition",
    fields=(
        Field("words", "bigint", "raw", "normalised words"),
        Field("sentences", "bigint", "raw", "what begins at a word and goes on to behind the next . ! ?"),
        *(Field(name, "double", "raw", doc, undefined=0.0) for name, doc in (_OTHERS | _WORDS | _LINES).items()),
    ),
    measure=_measure,
    examples=(
        ("", {"words": 0, "sentences": 0, "entropy": 0.0, "no_letter_words": 0.0, "line_words": 0.0}),
        ("The cat. THE dog! 12 #", {"words": 5, "sentences": 3, "mean_word_characters": 14 / 5, "unique_words": 4 / 5}),
        ("The cat. the dog! 12 #", {"symbol_ratio": 1 / 8, "stop_words": 1 / 8, "no_letter_words": 1 - 4 / 8}),
        ("\u2022 JavaScript?\nOK {}\n", {"ended_lines": 1 / 2, "bullet_lines": 1 / 2, "line_javascript": 1 / 2, "curly_brackets": 2 / 20}),
        ("Lorem, ipsum", {"lorem_ipsum": 1 / 11, "capital_words": 0.0, "line_uppercase": 1 / 12}),
    ),
    always=False,
)
