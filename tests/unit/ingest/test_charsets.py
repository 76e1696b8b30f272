"""The charset of a page: header, byte order mark, meta element, detection, and what browsers do where these disagree."""

import codecs

import pytest
from corpusmill.ingest.charset import decoded_blocks, find_codec, stored_text

from tests.unit.ingest.archives import page, read, record, texts

GERMAN = "Die Größe der Häuser und die Straße übers Flüsschen. " * 3
RUSSIAN = "Все люди рождаются свободными и равными в своём достоинстве и правах. " * 3
JAPANESE = "すべての人間は、生まれながらにして自由であり、かつ、尊厳と権利とについて平等である。" * 3
CHINESE = "人人生而自由，在尊严和权利上一律平等。他们赋有理性和良心，并应以兄弟关系的精神相对待。" * 3


def text_of(body, content_type="text/html"):
    return texts(read(record(page(body, content_type=content_type)), "a.warc"))[0]


def meta(name, text, codec):
    return f"<html><head><meta charset='{name}'></head><body><p>{text}</p></body></html>".encode(codec)


@pytest.mark.parametrize(
    ("content_type", "body", "expected"),
    [
        ("text/html; charset=ISO-8859-1", f"<p>{GERMAN}</p>".encode("latin-1"), GERMAN),
        ("text/html; charset='windows-1251'", f"<p>{RUSSIAN}</p>".encode("cp1251"), RUSSIAN),
        ("text/html", meta("koi8-r", RUSSIAN, "koi8-r"), RUSSIAN),
        ("text/html", meta("Shift_JIS", JAPANESE, "cp932"), JAPANESE),
        ("text/html", meta("gb2312", CHINESE + "㐀", "gb18030"), CHINESE + "㐀"),
        ("text/html", b"<?xml version='1.0' encoding='EUC-JP'?>" + f"<p>{JAPANESE}</p>".encode("euc-jp"), JAPANESE),
        ("text/html", codecs.BOM_UTF8 + f"<p>{GERMAN}</p>".encode(), GERMAN),
        ("text/html", codecs.BOM_UTF16_LE + f"<p>{GERMAN}</p>".encode("utf-16-le"), GERMAN),
        ("text/html", f"<p>{GERMAN}</p>".encode(), GERMAN),
        ("text/html", f"<p>{RUSSIAN}</p>".encode("cp1251"), RUSSIAN),
        ("text/html", f"<p>{JAPANESE}</p>".encode("euc-jp"), JAPANESE),
        ("text/html", f"<p>{JAPANESE}</p>".encode("iso-2022-jp"), JAPANESE),
        ("text/html; charset=no-such-charset", f"<p>{GERMAN}</p>".encode(), GERMAN),
        ("text/html; charset=utf-8", meta("windows-1251", RUSSIAN, "cp1251"), RUSSIAN),
        ("text/html; charset=iso-8859-1", b"<p>\x93quoted\x94 \x80</p>", "“quoted” €"),
        ("text/html", meta("utf-16", GERMAN, "utf-8"), GERMAN),
    ],
    ids=[
        "header", "quoted header", "meta", "meta, wider", "meta, gb18030", "xml", "mark", "utf-16", "utf-8 detected", "cp1251 detected",
        "euc-jp detected", "iso-2022-jp detected", "unknown name", "wrong header", "latin-1 is cp1252", "meta says utf-16",
    ],
)  # fmt: skip
def test_the_charset_of_a_page(content_type, body, expected):
    assert text_of(body, content_type) == expected.strip()


def test_a_declared_charset_that_fits_nowhere_is_kept_with_replacements():
    assert text_of(b"<p>good \xff\xfe bad</p>", "text/html; charset=utf-8") == "good \ufffd\ufffd bad"


def test_blocks_are_the_whole_text_wherever_they_are_cut():
    text = "añ漢😀\r\n" * 50
    for codec in ("utf-8", "utf-16-le", "gb18030"):
        data = text.encode(codec)
        for size in (1, 2, 3, 7, 10_000):
            assert "".join(decoded_blocks(data, codec, size)) == text
    assert list(decoded_blocks(b"", "utf-8")) == [""]


def test_the_mark_is_no_text_and_empty_data_has_a_charset():
    assert "".join(decoded_blocks("\ufeffa".encode(), "utf-8")) == "a"
    assert find_codec(b"", "text/html", True) == "utf-8"
    assert stored_text("a\0\ud800b") == b"a \xef\xbf\xbdb"
