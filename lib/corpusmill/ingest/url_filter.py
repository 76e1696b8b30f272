"""Which records are rejected by their URL, before anything is extracted from them: extraction is two thirds of ingest's time."""

import os
import re
from bisect import bisect_left
from collections.abc import Callable, Collection, Sequence
from functools import cached_property, lru_cache
from itertools import groupby

from corpusmill.ingest.url_lists import key_hash, load_hashes, load_substrings
from corpusmill.ingest.urls import Address, parse_url, words_of
from corpusmill.settings import IngestSettings, UrlListSettings

UNLISTED = "url: in no allow list"


def url_rejection(url: str | None, settings: IngestSettings) -> str | None:
    """Why a record of this URL is no document, `url: <list>`; None where nothing is against it. Raises InputError for a missing list."""
    if not settings.url_lists:
        return None
    return _filter(settings.url_lists, settings.soft_words, settings.unlisted_urls == "deny").rejection(url)


class UrlFilter:
    """Allow and deny lists together."""

    def __init__(self, lists: Sequence[UrlListSettings], soft_words: int, deny_unlisted: bool) -> None:
        """Reads the lists. Raises InputError."""
        named = [(list_, _matcher(list_, soft_words)) for list_ in lists]
        self._allow = [matches for list_, matches in named if list_.action == "allow"]
        self._deny = [(list_.name, matches) for list_, matches in named if list_.action == "deny"]
        self._deny_unlisted = deny_unlisted

    def rejection(self, url: str | None) -> str | None:
        """As `url_rejection` says."""
        if url:
            keys = _Keys(url)
            if any(matches(keys) for matches in self._allow):
                return None
            for name, matches in self._deny:
                if matches(keys):
                    return f"url: {name}"
        return UNLISTED if self._deny_unlisted else None


class _Keys:
    """What lists look up of one URL, made when a list asks for it."""

    def __init__(self, url: str) -> None:
        self._url = url

    @cached_property
    def address(self) -> Address:
        return parse_url(self._url)

    @cached_property
    def spelled(self) -> list[str]:
        return words_of(self._url)

    @cached_property
    def domains(self) -> Collection[int]:
        return [key_hash(domain) for domain in self.address.domains()]

    @cached_property
    def urls(self) -> Collection[int]:
        return [key_hash(folder) for folder in self.address.folders()]

    @cached_property
    def words(self) -> Collection[int]:
        """Of different words."""
        return {key_hash(word) for word in self.spelled}

    @cached_property
    def letters(self) -> str:
        return "".join(self.spelled)


_Matches = Callable[[_Keys], bool]


@lru_cache(maxsize=1)
def _filter(lists: Sequence[UrlListSettings], soft_words: int, deny_unlisted: bool) -> UrlFilter:
    """Once a process."""
    return UrlFilter(lists, soft_words, deny_unlisted)


def _matcher(list_: UrlListSettings, soft_words: int) -> _Matches:
    if list_.kind == "substrings":
        search = re.compile(_any_of(load_substrings(list_))).search
        return lambda keys: search(keys.letters) is not None
    hashes = _Hashes(list_)
    if list_.kind == "domains":
        return lambda keys: any(key in hashes for key in keys.domains)
    if list_.kind == "urls":
        return lambda keys: any(key in hashes for key in keys.urls)
    fewest = soft_words if list_.kind == "soft_words" else 1
    return lambda keys: sum(key in hashes for key in keys.words) >= fewest


class _Hashes:
    """A list's hashes, searched where they lie: in a file that all workers of a machine share, or in memory."""

    def __init__(self, list_: UrlListSettings) -> None:
        self._sorted = load_hashes(list_).data

    def __contains__(self, key: int) -> bool:
        place = bisect_left(self._sorted, key)
        return place < len(self._sorted) and self._sorted[place] == key


def _any_of(words: Sequence[str]) -> str:
    """A pattern of sorted words that reads each character of a text at most as often as the longest has characters, however many they are."""
    common = os.path.commonprefix([words[0], words[-1]])  # noqa: RUF071 - of characters
    if words[0] == common:
        # Whatever begins with a word holds that word.
        return re.escape(common)
    rests = [word[len(common) :] for word in words]
    branches = [_any_of(list(group)) for _, group in groupby(rests, key=lambda rest: rest[0])]
    return re.escape(common) + f"(?:{'|'.join(branches)})"
