"""Lists of URLs: how a URL is spelled, what each kind of list matches, where lists are read from, and that nothing in a URL raises."""

import gzip
import json

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from corpusmill.errors import ConfigError, InputError
from corpusmill.ingest.jsonl import read_jsonl
from corpusmill.ingest.parsed import extraction
from corpusmill.ingest.url_filter import UNLISTED, url_rejection
from corpusmill.ingest.url_lists import check_lists, compile_lists, load_hashes
from corpusmill.ingest.urls import parse_url
from corpusmill.settings import IngestSettings, UrlListSettings
from deltalake import write_deltalake

from tests.unit.ingest.archives import errors, page, read, record, texts
from tests.unit.ingest.url_lists import listed, rejection


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("http://Example.COM/a", "example.com"),
        ("https://user:pass@www.example.com:8443/", "www.example.com"),
        ("http://example.com.", "example.com"),
        ("http://example.com.:80/", "example.com"),
        ("http://[2001:DB8:0::1]:80/x", "[2001:db8::1]"),
        ("http://[::1", "[::1]"),
        ("http://bücher.example/", "xn--bcher-kva.example"),
        ("http://XN--BCHER-KVA.example/", "xn--bcher-kva.example"),
        ("http://b%C3%BCcher.example/", "xn--bcher-kva.example"),
        ("http://例え。テスト/", "xn--r8jz45g.xn--zckzah"),
        ("//example.com/x", "example.com"),
        ("  http:\n//exam\tple.com\\x@y", "example.com"),
        ("example.com/x", "example.com"),
        ("http://1.2.3.4:80?x", "1.2.3.4"),
        ("http:///x", ""),
        ("", ""),
    ],
)
def test_a_host_has_one_spelling(url, host):
    assert parse_url(url).host == host


def test_domains_are_the_host_and_what_it_is_in_and_an_address_is_in_none():
    assert list(parse_url("http://a.b.example.co.uk/").domains()) == [
        "a.b.example.co.uk",
        "b.example.co.uk",
        "example.co.uk",
        "co.uk",
        "uk",
    ]
    assert list(parse_url("http://1.2.3.4/").domains()) == ["1.2.3.4"]
    assert list(parse_url("http://[::ffff:1.2.3.4]/").domains()) == ["[::ffff:102:304]"]


def test_folders_are_the_address_and_what_it_is_below():
    assert list(parse_url("http://www.a.org/b//c.html?d=/e#f").folders()) == ["a.org/b//c.html?d=/e", "a.org/b//c.html", "a.org/b", "a.org"]


@pytest.mark.parametrize(
    ("kind", "entries", "denied", "kept"),
    [
        ("domains", ["bad.example", "1.2.3.4"], ["http://BAD.example", "http://x.y.bad.example:80/z", "http://1.2.3.4/"],
         ["http://notbad.example", "http://bad.example.org", "http://9.1.2.3.4/", "http://ok.example/bad.example"]),
        ("domains", ["Bücher.example", "# ok.example", "", " spaced.example "], ["http://xn--bcher-kva.example/", "http://spaced.example"],
         ["http://ok.example"]),
        ("urls", ["host.example/~bad", "www.q.example/?id=3"], ["http://www.host.example/~bad/x.html?y", "http://host.example/~bad", "http://q.example/?id=3"],
         ["http://host.example/~bader", "http://host.example/", "http://q.example/?id=33", "http://q.example/"]),
        ("words", ["porn", "soft-core"], ["http://a.example/PORN/x", "http://porn.example", "http://a.example/big%20porn", "http://a.example/softcore"],
         ["http://pornic.example/ville", "http://a.example/soft/core"]),
        ("soft_words", ["girls", "webcam", "hot"], ["http://hot-girls.example", "http://a.example/webcam?girls=1"],
         ["http://a.example/hot/hot/hot", "http://girlshot.example"]),
        ("substrings", ["xxx", "hardcore"], ["http://axxxb.example", "http://a.example/x-x-x", "http://a.example/hard_core"], ["http://a.example/xx"]),
        ("words", ["成人"], ["http://a.example/成人/1", "http://a.example/%E6%88%90%E4%BA%BA/1"], ["http://a.example/成人礼"]),
    ],
)  # fmt: skip
def test_what_a_kind_of_list_denies(tmp_path, kind, entries, denied, kept):
    list_ = listed(tmp_path, kind, entries)
    assert [url for url in denied if rejection(url, list_) != "url: adult"] == []
    assert [url for url in kept if rejection(url, list_) is not None] == []
    assert rejection(None, list_) is None


def test_allow_lists_win_the_first_deny_list_names_and_unlisted_is_a_setting(tmp_path):
    lists = (
        listed(tmp_path, "words", ["casino"], name="gambling"),
        listed(tmp_path, "domains", ["bad.example"]),
        listed(tmp_path, "domains", ["health.bad.example"], name="health", action="allow"),
    )
    assert rejection("http://bad.example/casino", *lists) == "url: gambling"
    assert rejection("http://bad.example/", *lists) == "url: adult"
    assert rejection("http://health.bad.example/casino", *lists) is None
    assert rejection("http://other.example/", *lists) is None
    strict = {"unlisted_urls": "deny"}
    assert rejection("http://other.example/", *lists, **strict) == rejection(None, *lists, **strict) == UNLISTED
    assert rejection("http://health.bad.example/", *lists, **strict) is None
    with pytest.raises(ConfigError, match=r"ingest\.url_lists has none"):
        check_lists(IngestSettings(url_lists=lists[:2], unlisted_urls="deny"))


