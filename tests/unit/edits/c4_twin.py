"""C4's line rules in plain Python over str, as reference/corpus.md section 2.3 states them."""

import re

CITATION = re.compile(r"\[\d*]|\[edit]|\[citation needed]")
POLICIES = ("terms of use", "privacy policy", "cookie policy", "uses cookies", "use of cookies", "use cookies")


def kept_lines(text, needs_terminal, fewest_words=3, longest_word=1000):
    """The lines that stay, citations removed. Those that decide the page stay too."""
    for line in map(str.strip, text.splitlines()):
        words = line.split()
        if any(len(word) > longest_word for word in words):
            continue
        line = CITATION.sub("", line)
        if needs_terminal and (not line.endswith((".", "?", "!", '"', "'")) or line.endswith("...")):
            continue
        if len(words) < fewest_words:
            continue
        lower = line.lower()
        if "lorem ipsum" not in lower:
            if "javascript" in lower:
                continue
            if "{" not in line and any(policy in lower for policy in POLICIES):
                continue
        yield line


def rewritten(text, needs_terminal, fewest_words=3, longest_word=1000):
    return "\n".join(kept_lines(text, needs_terminal, fewest_words, longest_word)).strip()
