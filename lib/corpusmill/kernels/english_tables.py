"""What the English splitter knows of a character and of an exception: flags of english_tables.npz, which tools/make_english_tables.py writes.

Source: spaCy 3.8 (MIT licence), spacy/lang/char_classes.py, punctuation.py and en/tokenizer_exceptions.py.
"""

from pathlib import Path
from typing import Final

PREFIX: Final = 1 << 0
"""Taken off the front of a run of characters without blanks."""
SUFFIX: Final = 1 << 1
"""Taken off its end."""
INFIX: Final = 1 << 2
"""A token of its own inside."""
LETTER: Final = 1 << 3
"""ALPHA: Latin, Greek, Cyrillic and the scripts without case."""
LOWER: Final = 1 << 4
"""ALPHA_LOWER, with the scripts without case."""
UPPER: Final = 1 << 5
"""ALPHA_UPPER, with the scripts without case."""
QUOTE: Final = 1 << 6
BEFORE_STOP: Final = 1 << 7
"""A full stop at the end is taken off behind it."""
PUNCTUATION: Final = 1 << 8
"""General category P."""
SENTENCE_END: Final = 1 << 9
"""One of the characters that end a sentence for spaCy's sentencizer."""

WHOLE: Final = 1 << 0
"""Kind of an exception: text that has tokens of its own, such as don't."""
AFTER_DIGIT: Final = 1 << 1
"""Kind: a unit or currency that is taken off behind a digit."""

TABLES_FILE: Final = Path(__file__).with_name("english_tables.npz")
