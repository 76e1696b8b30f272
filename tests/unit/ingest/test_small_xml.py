"""Pieces of XML as elements: names without prefixes, own text, and what is refused."""

import contextlib

import pytest
from corpusmill.ingest.elements import XmlError, first_texts, xml_elements
from hypothesis import given
from hypothesis import strategies as st

LAUGHS = b'<!DOCTYPE a [<!ENTITY b "ha"><!ENTITY c "&b;&b;&b;&b;">]><a>&c;</a>'


def test_elements_come_in_order_with_their_own_text():
    found = xml_elements('<?xml version="1.0"?><a x:k="v"><dc:b>one<c/> &amp; two</dc:b><b>three</b>é</a>'.encode())
    assert [(e.path, e.text, dict(e.attributes)) for e in found] == [
        (("a",), "é", {"k": "v"}), (("a", "b"), "one & two", {}), (("a", "b", "c"), "", {}), (("a", "b"), "three", {}),
    ]  # fmt: skip
    assert first_texts(found)[("a", "b")] == "one & two"


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (LAUGHS, "it declares entities"),
        (b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>', "it declares entities"),
        (b'<!DOCTYPE a [<!ENTITY % b SYSTEM "file:///etc/passwd"> %b;]><a/>', "it declares entities"),
        (b"<a>" * 65 + b"</a>" * 65, "elements nest more than 64 deep"),
        (b"<a>" + b"<b/>" * 100_000 + b"</a>", "more than 100,000 elements"),
        (b'<?xml version="1.0" encoding="nosuch"?><a/>', "not XML: unknown encoding"),
        (b"<a>", "not XML: no element found"),
        (b"", "not XML: no element found"),
    ],
)
def test_what_is_refused(data, error):
    with pytest.raises(XmlError, match=error):
        xml_elements(data)


def test_a_doctype_alone_is_read_and_not_followed():
    data = b'<!DOCTYPE package PUBLIC "+//ISBN//EN" "http://example.org/oeb.dtd"><package/>'
    assert xml_elements(data)[0].path == ("package",)


_MARKS = st.sampled_from(
    [b"<a>", b"</a>", b"<a/>", b"<!DOCTYPE a [", b"]>", b'<!ENTITY b "c">', b"&b;", b"&lt;", b"<![CDATA[", b"]]>", b"\xff", b"\0", b"x"]
)


@given(st.lists(_MARKS, max_size=20).map(b"".join))
def test_any_bytes_are_elements_or_one_error(data):
    with contextlib.suppress(XmlError):
        assert xml_elements(data)
