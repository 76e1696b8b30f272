"""Prose from the docstrings of the installed packages and of Python itself, read without importing them."""

import ast
import hashlib
import re
import sys
import sysconfig
import warnings
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

from corpusmill.demo.blocks import Block, parse_blocks
from corpusmill.demo.pages import Article

MAX_FILE_BYTES = 80_000
"""Larger modules are mostly tables, and parsing them takes the time of ten others."""
MIN_QUOTES = 8
"""Marks of docstrings: files with fewer are not worth parsing."""
BYTES_FOR_ARTICLE = 80_000
"""Source read for each article wanted: packages with little prose are given up, at 1 s or so each."""
_SENTENCE = re.compile(r"[.!?:]['\")]?$")
_NOT_PROSE = re.compile(r"[{}\\]|>>>|::|\.\.\s|Lorem ipsum|\w\(\w*=|https?://\S{60}", re.IGNORECASE)
_SKIPPED_FOLDERS = {"tests", "test", "testing", "_vendor", "vendor", "vendored", "site-packages", "__pycache__", "idlelib", "corpusmill"}


def _hash(text: str) -> int:
    """A number that orders files without regard to their alphabet, the same on every machine."""
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big")


def is_prose(text: str) -> bool:
    """Whether a paragraph is whole sentences of natural language: 80 characters, an end mark, mostly letters, no code."""
    if len(text) < 80 or not _SENTENCE.search(text) or _NOT_PROSE.search(text) or not text[0].isupper():
        return False
    return sum(c.isalpha() or c.isspace() for c in text) > 0.9 * len(text)


def _documented(body: list[ast.stmt]) -> Iterator[ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef]:
    """Classes with their methods, and functions; not what is inside functions, which is 9 of 10 nodes and holds little prose."""
    for node in body:
        if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            yield node
        if isinstance(node, ast.ClassDef):
            yield from _documented(node.body)


def docstrings(path: Path) -> Iterator[tuple[str, str]]:
    """(name, docstring) of a module file, its classes and functions, without importing it; nothing if it does not parse."""
    try:
        source = path.read_text(encoding="utf-8")
        if source.count('"""') < MIN_QUOTES:
            return
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(source)
    except (SyntaxError, ValueError):
        return
    for node in (tree, *_documented(tree.body)):
        text = ast.get_docstring(node)
        if text and len(text) > 200:
            yield getattr(node, "name", path.stem), text


def _sections(path: Path, seen: set[str]) -> Iterator[list[Block]]:
    """For each docstring with prose: a heading and its paragraphs that no other docstring of the package had."""
    for name, text in docstrings(path):
        found = [b for b in parse_blocks(text) if b.kind in ("paragraph", "item") and is_prose(b.text) and b.text not in seen]
        if sum(len(b.text) for b in found) > 200:
            seen.update(b.text for b in found)
            yield [Block("heading", name.strip("_").replace("_", " ")), *(Block("paragraph", b.text) for b in found)]


def _module_files(root: Path, budget: int) -> list[Path]:
    """Python files of a package worth parsing, in an order that mixes its parts, up to `budget` bytes."""
    found = [
        path
        for path in root.rglob("*.py")
        if not _SKIPPED_FOLDERS & set(path.relative_to(root).parts) and 2_000 < path.stat().st_size < MAX_FILE_BYTES
    ]
    chosen, size = [], 0
    for path in sorted(found, key=lambda path: _hash(path.relative_to(root).as_posix())):
        size += path.stat().st_size
        if size < budget:
            chosen.append(path)
    return chosen


def docstring_articles(root: Path, host: str, quota: int) -> Iterator[Article]:
    """Up to `quota` articles of some 2,000 to 8,000 characters from the docstrings under a package's folder."""
    seen: set[str] = set()
    made = 0
    for path in _module_files(root, quota * BYTES_FOR_ARTICLE):
        module = path.relative_to(root).with_suffix("").as_posix().replace("/__init__", "")
        part, blocks, size = 1, list[Block](), 0
        for section in [*_sections(path, seen), []]:
            blocks += section
            size += sum(len(block.text) for block in section)
            if size > 2_000 + _hash(f"{module} {part}") % 4_000 or (not section and size > 1_200):
                title = f"{root.name}: {module.replace('/', ' ').replace('_', ' ').strip()}"
                yield Article(f"https://{host}/guide/{module}/{part}", title if part == 1 else f"{title}, part {part}", tuple(blocks))
                part, blocks, size, made = part + 1, [], 0, made + 1
            if made == quota:
                return


def installed() -> list[metadata.Distribution]:
    """Installed distributions, by name. Not by sys.path, which grows while a process runs: setuptools adds what it brings along."""
    return sorted(metadata.distributions(path=[sysconfig.get_path("purelib")]), key=lambda found: found.metadata["Name"].lower())


def others() -> list[metadata.Distribution]:
    """Installed distributions but ourselves."""
    return [found for found in installed() if found.metadata["Name"] != "corpusmill"]


def package_folders() -> list[Path]:
    """Folders of installed packages, by name."""
    here = Path(sysconfig.get_path("purelib"))
    return sorted(path.parent for path in here.glob("*/__init__.py") if path.parent.name not in _SKIPPED_FOLDERS)


def standard_library() -> Path:
    """The folder of Python's own modules."""
    return Path(ast.__file__).parent


def standard_modules() -> list[str]:
    """Names of Python's own public modules that can be imported without an effect anyone notices."""
    noisy = {
        "antigravity",
        "this",
        "idlelib",
        "turtle",
        "turtledemo",
        "test",
        "tkinter",
        "lib2to3",
        "os",
        "sys",
        "site",
        "sysconfig",
        "cgi",
    }
    return sorted(name for name in sys.stdlib_module_names if not name.startswith("_") and name not in noisy)
