"""How often a pair of known similarity becomes a candidate, and is verified: what bands, rows and a threshold mean, before a crawl is measured."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from corpusmill.errors import ConfigError
from corpusmill.nearest import nearest
from corpusmill.settings import MeasureSettings
from corpusmill.settings.sketching import PRESETS, effective_threshold
from corpusmill.wording import counted

SIMILARITIES = (0.5, 0.6, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95)
"""Where curves are printed."""
CHANCE = 1 / 256
"""How often the low bytes of unequal values are equal."""
_MOST = 100_000
"""Values of a shape that is looked at; the largest published one has 9,000."""


def similarity(equal: np.ndarray, values: int) -> np.ndarray:
    """Estimated Jaccard of sketches with `equal` of `values` low bytes the same, (m/K - 1/256) * 256/255: one of 256 agrees by chance."""
    return (256.0 * equal - values) / (255.0 * values)


def least_equal(threshold: float, values: int) -> int:
    """The fewest equal low bytes that reach the threshold; at most `values`, whose similarity is exactly 1."""
    return int(np.argmax(similarity(np.arange(values + 1), values) >= threshold))


def match_probability(jaccard: float, bands: int, rows: int) -> float:
    """Of a pair of this Jaccard similarity to share a band: 1 - (1 - J^r)^b (Leskovec et al., Mining of Massive Datasets, 3.4.2)."""
    return float(1 - (1 - jaccard**rows) ** bands)


def accept_probability(jaccard: float, values: int, threshold: float) -> float:
    """Of a pair of this Jaccard similarity to be verified by the low bytes of `values` values: a binomial tail.

    Pairs that share a band have more equal values than others, so that both happen at least as often as the product of the two probabilities.
    """
    agree = jaccard + (1 - jaccard) * CHANCE
    if agree == 1:
        return 1.0
    equal = np.arange(least_equal(threshold, values), values + 1)
    # In logarithms: 9,000 values over 4,500 is beyond floats.
    factorials = np.concatenate([[0.0], np.cumsum(np.log(np.arange(1, values + 1)))])
    ways = factorials[values] - factorials[equal] - factorials[values - equal]
    return float(min(1.0, np.exp(ways + equal * np.log(agree) + (values - equal) * np.log1p(-agree)).sum()))


def estimated_recall(similarities: Mapping[float, int], bands: int, rows: int) -> float | None:
    """Of all pairs that verification lets through, the share that was found, by how many were found at each similarity; None where none was.

    Source: Horvitz and Thompson, JASA 47, 1952. A pair of similarity s shares a band with probability p(s), so that each one found stands for
    1/p(s) pairs. What verification itself refuses, of similar pairs too, is no part of it: `accept_probability` says how much that is.
    Limits: a sketch's estimate stands for the pair's Jaccard, and among pairs that share a band estimates are high, which makes this too high by
    .01 for 14 x 8 and by up to .05 for 9 x 13. Similarities at which nothing was found count for nothing. And since a document goes as soon as
    one of its pairs is found, the share of documents that were found is larger in clusters of more than two.
    """
    found = {s: count for s, count in similarities.items() if count > 0}
    if not found:
        return None
    return sum(found.values()) / sum(count / match_probability(s, bands, rows) for s, count in found.items())


@dataclass(frozen=True)
class Curve:
    """What one shape does at each of SIMILARITIES."""

    name: str
    bands: int
    rows: int
    values: int
    """Values that verify."""
    threshold: float
    """Effective: the similarity around which the probability of sharing a band rises."""
    match: tuple[float, ...]
    accept: tuple[float, ...]


def curves(names: Sequence[str], verify_values: int, threshold: float) -> list[Curve]:
    """The curves of presets and of shapes written BxR, of all presets where none is named; `threshold` is what deduplication verifies at.

    A shape verifies with `verify_values`, 0 for all. Raises ConfigError for what is neither a preset nor a shape.
    """
    return [_curve(name, verify_values, threshold) for name in names or PRESETS]


def _curve(name: str, verify_values: int, threshold: float) -> Curve:
    if name in PRESETS:
        settings = MeasureSettings(preset=name)
        bands, rows, values = settings.bands, settings.rows, settings.kept_values
    else:
        bands, rows = _shape(name)
        values = min(verify_values or bands * rows, bands * rows)
    match = tuple(match_probability(at, bands, rows) for at in SIMILARITIES)
    accept = tuple(accept_probability(at, values, threshold) for at in SIMILARITIES)
    return Curve(name, bands, rows, values, effective_threshold(bands, rows), match, accept)


def _shape(text: str) -> tuple[int, int]:
    """Bands and rows of `14x8`."""
    parts = text.lower().split("x")
    if len(parts) == 2 and all(part.isdecimal() and len(part) < 7 for part in parts):
        bands, rows = map(int, parts)
        if 0 < bands * rows <= _MOST:
            return bands, rows
    raise ConfigError(
        f"'{text}': no preset ({nearest(text, PRESETS)}) and no shape: write BANDSxROWS, as 14x8, of up to {_MOST:,} values in all"
    )


def table(found: Sequence[Curve], threshold: float) -> str:
    """Two lines a curve: how often a pair of each similarity shares a band, and how often its values verify it at `threshold`."""
    lines = [f"{'':32s}{'threshold':>10s}" + "".join(f"{at:7.2f}" for at in SIMILARITIES)]
    for curve in found:
        shape = f"{curve.bands}x{curve.rows}"
        title = shape if curve.name.lower() == shape else f"{curve.name} {shape}"
        lines.append(f"{title:32s}{curve.threshold:10.3f}" + "".join(f"{share:7.3f}" for share in curve.match))
        verified = f"  verified by {counted(curve.values, 'value')}"
        lines.append(f"{verified:32s}{threshold:10.3f}" + "".join(f"{share:7.3f}" for share in curve.accept))
    return "\n".join(lines) + "\n"
