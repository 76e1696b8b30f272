"""Published shapes of sketches by name, and which shapes are plausible at all."""

from typing import Final, NamedTuple


class Preset(NamedTuple):
    """How documents are sketched in one published corpus or tool."""

    bands: int
    rows: int
    """Values a band."""
    shingle_words: int
    verify_values: int
    """Values kept to verify with, 0 for all of them. Ours: the sources keep all, or do not verify."""


PRESETS: Final = {
    "fineweb": Preset(14, 8, 5, 0),
    "text-dedup": Preset(25, 10, 5, 0),
    "slimpajama": Preset(9, 13, 13, 0),
    "dclm": Preset(93, 15, 5, 128),
    "refinedweb": Preset(450, 20, 5, 128),
}
"""Sources. fineweb: arXiv 2406.17557 appendix E.1. text-dedup: ChenghaoMou/text-dedup, text_dedup/minhash_spark.py before 91c144a: threshold .7,
5-grams and 250 permutations, which its optimal_param makes 25 x 10 of. slimpajama: Cerebras/modelzoo, slimpajama: 13-grams (of characters in the
released code, of words here), threshold .8 and 128 permutations, 9 x 13 by datasketch's optimal_param. dclm: arXiv 2406.11794, 93 bands of 15.
refinedweb: arXiv 2306.01116, 9,000 hashes in 450 bands of 20; its text swaps the two. 128 values verify with a standard error of .04, and 9,000
would be 72 KB a document."""

THRESHOLDS: Final = (0.3, 0.95)
"""Effective thresholds beyond which a shape is taken for a mistake. Published shapes lie between .376 (50 x 4, text-dedup on NEWS-COPY) and .938
(5 x 25, RedPajama-V2 at .9). Below: 10 x 1 at .1, which merges nine in ten pairs of similarity .2. Above: 13 x 60 at .958 (datatrove issue 107)
and 20 x 450 at .993, bands and rows swapped, which find little beyond equal texts; those are found by their hash."""


def effective_threshold(bands: int, rows: int) -> float:
    """The similarity around which the probability of sharing a band rises: (1/b)^(1/r) (Leskovec et al., Mining of Massive Datasets, 3.4.2)."""
    return float((1 / bands) ** (1 / rows))


def implausible(bands: int, rows: int) -> str:
    """What is wrong with this shape, in one line; empty where it is plausible."""
    least, most = THRESHOLDS
    found = effective_threshold(bands, rows)
    if least <= found <= most:
        return ""
    effect = "pairs of little similarity would match" if found < least else "near duplicates would hardly match"
    turned = effective_threshold(rows, bands)
    hint = f"; did you mean {rows} bands of {bands}, threshold {turned:.3f}?" if least <= turned <= most else ""
    return f"{bands} bands of {rows} rows match from a similarity of about {found:.3f} on (plausible: {least} to {most}), so that {effect}{hint}"
