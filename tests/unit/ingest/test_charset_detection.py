"""Which charset legacy pages are in: declared rightly, wrongly or not at all; over the declaration of human rights in its languages."""

import zipfile

import pytest
from corpusmill.ingest.charset import find_codec

CHARSETS = {
    "windows-1252": "deu_1901 fra spa por_PT ita nld swe dan nno nob fin isl cat eus glg",
    "windows-1250": "pol ces slk hun slv hrv ron_1993 als",
    "windows-1251": "rus ukr bul mkd bel srp_cyrl",
    "windows-1253": "ell_monotonic",
    "windows-1254": "tur",
    "windows-1255": "heb",
    "windows-1256": "arb pes_1",
    "windows-1257": "lit lav est",
    "windows-1258": "vie",
    "iso-8859-2": "pol ces slk hun slv",
    "iso-8859-5": "rus bul",
    "iso-8859-7": "ell_monotonic",
    "koi8-r": "rus",
    "koi8-u": "ukr",
    "tis-620": "tha",
    "gbk": "cmn_hans",
    "gb18030": "cmn_hans",
    "big5": "cmn_hant",
    "shift_jis": "jpn",
    "euc-jp": "jpn",
    "iso-2022-jp": "jpn",
    "euc-kr": "kor",
    "utf-16le": "eng rus jpn cmn_hans arb",
    "utf-16be": "eng rus jpn cmn_hans arb",
    "utf-8": "rus jpn cmn_hans arb heb tha kor deu_1901",
}
WRONG = ("iso-8859-1", "iso-8859-2", "windows-1251", "koi8-r", "gbk", "shift_jis", "big5", "euc-kr", "windows-1256", "utf-8")
CHARACTERS = 1500
"""A short page: Common Crawl's have several thousand characters of text."""

BY_HAND = {
    "windows-1251": "Москва — столица России, город федерального значения. Население города составляет более тринадцати миллионов человек.",
    "koi8-u": "Київ — столиця та найбільше місто України. Розташований у середній течії Дніпра, у північній Наддніпрянщині, її ґрунти родючі.",
    "windows-1252": "Þetta er stutt saga um lítið þorp við ströndina þar sem fólkið lifði á fiskveiðum og sauðfjárrækt í margar aldir.",
    "windows-1250": "Příliš žluťoučký kůň úpěl ďábelské ódy. Naše město leží na břehu řeky a žije v něm mnoho šťastných lidí.",
    "gb18030": "北京是中华人民共和国的首都，是全国的政治中心、文化中心，也是世界著名古都和现代化国际城市。",
    "big5": "臺北市是中華民國的首都，也是臺灣的政治、經濟、文化中心，人口約二百五十萬人，位於臺北盆地。",
    "shift_jis": "東京は日本の首都であり、世界でも有数の大都市です。人口は約千四百万人で、多くの人々が働いています。",
    "euc-jp": "京都は長い間日本の都でした。今でも多くの寺や神社があり、毎年たくさんの観光客が訪れます。",
    "euc-kr": "서울은 대한민국의 수도이자 최대 도시이다. 한강을 끼고 있으며 인구는 약 구백오십만 명이다.",
    "windows-1253": "Η Αθήνα είναι η πρωτεύουσα της Ελλάδας και η μεγαλύτερη πόλη της χώρας, με μακρά ιστορία.",
    "windows-1255": "ירושלים היא עיר הבירה של מדינת ישראל והעיר הגדולה ביותר בה, ובה אוכלוסייה מגוונת.",
    "windows-1256": "القاهرة هي عاصمة جمهورية مصر العربية وأكبر مدنها، وتقع على ضفاف نهر النيل في شمال البلاد.",
    "utf-16le": "A plain page in English, without any mark at its start, as some old programs saved it.",
}


def coded(text, charset):
    """A page of the text in a charset, and what it says: what the charset lacks is a character reference."""
    codec = {"windows-1255": "cp1255", "shift_jis": "cp932"}.get(charset, charset)
    page = "<html><head><title>x</title></head><body>\n" + "".join(f"<p>{line}</p>\n" for line in text.split("\n")) + "</body></html>"
    data = page.encode(codec, "xmlcharrefreplace")
    return data, data.decode(codec)


def is_right(data, page, declared=None, meta=None):
    if meta:
        head = f"<meta charset={meta}>".encode()
        data, page = head + data, head.decode() + page
    content_type = f"text/html; charset={declared}" if declared else "text/html"
    return data.decode(find_codec(data, content_type, True), "replace") == page


@pytest.fixture(scope="module")
def pages(shared_data):
    """(charset, language, bytes, text) of every full stretch of CHARACTERS."""
    found = []
    with zipfile.ZipFile(shared_data / "text" / "udhr2.zip") as archive:
        for charset, languages in CHARSETS.items():
            for language in languages.split():
                text = archive.read(f"udhr2/{language}.txt").decode().replace("\r", "")
                for start in range(0, len(text) - CHARACTERS + 1, CHARACTERS):
                    found.append((charset, language, *coded(text[start : start + CHARACTERS], charset)))
    assert len(found) > 500
    return found


def share(answers, wanted):
    """Of the right ones; names the wrong."""
    wrong = sorted({name for name, right in answers if not right})
    found = sum(right for _, right in answers) / len(answers)
    assert found >= wanted, f"{found:.1%} of {len(answers)}; wrong among: {wrong}"
    return wrong


def test_a_right_declaration_is_always_believed(pages):
    legacy = [page for page in pages if not page[0].startswith("utf-16")]
    share([((c, lang), is_right(data, page, declared=c)) for c, lang, data, page in legacy], 1.0)
    ascii_heads = [page for page in legacy if page[0] != "iso-2022-jp"]
    share([((c, lang), is_right(data, page, meta=c)) for c, lang, data, page in ascii_heads], 1.0)


def test_without_a_declaration_95_of_100_are_found(pages):
    wrong = share([((c, lang), is_right(data, page)) for c, lang, data, page in pages], 0.98)
    assert {charset for charset, _ in wrong} <= {"windows-1252", "iso-8859-2"}, "those that differ in a few letters of a language"


def test_a_wrong_declaration_is_seen_through(pages):
    """But for a charset that differs in so few letters of the language that both readings look like it."""
    answers = []
    for charset, language, data, page in pages:
        for declared in WRONG:
            codec = {"iso-8859-1": "cp1252"}.get(declared, declared)
            if data.decode(codec, "replace") != page:
                answers.append(((charset, language, declared), is_right(data, page, declared=declared)))
    share(answers, 0.92)


@pytest.mark.parametrize(("charset", "text"), BY_HAND.items(), ids=BY_HAND)
def test_a_paragraph_is_found_undeclared_and_behind_the_servers_default(charset, text):
    data, page = coded("\n".join([text] * 2), charset)
    assert is_right(data, page)
    assert is_right(data, page, declared="iso-8859-1") or charset == "windows-1252"
    assert is_right(data, page, declared=charset)


def test_utf8_is_seen_whatever_is_declared_and_also_where_it_is_cut():
    text = "Grüße aus Köln, ein schöner Tag für größere Flüsse. " * 4
    for declared in (None, "iso-8859-1", "windows-1251", "gbk", "shift_jis"):
        assert is_right(text.encode(), text, declared=declared)
    cut = (text + "ü").encode()[:-1]
    assert find_codec(cut, "text/html", True) == "utf-8"


def test_a_short_word_of_a_declared_charset_is_not_taken_for_utf8():
    data = "一".encode("gbk")
    assert data.decode("utf-8", "replace") == "һ"
    assert find_codec(data, "text/html; charset=gbk", True) == "gb18030"
