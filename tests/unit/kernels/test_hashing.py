"""XXH64 and the arithmetic of the polynomial hash, against xxhash and Python's integers."""

import random

import numpy as np
import pytest
import xxhash
from corpusmill.kernels import hashing, polynomials

PRIME = 2**61 - 1
EDGES = [0, 1, 2, 2**32, 2**60, PRIME - 2, PRIME - 1]


@pytest.mark.parametrize("length", [*range(0, 40), 63, 64, 65, 1000])
def test_xxh64_of_every_length_and_alignment(length):
    data = random.Random(length).randbytes(length + 7)
    view = np.frombuffer(data, np.uint8)
    for shift in range(8):
        assert hashing.xxh64(view, shift, shift + length - 7 * (length > 7)) == xxhash.xxh64_intdigest(
            data[shift : shift + length - 7 * (length > 7)]
        )


def test_products_and_sums_modulo_the_mersenne_prime():
    choose = random.Random(3)
    numbers = EDGES + [choose.randrange(PRIME) for _ in range(30)]
    for a in numbers:
        for b in numbers:
            assert polynomials.multiply(np.uint64(a), np.uint64(b)) == a * b % PRIME
            assert polynomials.add(np.uint64(a), np.uint64(b)) == (a + b) % PRIME
