"""MinHash in datatrove's exact arithmetic: shingle hashes in, the minimum of each permutation out.

Source: huggingface/datatrove v0.10.0, src/datatrove/pipeline/dedup/minhash.py. Each shingle's hash is permuted by
(h a + b) mod (2^61 - 1), where the product wraps at 2^64 before the modulo.
"""

from functools import cache
from typing import Final

import numpy as np

from corpusmill.kernels import jit
from corpusmill.kernels.hashing import U64, Hashes

MERSENNE: Final = np.uint64((1 << 61) - 1)
_SEED: Final = 1
BLOCK: Final = 1024
"""Shingle hashes permuted at a time: 8 KB stay in the first-level cache while 112 permutations pass over them."""


@cache
def permutations(count: int) -> tuple[Hashes, Hashes]:
    """a, b: uint64[count] in [1, 2^61 - 1) and [0, 2^61 - 1), drawn as datatrove draws them."""
    generator = np.random.RandomState(_SEED)
    a = generator.randint(1, MERSENNE, dtype=np.uint64, size=(1, count))
    b = generator.randint(0, MERSENNE, dtype=np.uint64, size=(1, count))
    return a[0], b[0]


@jit
def lower_minima(hashes: Hashes, count: int, a: Hashes, b: Hashes, minima: Hashes) -> None:
    """Take the first `count` shingle hashes into the minima. The inner loop has one permutation and is vectorised."""
    for p in range(a.size):
        factor, addend = a[p], b[p]
        least = np.int64(minima[p])
        for k in range(count):
            x = hashes[k] * factor + addend
            x = (x & MERSENNE) + (x >> U64(61))
            x = (x + ((x + U64(1)) >> U64(61))) & MERSENNE
            least = min(least, np.int64(x))
        minima[p] = U64(least)
