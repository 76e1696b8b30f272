"""Which fields of a row are what, for published data sets: a schema is a preset of the settings `ingest.fields`."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from corpusmill.settings import IngestSettings

Paths = tuple[str, ...]
"""Names of fields, dotted where they lie inside others. Of several the first that a row has counts; texts are the exception."""


@dataclass(frozen=True)
class Schema:
    """Where the rows of a data set keep what a document needs."""

    text: Paths
    """All of these, joined by a blank line."""
    id: Paths = ()
    url: Paths = ()
    date: Paths = ()
    domain: Paths = ()
    attributes: Mapping[str, Paths] = field(default_factory=dict)
    """What else is kept, under which name."""
    kind: str = "web"
    """The domain of documents whose row does not say it, where ingest.domain is not set."""

    def paths(self) -> list[str]:
        """All of them, each once."""
        named = (self.text, self.id, self.url, self.date, self.domain, *self.attributes.values())
        return list(dict.fromkeys(path for paths in named for path in paths))


SCHEMAS: dict[str, Schema] = {
    "plain": Schema(text=("text",), id=("id",), url=("url",), date=("date",), domain=("domain",)),
    # Fields as in the data card of tiiuae/falcon-refinedweb.
    "refinedweb": Schema(text=("content",), url=("url",), date=("timestamp",), attributes={"dump": ("dump",), "segment": ("segment",)}),
    # HuggingFaceFW/fineweb; `score` is FineWeb-Edu's. The id is the record's in the WARC.
    "fineweb": Schema(
        text=("text",),
        id=("id",),
        url=("url",),
        date=("date",),
        attributes={name: (name,) for name in ("dump", "language", "language_score", "score")},
    ),
    # mlfoundations/dclm-baseline-1.0: `metadata` is the WARC header of the page's record.
    "dclm": Schema(
        text=("text",),
        id=("metadata.WARC-Record-ID",),
        url=("url", "metadata.WARC-Target-URI"),
        date=("metadata.WARC-Date",),
        attributes={
            "language_score": ("language_id_whole_page_fasttext.en",),
            "score": ("fasttext_openhermes_reddit_eli5_vs_rw_v2_bigram_200k_train_prob",),
        },
    ),
    # docs/data-format.md of allenai/dolma; mixtures of Dolma are of its sources.
    "dolma": Schema(
        text=("text",),
        id=("id",),
        url=("metadata.url", "url"),
        date=("created",),
        domain=("source",),
        attributes={
            "added": ("added",),
            "title": ("metadata.title",),
            "language": ("metadata.language",),
            "licence": ("metadata.license", "metadata.max_stars_repo_licenses"),
        },
    ),
    # allenai/c4, also its multilingual files.
    "c4": Schema(text=("text",), url=("url",), date=("timestamp",)),
    # togethercomputer/RedPajama-Data-1T: `meta` is an object in the files and a text of JSON in the loaded data set.
    "redpajama": Schema(
        text=("text",),
        url=("meta.url",),
        date=("meta.timestamp",),
        domain=("red_pajama_subset",),
        attributes={
            "source": ("meta.source",),
            "language": ("meta.language",),
            "title": ("meta.title",),
            "licence": ("meta.license",),
            "path": ("meta.path",),
            "repository": ("meta.repo_name",),
        },
    ),
    # togethercomputer/RedPajama-Data-V2: cc_net's fields in the files, `doc_id` and `meta` in the loaded data set.
    "redpajama_v2": Schema(
        text=("raw_content",),
        id=("doc_id",),
        url=("url", "meta.url"),
        date=("date_download", "meta.date_download"),
        attributes={name: (name, f"meta.{name}") for name in ("digest", "source_domain", "title", "language")},
    ),
    # bigcode/the-stack, the-stack-v2 with contents, starcoderdata and codeparrot's github-code under ingest.fields.text="code".
    "the_stack": Schema(
        text=("content",),
        id=("hexsha", "blob_id", "id"),
        attributes={
            "language": ("lang", "language"),
            "licence": ("max_stars_repo_licenses", "detected_licenses", "licenses", "license"),
            "path": ("max_stars_repo_path", "path"),
            "repository": ("max_stars_repo_name", "repo_name", "repo"),
        },
        kind="code",
    ),
    # openai/gsm8k and its like; ingest.fields.text=["prompt","completion"] for pairs under other names.
    "question_answer": Schema(text=("question", "answer"), id=("id",), url=("url",), kind="qa"),
}


def schema_of(settings: IngestSettings) -> Schema:
    """The schema that ingest.schema names, with what ingest.fields says otherwise."""
    own = settings.fields
    schema = SCHEMAS[settings.row_schema]
    changed = {name: paths for name in ("text", "id", "url", "date", "domain") if (paths := getattr(own, name))}
    return replace(schema, **changed, attributes={**schema.attributes, **own.attributes}, kind=settings.domain_or(schema.kind))
