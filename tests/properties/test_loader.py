"""What the loader promises, on random streams: every token once, the same batches in every world size, a suffix after any break."""

import numpy as np
import pytest
from corpusmill.errors import ConfigError
from corpusmill.train.data import Loader, permute
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.train.rank_cases import PAD, ArraySource

streams = st.builds(
    lambda tokens, length, batch, seed: Loader(ArraySource(tokens, seed, masked=False, layout=str(seed)), length, batch, seed),
    st.integers(2, 400),
    st.integers(1, 40),
    st.sampled_from([4, 8, 12]),
    st.integers(0, 2**31),
)


def batches(loader, world, first, count):
    """Global batches as `world` ranks read them: a list of arrays."""
    ranks = [Loader(loader.source, loader.sequence_length, loader.batch_sequences, loader.seed, rank, world) for rank in range(world)]
    size = loader.batch_sequences
    return [np.concatenate([rank.batch(first + step * size) for rank in ranks]) for step in range(count)]


@given(size=st.integers(1, 3000), key=st.text(max_size=5))
@settings(max_examples=60, deadline=None)
def test_permute_is_a_permutation(size, key):
    assert sorted(permute(place, size, key) for place in range(size)) == list(range(size))


@pytest.mark.parametrize("size", [2**40 + 12345, 2**62])
def test_permute_stays_in_range_and_can_be_told_apart_at_any_size(size):
    values = [permute(place, size, "k") for place in range(200)]
    assert len(set(values)) == 200
    assert 0 <= min(values) <= max(values) < size
    assert min(values) < size / 10 < size * 0.9 < max(values)


@pytest.mark.parametrize("size", [3, 7, 100])
def test_every_place_goes_everywhere_equally_often(size):
    """Chi-square over 200 keys a place: 5 standard deviations above its mean would be a biased shuffle."""
    keys = 200 * size
    counts = np.bincount([permute(1, size, str(key)) for key in range(keys)], minlength=size)
    chi = ((counts - 200) ** 2 / 200).sum()
    assert chi < (size - 1) + 5 * np.sqrt(2 * (size - 1))


def test_neighbours_are_not_kept_together():
    """The correlation of place and window is that of a random order: below 5 / sqrt(n)."""
    order = np.array([permute(place, 2000, "k") for place in range(2000)])
    assert abs(np.corrcoef(np.arange(2000), order)[0, 1]) < 5 / np.sqrt(2000)
    assert abs(np.corrcoef(order[1:], order[:-1])[0, 1]) < 5 / np.sqrt(2000)


@given(loader=streams)
@settings(max_examples=60, deadline=None)
def test_every_token_but_the_first_is_a_target_once_an_epoch(loader):
    samples = np.stack([loader.sample(i) for i in range(loader.windows)])
    order = np.argsort([loader.window_of(i) for i in range(loader.windows)])
    targets = samples[order][:, 1:].reshape(-1)
    assert targets[targets != PAD].tolist() == loader.source.tokens[1:].tolist()
    assert (targets == PAD).sum() < loader.sequence_length, "only the last window is filled up"
    assert samples[order][0][0] == loader.source.tokens[0]
    assert (samples[order][1:, 0] == samples[order][:-1, -1]).all(), "windows share one token"


@given(loader=streams, first=st.integers(0, 100))
@settings(max_examples=60, deadline=None)
def test_ranks_together_read_what_one_reads(loader, first):
    alone = batches(loader, 1, first, 3)
    for world in (2, 4):
        assert all((a == b).all() for a, b in zip(alone, batches(loader, world, first, 3), strict=True))


@given(loader=streams, steps=st.integers(0, 12), worlds=st.lists(st.sampled_from([1, 2, 4]), min_size=2, max_size=4))
@settings(max_examples=60, deadline=None)
def test_after_any_break_and_in_any_world_size_the_rest_follows(loader, steps, worlds):
    """Also at 0, in the middle, exactly at an epoch's end and after several: streams are a few batches long (mosaicml streaming #437)."""
    whole = batches(loader, 1, 0, steps + 2 * len(worlds))
    consumed = steps * loader.batch_sequences
    for number, world in enumerate(worlds):
        part = batches(loader, world, consumed + number * 2 * loader.batch_sequences, 2)
        expected = whole[steps + 2 * number : steps + 2 * number + 2]
        assert all((a == b).all() for a, b in zip(part, expected, strict=True))


@given(loader=streams, epochs=st.integers(1, 4))
@settings(max_examples=60, deadline=None)
def test_every_epoch_holds_each_window_once_in_another_order(loader, epochs):
    n = loader.windows
    orders = [[loader.window_of(epoch * n + i) for i in range(n)] for epoch in range(epochs)]
    assert all(sorted(order) == list(range(n)) for order in orders)
    if n > 20:
        assert len({tuple(order) for order in orders}) == epochs


def test_a_sample_depends_on_seed_and_layout_and_not_on_what_is_masked():
    def order(seed, layout, masked):
        loader = Loader(ArraySource(1500, 0, masked, layout), 16, 4, seed)
        return [loader.window_of(i) for i in range(50)]

    assert order(0, "a", False) == order(0, "a", True)
    assert order(0, "a", False) != order(1, "a", False)
    assert order(0, "a", False) != order(0, "b", False)


def test_the_order_of_a_seed_never_changes():
    """Golden: a run goes on across versions of this package only while this holds."""
    assert [permute(place, 10, "0/layout/0") for place in range(10)] == GOLDEN


GOLDEN = [6, 8, 5, 0, 9, 4, 7, 3, 2, 1]


def test_a_batch_that_does_not_split_is_one_line():
    with pytest.raises(ConfigError, match=r"train\.batch_sequences=6 must be a multiple of the 4 ranks"):
        Loader(ArraySource(), 16, 6, 0, 0, 4)
