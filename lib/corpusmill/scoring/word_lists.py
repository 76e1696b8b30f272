"""Reads lists of words, the user's or those of this package, and keeps them in the store as one model file."""

import json
import tempfile
from pathlib import Path

from corpusmill.errors import InputError
from corpusmill.files import read_file
from corpusmill.paths import join_path
from corpusmill.scoring.models import CurrentModel, store_model
from corpusmill.settings import WordListScoreSettings, WordListSettings

BUILT_IN = Path(__file__).parent / "offensive_words"
"""Files LANGUAGE.txt of offensive and adult words."""
LONGEST = 64
"""Characters of a phrase: looking for it costs at most so many steps at each place of a text."""

Phrases = dict[str, list[str]]
"""By ISO 639 code; empty for every language."""


def store_word_lists(files: str, settings: WordListScoreSettings) -> CurrentModel:
    """Make the lists, as they are now, the current model of this name, which workers read; its path is absolute.

    Raises InputError for a list that is none.
    """
    with tempfile.TemporaryDirectory() as folder:
        made = Path(folder) / "words.json"
        made.write_text(json.dumps(read_lists(settings), ensure_ascii=False, sort_keys=True), encoding="utf-8")
        stored = store_model(files, settings, made, {"lists": [one.model_dump() for one in settings.lists]})
    return stored.model_copy(update={"path": join_path(files, stored.path)})


def read_lists(settings: WordListScoreSettings) -> Phrases:
    """The phrases of all lists, sorted, each once. Raises InputError naming file and line."""
    lists = settings.lists or [WordListSettings(path=str(path), language=path.stem) for path in sorted(BUILT_IN.glob("*.txt"))]
    found: dict[str, set[str]] = {}
    for one in lists:
        found.setdefault(one.language, set()).update(_phrases(one.path))
    return {language: sorted(phrases) for language, phrases in found.items()}


def _phrases(path: str) -> set[str]:
    try:
        text = read_file(path).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(f"word list {path} is not UTF-8: save it as such") from error
    phrases = set()
    for number, line in enumerate(text.splitlines(), start=1):
        phrase = line.partition("#")[0].strip()
        if len(phrase) > LONGEST:
            raise InputError(f"word list {path} line {number}: longer than {LONGEST} characters: give a word or a short phrase a line")
        phrases.add(phrase)
    phrases.discard("")
    if not phrases:
        raise InputError(f"word list {path} has no words: give one a line")
    return phrases
