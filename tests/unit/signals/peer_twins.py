"""Dolma's, DCLM's, NeMo Curator's, Data-Juicer's and RedPajama's filters in plain Python over str; reference/corpus.md, section 1b."""

import math
import re
import string
import unicodedata
from collections import Counter
from statistics import median

import pytest
import regex
from corpusmill.text.stop_words import STOP_WORDS as ENGLISH_STOP_WORDS

from tests.unit.signals.signals_twin import STOP_WORDS, share
from tools.make_unicode_tables import SPECIAL_CHARACTERS, code_points

CURATOR_BULLETS = ("•", "‣", "⁃", "⁌", "⁍", "∙", "○", "●", "◘", "◦", "⦾", "⦿")
CURATOR_ELLIPSES = ("...", "[...]", "…", "(...)", "[…]", "-»", "read more..", "read more")
CURATOR_POLICIES = (
    "terms of use", "privacy policy", "cookie policy", "uses cookies", "privacy overview", "use of cookies", "use cookies",
    "privacy & cookies policy", "privacy and cookies policy", "necessary cookies are absolutely essential",
    "any cookies that may not be particularly necessary", "if you continue to browse this site without changing your cookie settings",
)  # fmt: skip
CURATOR_URL = re.compile(r"https?://(?:[A-Za-z0-9$\-_@.&+/:=?#~]|[!*\(\),]|(?:%[0-9A-Fa-f]{2}))+")
DATA_JUICER = set(map(chr, code_points(SPECIAL_CHARACTERS))) | set(string.punctuation + string.digits + string.whitespace)


def is_special(character):
    return character in DATA_JUICER or bool(regex.match(r"(?V1)[\p{Emoji}--\p{Regional_Indicator}]", character))


def every_repeat(values):
    """(how many are there twice or more, their characters), each time counted."""
    counts = Counter(values)
    repeated = [value for value in values if counts[value] > 1]
    return len(repeated), sum(map(len, repeated))


def dolma(text):
    words, lines = text.split(), text.split("\n")
    repeats, characters = every_repeat(lines)
    return {
        "words": len(words),
        "median_word_characters": float(median(map(len, words))) if words else 0.0,
        "symbol_words": share(sum("#" in word or "…" in word for word in words), len(words)),
        "alpha_words": share(sum(any(map(str.isalpha, word)) for word in words), len(words)),
        "stop_words": sum(word in STOP_WORDS for word in words),
        "bullet_lines": sum(line.startswith(("*", "-")) for line in lines) / len(lines),
        "end_ellipsis_lines": sum(line.endswith("…") for line in lines) / len(lines),
        "dup_line_frac": repeats / len(lines),
        "dup_line_char_frac": characters / max(sum(map(len, words)), 1),
    }


def fasttext_words(text):
    return [word for word in re.split(r"[ \n\r\t\v\f\0]+", text) if word and word[0].isalnum()]


def dclm(text, edited):
    words, before = text.split(), len(fasttext_words(text))
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    # newline_removal_modifier comes first.
    paragraphs = [part.strip() for part in re.sub("\n{3,}", "\n\n", text).split("\n\n") if part.strip()]
    (line_rows, line_characters), (rows, characters) = every_repeat(lines), every_repeat(paragraphs)
    return {
        "words": before,
        "mean_word_characters": share(sum(map(len, words)), len(words)),
        "symbol_ratio": share(sum(text.count(sign) for sign in ("#", "...", ". . .", "…")), len(words)),
        "bullet_lines": share(sum(line.startswith(("●", "•", "*", "-")) for line in lines), len(lines)),
        "end_ellipsis_lines": share(sum(line.endswith(("...", ". . .", "…")) for line in lines), len(lines)),
        "non_alpha_words": share(sum(not any(map(str.isalpha, word)) for word in words), len(words)),
        "stop_words": sum(word.lower() in STOP_WORDS for word in words),
        "dup_line_frac": share(line_rows, len(lines)),
        "dup_line_char_frac": share(line_characters, sum(map(len, lines))),
        "dup_para_frac": share(rows, len(paragraphs)),
        "dup_para_char_frac": share(characters, sum(map(len, paragraphs))),
        "removed_words": share(before - len(fasttext_words(edited)), before),
    }


