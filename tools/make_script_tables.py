"""Writes lib/corpusmill/kernels/script_tables.npz: the script of each code point, as a row of a list of ISO 15924 codes.

Scripts are those of Unicode as the `regex` package knows them: python tools/make_script_tables.py
"""

import sys
from pathlib import Path

import numpy as np
import regex
from regex import _regex_core

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "lib"), str(ROOT)]

from tools.two_stages import CODE_POINTS, SURROGATES, two_stages  # noqa: E402 (the package is found through the line above)

NO_SCRIPT = ("Zzzz", "Zyyy", "Zinh")
"""Unknown, common to scripts, inherited: row 0 stands for all three."""


def scripts() -> list[str]:
    """ISO 15924 codes of all scripts with characters; the first is for those without a script."""
    _, names = _regex_core.PROPERTIES["SCRIPT"]
    numbers = {number: name.title() for name, number in reversed(names.items()) if len(name) == 4 and not name.startswith("QAA")}
    return [NO_SCRIPT[0], *sorted(code for code in numbers.values() if code not in NO_SCRIPT)]


def main() -> None:
    """Write the file."""
    every = "".join(map(chr, (c for c in range(CODE_POINTS) if c not in SURROGATES)))
    values, found = np.zeros(CODE_POINTS, np.uint8), [NO_SCRIPT[0]]
    for code in scripts()[1:]:
        members = list(map(ord, regex.findall(rf"\p{{Script={code}}}", every)))
        if members:
            values[members] = len(found)
            found.append(code)
    stage, leaf = two_stages(values)
    np.savez_compressed(ROOT / "lib/corpusmill/kernels/script_tables.npz", stage=stage, leaf=leaf, codes=np.array(found))


if __name__ == "__main__":
    main()
