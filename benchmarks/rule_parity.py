"""How often our verdicts on real English pages are datatrove's, filter by filter and for FineWeb's whole chain, and why where they are not.

Both read the same extracted texts. A difference is explained where the two split the text into other words; one that is not ends the
run with 1. usage: rule_parity.py CRAWL_FOLDER PEER_PYTHON [PAGES]
"""

import hashlib
import json
import subprocess
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from corpusmill.config import load_config
from corpusmill.inspect import inspect_text
from corpusmill.settings import Config, EditSettings
from corpusmill.text.batch import TextBatch
from corpusmill.text.languages import detect_languages

from benchmarks.pages import extracted_texts
from benchmarks.processes import ROOT

FILTERS = ("gopher_repetition", "gopher_quality", "c4", "fineweb")
"""In FineWeb's order."""
EDITED = {"c4": ("c4_no_terminal_punc",)}
"""The line edits that a filter makes itself; the others judge the text as it is when they run alone."""
AIM = 0.98
RECIPE = load_config([str(ROOT / "conf/recipes/fineweb.toml")], [])
Answers = Sequence[dict[str, Any]]


def main() -> None:
    """Print the agreement of every filter and of the chain; exit 1 for a difference that nothing explains."""
    crawl, python, pages = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]) if len(sys.argv) > 3 else 2000
    texts = english_pages(crawl, pages)
    peer = peer_answers(python, texts)
    print(f"{len(texts):,} English pages of {crawl}; agreement of keep or drop (at least {AIM:.0%})")
    split_alike = sum(words_digest(text) == answer["words"] for text, answer in zip(texts, peer, strict=True))
    print(f"  words equal, one by one, on {split_alike:,} of {len(texts):,} pages")
    unexplained = 0
    for name in FILTERS:
        ours = reasons(texts, name)
        theirs = [answer["alone"][name] for answer in peer]
        unexplained += compare(name, ours, theirs, texts, peer)
    chained = [first_filter(answer["reasons"]) for answer in judged(texts, rules_of(*FILTERS), RECIPE.edits)]
    unexplained += compare("the whole chain", chained, [answer["chain"] for answer in peer], texts, peer)
    unexplained += compare_rewritten(texts, peer)
    sys.exit(1 if unexplained else 0)


def english_pages(crawl: Path, count: int) -> list[str]:
    """The first pages that the recipe's language rules keep."""
    found: list[str] = []
    for path in sorted(crawl.glob("*.warc.gz")):
        for text in extracted_texts(path, RECIPE.ingest):
            languages = detect_languages(TextBatch(pa.array([text])), RECIPE.measure.language_characters)
            if languages.codes[0].as_py() == "en" and languages.scores[0] > 0.65:
                found.append(text)
                if len(found) == count:
                    return found
    return found


def peer_answers(python: str, texts: Sequence[str]) -> Answers:
    """What datatrove says of each text."""
    script = str(ROOT / "benchmarks" / "peer_verdicts.py")
    lines = "".join(json.dumps(text) + "\n" for text in texts)
    done = subprocess.run([python, script], input=lines, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, check=True)
    return [json.loads(line) for line in done.stdout.splitlines()]


def rules_of(*families: str) -> Config:
    """The recipe with the rules on these signal families alone."""
    rules = tuple(rule for rule in RECIPE.rules if rule.signal.partition(".")[0] in families)
    return RECIPE.model_copy(update={"rules": rules})


def judged(texts: Sequence[str], config: Config, edits: EditSettings) -> Answers:
    """Our answers, as `corpusmill inspect` gives them."""
    with_edits = config.model_copy(update={"edits": edits})
    return [answer for text in texts for answer in inspect_text([("page", text)], with_edits)]


def reasons(texts: Sequence[str], name: str) -> list[str | None]:
    """The first reason of one filter's rules, alone."""
    edits = EditSettings(lines=EDITED.get(name, ()))
    return [next(iter(answer["reasons"]), None) for answer in judged(texts, rules_of(name), edits)]


def first_filter(found: Sequence[str]) -> str | None:
    """The filter of the first reason in the recipe's order."""
    family_of = {rule.reason: rule.signal.partition(".")[0] for rule in RECIPE.rules}
    return next((family_of[reason] for reason in found), None)


def compare(name: str, ours: Sequence[str | None], theirs: Sequence[str | None], texts: Sequence[str], peer: Answers) -> int:
    """Print one filter's agreement, also apart for what the peer keeps and drops; gives the differences that nothing explains."""
    pairs = list(zip(ours, theirs, strict=True))
    same = [(a is None) == (b is None) for a, b in pairs]
    kept = [s for s, (_, b) in zip(same, pairs, strict=True) if b is None]
    dropped = [s for s, (_, b) in zip(same, pairs, strict=True) if b is not None]
    causes = Counter(cause(texts[row], peer[row]) for row, is_same in enumerate(same) if not is_same)
    equal_reasons = sum(a == b for a, b in pairs) / len(pairs)
    print(
        f"  {name:18s} {np.mean(same):8.2%}   of {len(kept):5,} it keeps {share(kept):8.2%}   of {len(dropped):5,} it drops {share(dropped):8.2%}"
        f"   same reason {equal_reasons:8.2%}   {', '.join(f'{cause} {count}' for cause, count in causes.items()) or 'no difference'}"
    )
    return causes["unexplained"]


def share(values: Sequence[bool]) -> float:
    """Of true ones; 1 where there are none."""
    return float(np.mean(values)) if values else 1.0


def cause(text: str, answer: dict[str, Any]) -> str:
    """Why the two may differ on a text."""
    if words_digest(text) != answer["words"] or (answer["c4_text"] is not None and words_digest(answer["c4_text"]) != answer["c4_words"]):
        return "word splitting"
    return "unexplained"


def words_digest(text: str) -> str:
    """Of our English words, as peer_verdicts makes it."""
    texts = TextBatch(pa.array([text]), np.ones(1, np.bool_))
    data, tokens = texts.data.tobytes(), texts.tokens
    words = b"\0".join(data[start:end] for start, end in zip(tokens.start, tokens.end, strict=True))
    return hashlib.sha1(words).hexdigest()


def compare_rewritten(texts: Sequence[str], peer: Answers) -> int:
    """Print how many of C4's rewritten texts, and of their sentence counts, are equal; gives how many are not."""
    edits = EditSettings(lines=EDITED["c4"])
    rows = [row for row, answer in enumerate(peer) if answer["c4_text"] is not None]
    ours = judged([texts[row] for row in rows], rules_of(), edits)
    equal = sum(answer["text"] == peer[row]["c4_text"] for row, answer in zip(rows, ours, strict=True))
    sentences = sum(answer["signals"]["c4"]["sentences"] == peer[row]["c4_sentences"] for row, answer in zip(rows, ours, strict=True))
    print(f"  C4's text equal to the byte on {equal:,} of {len(rows):,} pages that C4 keeps, its sentences on {sentences:,}")
    return len(rows) - equal


if __name__ == "__main__":
    main()
