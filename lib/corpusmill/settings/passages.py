"""Which repeated passages are cut out of documents."""

from typing import Annotated, Final, Literal

from pydantic import BeforeValidator, Field

from corpusmill.settings.base import Settings, as_tuple

Kind = Literal["lines", "paragraphs", "sentences", "substrings"]
PASSAGE_REASONS: Final[dict[Kind, str]] = {
    "lines": "duplicate_line",
    "paragraphs": "duplicate_paragraph",
    "sentences": "duplicate_sentences",
    "substrings": "duplicate_substring",
}
"""The reason of the edits of each kind."""


class PassageSettings(Settings):
    """What job `find_passages` looks for over all documents that are still in, in the order of `dedup.order`; nothing by default.

    Of equal passages the first stays, by the order of documents and then by its place; the others are deleted, each kind by itself on the text
    after its line edits.
    """

    kinds: Annotated[tuple[Kind, ...], BeforeValidator(as_tuple)] = ()
    """`lines`: parted by newlines, equal after lower case, numbers as 0, without punctuation and accents (CCNet, arXiv 1911.00359, section 3.1).
    `paragraphs`: parted by empty lines, equal byte for byte; what Dolma calls so (arXiv 2402.00159, section 5.4) are lines. `sentences`: runs of
    sentences, equal as lines are (C4, arXiv 1910.10683, section 2.2; simplified as datatrove does). `substrings`: stretches of tokens (Lee et
    al., arXiv 2107.06499, section 4.1)."""
    line_characters: int = Field(default=30, gt=0)
    """Shorter lines stay. Our own choice: CCNet and Dolma have no bound, and lose closing brackets and the headings of lists."""
    paragraph_characters: int = Field(default=30, gt=0)
    """Shorter paragraphs stay. Our own choice, as for lines."""
    sentences: int = Field(default=3, gt=0)
    """Sentences a run (C4; datatrove's sentence_dedup has the same)."""
    substring_tokens: int = Field(default=50, gt=1)
    """Tokens a stretch has at least (Lee et al., section 4.1; RefinedWeb, arXiv 2306.01116, appendix G.3.3). Theirs are of BPE, ours words: of
    English about four for five of theirs."""
