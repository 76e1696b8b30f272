"""Text as RedPajama v2 looks at it (togethercomputer/RedPajama-Data 855a8e0, app/src/core/document.py and utilities/text/normalization.py)."""

import re
import string
import unicodedata
from collections.abc import Iterator

_NO_PUNCTUATION = str.maketrans("", "", string.punctuation)
_SPACE, _WORD, _LINE = re.compile(r"\s+"), re.compile(r"\w+|[^\w\s]+"), re.compile(r"[^\n]*\n|[^\n]+")


def normalized(text: str) -> str:
    """Without ASCII punctuation, in lower case, with one blank for each run of white space and none at the ends, in NFD."""
    bare = text.translate(_NO_PUNCTUATION).lower().strip()
    return unicodedata.normalize("NFD", _SPACE.sub(" ", bare))


def words(text: str) -> Iterator[str]:
    """Runs of letters, digits and _, and runs of other signs but white space, as NLTK's WordPunctTokenizer gives them."""
    return (match.group() for match in _WORD.finditer(text))


def lines(text: str) -> Iterator[str]:
    """What ends with a newline, which stays, or with the text."""
    return (match.group() for match in _LINE.finditer(text))
