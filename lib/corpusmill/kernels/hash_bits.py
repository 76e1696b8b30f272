"""Sets of hashes as bits: a hash's word is its upper bits, three bits of the word are its lower ones, so that hashes must be uniform.

A Bloom filter within words (Putze, Sanders and Singler 2007, section 3: one cache miss a hash).
"""

import numpy as np

from corpusmill.kernels import jit
from corpusmill.kernels.hashing import U64, Hashes


@jit
def _mask(hash_: int) -> int:
    low = U64(1) << (hash_ & U64(63))
    return low | U64(1) << (hash_ >> U64(6) & U64(63)) | U64(1) << (hash_ >> U64(12) & U64(63))


@jit
def set_bits(hashes: Hashes, shift: int, once: Hashes, again: Hashes) -> None:
    """Set the bits of each hash (uint64[n]) in `once`, and in `again` where they were set in `once` before.

    `once`, `again`: uint64[w], a hash's word is at the hash shifted right by `shift`. `again` may be empty: then it is left out.
    """
    for hash_ in hashes:
        at, mask = np.int64(hash_ >> U64(shift)), _mask(hash_)
        if again.size and once[at] & mask == mask:
            again[at] |= mask
        once[at] |= mask


@jit
def find_bits(hashes: Hashes, shift: int, bits: Hashes, found: np.ndarray) -> None:
    """Found bool[n]: whether the bits of each hash are all set."""
    for i in range(hashes.size):
        mask = _mask(hashes[i])
        found[i] = bits[np.int64(hashes[i] >> U64(shift))] & mask == mask