def curator_symbols(words):
    """How many are an ellipsis or have more runs of # than half their characters."""
    return sum(word in CURATOR_ELLIPSES or len(re.findall("#+", word)) / len(word) > 0.5 for word in words)


def curator(text):
    words, paragraphs = text.split(), text.split("\n\n")
    lines = [line for line in text.split("\n") if line.strip()]
    cores = [line.strip() for line in lines]
    lowered = [part.lower() for part in paragraphs]
    boilerplate = sum(any(phrase in part for phrase in CURATOR_POLICIES) for part in lowered) / len(paragraphs)
    return {
        "non_alphanumeric": share(len(text) - len(re.findall(r"[a-zA-Z0-9\n?!,.]", text)), len(text), 1.0),
        "urls": share(sum(map(len, CURATOR_URL.findall(text))), len(text), 1.0),
        "white_space": share(sum(c in "\t\n\r\b " for c in text), len(text), 1.0),
        "parentheses": share(sum(c in "(){}[]⟨⟩" for c in text), len(text), 1.0),
        "symbol_words": share(curator_symbols(words), len(words)),
        "boilerplate": 1.0 if any("lorem ipsum" in part for part in lowered) else boilerplate,
        "bullet_lines": share(sum(core.startswith(CURATOR_BULLETS) for core in cores), len(lines)),
        "open_lines": share(sum(not core.endswith((".", "?", "!", '"', "'")) for core in cores), len(lines)),
        "ellipsis_lines": share(sum(core.lower().endswith(CURATOR_ELLIPSES) for core in cores), len(lines)),
        "kept_lines": share(len(set(lines)), len(lines), 1.0),
        "kept_line_characters": share(len("".join(set(lines))), len("".join(lines)), 1.0),
        "kept_paragraphs": len(set(paragraphs)) / len(paragraphs),
        "kept_paragraph_characters": share(len("".join(set(paragraphs))), len("".join(paragraphs)), 1.0),
    }


def strip_special(word):
    start, end = 0, len(word)
    while start < end and is_special(word[start]):
        start += 1
    while start < end and is_special(word[end - 1]):
        end -= 1
    return word[start:end]


def data_juicer_words(text):
    return [core for word in re.split("[ \n\t]", text) if (core := strip_special(word))]


def data_juicer(text):
    return {
        "special_characters": share(sum(map(is_special, text)), len(text)),
        "words": len(data_juicer_words(text)),
        "mean_line_characters": share(len(text), len(text.splitlines())),
    }


def grams(words, n):
    return list(zip(*(words[i:] for i in range(n)), strict=False))


def gram_size(gram):
    return sum(map(len, gram))


def dolma_repetition(text):
    words = text.split()
    found = {}
    for n in range(2, 11):
        counts = Counter(grams(words, n))
        if n <= 4:
            gram, count = counts.most_common(1)[0] if counts else ((), 0)
            found[f"top_{n}_gram"] = count * gram_size(gram) / max(gram_size(words), 1)
        else:
            repeated = sum(count * gram_size(gram) for gram, count in counts.items() if count > 1)
            found[f"duplicated_{n}_grams"] = repeated / max(sum(count * gram_size(gram) for gram, count in counts.items()), 1)
    return found


def dclm_repetition(text, words):
    words = [word for word in words if word[0].isalnum()]
    found = {}
    for n in range(2, 11):
        counts = Counter(grams(words, n))
        most = max(counts.values(), default=0)
        if n <= 4:
            longest = max((gram_size(gram) for gram, count in counts.items() if count == most), default=0)
            found[f"top_{n}_gram"] = share(most * longest if most > 1 else 0, gram_size(words))
        else:
            inside = {i + k for i, gram in enumerate(grams(words, n)) if counts[gram] > 1 for k in range(n)}
            found[f"duplicated_{n}_grams"] = share(sum(len(words[i]) for i in inside), gram_size(words))
    return found


