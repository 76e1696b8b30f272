"""Licences of source code: the SPDX line of a file, the licence that a LICENSE file holds, and which ones ingest.licenses lets in."""

import re
from collections.abc import Iterable

LOOKED_AT = 16_384
"""Characters of a file in which its licence is looked for."""
_START = 4000
"""Characters in which the first phrase of a licence comes, copyright lines before it; terms of a vendor's own name others further on."""
_ID = r"\(*[A-Za-z0-9][A-Za-z0-9.+-]{0,99}\)*"
_SPDX = re.compile(rf"SPDX-License-Identifier:[ \t]*({_ID}(?:[ \t]+(?:AND|OR|WITH)[ \t]+{_ID}){{0,20}})")
"""SPDX 2.3, annex D and E."""
_GNU = re.compile(
    r"gnu (affero |lesser |library |)general public license(?: as published by the free software foundation)?"
    r"[,;:]? (?:either )?(?:version |v)(\d(?:\.\d)?)"
)
_GNU_NAMES = {"affero ": "AGPL", "lesser ": "LGPL", "library ": "LGPL", "": "GPL"}
_PHRASES = (
    ("Apache-2.0", re.compile(r"apache license,? version 2\.0")),
    ("MPL-2.0", re.compile(r"mozilla public license,? (?:version|v\.) ?2\.0")),
    (
        "MIT",
        re.compile(
            r"permission is hereby granted, free of charge, to any person obtaining a copy .{0,700}"
            r"the above copyright notice and this permission notice .{0,60}shall be included"
        ),
    ),
    ("ISC", re.compile(r"permission to use, copy, modify,? and(?: or)? distribute this software for any purpose .{0,60}provided that")),
    ("Unlicense", re.compile(r"this is free and unencumbered software released into the public domain")),
)
_BSD = re.compile(r"redistribution and use in source and binary forms,? with or without modification,? are permitted provided that")
_BSD_LENGTH = 1500
"""Characters in which BSD's clauses follow: in all three versions fewer than 1,200."""


def spdx_line(text: str) -> str | None:
    """The expression of a file's SPDX-License-Identifier line."""
    found = _SPDX.search(text, 0, LOOKED_AT)
    return " ".join(found.group(1).rstrip("-").split()) if found else None


def recognise(text: str) -> str | None:
    """The SPDX id of the licence that a text holds, of several the one that comes first, for those of third parties come after."""
    if declared := spdx_line(text):
        return declared
    plain = " ".join(re.sub(r"[\"'`*#>/]+", " ", text[:LOOKED_AT].lower()).split())
    found: list[tuple[int, str]] = [(match.start(), name) for name, phrase in _PHRASES if (match := phrase.search(plain))]
    if match := _GNU.search(plain):
        version = match.group(2)
        found.append((match.start(), f"{_GNU_NAMES[match.group(1)]}-{version if '.' in version else version + '.0'}"))
    if match := _BSD.search(plain):
        found.append((match.start(), _bsd(plain[match.end() : match.end() + _BSD_LENGTH])))
    start, name = min(found, default=(_START, ""))
    return name if start < _START else None


def _bsd(clauses: str) -> str:
    if "advertising materials" in clauses:
        return "BSD-4-Clause"
    return "BSD-3-Clause" if "endorse or promote" in clauses else "BSD-2-Clause"


class Licences:
    """Those that a document may be under."""

    def __init__(self, allowed: Iterable[str]) -> None:
        """`allowed`: SPDX ids; none for any licence."""
        self._allowed = frozenset(_bare(name) for name in allowed)

    def refuse(self, expression: str | None) -> str | None:
        """`licence: what was found` where it may not be used, else None.

        `expression`: an SPDX expression, or ids with commas between them, all of which count.
        """
        if not self._allowed or (expression and self._allows(expression)):
            return None
        return f"licence: {expression[:100] if expression else 'none'}"

    def _allows(self, expression: str) -> bool:
        # What parentheses enclose is not worked out: then all that is named must be allowed.
        choices = [expression] if "(" in expression else re.split(r"\s+OR\s+", expression)
        return any(all(_bare(name) in self._allowed for name in re.split(r"\s*,\s*|\s+(?:AND|OR)\s+", choice)) for choice in choices)


def _bare(name: str) -> str:
    """An id as it is compared: without case, exceptions, and whether later versions may be chosen (SPDX 2.3, annex D)."""
    bare = name.strip(" ()").lower().partition(" with ")[0]
    return bare.removesuffix("-only").removesuffix("-or-later").removesuffix("+")
