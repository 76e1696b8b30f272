"""Sketches of every preset and both methods match as often as the formula says, and what they verify is similar."""

import random
from itertools import combinations
from math import sqrt

import numpy as np
import pytest
from corpusmill.dedup.curve import accept_probability, least_equal, match_probability
from corpusmill.kernels import shingles
from corpusmill.settings.sketching import PRESETS

from tests.unit.kernels.known_pairs import changed_pages, halves, pairs, random_words, set_pairs, sketches_of, true_jaccard
from tests.unit.kernels.pieces import batch

METHODS = ["minhash", "fast_similarity"]
PAIRS = 150
every_sketch = pytest.mark.parametrize(("name", "method"), [(name, method) for method in METHODS for name in PRESETS])


def assert_binomial(hits, tries, probability):
    """Within four standard deviations, and one for pairs that are the exception."""
    assert abs(hits - tries * probability) <= 4 * sqrt(tries * probability * (1 - probability)) + 1


def equal_low_bytes(sketches):
    first, second = halves(sketches.values.astype(np.uint8))
    return (first == second).sum(axis=1)


@every_sketch
@pytest.mark.parametrize("percent", [50, 60, 70, 75, 80, 85, 90, 95])
def test_pairs_share_a_band_and_are_verified_as_often_as_the_curve_says(name, method, percent):
    preset, jaccard = PRESETS[name], percent / 100
    sketches = sketches_of(pairs(percent, preset.shingle_words, PAIRS), preset, method)
    assert set(sketches.shingles.tolist()) == {100 + percent}
    first, second = halves(sketches.bands)
    assert_binomial((first == second).any(axis=1).sum(), PAIRS, match_probability(jaccard, preset.bands, preset.rows))
    values = sketches.values.shape[1]
    verified = (equal_low_bytes(sketches) >= least_equal(0.75, values)).sum()
    assert_binomial(verified, PAIRS, accept_probability(jaccard, values, 0.75))


@every_sketch
def test_what_is_verified_is_similar(name, method):
    """Of pairs of all similarities, those verified at .8 are at least .8 less three standard errors of the estimate, 99 in 100."""
    preset = PRESETS[name]
    similar, verified = 0, 0
    for percent in range(50, 100, 4):
        sketches = sketches_of(pairs(percent, preset.shingle_words, 40), preset, method)
        values = sketches.values.shape[1]
        count = int((equal_low_bytes(sketches) >= least_equal(0.8, values)).sum())
        verified += count
        similar += count * (percent / 100 >= 0.8 - 3 * sqrt(0.16 / values))
    assert verified > 100
    assert similar >= 0.99 * verified


@pytest.mark.parametrize("name", PRESETS)
@pytest.mark.parametrize("of_smaller", [False, True], ids=["exact", "containment"])
def test_what_sets_verify_is_similar_exactly(name, of_smaller):
    """Precision is 1 where .99 is asked for, and no pair that is similar is refused: the similarities are those the pairs were made with."""
    words = PRESETS[name].shingle_words
    for percent in range(50, 100, 4):
        whole = 100 + percent
        found = set_pairs(pairs(percent, words, 40), words, 0.8, of_smaller)
        # 200 different shingles are of either text, 100 + percent of each.
        similarity = 2 * percent / (whole if of_smaller else 200)
        assert found == ([similarity] * 40 if similarity >= 0.8 else [])


@every_sketch
def test_what_is_found_of_changed_pages_is_as_similar_as_it_is_verified_to_be(name, method):
    """Words changed at random places, and not a text's end: of pairs that share a band and are verified at .8, 99 in 100 are that similar."""
    preset, choose = PRESETS[name], random.Random(f"{name}/changed")
    texts = changed_pages(choose, 300, preset.shingle_words)
    similarities = [true_jaccard(*pair, preset.shingle_words) for pair in zip(*halves(np.array(texts)), strict=True)]
    sketches = sketches_of(texts, preset, method)
    values = sketches.values.shape[1]
    first, second = halves(sketches.bands)
    is_candidate = (first == second).any(axis=1)
    is_found = is_candidate & (equal_low_bytes(sketches) >= least_equal(0.8, values))
    near = [jaccard for jaccard, found in zip(similarities, is_found, strict=True) if found]
    assert len(near) > 60
    assert sum(jaccard >= 0.8 - 3 * sqrt(0.16 / values) for jaccard in near) >= 0.99 * len(near)
    expected = [match_probability(jaccard, preset.bands, preset.rows) for jaccard in similarities]
    spread = sqrt(sum(p * (1 - p) for p in expected))
    assert abs(is_candidate.sum() - sum(expected)) <= 4 * spread + 1
    assert set_pairs(texts, preset.shingle_words, 0.8, False) == [jaccard for jaccard in similarities if jaccard >= 0.8]


