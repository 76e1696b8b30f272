"""Word lists: hits, share and distinct are those of a plain Python twin, on word boundaries or anywhere as the language is written."""

import json
import time

import pyarrow as pa
import pytest
from corpusmill.config import load_config
from corpusmill.errors import ConfigError, InputError
from corpusmill.scoring.label_sets import LABEL_SETS, check_labels
from corpusmill.scoring.models import local_model
from corpusmill.scoring.scorer import open_scorer
from corpusmill.scoring.word_lists import LONGEST, read_lists, store_word_lists
from corpusmill.scoring.word_scorer import fold
from corpusmill.settings import WordListScoreSettings, WordListSettings
from corpusmill.text.batch import TextBatch
from hypothesis import example, given
from hypothesis import settings as effort
from hypothesis import strategies as st

PHRASES = {
    "en": ["rot", "red rot", "red rot red", "don't", "x-ray"],
    "de": ["Straße", "rot", "red  rot"],
    "zh": ["坏人", "坏", "rot"],
    "": ["rot away", "éa"],
}
PIECES = [
    "rot",
    "red",
    "Red",
    "ROT",
    "away",
    "rotten",
    "don't",
    "x-ray",
    "x",
    "-",
    ".",
    " ",
    "\n",
    "straße",
    "STRASSE",
    "e\u0301a",
    "坏",
    "人",
    "坏人",
    "b",
]


def scorer(tmp_path, phrases):
    path = tmp_path / "words.json"
    path.write_text(json.dumps(phrases))
    return open_scorer(WordListScoreSettings(kind="words", name="bad"), path)


def scored(found, texts, languages):
    return found.score(pa.array(texts, pa.string()), pa.array(languages, pa.string())).to_pylist()


def units_of(text, language):
    """(text, whether it counts) of each word, or of each character where no blanks are written."""
    if language == "zh":
        return [(char, not char.isspace()) for char in fold(text)]
    tokens = TextBatch(pa.array([fold(text)]), pa.array([language == "en"]).to_numpy(zero_copy_only=False)).tokens
    data = fold(text).encode()
    return [
        (data[a:b].decode(), not symbol)
        for a, b, symbol in zip(tokens.start.tolist(), tokens.end.tolist(), tokens.symbol.tolist(), strict=True)
    ]


def twin(text, language, phrases):
    """Every phrase tried at every place, the longest taken."""
    units = units_of(text, language)
    wanted = [[unit for unit, _ in units_of(phrase, language)] for key in {language, ""} for phrase in phrases.get(key, [])]
    hits, place, covered, distinct = 0, 0, 0, set()
    words = [unit for unit, _ in units]
    while place < len(units):
        fitting = [phrase for phrase in wanted if phrase and words[place : place + len(phrase)] == phrase]
        if not fitting:
            place += 1
            continue
        longest = max(fitting, key=len)
        hits += 1
        distinct.add(tuple(longest))
        covered += sum(counts for _, counts in units[place : place + len(longest)])
        place += len(longest)
    total = sum(counts for _, counts in units)
    return {"hits": hits, "distinct": len(distinct), "share": covered / total if total else 0.0}


@given(
    st.lists(
        st.tuples(st.lists(st.sampled_from(PIECES), max_size=12), st.sampled_from(["en", "de", "zh", "fr"]), st.booleans()), max_size=6
    )
)
@example([(["Red", "rot", "red", "rot", "away"], "en", True)])
@effort(max_examples=200, deadline=None)
def test_found_is_what_a_plain_search_finds(tmp_path_factory, drawn):
    texts = [(" " if apart else "").join(pieces) for pieces, _, apart in drawn]
    languages = [language for _, language, _ in drawn]
    found = scored(scorer(tmp_path_factory.mktemp("words"), PHRASES), texts, languages)
    assert found == [twin(text, language, PHRASES) for text, language in zip(texts, languages, strict=True)]


