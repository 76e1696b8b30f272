"""Damage of every kind in WARC and ARC: an error row where it is, everything else is read, and reading always ends."""

import gzip
import random
import time

import pytest
import zstandard

from tests.unit.ingest.archives import arc_record, errors, members, others, page, read, record, texts

RECORDS = [record(page(f"Page {i}")) for i in range(5)]
EVERY = [f"Page {i}" for i in range(5)]
PLAIN = b"".join(RECORDS)


def zst(*records):
    return b"".join(zstandard.compress(r) for r in records)


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.warc", PLAIN),
        ("a.warc.gz", members(*RECORDS)),
        ("a.warc.gz", gzip.compress(PLAIN)),
        ("a.warc.zst", zst(*RECORDS)),
        ("a.warc.zst", zstandard.compress(PLAIN)),
        ("not_by_its_name.warc", members(*RECORDS)),
        ("not_by_its_name.warc.gz", PLAIN),
    ],
    ids=["plain", "gzip members", "one gzip member", "zstd frames", "one zstd frame", "gzip named plain", "plain named gzip"],
)
def test_every_packing_gives_the_same_documents(name, data):
    items = read(data, name)
    assert texts(items) == EVERY
    assert not errors(items)
    assert others(items) == 0


def test_offset_and_length_find_the_record_again():
    for name, data, unpack in (("a.warc.gz", members(*RECORDS), gzip.decompress), ("a.warc", PLAIN, bytes)):
        for item, original in zip(read(data, name), RECORDS, strict=False):
            assert unpack(data[item.offset : item.offset + item.length]).rstrip() == original.rstrip()


def test_zstd_with_a_dictionary_in_its_first_frame():
    dictionary = zstandard.train_dictionary(2048, [record(page(f"Page {i} {random.Random(i).random()}")) for i in range(500)])
    compressor = zstandard.ZstdCompressor(dict_data=dictionary)
    for held in (dictionary.as_bytes(), zstandard.compress(dictionary.as_bytes())):
        frame = b"\x5d\x2a\x4d\x18" + len(held).to_bytes(4, "little") + held
        assert texts(read(frame + b"".join(compressor.compress(r) for r in RECORDS), "a.warc.zst")) == EVERY
    broken = b"\x5d\x2a\x4d\x18" + (40).to_bytes(4, "little") + zstandard.MAGIC_NUMBER.to_bytes(4, "little") + b"\xff" * 36
    assert errors(read(broken + zst(*RECORDS), "a.warc.zst"))[0].startswith("broken_record: the zstd dictionary")


@pytest.mark.parametrize("name", ["a.warc", "a.warc.gz", "one.warc.gz", "a.warc.zst"])
def test_a_truncated_last_record_is_an_error_row(name):
    data = {"a.warc": PLAIN, "a.warc.gz": members(*RECORDS), "one.warc.gz": gzip.compress(PLAIN), "a.warc.zst": zst(*RECORDS)}[name]
    items = read(data[: -9 if name == "one.warc.gz" else -30], name)
    assert texts(items) == EVERY[:4]
    assert len(errors(items)) == 1
    assert errors(items)[0].startswith("broken_record: ")


@pytest.mark.parametrize("name", ["a.warc", "a.warc.gz", "a.warc.zst"])
def test_every_truncation_ends_and_keeps_what_is_whole(name):
    two = RECORDS[:2]
    data = {"a.warc": b"".join(two), "a.warc.gz": members(*two), "a.warc.zst": zst(*two)}[name]
    for end in range(len(data)):
        items = read(data[:end], name)
        found = texts(items)
        assert found == EVERY[: len(found)]
        assert len(found) + len(errors(items)) <= 3
        assert found or end == 0 or errors(items) or end < 3


@pytest.mark.parametrize("garbage", [b"garbage", b"\x1f\x8b\x08garbage", b"\x00" * 10 + b"x", random.Random(1).randbytes(70_000)])
def test_garbage_between_members_is_one_error_row(garbage):
    packed = [members(r) for r in RECORDS]
    items = read(b"".join(packed[:2]) + garbage + b"".join(packed[2:]))
    assert texts(items) == EVERY
    assert len(errors(items)) == 1
    assert [item.offset for item in items[:-1] if hasattr(item, "error")] == [len(b"".join(packed[:2]))]


@pytest.mark.parametrize("garbage", range(1_048_574, 1_048_578))
def test_a_member_that_starts_across_two_scanned_blocks_is_found(garbage):
    items = read(members(RECORDS[0]) + b"x" * garbage + members(RECORDS[1]))
    assert texts(items) == EVERY[:2]
    assert len(errors(items)) == 1


def test_padding_with_zeros_is_nothing():
    assert not errors(read(members(*RECORDS) + b"\0" * 5000))
    assert not errors(read(b"", "empty.warc.gz"))


