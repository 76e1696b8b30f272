"""Small pieces of XML as a flat list of elements, by expat: no entity is declared, none loaded, and depth and number are bounded."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from xml.parsers import expat

_DEEPEST = 64
_MOST = 100_000
"""Elements of a piece: a book's list of files has some thousands."""


class XmlError(Exception):
    """The piece is not well-formed, declares entities, or has too many or too deep elements; the message says which."""


@dataclass(slots=True)
class Element:
    """One element, without those inside it."""

    path: tuple[str, ...]
    """Names from the root to this element, without their prefixes."""
    attributes: Mapping[str, str]
    text: str = ""


@dataclass(slots=True)
class _Open:
    element: Element
    parts: list[str] = field(default_factory=list)


def xml_elements(data: bytes) -> list[Element]:
    """The elements of a piece of XML, in the order in which they start. Raises XmlError."""
    found: list[Element] = []
    opened: list[_Open] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        if len(opened) >= _DEEPEST:
            raise XmlError(f"elements nest more than {_DEEPEST} deep")
        if len(found) >= _MOST:
            raise XmlError(f"more than {_MOST:,} elements")
        above = opened[-1].element.path if opened else ()
        element = Element((*above, _local(name)), {_local(key): value for key, value in attributes.items()})
        found.append(element)
        opened.append(_Open(element))

    def end(_name: str) -> None:
        closed = opened.pop()
        closed.element.text = "".join(closed.parts)

    def characters(text: str) -> None:
        opened[-1].parts.append(text)

    def refuse(*_declaration: object) -> None:
        raise XmlError("it declares entities")

    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = start, end, characters
    parser.EntityDeclHandler = refuse
    try:
        parser.Parse(data, True)
    except (expat.ExpatError, ValueError, LookupError) as error:
        # ValueError and LookupError: an encoding that expat asks Python for.
        raise XmlError(f"not XML: {str(error)[:100]}") from error
    return found


def first_texts(elements: Iterable[Element]) -> dict[tuple[str, ...], str]:
    """The text of the first element of each path, stripped."""
    texts: dict[tuple[str, ...], str] = {}
    for element in elements:
        texts.setdefault(element.path, element.text.strip())
    return texts


def _local(name: str) -> str:
    return name.rpartition(":")[2]
