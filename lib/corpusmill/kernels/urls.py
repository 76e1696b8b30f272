"""Web addresses in text as NeMo Curator's UrlsFilter finds them (1e2e427, stages/text/utils/constants.py): http or https and what may follow."""

from typing import Final

import numpy as np
import numpy.typing as npt

from corpusmill.kernels import jit
from corpusmill.kernels.lanes import find_byte
from corpusmill.kernels.utf8 import Bytes, Offsets, is_at

_HTTP: Final = np.frombuffer(b"http", np.uint8).copy()
_SLASHES: Final = np.frombuffer(b"://", np.uint8).copy()
_INSIDE: Final = np.zeros(256, np.bool_)
"""bool[256]: which bytes may stand in an address; a percent sign only before two hexadecimal digits."""
_INSIDE[np.frombuffer(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789$-_@.&+/:=?#~!*(),", np.uint8)] = True
_HEXADECIMAL: Final = np.zeros(256, np.bool_)
_HEXADECIMAL[np.frombuffer(b"0123456789abcdefABCDEF", np.uint8)] = True


@jit
def _address_end(data: Bytes, i: int, end: int) -> int:
    while i < end:
        if _INSIDE[data[i]]:
            i += 1
        elif data[i] == 37 and i + 2 < end and _HEXADECIMAL[data[i + 1]] and _HEXADECIMAL[data[i + 2]]:
            i += 3
        else:
            break
    return i


@jit
def count_url_characters(data: Bytes, offsets: Offsets) -> npt.NDArray[np.int64]:
    """int64[n]: characters, which are bytes, of the addresses in each text."""
    counts = np.zeros(offsets.size - 1, np.int64)
    for d in range(offsets.size - 1):
        low, end = offsets[d], offsets[d + 1]
        i = find_byte(data, low, end, 58)
        while i < end:
            begin = i - 5 if i - 5 >= low and data[i - 1] == 115 and is_at(data, i - 5, i, _HTTP) else i - 4
            after = i + 1
            if begin >= low and is_at(data, begin, i, _HTTP) and is_at(data, i, end, _SLASHES):
                last = _address_end(data, i + 3, end)
                if last > i + 3:
                    counts[d] += last - begin
                    after = low = last
            i = find_byte(data, after, end, 58)
    return counts