def test_words_stand_alone_and_chinese_ones_anywhere(tmp_path):
    found = scorer(tmp_path, PHRASES)
    texts = ["Rot! Red ROT, red rot red; rotten carrot", "我是坏人吗坏", "Rot away", "In der STRASSE", ""]
    rows = scored(found, texts, ["en", "zh", None, "de", "en"])
    assert [(row["hits"], row["distinct"]) for row in rows] == [(3, 3), (2, 2), (1, 1), (1, 1), (0, 0)]
    assert [row["share"] for row in rows] == [pytest.approx(6 / 8), pytest.approx(3 / 6), 1.0, pytest.approx(1 / 3), 0.0]


def test_a_text_of_first_words_costs_what_its_length_does(tmp_path):
    phrases = {"en": [" ".join(["a"] * 30 + [word]) for word in "bcdefgh"]}
    found = scorer(tmp_path, phrases)
    scored(found, ["a"], ["en"])
    seconds = []
    for count in (20_000, 80_000):
        began = time.perf_counter()
        assert scored(found, ["a " * count], ["en"])[0]["hits"] == 0
        seconds.append(time.perf_counter() - began)
    assert seconds[1] < 10 * seconds[0], "four times the text must not cost sixteen times as much"


def test_lists_of_the_package_are_found_in_their_languages(tmp_path):
    settings = WordListScoreSettings(kind="words", name="toxic")
    phrases = read_lists(settings)
    assert {language: 24 <= len(words) <= 80 for language, words in phrases.items()} == dict.fromkeys(["de", "en", "es", "fr", "zh"], True)
    found = open_scorer(settings, local_model(store_word_lists(str(tmp_path), settings)))
    texts = ["You BASTARD, go to hell.", "So ein Arschloch!", "Una ciudad bonita.", "A week in Scunthorpe.", "他是王八蛋。"]
    assert [row["hits"] for row in scored(found, texts, ["en", "de", "es", "en", "zh"])] == [2, 1, 0, 0, 1]


def test_lists_of_files_are_kept_in_the_store_by_their_content(tmp_path):
    (tmp_path / "a.txt").write_text("\ufeff# comment\nrot # of wood\n\n red rot \nrot\n", encoding="utf-8")
    settings = WordListScoreSettings(kind="words", name="bad", lists=(WordListSettings(path=str(tmp_path / "a.txt"), language="en"),))
    assert read_lists(settings) == {"en": ["red rot", "rot"]}
    first = store_word_lists(str(tmp_path / "store"), settings)
    assert store_word_lists(str(tmp_path / "store"), settings) == first
    (tmp_path / "a.txt").write_text("green\n")
    assert store_word_lists(str(tmp_path / "store"), settings).sha256 != first.sha256


@pytest.mark.parametrize(
    ("content", "message"), [(b"\xff\xfe", "not UTF-8"), (b"# none\n", "no words"), (b"a\n" + b"x" * (LONGEST + 1), "line 2: longer")]
)
def test_what_is_no_list_is_one_line(tmp_path, content, message):
    (tmp_path / "a.txt").write_bytes(content)
    settings = WordListScoreSettings(kind="words", name="bad", lists=(WordListSettings(path=str(tmp_path / "a.txt")),))
    with pytest.raises(InputError, match=message):
        read_lists(settings)


def test_a_list_that_is_not_there_is_one_line(tmp_path):
    with pytest.raises(InputError, match="there is no file"):
        read_lists(WordListScoreSettings(kind="words", name="bad", lists=(WordListSettings(path=str(tmp_path / "none.txt")),)))


def test_a_label_outside_the_set_is_one_line_that_names_the_nearest():
    assert [len(labels) for labels in LABEL_SETS.values()] == [11, 11]
    check_labels("topic", "llama3_syne_en", LABEL_SETS["llama3_syne_en"])
    check_labels("topic", "", ["anything"])
    with pytest.raises(ConfigError, match=r"topic: .*'Law and Polity', which llama3_syne_en has not; did you mean 'Law and Policy'\?"):
        check_labels("topic", "llama3_syne_en", ["Others", "Law and Polity"])


def test_label_sets_of_settings_are_those_there_are(tmp_path):
    for name in LABEL_SETS:
        (tmp_path / "r.toml").write_text(f'[[scores]]\nkind = "fasttext"\nname = "t"\ntraining.label_set = "{name}"\n')
        assert load_config([str(tmp_path / "r.toml")], []).scores[0].training.label_set == name
