"""Licences by their own words, on the texts that installed packages and this machine have, and which of them are let in."""

from importlib.metadata import distributions
from pathlib import Path

import pytest
from corpusmill.ingest.licences import Licences, recognise, spdx_line

ROOT = Path(__file__).resolve().parents[3]
KNOWN = {"Apache-2.0", "MIT", "BSD-2-Clause", "BSD-3-Clause", "MPL-2.0", "ISC", "Unlicense"}
ISC = (
    "Copyright 2024 A. Person\n\nPermission to use, copy, modify, and/or distribute this software for any\npurpose with or without fee is "
    "hereby granted, provided that the above\ncopyright notice and this permission notice appear in all copies.\n"
)
UNLICENSE = "This is free and unencumbered software released into the public domain.\n\nAnyone is free to copy, modify,"
NOTICE = (
    "This program is free software: you can redistribute it and/or modify it under the terms of the GNU {}General Public License as "
    "published by\nthe Free Software Foundation, either version {} of the License, or (at your option) any later version."
)


def declared():
    """A distribution's one licence, by its metadata, with the first of its licence files."""
    for found in distributions():
        expression = found.metadata.get("License-Expression") or ""
        files = [file for file in found.files or [] if file.name.upper() in ("LICENSE", "LICENSE.TXT", "LICENSE.MD", "COPYING")]
        if files and expression and " " not in expression and not expression.startswith("LicenseRef"):
            yield found.metadata["Name"], expression, files[0].locate().read_text(encoding="utf-8", errors="replace")


def test_installed_packages_have_the_licence_that_their_metadata_say():
    packages = list(declared())
    assert len(packages) >= 20
    wrong = [
        (name, licence, got) for name, licence, text in packages if (got := recognise(text)) != (licence if licence in KNOWN else None)
    ]
    assert not wrong
    assert recognise((ROOT / "LICENSE").read_text(encoding="utf-8")) == "Apache-2.0"


def test_the_common_licences_of_debian():
    folder = Path("/usr/share/common-licenses")
    expected = {
        "Apache-2.0": "Apache-2.0", "BSD": "BSD-3-Clause", "GPL-1": "GPL-1.0", "GPL-2": "GPL-2.0", "GPL-3": "GPL-3.0", "LGPL-2": "LGPL-2.0",
        "LGPL-2.1": "LGPL-2.1", "LGPL-3": "LGPL-3.0", "MPL-2.0": "MPL-2.0", "Artistic": None, "GFDL-1.3": None,
    }  # fmt: skip
    present = {name: licence for name, licence in expected.items() if (folder / name).is_file()}
    if not present:
        pytest.skip(f"no licence texts at {folder}")
    assert {name: recognise((folder / name).read_text(encoding="utf-8", errors="replace")) for name in present} == present


@pytest.mark.parametrize(
    ("text", "licence"),
    [
        (ISC, "ISC"),
        (ISC.replace(", provided that the above\ncopyright notice and this permission notice appear in all copies", ""), None),  # 0BSD
        (UNLICENSE, "Unlicense"),
        (NOTICE.format("", "3"), "GPL-3.0"),
        (NOTICE.format("Affero ", "3"), "AGPL-3.0"),
        (NOTICE.format("Lesser ", "2.1"), "LGPL-2.1"),
        ("# " + NOTICE.format("", "2").replace("\n", "\n# "), "GPL-2.0"),
        (UNLICENSE + NOTICE.format("", "3"), "Unlicense"),
        ("Terms of a vendor. " * 300 + UNLICENSE, None),
        ("All rights reserved.", None),
        ("SPDX-License-Identifier: 0BSD\n" + UNLICENSE, "0BSD"),
        ("", None),
    ],
)
def test_a_licence_is_known_by_its_first_words(text, licence):
    assert recognise(text) == licence


@pytest.mark.parametrize(
    ("text", "expression"),
    [
        ("// SPDX-License-Identifier: GPL-2.0-only\nint x;", "GPL-2.0-only"),
        ("/* SPDX-License-Identifier:\tMIT */", "MIT"),
        ("<!-- SPDX-License-Identifier: MIT-->", "MIT"),
        ("# SPDX-License-Identifier: Apache-2.0  OR MIT", "Apache-2.0 OR MIT"),
        ("# SPDX-License-Identifier: GPL-2.0 WITH Linux-syscall-note", "GPL-2.0 WITH Linux-syscall-note"),
        ("# SPDX-License-Identifier: (MIT OR Apache-2.0) AND ISC", "(MIT OR Apache-2.0) AND ISC"),
        ("# SPDX-License-Identifier: MIT and more words", "MIT"),
        ("SPDX-License-Identifier:", None),
        ("x" * 100_000 + "SPDX-License-Identifier: MIT", None),
    ],
)
def test_the_spdx_line_of_a_file(text, expression):
    assert spdx_line(text) == expression


@pytest.mark.parametrize(
    ("expression", "allowed"),
    [
        ("MIT", True), ("mit", True), ("Apache-2.0", True), ("ISC", False), ("MIT OR ISC", True), ("MIT AND ISC", False), ("MIT, ISC", False),
        ("MIT, Apache-2.0", True), ("ISC OR MIT AND Apache-2.0", True), ("(MIT OR ISC) AND MIT", False), ("(MIT OR Apache-2.0)", True),
        ("GPL-2.0-or-later", True), ("GPL-2.0+", True), ("GPL-2.0-only WITH Linux-syscall-note", True), ("GPL-3.0", False), (None, False),
    ],
)  # fmt: skip
def test_what_is_let_in(expression, allowed):
    refused = Licences(("MIT", "Apache-2.0", "GPL-2.0")).refuse(expression)
    assert refused == (None if allowed else f"licence: {expression or 'none'}")
    assert Licences(()).refuse(expression) is None
