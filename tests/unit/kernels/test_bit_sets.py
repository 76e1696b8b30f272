"""Bit sets of 64 bytes against a loop over them, for every byte."""

import numpy as np
import pytest
from corpusmill.kernels import bit_sets, jit

KINDS = {
    "letters_at": lambda byte: chr(byte | 32) in "abcdefghijklmnopqrstuvwxyz",
    "small_letters_at": lambda byte: chr(byte) in "abcdefghijklmnopqrstuvwxyz",
    "digits_at": lambda byte: chr(byte) in "0123456789",
    "zeros_at": lambda byte: byte == ord("0"),
    "spaces_at": lambda byte: byte == ord(" "),
    "no_ascii_at": lambda byte: byte >= 128,
}


@pytest.mark.parametrize("name", KINDS)
def test_every_byte_at_every_place(name):
    mark = getattr(bit_sets, name)
    marked = jit(lambda data, i: mark(data, i))
    data = np.concatenate([np.arange(256), np.arange(255, -1, -1)]).astype(np.uint8)
    for i in range(data.size - bit_sets.WIDTH + 1):
        expected = sum(1 << k for k in range(bit_sets.WIDTH) if KINDS[name](int(data[i + k])))
        assert int(marked(data, i)) == expected, i
