"""trafilatura in its own process: what it gives, what it is stopped from, and that the next page is read after whatever it died of."""

import json
import os
import signal
from importlib.metadata import version

import pytest
import trafilatura
from corpusmill.errors import ConfigError
from corpusmill.ingest import child
from corpusmill.ingest.child import ExtractionError, TrafilaturaChild, require_extractor
from corpusmill.ingest.rows import Record
from corpusmill.settings import IngestSettings, TrafilaturaSettings

from tests.unit.ingest.archives import errors, page, read, record

PARAGRAPHS = [f"This is paragraph {i} of an article, with enough words in it to be taken for the text of the page." for i in range(6)]


def article(paragraphs=PARAGRAPHS):
    return (
        "<html><body><nav>Menu</nav><article><h1>On extraction</h1>"
        + "".join(f"<p>{p}</p>" for p in paragraphs)
        + "</article></body></html>"
    )


HOSTILE = "<html><body>" + "<b><p>" * 200_000 + "x"
"""20 seconds of CPU and 250 MB."""


@pytest.fixture(scope="module")
def patient():
    """A process with time for any page of these tests, on a busy machine too."""
    kept = TrafilaturaChild(TrafilaturaSettings(seconds=60))
    yield kept
    kept.close()


def test_the_text_is_trafilaturas_own(patient):
    for found in (article(), "<p>a</p>", "", "<html>\udcff</html>", "<p>" + "漢字かな " * 100):
        text = found.encode("utf-8", "replace").decode()
        own = trafilatura.extract(text, favor_precision=True, include_comments=False) or ""
        assert patient.extract(found) == own
    assert PARAGRAPHS[3] in patient.extract(article())
    assert "Menu" not in patient.extract(article())


def test_a_text_does_not_depend_on_the_pages_before(patient):
    first = patient.extract(article())
    assert [patient.extract(article()) for _ in range(5)] == [first] * 5
    repeated = patient.extract(article([PARAGRAPHS[0]] * 8))
    assert 1 <= repeated.count(PARAGRAPHS[0]) < 8


def test_a_page_that_takes_too_long_is_stopped_and_the_next_is_read():
    process = TrafilaturaChild(TrafilaturaSettings(seconds=0.4))
    with pytest.raises(ExtractionError, match=r"takes more than 0\.4 s of CPU time"):
        process.extract(HOSTILE)
    small = "<html><body><p>" + PARAGRAPHS[0] + "</p></body></html>"
    assert PARAGRAPHS[0] in process.extract(small)
    process.close()


def test_a_page_that_needs_too_much_memory_is_given_up_and_the_next_is_read():
    process = TrafilaturaChild(TrafilaturaSettings(seconds=60, memory_bytes=200_000_000))
    with pytest.raises(ExtractionError, match="needs more than 200,000,000 bytes of memory"):
        process.extract(HOSTILE)
    assert PARAGRAPHS[0] in process.extract(article())
    process.close()


def test_a_process_that_was_killed_costs_one_page():
    process = TrafilaturaChild(TrafilaturaSettings(seconds=60))
    process.extract("<p>x</p>")
    os.kill(process._process.pid, signal.SIGKILL)
    with pytest.raises(ExtractionError, match="ended with -9"):
        process.extract(article())
    assert PARAGRAPHS[0] in process.extract(article())
    process.close()


def test_a_process_that_cannot_start_is_one_line():
    with pytest.raises(ConfigError, match=r"corpusmill\[extract\] installed on the workers"):
        TrafilaturaChild(TrafilaturaSettings(memory_bytes=20_000_000)).extract("<p>x</p>")


def test_records_say_what_made_them_and_what_failed(monkeypatch):
    settings = IngestSettings(extractor="trafilatura", trafilatura=TrafilaturaSettings(seconds=60))
    made = [item for item in read(record(page(article().encode())), "a.warc", settings) if isinstance(item, Record)]
    assert PARAGRAPHS[0] in made[0].text.decode()
    assert (made[0].extraction.name, made[0].extraction.version) == ("trafilatura", version("trafilatura"))
    assert json.loads(made[0].extraction.options) == settings.trafilatura.model_dump()
    empty = read(record(page(b"<html></html>")), "a.warc", settings)
    assert [item.text for item in empty if isinstance(item, Record)] == [b""]
    hasty = IngestSettings(extractor="trafilatura", trafilatura=TrafilaturaSettings(seconds=0.2))
    assert errors(read(record(page(HOSTILE.encode())), "a.warc", hasty))[0].startswith("extraction: trafilatura takes more than 0.2 s")


def test_formulas_reach_trafilatura_as_tex():
    settings = IngestSettings(extractor="trafilatura", trafilatura=TrafilaturaSettings(seconds=60))
    markup = article([*PARAGRAPHS, 'Where <script type="math/tex">a^2</script> is, as this last paragraph of the article says.'])
    made = [item for item in read(record(page(markup.encode())), "a.warc", settings) if isinstance(item, Record)]
    assert "Where $a^2$ is" in made[0].text.decode()


def test_where_it_is_not_installed_the_extra_is_named(monkeypatch):
    monkeypatch.setattr(child, "find_spec", lambda name: None)
    require_extractor(IngestSettings())
    with pytest.raises(ConfigError, match=r"pip install 'corpusmill\[extract\]'"):
        require_extractor(IngestSettings(extractor="trafilatura"))
