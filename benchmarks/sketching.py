"""Text in, sketch out, on one core: ours against datatrove's signature step and against rensa, with the same number of values.

Times are processor seconds, which other processes hardly touch. rensa takes tokens, so it is timed with the shingles that a user makes of text in
lower case, split at white space, with these given, and with single words; none of it simplifies text or segments it by Unicode's rules, as ours does.
usage: sketching.py CRAWL_FOLDER PEER_PYTHON [PEER_PAGES]
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial
from itertools import islice
from pathlib import Path

import pyarrow as pa
from corpusmill.kernels.shingles import Sketches, sketch
from corpusmill.settings import IngestSettings, MeasureSettings
from corpusmill.text.batch import TextBatch
from rensa import RMinHash

from benchmarks.pages import extracted_texts
from benchmarks.processes import ROOT

CORE = {max(os.sched_getaffinity(0))}
PAGES = 2000
_PASSES = 7
DATATROVE_AIM, RENSA_AIM = 100, 4


def main() -> None:
    """One line a peer and a shape, with the ratio to ours on the same texts."""
    os.sched_setaffinity(0, CORE)
    crawl, python, count = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]) if len(sys.argv) > 3 else 400
    texts = [text for text in islice(extracted_texts(sorted(crawl.glob("*.warc.gz"))[0], IngestSettings()), PAGES) if text]
    fineweb = MeasureSettings()
    _against_datatrove(texts[:count], python, fineweb)
    _against_rensa(texts, fineweb)
    for preset in ("fineweb", "dclm", "refinedweb"):
        _methods(texts[:count], preset)


def _seconds(*ways: Callable[[], object]) -> list[float]:
    """Of each way the shortest of a few passes, after one to warm up. They take turns, since a machine is slower for minutes at a time."""
    spent: list[list[float]] = [[] for _ in ways]
    for _ in range(1 + _PASSES):
        for way, passes in zip(ways, spent, strict=True):
            begun = time.process_time()
            way()
            passes.append(time.process_time() - begun)
    return [min(passes[1:]) for passes in spent]


def _sketch(texts: list[str], settings: MeasureSettings) -> Sketches:
    batch = TextBatch(pa.array(texts))
    return sketch(
        batch.data, batch.offsets, settings.shingle_words, settings.bands, settings.rows, settings.kept_values, settings.sketch
    )  # fmt: skip


def _against_datatrove(texts: list[str], python: str, settings: MeasureSettings) -> None:
    """Its tokens are spaCy's and ours are Unicode's segments, so that texts with words like `don't` have other signatures: how many are equal."""
    script = [python, str(ROOT / "benchmarks" / "peer_signatures.py"), str(settings.bands), str(settings.rows)]
    result = subprocess.run(script, input=json.dumps(texts), stdout=subprocess.PIPE, text=True, check=True)
    peer = json.loads(result.stdout.strip().splitlines()[-1])
    found = _sketch(texts, settings)
    same = sum(value == theirs for value, theirs in zip(found.values[:, 0].tolist(), peer["first"], strict=True))
    ours = _seconds(lambda: _sketch(texts, settings))[0] / len(texts)
    print(
        f"datatrove, 14 x 8          {1 / peer['seconds']:10,.0f} texts/s; ratio {peer['seconds'] / ours:6.1f} (at least {DATATROVE_AIM}); "
        f"equal first values in {same} of {len(texts)}"
    )


def _against_rensa(texts: list[str], settings: MeasureSettings) -> None:
    values, words = settings.bands * settings.rows, settings.shingle_words
    shingled = [_shingles(text, words) for text in texts]
    ways: dict[str, Callable[[], object]] = {
        "from text": lambda: [_rensa(_shingles(text, words), values) for text in texts],
        "tokens given": lambda: [_rensa(tokens, values) for tokens in shingled],
        "from text, in words": lambda: [_rensa(text.lower().split(), values) for text in texts],
    }
    ours, *theirs = _seconds(lambda: _sketch(texts, settings), *ways.values())
    print(f"corpusmill, 14 x 8         {len(texts) / ours:10,.0f} texts/s of {sum(map(len, texts)) / len(texts):,.0f} characters")
    for name, spent in zip(ways, theirs, strict=True):
        aim = f" (at least {RENSA_AIM})" if name == "from text" else ""
        print(f"rensa, {name:19s} {len(texts) / spent:10,.0f} texts/s; ratio {spent / ours:6.2f}{aim}")


def _shingles(text: str, words: int) -> list[str]:
    tokens = text.lower().split()
    return [" ".join(tokens[i : i + words]) for i in range(len(tokens) - words + 1)]


def _rensa(tokens: list[str], values: int) -> list[int]:
    made = RMinHash(num_perm=values, seed=42)
    made.update(tokens)
    return made.digest()


def _methods(texts: list[str], preset: str) -> None:
    settings = [MeasureSettings.model_validate({"preset": preset, "sketch": method}) for method in ("minhash", "fast_similarity")]
    slow, fast = _seconds(*(partial(_sketch, texts, chosen) for chosen in settings))
    print(f"fast_similarity, {preset:10s}{len(texts) / fast:10,.0f} texts/s; ratio to minhash {slow / fast:6.2f}")


if __name__ == "__main__":
    main()
