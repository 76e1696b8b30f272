"""Lists of URLs made by tests."""

from corpusmill.ingest.url_filter import url_rejection
from corpusmill.settings import IngestSettings, UrlListSettings


def listed(folder, kind, entries, name="adult", action="deny"):
    path = folder / f"{name}-{kind}-{action}"
    path.write_text("\n".join(entries), encoding="utf-8")
    return UrlListSettings(name=name, path=str(path), kind=kind, action=action)


def rejection(url, *lists, **more):
    return url_rejection(url, IngestSettings(url_lists=lists, **more))
