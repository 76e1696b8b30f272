"""Writes lib/corpusmill/kernels/unicode_tables.npz: what the kernels know of each code point, in two-stage tables.

Word_Break and Extended_Pictographic come from the `regex` package, all else from this interpreter's `str` and unicodedata, so that lower case
and decomposition agree with `str.lower` and `unicodedata.normalize`. Run it again after either is updated: python tools/make_unicode_tables.py
"""

import string
import sys
import unicodedata
from pathlib import Path

import numpy as np
import regex

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "lib"), str(ROOT)]

from corpusmill.kernels import properties  # noqa: E402 (the package is found through the line above)

from tools.two_stages import CODE_POINTS, SURROGATES, two_stages  # noqa: E402

HANGUL = range(0xAC00, 0xD7A4)

# datatrove v0.10.0, utils/text.py: the marks that simplify_text turns into spaces (PUNCTUATION), ASCII and controls first.
PUNCTUATION = (
    "0-8 B-1F 21-2F 3A-40 5B-60 7B-9F AB B4 BB 2013-2014 2019 201C-201E 2026 2236 2501 25BA 3001-3002 3008-300D 3010-3011 "
    "FF01 FF05 FF08-FF09 FF0C FF0E FF11 FF1A-FF1B FF1F FF5E"
)
# Same file: TERMINAL_PUNCTUATION, which PUNCTUATION_SET adds for the word filters.
TERMINAL_PUNCTUATION = (
    "21 2E 3F 589 61D-61F 6D4 700-702 7F9 837 839 83D-83E 964-965 104A-104B 1362 1367-1368 166E 1735-1736 17D4-17D6 17D9-17DA 1803 1809 "
    "1944-1945 1AA8-1AAB 1B5A-1B5B 1B5E-1B5F 1B7D-1B7E 1C3B-1C3C 1C7E-1C7F 203C-203D 2047-2049 2E2E 2E3C 2E53-2E54 3002 A4FF A60E-A60F "
    "A6F3 A6F7 A876-A877 A8CE-A8CF A92F A9C8-A9C9 AA5D-AA5F AAF0-AAF1 ABEB FE52 FE56-FE57 FF01 FF0E FF1F FF61 10A56-10A57 10F55-10F59 "
    "10F86-10F89 11047-11048 110BE-110C1 11141-11143 111C5-111C6 111CD 111DE-111DF 11238-11239 1123B-1123C 112A9 1144B-1144C 115C2-115C3 "
    "115C9-115D7 11641-11642 1173C-1173E 11944 11946 11A42-11A43 11A9B-11A9C 11C41-11C42 11EF7-11EF8 11F43-11F44 16A6E-16A6F 16AF5 "
    "16B37-16B38 16B44 16E98 1BC9F 1DA88"
)
# Data-Juicer 1dc20a5, data_juicer/ops/common/special_characters.py: what it lists outside ASCII, before emoji.
SPECIAL_CHARACTERS = (
    "81-85 91-93 95-99 9C-9D A1-AB AD-B4 B7-BF D7 F7-F8 131 26A 2BA-2BC 2C8 2CC 2D0 2D8 2DA 2DC 3C0 413 60C 647 66A 66C 6E9 93E 940 947 94D "
    "97D 9BE E51 2002-2003 2005 2008-200B 2010-2011 2013-2016 2018-201A 201C-2020 2022 2024 2026 202F-2030 2032-2033 2039-203A 203F 2043-2044 "
    "20A8 20AA 20AC 2103 2122 2190-2193 21D3 2206 2208 2212 221A 221E-221F 223C 2248 2256 2264-2265 2295 22C5 2550 25A0 25AC 25B2 25B4 25B7 "
    "25BA-25BC 25C6 25CF 25E6 2605-2606 261B 263B 2661 2665 266B 2713 2726 2731 2756 27A4 27A9 2800 3000-3002 300A-300D 3010-3011 309C 30B7 "
    "30C3-30C4 30F3 30FB-30FC 4E00 4E0A 58EB FD3E-FD3F FEFF FF01 FF08-FF09 FF0C FF0E FF11 FF1A-FF1B FF1F FF3E FF5E FFFC-FFFD"
)


def code_points(ranges: str) -> set[int]:
    """The set that ranges such as `21-2F AB` stand for (hexadecimal, inclusive)."""
    found: set[int] = set()
    for part in ranges.split():
        first, _, last = part.partition("-")
        found.update(range(int(first, 16), int(last or first, 16) + 1))
    return found


