"""What datatrove's filters say of texts: each filter alone, and all in FineWeb's order on what the one before left.

Runs in an environment of its own that tools/run_benchmarks.sh makes. Reads JSON strings, one a line, and writes a JSON object a line.
usage: peer_verdicts.py < TEXTS > VERDICTS
"""

import hashlib
import json
import sys

from datatrove.data import Document
from datatrove.pipeline.filters import C4QualityFilter, FineWebQualityFilter, GopherQualityFilter, GopherRepetitionFilter
from datatrove.pipeline.filters.base_filter import BaseFilter
from datatrove.utils.text import split_into_sentences, split_into_words

FILTERS: dict[str, BaseFilter] = {
    "gopher_repetition": GopherRepetitionFilter(),
    "gopher_quality": GopherQualityFilter(),
    "c4": C4QualityFilter(filter_no_terminal_punct=False),
    "fineweb": FineWebQualityFilter(),
}


def main() -> None:
    """A line of verdicts for each line of text."""
    for line in sys.stdin:
        text = json.loads(line)
        alone = {name: reason(rule, Document(text=text, id="x")) for name, rule in FILTERS.items()}
        document = Document(text=text, id="x")
        failed = next((name for name, rule in FILTERS.items() if reason(rule, document)), None)
        edited = Document(text=text, id="x")
        kept = reason(FILTERS["c4"], edited) is None
        answer = {
            "alone": alone,
            "chain": failed,
            "c4_text": edited.text if kept else None,
            "words": digest(split_into_words(text)),
            "c4_words": digest(split_into_words(edited.text)) if kept else None,
            "c4_sentences": sum(len(split_into_sentences(part)) for part in edited.text.split("\n")) if kept else None,
        }
        sys.stdout.write(json.dumps(answer) + "\n")


def reason(rule: BaseFilter, document: Document) -> str | None:
    """The filter's reason; None where it keeps the document."""
    try:
        verdict = rule.filter(document)
    except ZeroDivisionError:
        return "ZeroDivisionError"
    if isinstance(verdict, tuple):
        return None if verdict[0] else str(verdict[1])
    return None if verdict else rule.name


def digest(words: list[str]) -> str:
    """Of a list of words."""
    return hashlib.sha1("\0".join(words).encode("utf-8", "replace")).hexdigest()


if __name__ == "__main__":
    main()
