"""The key of the total order, and its parts."""

import random

import pytest
from corpusmill.dedup.order import order_key


def test_golden_bytes():
    key = order_key(3, 50, "000102030405060708090a0b0c0d0e0f")
    assert key.hex() == "00000003" + "ffffffcd" + "000102030405060708090a0b0c0d0e0f"


@pytest.mark.parametrize("seed", range(5))
def test_bytes_sort_as_snapshot_then_longer_then_id(seed):
    rng = random.Random(seed)
    rows = [
        (rng.choice([0, 1, 255, 256]), rng.choice([0, 1, 255, 256, 2**31, 2**32 - 1]), f"{rng.getrandbits(128):032x}") for _ in range(200)
    ]
    assert sorted(rows, key=lambda r: order_key(*r)) == sorted(rows, key=lambda r: (r[0], -r[1], r[2]))


def test_more_words_than_32_bits_count_as_the_most():
    assert order_key(0, 2**40, "0" * 32) == order_key(0, 2**32 - 1, "0" * 32)


TERMS = {"snapshot": lambda r: r[0], "-snapshot": lambda r: -r[0], "words": lambda r: r[1], "-words": lambda r: -r[1]}


@pytest.mark.parametrize(
    ("order", "whole"),
    [
        ([], ["snapshot", "-words"]),
        (["words"], ["words", "snapshot"]),
        (["-snapshot"], ["-snapshot", "-words"]),
        (["-words", "-snapshot"], ["-words", "-snapshot"]),
    ],
)
def test_terms_that_are_not_named_come_last(order, whole):
    rng = random.Random(str(order))
    rows = [(rng.randrange(4), rng.randrange(4), f"{rng.getrandbits(128):032x}") for _ in range(200)]
    assert sorted(rows, key=lambda r: order_key(*r, order)) == sorted(rows, key=lambda r: (*(TERMS[term](r) for term in whole), r[2]))
