"""Two-stage tables of code points, as the kernels look them up."""

import numpy as np
from corpusmill.kernels.properties import BLOCK_SHIFT

CODE_POINTS = 0x110000
SURROGATES = range(0xD800, 0xE000)


def two_stages(values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(stage: int32[blocks], leaf): value of c = leaf[stage[c >> SHIFT] + (c & MASK)], equal blocks stored once. `values`: [CODE_POINTS]."""
    leaves, inverse = np.unique(values.reshape(-1, 1 << BLOCK_SHIFT), axis=0, return_inverse=True)
    return inverse.reshape(-1).astype(np.int32) << BLOCK_SHIFT, leaves.reshape(-1)
