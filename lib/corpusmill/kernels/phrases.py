"""Fixed words in text: lists of ASCII phrases packed into flat arrays, and tests for them that ignore case as `str.lower` does."""

from typing import Final

import numpy as np

from corpusmill.kernels import jit

KELVIN: Final = (0xE2, 0x84, 0xAA)
"""UTF-8 of U+212A KELVIN SIGN, the one character outside ASCII whose lower case is a single ASCII letter, k."""


def pack(*phrases: str) -> tuple[np.ndarray, np.ndarray]:
    """Lower-case ASCII phrases as (bytes uint8[b], first int64[p+1])."""
    first = np.cumsum([0, *(len(phrase) for phrase in phrases)])
    return np.frombuffer("".join(phrases).encode("ascii"), dtype=np.uint8).copy(), first.astype(np.int64)


@jit
def lower(byte: int) -> int:
    """An ASCII letter in lower case; any other byte as it is."""
    return byte + 32 if 65 <= byte <= 90 else byte


@jit
def is_alnum(byte: int) -> bool:
    """ASCII letter or digit."""
    return 48 <= byte <= 57 or 65 <= byte <= 90 or 97 <= byte <= 122


@jit
def is_digit(byte: int) -> bool:
    """ASCII digit."""
    return 48 <= byte <= 57


@jit
def phrase_end(data: np.ndarray, at: int, stop: int, phrase: np.ndarray) -> int:
    """Where `phrase` ends if it begins at `at` and ends by `stop`, in any case; else -1."""
    position = at
    for wanted in phrase:
        if position >= stop:
            return -1
        if lower(data[position]) == wanted:
            position += 1
        elif (
            wanted == 107
            and position + 3 <= stop
            and data[position] == KELVIN[0]
            and data[position + 1] == KELVIN[1]
            and data[position + 2] == KELVIN[2]
        ):
            position += 3
        else:
            return -1
    return position


@jit
def phrase_at(data: np.ndarray, at: int, stop: int, phrases: np.ndarray, first: np.ndarray) -> int:
    """The number of the first packed phrase that begins at `at`, or -1."""
    for number in range(first.shape[0] - 1):
        if phrase_end(data, at, stop, phrases[first[number] : first[number + 1]]) >= 0:
            return number
    return -1


@jit
def is_word(data: np.ndarray, start: int, stop: int, words: np.ndarray, first: np.ndarray) -> bool:
    """Whether bytes [start, stop) are exactly one of the packed words, in any case."""
    for number in range(first.shape[0] - 1):
        if phrase_end(data, start, stop, words[first[number] : first[number + 1]]) == stop:
            return True
    return False


@jit
def doubled(array: np.ndarray) -> np.ndarray:
    """The same values with as much room again."""
    larger = np.empty(2 * array.shape[0], dtype=array.dtype)
    larger[: array.shape[0]] = array
    return larger
