"""What the elements of HTML and of MediaWiki's extensions mean in a page of wikitext; all others are text."""

KEPT = {"math": "$", "ce": "$", "chem": "$", "nowiki": "", "pre": "\n", "syntaxhighlight": "\n", "source": "\n"}
"""Elements whose content is kept as it is, with what stands round it in the text."""
DROPPED = frozenset({
    "ref", "gallery", "timeline", "imagemap", "score", "graph", "mapframe", "maplink", "hiero", "templatedata", "inputbox", "categorytree",
})  # fmt: skip
"""Elements that go with their content; `references` is none, for it may hold `ref` elements."""
BREAKS = frozenset({
    "br", "p", "div", "center", "blockquote", "poem", "li", "dt", "dd", "tr", "ul", "ol", "dl", "table", "h1", "h2", "h3", "h4", "h5",
    "h6", "hr",
})  # fmt: skip
"""Elements at whose tags a line ends."""
INLINE = frozenset({
    "abbr", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em", "font", "i", "ins", "kbd", "mark", "q", "rb", "rp",
    "rt", "ruby", "s", "samp", "small", "span", "strike", "strong", "sub", "sup", "td", "th", "time", "tt", "u", "var", "wbr",
    "references", "includeonly", "noinclude", "onlyinclude", "section", "templatestyles", "indicator", "caption", "thead", "tbody",
})  # fmt: skip
"""Elements whose tags are out and whose content is text."""
