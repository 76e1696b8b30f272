"""The estimate of similarity from low bytes, and the count that a threshold asks for."""

import numpy as np
import pytest
from corpusmill.dedup.curve import least_equal, similarity


def test_golden_values():
    assert similarity(np.array([112, 84, 85]), 112).tolist() == pytest.approx([1.0, 0.7490196078431373, 0.757983193277311], abs=1e-15)
    assert similarity(np.array([112]), 112)[0] == 1.0


@pytest.mark.parametrize(("threshold", "values", "least"), [(0.75, 112, 85), (1.0, 112, 112), (0.0, 112, 1), (0.0, 300, 2), (0.5, 8, 5)])
def test_least_equal(threshold, values, least):
    assert least_equal(threshold, values) == least
    exact = [m for m in range(values + 1) if (m / values - 1 / 256) * 256 / 255 >= threshold - 1e-12]
    assert least == exact[0]
