"""The property tables, as constants that are compiled into the kernels, and the look-ups in them."""

from typing import Final

import numpy as np

from corpusmill.kernels import jit
from corpusmill.kernels.properties import BLOCK_SHIFT, TABLES_FILE

_MASK: Final = (1 << BLOCK_SHIFT) - 1

with np.load(TABLES_FILE) as _tables:
    _STAGE: Final = _tables["stage"]
    _LEAF: Final = _tables["leaf"]
    _CHANGE_STAGE: Final = _tables["change_stage"]
    _CHANGE_LEAF: Final = _tables["change_leaf"]
    CHANGE: Final = _tables["change"]
    """int32[replacements, 4]: how many code points stand for one that simplification changes, and which."""

ASCII: Final = _LEAF[_STAGE[0] : _STAGE[0] + 128].astype(np.int64)
"""int64[128]: the property words of ASCII."""


@jit
def property_of(code_point: int) -> int:
    """Its property word (corpusmill.kernels.properties)."""
    return np.int64(_LEAF[_STAGE[code_point >> BLOCK_SHIFT] + (code_point & _MASK)])


@jit
def change_of(code_point: int) -> int:
    """Row of CHANGE for a code point that has CHANGES and is no Hangul syllable."""
    return np.int64(_CHANGE_LEAF[_CHANGE_STAGE[code_point >> BLOCK_SHIFT] + (code_point & _MASK)])
