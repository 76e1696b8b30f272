"""A polynomial hash of words put together without spaces, modulo 2^61 - 1: the hash of any run of words from two running sums."""

from typing import Final

import numpy as np

from corpusmill.kernels import jit
from corpusmill.kernels.hashing import U64
from corpusmill.kernels.memory import high_product
from corpusmill.kernels.utf8 import Bytes

_PRIME: Final = (1 << 61) - 1
_MERSENNE: Final = np.uint64(_PRIME)
_BASE: Final = 0x0B4711AB5EED1E5A
"""Base of the polynomial hash of concatenated words: any number below 2^61 - 1 that is no small power."""
_PIECE: Final = 64
"""Bytes hashed at a time: their sums of 9-bit times 32-bit products stay far below 2^64."""
_POWERS: Final = [pow(_BASE, j, _PRIME) for j in range(_PIECE + 1)]
_LOW: Final = np.array([power & 0xFFFFFFFF for power in _POWERS], np.uint64)
_HIGH: Final = np.array([power >> 32 for power in _POWERS], np.uint64)
_POWER: Final = np.array(_POWERS, np.uint64)
_INVERSE: Final = np.array([pow(power, -1, _PRIME) for power in _POWERS], np.uint64)


@jit
def multiply(a: int, b: int) -> int:
    """The product modulo 2^61 - 1 of two numbers below it."""
    low = a * b
    total = (low & _MERSENNE) + ((low >> U64(61)) | (high_product(a, b) << U64(3)))
    return total - _MERSENNE if total >= _MERSENNE else total


@jit
def add(a: int, b: int) -> int:
    """The sum modulo 2^61 - 1 of two numbers below it."""
    total = a + b
    return total - _MERSENNE if total >= _MERSENNE else total


@jit
def add_word(data: Bytes, i: int, end: int, total: int, power: int, inverse: int) -> tuple[int, int, int]:
    """The polynomial hash of all words so far with data[i:end] behind them, BASE to the power of their bytes, and its inverse.

    Byte j of the words put together counts (byte + 1) BASE^j: one more than it is, so that no byte is nothing. Begins with 0, 1, 1.
    """
    while i < end:
        size = min(end - i, _PIECE)
        low, high = U64(0), U64(0)
        for j in range(size):
            byte = U64(data[i + j]) + U64(1)
            low += byte * _LOW[j]
            high += byte * _HIGH[j]
        piece = add(low % _MERSENNE, multiply(high % _MERSENNE, U64(1 << 32)))
        total = add(total, multiply(piece, power))
        power = multiply(power, _POWER[size])
        inverse = multiply(inverse, _INVERSE[size])
        i += size
    return total, power, inverse


@jit
def concatenation_key(total_before: int, total_after: int, inverse_before: int) -> int:
    """Hash of words by themselves from add_word's values before and behind them: equal where the words put together are equal."""
    return multiply(add(total_after, _MERSENNE - total_before), inverse_before)