def test_a_flipped_byte_costs_one_record_and_never_passes_silently():
    packed = members(*RECORDS)
    begin, end = len(members(*RECORDS[:2])), len(members(*RECORDS[:3]))
    for place in range(begin, end):
        data = bytearray(packed)
        data[place] ^= 0x41
        items = read(bytes(data))
        found = texts(items)
        assert [t for t in found if t != "Page 2"] == [t for t in EVERY if t != "Page 2"], place
        # Only flips in the member's header (time, operating system, flags) leave the content valid.
        assert "Page 2" not in found or place < begin + 10, place
        assert "Page 2" in found or errors(items), place


@pytest.mark.parametrize("seed", range(20))
def test_random_damage_never_raises_and_never_hangs(seed):
    rng = random.Random(seed)
    for name, data in (
        ("a.warc", PLAIN),
        ("a.warc.gz", members(*RECORDS)),
        ("a.warc.zst", zst(*RECORDS)),
        ("a.arc", arc_record(page()) * 5),
    ):
        damaged = bytearray(data)
        for _ in range(rng.randrange(1, 8)):
            at = rng.randrange(len(damaged))
            kind = rng.randrange(3)
            if kind == 0:
                damaged[at] = rng.randrange(256)
            elif kind == 1:
                del damaged[at : at + rng.randrange(1, 60)]
            else:
                damaged[at:at] = rng.randbytes(rng.randrange(1, 60))
        items = read(bytes(damaged), name)
        others(items)


@pytest.mark.parametrize("said", ["99999", "10", "0", "-5", "abc", "", "9" * 40, "1e3"])
def test_a_wrong_content_length_costs_that_record_alone(said):
    bad = record(page("Bad"), length=said)
    for name, data in (("a.warc", RECORDS[0] + bad + RECORDS[1]), ("a.warc.gz", members(RECORDS[0], bad, RECORDS[1]))):
        items = read(data, name)
        assert texts(items) == ["Page 0", "Page 1"], name
        assert errors(items), name
        assert all(error.startswith("broken_record: ") for error in errors(items))


def test_a_record_that_swallows_the_next_gives_it_back():
    swallowed = record(page("Bad"), length=len(page("Bad")) + 120)
    assert texts(read(swallowed + PLAIN, "a.warc")) == EVERY


def test_headers_that_lie_about_their_length_take_linear_time():
    def seconds(size):
        lying = b"WARC/1.0\r\nWARC-Type: response\r\nContent-Length: 1000000\r\n\r\n"
        data = gzip.compress(lying * (size // len(lying)) + b"x", 1)
        began = time.process_time()
        assert read(data)
        return time.process_time() - began

    seconds(1_000_000)
    assert seconds(16_000_000) < 8 * seconds(4_000_000) + 0.5


def test_bare_line_feeds_and_blank_lines_are_read():
    unix = record(page("Unix").replace(b"\r\n", b"\n"), newline="\n", end=b"\n\n")
    assert texts(read(b"\r\n\r\n" + unix + b"\n\n\n" + PLAIN, "a.warc")) == ["Unix", *EVERY]
    assert not errors(read(unix + PLAIN, "a.warc"))


def test_a_file_that_is_something_else_is_an_error_row():
    for data in (b"PK\x03\x04 not a crawl at all", b"\0" * 100 + b"x", b"<html></html>"):
        for name in ("a.warc", "a.warc.gz", "a.warc.zst", "a.arc.gz"):
            items = read(data, name)
            assert not texts(items)
            assert len(errors(items)) == 1


ARC_HEAD = arc_record(b"1 0 IA\nURL IP-address Archive-date Content-type Archive-length\n", "filedesc://a.arc", "text/plain")


def test_arc_records_by_their_header_lines():
    data = ARC_HEAD + b"".join(arc_record(page(f"Page {i}")) for i in range(3))
    for name, packed in (("a.arc", data), ("a.arc.gz", gzip.compress(data))):
        items = read(packed, name)
        assert texts(items) == EVERY[:3]
        assert (errors(items), others(items)) == ([], 1)
    broken = ARC_HEAD + arc_record(page("Bad"), length=7) + arc_record(page("Page 0"))
    assert texts(read(broken, "a.arc")) == ["Page 0"]
    assert errors(read(broken, "a.arc"))


def test_an_arc_of_hostile_lines_takes_linear_time():
    def seconds(lines):
        data = ARC_HEAD + (b"a:x" + b" 12345678901234 1" * 900 + b"x\n") * lines
        began = time.process_time()
        assert errors(read(data, "a.arc"))
        return time.process_time() - began

    seconds(4)
    assert seconds(64) < 8 * seconds(16) + 0.5
