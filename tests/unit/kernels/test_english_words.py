"""English words and sentences: spaCy's own, token by token, on prose, on hostile pieces and on whatever hypothesis thinks of."""

import time
import zipfile
from functools import cache
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
import spacy
from corpusmill.kernels.english_exceptions import LONGEST
from corpusmill.kernels.sentences import count_sentences
from corpusmill.text.batch import TextBatch
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.unit.kernels.pieces import HOSTILE, strings

PIECES = st.sampled_from(
    [
        *"word Word WORD U.S. Mr. don't cannot I'm can’t’ve he's 10km 5% $3.50 US$5 10a.m. e.g. i.e. w/o :-) :'( (╯°□°）╯︵┻━┻ www.a-b.com".split(),
        *"me@x.com http://a.b/c?d=e 1.2.3.4 10.0.0.1 a.b a.B A.b 1-2 x-y x--y x---y x—y a,b 1,2 a/b 1/b a:b ... .. … …… — – - -- ~ + +=".split(),
        *"'' ' ’ \" ` ( ) [ ] { } < > # * & % § = ! ? , ; : . ° °C. °F. ² m² km² 5m² 5MB. +5 5+ Ä é Дом 我们 ☃ 👍 _ @ @x x@ // :// a://b.co".split(),
        *"3:45 co. a. b. x. 'em ol' y'all".split(),
        "\u0301",
        "\u00a0",
    ]
)
GLUE = st.sampled_from(["", "", " ", "  ", "\n", "\t", "\u3000", ".", ",", "-"])


@cache
def oracle():
    return spacy.blank("en")


@cache
def sentencizer():
    found = spacy.blank("en")
    found.add_pipe("sentencizer")
    return found


def english(*texts):
    return TextBatch(pa.array(texts, pa.string()), np.ones(len(texts), bool))


def words(text):
    batch = english(text)
    assert batch.tokens.characters.tolist() == [len(word) for word in strings(batch, batch.tokens)]
    assert english(text).words.tolist() == batch.tokens.counts.tolist()
    return strings(batch, batch.tokens)


def spacys(text):
    return [token.text for token in oracle().tokenizer(text) if not token.is_space]


def sentences(text):
    data = np.frombuffer(text.encode() + b" ", np.uint8)
    ends = np.array([len(text.encode())])
    counted, words = count_sentences(data, ends - ends, ends, np.ones(1, bool))
    assert words.tolist() == english(text).tokens.counts.tolist()
    return counted.tolist()[0]


@given(text=st.lists(st.tuples(PIECES, GLUE), max_size=12).map(lambda pairs: "".join(piece + glue for piece, glue in pairs)))
@example(text="²a://b.co?a.B")
@settings(max_examples=1500, deadline=None, derandomize=True)
def test_pieces_are_split_as_spacy_splits_them(text):
    assert words(text) == spacys(text)
    assert sentences(text) == sum(bool(sentence.text.strip()) for sentence in sentencizer()(text).sents)


@given(text=st.text(st.characters(exclude_categories=["Cs"]), max_size=30))
@settings(max_examples=500, deadline=None, derandomize=True)
def test_any_text_is_split_as_spacy_splits_it(text):
    assert words(text) == spacys(text)


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_hostile_texts(text):
    assert words(text) == spacys(text)


def test_every_exception_alone_and_among_marks():
    texts = [
        text
        for rule in oracle().tokenizer.rules
        if rule.strip()
        for text in (rule, f"({rule})", f"x-{rule},", f"{rule}.{rule}", f"a{rule}b")
    ]
    batch = english(*texts)
    assert [strings(batch, batch.tokens, row) for row in range(batch.n)] == [spacys(text) for text in texts]
    assert max(len(rule.encode()) for rule in oracle().tokenizer.rules) == LONGEST


def test_every_character_before_behind_and_between_letters():
    forms = "x{0}y", "{0}x 5{0}", "x{0}.", "{0}.{0}"
    texts = [form.format(chr(code)) for code in range(0x20, 0x3100) for form in forms]
    batch = english(*texts)
    differ = [text for row, text in enumerate(texts) if strings(batch, batch.tokens, row) != spacys(text)]
    assert differ == []


def test_prose_of_this_machine():
    """READMEs and manuals of the installed packages, and the declaration of human rights below, in English and in all other languages."""
    root = Path(spacy.__file__).parent.parent
    texts = [path.read_text("utf-8", "replace")[:20_000] for path in sorted(root.glob("*.dist-info/METADATA"))[:80]]
    assert sum(map(len, texts)) > 200_000
    for text in texts:
        assert words(text) == spacys(text)


def test_declarations_of_human_rights(shared_data):
    with zipfile.ZipFile(shared_data / "text" / "udhr2.zip") as archive:
        texts = [archive.read(name).decode("utf-8", "replace")[:3000] for name in archive.namelist() if name.endswith(".txt")]
    batch = english(*texts)
    same = total = 0
    for row, text in enumerate(texts):
        theirs = spacys(text)
        same += strings(batch, batch.tokens, row) == theirs
        total += 1
    assert total > 300
    assert same == total


@pytest.mark.parametrize("piece", ["!", ".", "a.", "a-", "a@", ":)", "x'", "a.b@", "://", "'s", "1,", "(", "…", "5km", "🙂", "a:b/", "A.b"])
def test_time_is_linear(piece):
    """Four times the text in one run without blanks takes less than twelve times as long."""
    small, large = (min(_seconds(piece * (size // len(piece))) for _ in range(3)) for size in (500_000, 2_000_000))
    assert large < 12 * small


def _seconds(text):
    texts = english(text)
    begun = time.process_time()
    _ = texts.tokens
    return time.process_time() - begun
