"""The loader: sample i is a pure function of (seed, layout of the shards, i), so its whole state is one integer, consumed_samples.

The shards in manifest order are one stream of tokens. Window j covers tokens [jT, jT + T]: T + 1 of them, the last shared with the next
window, so that each token but the stream's first is a target exactly once an epoch. The last window is filled up with pad, which is no
target. An epoch is a permutation of the windows, computed and not stored. Rank r of W takes its part of each global batch, so that the
batches are the same in every world size.
"""

import hashlib
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from corpusmill.errors import ConfigError

ROUNDS = 8
"""Four suffice for a Feistel network over a random round function (Luby and Rackoff); twice that for one that is only mixed well."""


class TokenSource(Protocol):
    """A stream of token ids over all shards of a manifest, in its order."""

    total_tokens: int
    vocab_size: int
    pad_id: int
    digest: str
    """Of the manifest: changes when a document is masked in place."""
    layout: str
    """Of tokenizer, shards and their token counts alone: unchanged by masking."""

    def read(self, start: int, count: int) -> npt.NDArray[np.int64]:
        """Tokens [start, start + count) of the stream, int64; `count` of them, so both ends must lie inside."""


@dataclass(frozen=True)
class Loader:
    """One rank's view of the samples. Raises ConfigError where a global batch cannot be split evenly."""

    source: TokenSource
    sequence_length: int
    batch_sequences: int
    seed: int
    rank: int = 0
    world: int = 1

    def __post_init__(self) -> None:
        if self.batch_sequences % self.world:
            raise ConfigError(f"train.batch_sequences={self.batch_sequences} must be a multiple of the {self.world} ranks")

    @property
    def windows(self) -> int:
        """Samples an epoch."""
        return -(-(self.source.total_tokens - 1) // self.sequence_length)

    def batch(self, consumed_samples: int) -> npt.NDArray[np.int64]:
        """This rank's part of the global batch that begins at sample `consumed_samples`: [B / world, T + 1]."""
        share = self.batch_sequences // self.world
        first = consumed_samples + self.rank * share
        return np.stack([self.sample(i) for i in range(first, first + share)])

    def sample(self, index: int) -> npt.NDArray[np.int64]:
        """Sample `index`, counted through all epochs: [T + 1]."""
        return self.window(self.window_of(index))

    def window_of(self, index: int) -> int:
        """Which window sample `index` is: the epoch's permutation at its place in the epoch."""
        epoch, place = divmod(index, self.windows)
        return permute(place, self.windows, f"{self.seed}/{self.source.layout}/{epoch}")

    def window(self, number: int) -> npt.NDArray[np.int64]:
        """Window `number` in stream order: [T + 1], filled up with pad at the stream's end."""
        start = number * self.sequence_length
        count = min(self.sequence_length + 1, self.source.total_tokens - start)
        tokens = np.full(self.sequence_length + 1, self.source.pad_id, dtype=np.int64)
        tokens[:count] = self.source.read(start, count)
        return tokens


def permute(place: int, size: int, key: str) -> int:
    """Where a permutation of range(size), chosen by `key`, sends `place`; no memory, about a microsecond a round.

    A Feistel network over the next power of four that holds `size`; what falls outside is sent through again until it falls inside,
    which keeps it a permutation (cycle walking, Black and Rogaway 2002). Not below 2^8: narrower networks have few permutations.
    """
    half = max(4, -(-(size - 1).bit_length() // 2))
    digest = hashlib.sha256(key.encode()).digest()
    keys = [int.from_bytes(digest[4 * i : 4 * i + 4], "little") for i in range(ROUNDS)]
    value = place
    while True:
        value = _feistel(value, half, keys)
        if value < size:
            return value


def _feistel(value: int, half: int, keys: list[int]) -> int:
    """One pass over 2 * half bits; the round function is murmur3's 32-bit finaliser."""
    mask = (1 << half) - 1
    left, right = value >> half, value & mask
    for key in keys:
        mixed = (right ^ key) & 0xFFFFFFFF
        mixed = ((mixed ^ (mixed >> 16)) * 0x85EBCA6B) & 0xFFFFFFFF
        mixed = ((mixed ^ (mixed >> 13)) * 0xC2B2AE35) & 0xFFFFFFFF
        left, right = right, left ^ ((mixed ^ (mixed >> 16)) & mask)
    return (left << half) | right