def test_the_soft_threshold_is_a_setting(tmp_path):
    list_ = listed(tmp_path, "soft_words", ["girls", "webcam", "hot"])
    assert rejection("http://hot.example", list_, soft_words=1) == "url: adult"
    assert rejection("http://hot-girls.example", list_, soft_words=3) is None


def test_lists_are_read_from_files_folders_and_tables(tmp_path):
    (tmp_path / "ut1" / "adult").mkdir(parents=True)
    (tmp_path / "ut1" / "adult" / "domains").write_bytes(b"bad.example\n\xff.example\n")
    (tmp_path / "ut1" / "adult" / "urls.gz").write_bytes(gzip.compress(b"host.example/x\n"))
    table = pa.table({"list": ["adult", "other", "adult"], "entry": ["bad.example", "ok.example", None], "more": [1, 2, 3]})
    pq.write_table(table, tmp_path / "one.parquet")
    (tmp_path / "many").mkdir()
    pq.write_table(table, tmp_path / "many" / "part.parquet")
    write_deltalake(str(tmp_path / "delta"), table, partition_by=["list"])
    for path in ("ut1", "ut1/adult", "ut1/adult/domains", "one.parquet", "many", "delta"):
        list_ = UrlListSettings(name="adult", path=str(tmp_path / path), kind="domains")
        check_lists(IngestSettings(url_lists=(list_,)))
        assert rejection("http://bad.example", list_) == "url: adult", path
        assert rejection("http://ok.example", list_) is None, path
    urls = UrlListSettings(name="adult", path=str(tmp_path / "ut1"), kind="urls")
    assert rejection("http://host.example/x", urls) == "url: adult"


def test_what_is_wrong_with_a_list_is_one_line_before_anything_is_parsed(tmp_path):
    pq.write_table(pa.table({"list": ["adult"], "url": ["x"]}), tmp_path / "wrong.parquet")
    (tmp_path / "broken.parquet").write_bytes(b"PAR1 and no more")
    (tmp_path / "folder").mkdir()
    for path, said in (
        ("missing", r"adult: there is no .*missing"),
        ("wrong.parquet", r"adult: .*wrong\.parquet has no column entry"),
        ("broken.parquet", r"broken\.parquet cannot be read as Parquet"),
        ("folder", r"has no file domains or adult/domains and is no table"),
    ):
        with pytest.raises(InputError, match=said) as error:
            check_lists(IngestSettings(url_lists=(UrlListSettings(name="adult", path=str(tmp_path / path), kind="domains"),)))
        assert "\n" not in str(error.value)
    for kind in ("domains", "substrings"):
        with pytest.raises(InputError, match=f"has no entry of kind {kind}"):
            compile_lists(IngestSettings(url_lists=(listed(tmp_path, kind, ["# nothing", ""]),)), str(tmp_path / "files"))
    (tmp_path / "cut").write_bytes(gzip.compress(b"bad.example\n" * 100)[:-20])
    with pytest.raises(InputError, match="cut cannot be read"):
        load_hashes(UrlListSettings(name="adult", path=str(tmp_path / "cut"), kind="domains"))


def test_a_compiled_list_answers_as_the_list_and_its_content_is_in_the_settings(tmp_path):
    entries = {"domains": ["bad.example", "Bücher.example", "bad.example"], "soft_words": ["a", "b"], "substrings": ["xxx", "x.y"]}
    lists = tuple(listed(tmp_path, kind, found) for kind, found in entries.items())
    plain = IngestSettings(url_lists=lists)
    compiled = compile_lists(plain, str(tmp_path / "files"))
    for url in (
        "http://bad.example",
        "http://xn--bcher-kva.example",
        "http://a.b",
        "http://a.example",
        "http://xxx.example",
        "http://x.y",
        "x",
    ):
        assert url_rejection(url, plain) == url_rejection(url, compiled), url
    reordered = tuple(listed(tmp_path / "..", kind, ["# again", *reversed(found)]) for kind, found in entries.items())
    moved = compile_lists(IngestSettings(url_lists=reordered), str(tmp_path / "elsewhere"))
    assert extraction(moved) == extraction(compiled)
    listed(tmp_path, "domains", ["bad.example", "worse.example"])
    changed = compile_lists(plain, str(tmp_path / "files"))
    assert extraction(changed) != extraction(compiled)
    assert url_rejection("http://worse.example", changed) == "url: adult"
    assert url_rejection("http://worse.example", compiled) is None
    assert IngestSettings.model_validate_json(compiled.model_dump_json()) == compiled


def test_denied_records_are_rejected_from_archives_and_rows_alike(tmp_path):
    import io

    only = IngestSettings(main_content=False, url_lists=(listed(tmp_path, "urls", ["example.org/page"]),))
    items = read(record(page("Hello")) + record(page("x", status="404 Not Found")), "a.warc", only)
    assert (texts(items), errors(items)) == ([], ["url: adult", "http_status: 404"])
    rows = [
        {"text": "a", "url": "http://example.org/page"},
        {"text": "b", "url": "http://example.org/"},
        {"text": "c"},
        {"text": "d", "url": 7},
    ]
    items = list(read_jsonl(io.BytesIO("\n".join(map(json.dumps, rows)).encode()), "a.jsonl", only))
    assert (texts(items), errors(items)) == (["b", "c", "d"], ["url: adult"])
