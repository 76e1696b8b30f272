"""Words in the form in which benchmark and corpus are compared: each simplified by itself, those of which nothing is left passed over."""

import numpy as np
import numpy.typing as npt

from corpusmill.kernels import jit
from corpusmill.kernels.hashing import Hashes, xxh64
from corpusmill.kernels.simplify import LARGEST_GROWTH, simplify
from corpusmill.kernels.utf8 import Bytes, Offsets


@jit
def hash_normal_words(
    data: Bytes, first: Offsets, start: Offsets, end: Offsets, symbol: npt.NDArray[np.bool_]
) -> tuple[Offsets, Offsets, Hashes]:
    """(int64[n+1] each document's first word, int64[w] the token of each word, uint64[w] its hash) of the tokens of n documents.

    The hash is XXH64 of the token after simplify: lower case, numbers as 0, without punctuation and accents.
    """
    longest = 0
    for t in range(start.size):
        longest = max(longest, end[t] - start[t])
    out = np.empty(LARGEST_GROWTH * longest + 1, np.uint8)
    bounds = np.zeros(first.size, np.int64)
    token = np.empty(start.size, np.int64)
    hashes = np.empty(start.size, np.uint64)
    count = 0
    for d in range(first.size - 1):
        for t in range(first[d], first[d + 1]):
            size = 0 if symbol[t] else simplify(data, start[t], end[t], out)
            if size:
                token[count] = t
                hashes[count] = xxh64(out, 0, size)
                count += 1
        bounds[d + 1] = count
    return bounds, token[:count].copy(), hashes[:count].copy()
