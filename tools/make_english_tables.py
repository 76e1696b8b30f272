"""Writes lib/corpusmill/kernels/english_tables.npz: what spaCy's blank English tokenizer knows of characters, and its exceptions.

Its regular expressions are asked about every character, so the tables say what spaCy does. Run it again after spaCy is updated:
python tools/make_english_tables.py
"""

import re
import sys
import unicodedata
from pathlib import Path

import numpy as np
import spacy
from spacy.lang import char_classes
from spacy.pipeline import Sentencizer
from spacy.symbols import ORTH
from spacy.tokenizer import Tokenizer

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "lib"), str(ROOT)]

from corpusmill.kernels import english_tables as tables  # noqa: E402 (the package is found through the line above)

from tools.two_stages import CODE_POINTS, SURROGATES, two_stages  # noqa: E402


def character_flags(tokenizer: Tokenizer) -> np.ndarray:
    """uint16[CODE_POINTS]: the flags of corpusmill.kernels.english_tables."""
    classes = {
        tables.LETTER: char_classes.ALPHA,
        tables.LOWER: char_classes.ALPHA_LOWER,
        tables.UPPER: char_classes.ALPHA_UPPER,
        tables.QUOTE: char_classes.CONCAT_QUOTES,
    }
    patterns = {flag: re.compile(f"[{members}]") for flag, members in classes.items()}
    flags = np.zeros(CODE_POINTS, np.uint16)
    for code_point in range(CODE_POINTS):
        if code_point in SURROGATES:
            continue
        character = chr(code_point)
        found = sum(flag for flag, pattern in patterns.items() if pattern.match(character))
        found |= tables.PREFIX * (tokenizer.find_prefix(f"{character}x") == 1)
        found |= tables.SUFFIX * (tokenizer.find_suffix(f"~{character}") == 1)
        found |= tables.INFIX * bool(tokenizer.find_infix(f"~{character}~"))
        found |= tables.BEFORE_STOP * (character != "." and tokenizer.find_suffix(f"{character}.") == 1)
        found |= tables.PUNCTUATION * unicodedata.category(character).startswith("P")
        found |= tables.SENTENCE_END * (character in Sentencizer.default_punct_chars)
        flags[code_point] = found
    return flags


def cuts(pieces: list[str]) -> int:
    """Bit k: a piece begins at byte k of their concatenation."""
    bits = at = 0
    for piece in pieces:
        bits |= 1 << at
        at += len(piece.encode())
    return bits


def exceptions(tokenizer: Tokenizer) -> list[tuple[bytes, int, int, int]]:
    """Texts with their kinds, where their tokens begin, and where those of the pieces begin that stand for them inside longer runs."""
    rows = {text: (tables.WHOLE, cuts([token[ORTH] for token in tokens]), 0) for text, tokens in tokenizer.rules.items() if text.strip()}
    for text in rows:
        if tokenizer.find_prefix(text) or tokenizer.find_suffix(text) or tokenizer.find_infix(text):
            bare = spacy.blank("en").tokenizer
            bare.rules = {}
            pieces = [token.text for token in bare(text)]
            if len(pieces) > 1:
                rows[text] = (*rows[text][:2], cuts(pieces))
    for unit in {*char_classes.LIST_UNITS, *(text.replace("\\", "") for text in char_classes.LIST_CURRENCY), "+"}:
        kind, tokens, pieces_cut = rows.get(unit, (0, 1, 0))
        rows[unit] = (kind | tables.AFTER_DIGIT, tokens, pieces_cut)
    return [(text.encode(), *row) for text, row in sorted(rows.items())]


def main() -> None:
    """Write the file."""
    tokenizer = spacy.blank("en").tokenizer
    stage, leaf = two_stages(character_flags(tokenizer))
    texts, kinds, tokens, pieces = zip(*exceptions(tokenizer), strict=True)
    np.savez_compressed(
        tables.TABLES_FILE,
        stage=stage,
        leaf=leaf,
        texts=np.frombuffer(b"".join(texts), np.uint8),
        first=np.cumsum([0, *map(len, texts)]).astype(np.int32),
        kinds=np.array(kinds, np.uint8),
        tokens=np.array(tokens, np.uint32),
        pieces=np.array(pieces, np.uint32),
    )


if __name__ == "__main__":
    main()
