"""What the kernels know of a code point: one 32-bit word of Word_Break number, flags and combining class, from unicode_tables.npz."""

from pathlib import Path
from typing import Final

WORD_BREAK: Final = (
    "Other",
    "ALetter",
    "Hebrew_Letter",
    "Numeric",
    "Katakana",
    "ExtendNumLet",
    "MidLetter",
    "MidNum",
    "MidNumLet",
    "Single_Quote",
    "Double_Quote",
    "Regional_Indicator",
    "WSegSpace",
    "Extend",
    "Format",
    "ZWJ",
    "CR",
    "LF",
    "Newline",
)
"""Word_Break values (UAX #29, table 3); the position is the number stored. The kernels rely on this order."""

BLOCK_SHIFT: Final = 7
CLASS_MASK: Final = 0x1F
PICTOGRAPHIC: Final = 1 << 5
"""Extended_Pictographic."""
SPACE: Final = 1 << 6
"""str.isspace."""
SYMBOL: Final = 1 << 7
"""In datatrove's PUNCTUATION_SET (281 characters)."""
ALPHA: Final = 1 << 8
"""str.isalpha."""
PUNCTUATION: Final = 1 << 9
"""In datatrove's PUNCTUATION (129 characters), which simplify_text turns into spaces."""
DIGIT: Final = 1 << 10
"""General category Nd."""
MARK: Final = 1 << 11
"""General category Mn."""
CASED: Final = 1 << 12
"""Cased and not case-ignorable, as str.lower sees it beside a capital sigma."""
CASE_IGNORABLE: Final = 1 << 13
"""str.lower skips it when it looks for a cased neighbour of a capital sigma."""
CHANGES: Final = 1 << 14
"""Lower-casing, decomposing and dropping non-spacing marks changes it."""
NUMBER_SEPARATOR: Final = 1 << 15
"""Joins two runs of digits into one number in simplify_text."""
UPPERCASE: Final = 1 << 16
"""str.isupper."""
ALPHANUMERIC: Final = 1 << 17
"""str.isalnum."""
ANY_DIGIT: Final = 1 << 18
"""str.isdigit: DIGIT, superscripts and circled digits."""
HAN: Final = 1 << 19
"""Script Han, which Chinese is written in, and Japanese in part."""
SPECIAL: Final = 1 << 20
"""In Data-Juicer's SPECIAL_CHARACTERS: ASCII punctuation, digits and white space, 188 other marks and letters, emoji."""
COMBINING_SHIFT: Final = 24
"""Canonical combining class of its decomposition's first character, 8 bits."""

TABLES_FILE: Final = Path(__file__).with_name("unicode_tables.npz")
