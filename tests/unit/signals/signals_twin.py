"""The signal families in plain Python over str, given the words; reference/corpus.md, sections 2.1, 2.3 and 2.4."""

import regex
from corpusmill.kernels.properties import SYMBOL
from corpusmill.kernels.sentences import TERMINALS
from corpusmill.kernels.unicode import property_of

STOP_WORDS = {"the", "be", "to", "of", "and", "that", "have", "with"}
ENDS = tuple(map(chr, TERMINALS.tolist()))


def is_symbol(character):
    return bool(property_of(ord(character)) & SYMBOL)


def share(count, total, undefined=0.0):
    return count / total if total else undefined


def gopher_quality(text, words):
    kept = [word for word in words if not all(map(is_symbol, word))]
    lines = text.splitlines()
    return {
        "words": len(kept),
        "mean_word_characters": share(sum(map(len, kept)), len(kept)),
        "hash_ratio": share(text.count("#"), len(words)),
        "ellipsis_ratio": share(text.count("...") + text.count("…"), len(words)),
        "bullet_lines": share(sum(line.lstrip().startswith(("•", "-")) for line in lines), len(lines)),
        "end_ellipsis_lines": share(sum(line.rstrip().endswith(("...", "…")) for line in lines), len(lines)),
        "alpha_words": share(sum(any(map(str.isalpha, word)) for word in words), len(words)),
        "stop_words": len(STOP_WORDS & set(words)),
    }


def fineweb(text, words):
    lines = [line for line in text.split("\n") if line.strip()]
    seen, repeated = set(), 0
    for line in lines:
        repeated += len(line) if line in seen else 0
        seen.add(line)
    return {
        "lines": len(lines),
        "line_punct_ratio": share(sum(line.endswith(ENDS) for line in lines), len(lines), 1.0),
        "short_line_ratio": share(sum(len(line) <= 30 for line in lines), len(lines)),
        "char_dup_ratio": share(repeated, len(text.replace("\n", ""))),
        "list_ratio": share(text.count("\n"), len(words)),
    }


def c4(text):
    lines = text.split("\n")
    return {
        "lines": sum(bool(line.strip()) for line in lines),
        "curly_bracket": sum("{" in line for line in lines),
        "lorem_ipsum": sum("lorem ipsum" in line.lower() for line in lines),
    }


def characters(text):
    kinds = {
        "alphanumeric": str.isalnum,
        "digits": str.isdecimal,
        "white_space": str.isspace,
        "uppercase": str.isupper,
        "brackets": "()".__contains__,
        "han": lambda c: bool(regex.match(r"\p{Script=Han}", c)),
    }
    shares = {name: share(sum(map(test, text)), len(text)) for name, test in kinds.items()}
    return shares | {"longest_word": max(map(len, text.split()), default=0)}


def line_lengths(text):
    sizes, parts = list(map(len, text.splitlines())), sorted(map(len, text.split("\n")), reverse=True)
    return {"mean": share(sum(sizes), len(sizes)), "longest": max(sizes, default=0), "third_longest": [*parts, 0, 0][2]}