def matching(pattern: str) -> set[int]:
    """The code points that a one-character regex pattern matches."""
    every = "".join(map(chr, (c for c in range(CODE_POINTS) if c not in SURROGATES)))
    return set(map(ord, regex.findall(pattern, every, flags=regex.V1)))


def word_break_classes() -> np.ndarray:
    """int64[CODE_POINTS]: the number of each code point's Word_Break value in properties.WORD_BREAK."""
    classes = np.zeros(CODE_POINTS, np.int64)
    for number, name in enumerate(properties.WORD_BREAK):
        if name != "Other":
            classes[sorted(matching(rf"\p{{Word_Break={name}}}"))] = number
    return classes


def simplified(code_point: int) -> str:
    """Lower case, decomposed, without non-spacing marks: what one character becomes in datatrove's simplify_text."""
    decomposed = unicodedata.normalize("NFD", chr(code_point).lower())
    return "".join(c for c in decomposed if unicodedata.category(c) != "Mn")


def property_words() -> np.ndarray:
    """uint32[CODE_POINTS]: the Word_Break number and the flags of corpusmill.kernels.properties."""
    words = word_break_classes()
    punctuation = code_points(PUNCTUATION)
    sets = {
        properties.PICTOGRAPHIC: matching(r"\p{Extended_Pictographic}"),
        properties.HAN: matching(r"\p{Script=Han}"),
        properties.PUNCTUATION: punctuation,
        properties.SYMBOL: punctuation | code_points(TERMINAL_PUNCTUATION),
        # Single characters of the `emoji` package are Unicode's, but for the letters that make flags in pairs.
        properties.SPECIAL: code_points(SPECIAL_CHARACTERS)
        | set(map(ord, string.punctuation + string.digits + string.whitespace))
        | matching(r"[\p{Emoji}--\p{Regional_Indicator}]"),
        properties.NUMBER_SEPARATOR: set(map(ord, ".,،٫⎖⎗⎘")),
    }
    for flag, members in sets.items():
        words[sorted(members)] |= flag
    for c in range(CODE_POINTS):
        if c in SURROGATES:
            continue
        character = chr(c)
        category = unicodedata.category(character)
        words[c] |= properties.SPACE * character.isspace() | properties.ALPHA * character.isalpha()
        words[c] |= properties.UPPERCASE * character.isupper() | properties.ALPHANUMERIC * character.isalnum()
        words[c] |= properties.ANY_DIGIT * character.isdigit()
        words[c] |= properties.DIGIT * (category == "Nd") | properties.MARK * (category == "Mn")
        words[c] |= properties.CHANGES * (simplified(c) != character)
        before_sigma = (character + "Σ").lower().endswith("ς")
        words[c] |= properties.CASED * before_sigma
        words[c] |= properties.CASE_IGNORABLE * ((f"a{character}Σ").lower().endswith("ς") and not before_sigma)
        words[c] |= unicodedata.combining(unicodedata.normalize("NFD", character)[0]) << properties.COMBINING_SHIFT
    return words.astype(np.uint32)


def replacements() -> tuple[np.ndarray, np.ndarray]:
    """(uint32[CODE_POINTS] number of the replacement, int32[replacements, 4] its length and code points). Hangul syllables are computed instead."""
    numbers = np.zeros(CODE_POINTS, np.uint32)
    rows: dict[str, int] = {}
    for c in range(CODE_POINTS):
        if c in SURROGATES or c in HANGUL:
            continue
        text = simplified(c)
        if text != chr(c):
            numbers[c] = rows.setdefault(text, len(rows))
    table = np.zeros((len(rows), 1 + max(map(len, rows))), np.int32)
    for text, row in rows.items():
        table[row, : 1 + len(text)] = [len(text), *map(ord, text)]
    return numbers, table


def main() -> None:
    """Write the file."""
    stage, leaf = two_stages(property_words())
    numbers, table = replacements()
    change_stage, change_leaf = two_stages(numbers)
    np.savez_compressed(
        ROOT / "lib/corpusmill/kernels/unicode_tables.npz",
        stage=stage,
        leaf=leaf,
        change_stage=change_stage,
        change_leaf=change_leaf.astype(np.uint16),
        change=table,
    )


if __name__ == "__main__":
    main()
