"""The script that most letters of a text are in, from script_tables.npz."""

from pathlib import Path
from typing import Final

import numpy as np

from corpusmill.kernels import jit
from corpusmill.kernels.properties import ALPHA, BLOCK_SHIFT
from corpusmill.kernels.unicode import property_of
from corpusmill.kernels.utf8 import Bytes, Offsets, decode, width

_MASK: Final = (1 << BLOCK_SHIFT) - 1

with np.load(Path(__file__).with_name("script_tables.npz")) as _tables:
    _STAGE: Final = _tables["stage"]
    _LEAF: Final = _tables["leaf"]
    SCRIPTS: Final = tuple(str(code) for code in _tables["codes"])
    """ISO 15924 codes; the first, Zzzz, is of a text without letters of any script."""
_COUNT: Final = len(SCRIPTS)


@jit
def main_scripts(data: Bytes, offsets: Offsets) -> Offsets:
    """int64[n]: the row of SCRIPTS that most letters (str.isalpha) of each text are in; of several the first."""
    found = np.zeros(offsets.size - 1, np.int64)
    letters = np.zeros(_COUNT, np.int64)
    for d in range(offsets.size - 1):
        letters[:] = 0
        i = offsets[d]
        while i < offsets[d + 1]:
            code_point = decode(data, i)
            if property_of(code_point) & ALPHA:
                letters[_LEAF[_STAGE[code_point >> BLOCK_SHIFT] + (code_point & _MASK)]] += 1
            i += width(data[i])
        letters[0] = 0
        found[d] = np.argmax(letters)
    return found
