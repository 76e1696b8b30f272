"""The form of a line in which CCNet's language models see text (arXiv 1911.00359; cc_net/text_normalizer.py): pieces of one spelling are rarer."""

import re
import sys
import unicodedata
from functools import cache

_PLAIN = {
    '"': "„”“«»」「《》", ",": "，、", ".": "。", "'": "´’", ":": "∶：", "?": "？", "!": "！", "(": "（", ")": "）", ";": "；",
    "-": "–━►", " - ": "—", ". ": "．", "~": "～", "...": "…", "<": "〈", ">": "〉", "[": "【", "]": "】", "%": "％",
}  # fmt: skip
"""What stands for which marks."""
_DIGIT = re.compile(r"\d")
_ENDS = {**{ord(mark): plain for plain, marks in _PLAIN.items() for mark in marks}, **dict.fromkeys([*range(32), *range(127, 160)])}
"""For str.translate: plain marks, control characters left out."""


def normalize(line: str) -> str:
    """Lower case, without accents (NFD, so that Hangul comes apart too), digits 0, marks plain, without control characters."""
    line = line.strip().lower()
    if not line.isascii():
        line = unicodedata.normalize("NFD", line).translate(_accents())
    return _DIGIT.sub("0", line).translate(_ENDS)


@cache
def _accents() -> dict[int, None]:
    """For str.translate: nonspacing marks left out."""
    return dict.fromkeys(point for point in range(sys.maxunicode + 1) if unicodedata.category(chr(point)) == "Mn")