def curator_repetition(text):
    words, found = text.split(), {}
    for n in range(2, 11):
        seen, total, overlap = set(), 0, 0
        for gram in grams(words, n):
            if gram in seen:
                total += gram_size(gram[overlap:]) + min(n - overlap, n - 1)
                overlap = n
            seen.add(gram)
            overlap = max(overlap - 1, 0)
        found[f"duplicated_{n}_grams"] = share(total, len(text), 1.0) if len(words) >= n else 1.0
    return found


def data_juicer_repetition(text):
    words = Counter(grams(data_juicer_words(text.lower()), 10))
    characters = Counter(text[i : i + 10] for i in range(len(text) - 9))
    repeated = sum(count > 1 for count in characters.values())
    frequent = sorted(characters.values(), reverse=True)[: min(int(len(characters) ** 0.5), repeated)]
    return {
        "words": share(sum(count for count in words.values() if count > 1), sum(words.values())),
        "characters": share(sum(frequent), sum(characters.values())),
    }


def chinese_repetition(text):
    norm = re.sub("[ \n\t]", "", text.strip().lower())
    counts = Counter(norm[i : i + 13] for i in range(len(norm) - 13)) if len(norm) >= 13 else Counter([norm])
    return {"duplicated_13_characters": share(sum(count for count in counts.values() if count > 1), sum(counts.values()))}


def redpajama_words(text):
    bare = text.translate(str.maketrans("", "", string.punctuation)).lower().strip()
    return unicodedata.normalize("NFD", re.sub(r"\s+", " ", bare))


def redpajama(text):
    content = redpajama_words(text)
    own, raw = content.split(), re.findall(r"\w+|[^\w\s]+", text)
    lines = re.findall(r"([^\n]*\n|[^\n]+$)", text)
    bare = [redpajama_words(line) for line in lines]
    counts = Counter(own)
    found = {
        "words": len(own),
        "sentences": len(re.findall(r"\b[^.!?]+[.!?]*", text)),
        "mean_word_characters": share(gram_size(own), len(own)),
        "unique_words": share(len(counts), len(own)),
        "entropy": pytest.approx(sum(-count / len(own) * math.log(count / len(own)) for count in counts.values()), abs=1e-12),
        "lorem_ipsum": share(len(re.findall("lorem ipsum", content)), len(content)),
        "curly_brackets": share(sum(c in "{}" for c in text), len(text)),
        "symbol_ratio": share(text.count("#") + text.count("...") + text.count("…"), len(raw)),
        "stop_words": share(sum(word in ENGLISH_STOP_WORDS for word in raw), len(raw)),
        "capital_words": share(sum(map(str.isupper, raw)), len(raw)),
        "no_letter_words": 1 - sum(bool(re.search("[a-zA-Z]", word)) for word in raw) / len(raw) if raw else 0.0,
    }
    of_lines = {
        "ended_lines": [line.rstrip().endswith((".", "!", "?", "”")) for line in lines],
        "end_ellipsis_lines": [line.rstrip().endswith(("...", "…")) for line in lines],
        "bullet_lines": [line.lstrip().startswith(tuple("•‣▶◀◦■□▪▫–")) for line in lines],
        "line_uppercase": [share(sum(map(str.isupper, line)), len(line)) for line in lines],
        "line_numeric": [share(sum(map(str.isnumeric, line)), len(line)) for line in bare],
        "line_words": [len(line.split()) for line in bare],
        "line_javascript": [line.split().count("javascript") for line in bare],
    }
    return found | {name: pytest.approx(share(sum(values), len(lines)), abs=1e-12) for name, values in of_lines.items()}


def redpajama_repetition(text):
    words, found = redpajama_words(text).split(), {}
    for n in range(2, 11):
        counts = Counter(grams(words, n))
        if n <= 4:
            gram, count = counts.most_common(1)[0] if counts else ((), 0)
            found[f"top_{n}_gram"] = share(gram_size(gram) * count if count > 1 else 0, gram_size(words))
        else:
            inside = {i + k for i, gram in enumerate(grams(words, n)) if counts[gram] > 1 for k in range(n)}
            found[f"duplicated_{n}_grams"] = share(sum(len(words[i]) for i in inside), gram_size(words))
    return found