@every_sketch
def test_an_all_distinct_corpus_loses_nothing(name, method):
    """200 pages of one template, each pair of Jaccard similarity .5: buckets are shared, and no page is verified as another's duplicate."""
    preset, choose = PRESETS[name], random.Random(f"{name}/template")
    words = preset.shingle_words
    head = random_words(choose, 100 + words - 1)
    texts = [" ".join(head + random_words(choose, 50)) for _ in range(200)]
    sketches = sketches_of(texts, preset, method)
    assert any(np.unique(band).size < 200 for band in sketches.bands.T)
    low = sketches.values.astype(np.uint8)
    most = max(int((low[page] == low[page + 1 :]).sum(axis=1).max()) for page in range(199))
    assert most < least_equal(0.75, low.shape[1])
    for of_smaller in (False, True):
        assert set_pairs(texts, words, 0.75, of_smaller, bucket_size=200) == []


@every_sketch
def test_texts_without_a_shingle_in_common_share_no_band_and_are_not_verified(name, method):
    choose = random.Random(f"{name}/distinct")
    sketches = sketches_of([" ".join(random_words(choose, choose.randrange(20, 120))) for _ in range(200)], PRESETS[name], method)
    for band in sketches.bands.T:
        assert np.unique(band).size == 200
    assert (equal_low_bytes(sketches) < least_equal(0.1, sketches.values.shape[1])).all()


@every_sketch
def test_texts_of_few_shingles_are_the_same_only_where_they_are_equal(name, method):
    choose = random.Random(name)
    preset = PRESETS[name]
    words = random_words(choose, preset.shingle_words + 2)
    n = preset.shingle_words
    texts = [words[:n], words[: n + 1], words[:n], words[1 : n + 1], words[2 : n + 2]]
    bands = sketches_of([" ".join(text) for text in texts], preset, method).bands
    assert bands[0].tolist() == bands[2].tolist()
    for other in (3, 4):
        assert not (bands[0] == bands[other]).any()
    assert (bands[0] != bands[1]).any()


@pytest.mark.parametrize("method", METHODS)
def test_chinese_is_segmented_so_that_equal_texts_match_and_others_do_not(method):
    """reference/corpus.md section 4, row 8: one token of the whole sentence would have no shingle, or match everything."""
    sentence, other = "我们去北京天安门看升旗", "今天晚上的月亮又大又圆又亮"
    sketches = sketches_of([sentence, sentence, other], PRESETS["fineweb"], method)
    assert (sketches.shingles > 0).all()
    first, again, apart = sketches.bands
    assert first.tolist() == again.tolist()
    assert not (first == apart).any()


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize(("words", "bands", "rows", "least", "most"), [(5, 14, 8, 0, 15), (2, 50, 4, 45, 45)])
def test_variants_of_a_short_page_are_found_by_short_shingles_alone(method, words, bands, rows, least, most):
    """reference/corpus.md section 4, row 9: a county's name is in 2 of 8 shingles of five words (Jaccard .6), in 2 of 11 of two (.69)."""
    counties = ["Lamar", "Delta", "Fannin", "Hunt", "Rusk", "Smith", "Wood", "Camp", "Bowie", "Cass"]
    made = batch(*(f"Farm to Market Road 150{i} (FM 150{i}) is located in {name} County." for i, name in enumerate(counties)))
    sketches = shingles.sketch(made.data, made.offsets, words, bands, rows, bands * rows, method)
    low = sketches.values.astype(np.uint8)
    pairs_of_ten = list(combinations(range(10), 2))
    assert least <= sum(bool((sketches.bands[i] == sketches.bands[j]).any()) for i, j in pairs_of_ten) <= most
    assert not any((low[i] == low[j]).sum() >= least_equal(0.75, low.shape[1]) for i, j in pairs_of_ten)
