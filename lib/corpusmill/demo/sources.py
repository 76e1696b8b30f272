"""Text that is on every machine that can run the demo: docstrings and descriptions of the installed packages."""

import ast
import gzip
import hashlib
import json
import re
import sys
import warnings
from collections.abc import Iterator, Sequence
from importlib import metadata
from pathlib import Path

from corpusmill.demo.blocks import Block, parse_blocks
from corpusmill.demo.pages import Article

MAX_FILE_BYTES = 150_000
"""Larger modules are mostly tables, and parsing them takes the time of ten others."""
_SENTENCE = re.compile(r"[.!?:]['\")]?$")
_NOT_PROSE = re.compile(r"[{}\\]|>>>|::|\.\.\s|Lorem ipsum|\w\(\w*=|https?://\S{60}", re.IGNORECASE)
_SKIPPED_FOLDERS = {"tests", "test", "testing", "_vendor", "vendor", "vendored", "site-packages", "__pycache__", "idlelib", "corpusmill"}
_TAG = re.compile(r"<[^>]+>")


def _hash(text: str) -> int:
    """A number that orders files without regard to their alphabet, the same on every machine."""
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big")


def is_prose(text: str) -> bool:
    """Whether a paragraph is whole sentences of natural language: 80 characters, an end mark, mostly letters, no code."""
    if len(text) < 80 or not _SENTENCE.search(text) or _NOT_PROSE.search(text) or not text[0].isupper():
        return False
    return sum(c.isalpha() or c.isspace() for c in text) > 0.9 * len(text)


def docstrings(path: Path) -> Iterator[tuple[str, str]]:
    """(name, docstring) of a module file, its classes and functions, without importing it; nothing if it does not parse."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(path.read_text(encoding="utf-8"))
    except (SyntaxError, UnicodeDecodeError, ValueError):
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
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


def _module_files(root: Path) -> list[Path]:
    """Python files of a package worth parsing, in an order that mixes its parts."""
    found = [
        path
        for path in root.rglob("*.py")
        if not _SKIPPED_FOLDERS & set(path.relative_to(root).parts) and 2_000 < path.stat().st_size < MAX_FILE_BYTES
    ]
    return sorted(found, key=lambda path: _hash(path.relative_to(root).as_posix()))


def docstring_articles(root: Path, host: str, quota: int) -> Iterator[Article]:
    """Up to `quota` articles of some 2,000 to 8,000 characters from the docstrings under a package's folder."""
    seen: set[str] = set()
    made = 0
    for path in _module_files(root):
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


def package_folders() -> list[Path]:
    """Folders of installed packages, by name."""
    here = Path(metadata.distribution("numpy").locate_file("numpy")).parent  # type: ignore[arg-type]  # SimplePath is a Path here
    return sorted(path.parent for path in here.glob("*/__init__.py") if path.parent.name not in _SKIPPED_FOLDERS)


def manuals() -> Iterator[Article]:
    """One article a distribution: its long description with headings, lists and code, cut at 12,000 characters."""
    for distribution in sorted(metadata.distributions(), key=lambda d: d.metadata["Name"].lower()):
        name = distribution.metadata["Name"]
        text = distribution.metadata.get_payload()  # type: ignore[attr-defined]  # PackageMetadata is an email.message.Message
        blocks, size = [], 0
        for block in parse_blocks(str(text or "").strip()):
            size += len(block.text)
            if size < 12_000:
                blocks.append(block)
        if name != "corpusmill" and size > 200:
            yield Article(f"https://packages.example/project/{name.lower()}", name, tuple(blocks))


def standard_library() -> Path:
    """The folder of Python's own modules."""
    return Path(ast.__file__).parent


def standard_modules() -> Sequence[str]:
    """Names of Python's own public modules that can be imported without an effect anyone notices."""
    noisy = {"antigravity", "this", "idlelib", "turtle", "turtledemo", "test", "tkinter", "lib2to3", "os", "sys", "site", "sysconfig"}
    return sorted(name for name in sys.stdlib_module_names if not name.startswith("_") and name not in noisy)


def service_articles(quota: int) -> Iterator[Article]:
    """Articles from botocore's descriptions of services, which are prose of a cloud's manual; none where it is not installed."""
    try:
        data = Path(metadata.distribution("botocore").locate_file("botocore/data"))  # type: ignore[arg-type]  # SimplePath is a Path here
    except metadata.PackageNotFoundError:
        return
    made = 0
    for path in sorted(data.glob("*/*/service-2.json.gz"), key=lambda path: _hash(path.parent.parent.name)):
        if path.stat().st_size > 40_000 or made == quota:
            continue
        service = json.loads(gzip.decompress(path.read_bytes()))
        texts = [service.get("documentation", ""), *(o.get("documentation", "") for o in service["operations"].values())]
        plain = (" ".join(_TAG.sub(" ", p).split()) for text in texts for p in text.split("</p>"))
        kept = list(dict.fromkeys(text for text in plain if is_prose(text)))[:30]
        if sum(map(len, kept)) > 1_500:
            made += 1
            name = path.parent.parent.name
            yield Article(
                f"https://cloud.example/services/{name}",
                service["metadata"].get("serviceFullName", name),
                tuple(Block("paragraph", text) for text in kept),
            )
