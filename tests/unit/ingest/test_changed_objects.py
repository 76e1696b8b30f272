"""What has changed between the index and the fetch is a changed record, never another document."""

from collections import Counter

from corpusmill.ingest.rows import Record, Rejected

from tests.unit.ingest.byte_server import ByteServer
from tests.unit.ingest.cc_index import errors, one_file, read, settings, whole, write_crawl


def change(folder, tmp_path, rows, damage):
    """The crawl in another folder with its first file changed by `damage`, and the rows of that file."""
    for row in rows:
        file = tmp_path / row["warc_filename"]
        file.parent.mkdir(parents=True, exist_ok=True)
        if not file.exists():
            file.write_bytes((folder / row["warc_filename"]).read_bytes())
    chosen = one_file(rows)
    file = tmp_path / chosen[0]["warc_filename"]
    file.write_bytes(damage(file.read_bytes()))
    return chosen


def test_a_file_that_was_replaced_gives_changed_records_and_the_others_stay(folder, rows, tmp_path):
    other = write_crawl(tmp_path / "other", files=1, seed=9)
    replaced = change(folder, tmp_path, rows, lambda _: (tmp_path / "other" / other[0]["warc_filename"]).read_bytes())
    with ByteServer(tmp_path) as server:
        found = read(rows, settings(server.url, gap_bytes=0))
        # One record is fetched again to be sure; then the file is known to be another.
        assert len(server.requests) <= len(rows) + 2
    assert errors(found)["changed"] == len(replaced)
    kept = [item for item in found if not (isinstance(item, Rejected) and item.error.startswith("changed"))]
    names = {row["url"] for row in replaced}
    assert kept == whole(folder, [row for row in rows if row["url"] not in names], settings(folder))


def test_a_file_that_lost_its_end_keeps_the_records_before(folder, rows, tmp_path):
    chosen = change(folder, tmp_path, rows, lambda data: data[: len(data) // 2])
    for base in (tmp_path, ""):
        with ByteServer(tmp_path) as server:
            found = read(chosen, settings(base or server.url))
        lost = [item for item in found if isinstance(item, Rejected) and item.error.startswith(("changed", "fetch: HTTP 416"))]
        kept = found[: len(found) - len(lost)]
        assert 0 < len(lost) < len(found)
        assert kept == whole(folder, chosen, settings(folder))[: len(kept)]


def test_another_url_or_digest_is_a_changed_record(folder, rows):
    row = next(row for row in rows if row["fetch_status"] == 200 and row["content_mime_type"] == "text/html")
    wrong = [{**row, "url": row["url"] + "0"}, {**row, "content_digest": "A" * 32}, {**row, "warc_record_length": 30}]
    (one,), (two,), (three,) = (read([row], settings(folder)) for row in wrong)
    assert one.error == f"changed: the record is of {row['url']}"
    assert two.error == f"changed: the payload's digest is {row['content_digest']}"
    assert three.error.startswith("changed: ")
    (right,) = read([{**row, "content_digest": None}], settings(folder))
    assert isinstance(right, Record)


def test_another_version_of_a_file_is_trusted_by_digests_alone(rows, server):
    """Two requests of one file: the second comes with another ETag, though the bytes are the same."""
    chosen = [row for row in one_file(rows) if row["fetch_status"] == 200][:2]
    path = "/" + chosen[0]["warc_filename"]
    one_by_one = settings(server.url, gap_bytes=0, connections=1)
    server.faults[path] = [None, "another", "another"]
    assert errors(read(chosen, one_by_one))["changed"] == 0
    unproven = [{**row, "content_digest": None} for row in chosen]
    server.faults[path] = [None, "another", "another"]
    assert errors(read(unproven, one_by_one)) == Counter(errors(read(chosen, one_by_one)), changed=1)
    server.faults[path] = [None, "another"]
    assert errors(read(unproven, one_by_one))["changed"] == 0
