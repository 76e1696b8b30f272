"""How often pairs match and are verified: published tables, scipy's binomial, and drawn low bytes."""

import math

import numpy as np
import pytest
from corpusmill.dedup.curve import SIMILARITIES, accept_probability, curves, estimated_recall, least_equal, match_probability
from corpusmill.settings import DedupSettings
from corpusmill.settings.sketching import PRESETS, effective_threshold

TABLE = {
    (14, 8): (0.053, 0.211, 0.565, 0.772, 0.924, 0.988, 1.0, 1.0),
    (25, 10): (0.024, 0.141, 0.512, 0.765, 0.942, 0.996, 1.0, 1.0),
    (20, 13): (0.002, 0.026, 0.177, 0.382, 0.677, 0.924, 0.997, 1.0),
    (9, 13): (0.001, 0.012, 0.084, 0.195, 0.399, 0.686, 0.929, 0.999),
    (26, 11): (0.013, 0.090, 0.405, 0.674, 0.903, 0.991, 1.0, 1.0),
    (93, 15): (0.003, 0.043, 0.358, 0.714, 0.964, 1.0, 1.0, 1.0),
    (450, 20): (0.000, 0.016, 0.302, 0.761, 0.995, 1.0, 1.0, 1.0),
}
"""reference/corpus.md, section 2.5."""


@pytest.mark.parametrize(("shape", "row"), TABLE.items())
def test_the_published_table(shape, row):
    assert SIMILARITIES == (0.5, 0.6, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95)
    # One step of its last place: 25 x 10 at .7 is .5115, and 9 x 13 at .95 .9985.
    assert [match_probability(at, *shape) for at in SIMILARITIES] == pytest.approx(row, abs=6e-4)


@pytest.mark.parametrize(
    ("shape", "threshold"), [((14, 8), 0.719), ((13, 60), 0.958), ((10, 1), 0.1), ((450, 20), 0.737), ((20, 450), 0.993), ((93, 15), 0.739)]
)
def test_the_effective_threshold(shape, threshold):
    assert effective_threshold(*shape) == pytest.approx(threshold, abs=5e-4)


def test_the_probability_of_a_match_is_one_of_equal_texts_and_none_of_texts_apart():
    for bands, rows, *_ in PRESETS.values():
        assert match_probability(1.0, bands, rows) == 1.0
        assert match_probability(0.0, bands, rows) == 0.0


@pytest.mark.parametrize("values", [1, 112, 128, 9000])
@pytest.mark.parametrize("jaccard", [0.0, 0.3, 0.75, 0.8, 0.99, 1.0])
def test_verification_is_a_binomial_tail(values, jaccard):
    binom = pytest.importorskip("scipy.stats").binom
    expected = binom.sf(least_equal(0.75, values) - 1, values, jaccard + (1 - jaccard) / 256)
    assert accept_probability(jaccard, values, 0.75) == pytest.approx(expected, rel=1e-9, abs=1e-300)


def test_verification_of_two_values_by_hand():
    """At .9 both must agree: .8 of similar ones and one of 256 of the others."""
    assert accept_probability(0.8, 2, 0.9) == pytest.approx((0.8 + 0.2 / 256) ** 2, rel=1e-12)


def test_verification_of_drawn_low_bytes():
    draw = np.random.default_rng(5)
    jaccard, values, pairs = 0.72, 64, 4000
    first, other = draw.integers(0, 256, (2, pairs, values))
    second = np.where(draw.random((pairs, values)) < jaccard, first, other)
    accepted = int(((first == second).sum(axis=1) >= least_equal(0.75, values)).sum())
    expected = accept_probability(jaccard, values, 0.75)
    assert abs(accepted - pairs * expected) < 4 * math.sqrt(pairs * expected * (1 - expected))


def test_a_shape_that_is_a_preset_has_the_preset_s_curve():
    threshold = DedupSettings().threshold
    (preset,), (shape,) = curves(["dclm"], 0, threshold), curves(["93X15"], 128, threshold)
    assert (preset.match, preset.accept, preset.values) == (shape.match, shape.accept, shape.values)
    assert [curve.name for curve in curves([], 0, threshold)] == list(PRESETS)


def test_recall_by_hand():
    """At .5 two bands of one value match three in four pairs; at 1 all do."""
    assert estimated_recall({0.5: 3, 1.0: 10}, 2, 1) == pytest.approx(13 / 14, rel=1e-12)
    assert estimated_recall({0.5: 3, 0.7: 0}, 2, 1) == pytest.approx(0.75, rel=1e-12)
    assert estimated_recall({1.0: 10}, 14, 8) == 1.0
    assert estimated_recall({}, 14, 8) is estimated_recall({0.9: 0}, 14, 8) is None


@pytest.mark.parametrize("verify", ["sketch", "exact"])
@pytest.mark.parametrize(("bands", "rows"), [(14, 8), (9, 13), (25, 10)])
@pytest.mark.parametrize("least", [0.5, 0.8])
def test_recall_of_drawn_pairs_is_the_share_that_was_found(bands, rows, verify, least):
    """Sketch values agree with the chance of the Jaccard similarity; found: a band agrees in all its values, and the sketch or the sets verify."""
    draw, pairs = np.random.default_rng(7), 20_000
    jaccard = draw.uniform(least, 1.0, pairs)
    agree = draw.random((pairs, bands * rows)) < jaccard[:, None]
    seen = np.round(agree.mean(axis=1) if verify == "sketch" else jaccard, 2)
    is_similar = seen >= 0.75
    found = agree.reshape(pairs, bands, rows).all(axis=2).any(axis=1) & is_similar
    counts = dict(zip(*(part.tolist() for part in np.unique(seen[found], return_counts=True)), strict=True))
    off = 0.02 if verify == "sketch" else 0.01
    assert estimated_recall(counts, bands, rows) == pytest.approx(found.sum() / is_similar.sum(), abs=off)
