"""What LaTeX's commands and environments mean to someone who wants the words alone."""

import re
import unicodedata

ACCENTS = {
    "`": "\u0300", "'": "\u0301", "^": "\u0302", "~": "\u0303", "=": "\u0304", "u": "\u0306", ".": "\u0307", '"': "\u0308",
    "r": "\u030a", "H": "\u030b", "v": "\u030c", "d": "\u0323", "c": "\u0327", "k": "\u0328", "b": "\u0331",
}  # fmt: skip
"""Commands that put a mark on the letter after them, as combining characters."""
SIGNS = {
    "AA": "Å", "aa": "å", "AE": "Æ", "ae": "æ", "OE": "Œ", "oe": "œ", "O": "Ø", "o": "ø", "L": "Ł", "l": "ł", "ss": "ß", "i": "ı", "j": "ȷ",
    "DH": "Ð", "dh": "ð", "TH": "Þ", "th": "þ", "DJ": "Đ", "dj": "đ", "NG": "Ŋ", "ng": "ŋ",
    "dots": "…", "ldots": "…", "textellipsis": "…", "textendash": "–", "textemdash": "—", "textquoteleft": "‘", "textquoteright": "’",
    "textquotedblleft": "“", "textquotedblright": "”", "textbackslash": "\\", "textasciitilde": "~", "textasciicircum": "^", "textless": "<",
    "textgreater": ">", "textbar": "|", "textunderscore": "_", "textdegree": "°", "textbullet": "•", "textregistered": "®",
    "texttrademark": "™", "copyright": "©", "textcopyright": "©", "pounds": "£", "S": "§", "P": "¶", "dag": "†", "ddag": "‡",
    "LaTeX": "LaTeX", "TeX": "TeX", "BibTeX": "BibTeX", "slash": "/",
}  # fmt: skip
SPACES = frozenset(("quad", "qquad", "enspace", "thinspace", "space", "hfill", "xspace", " ", ",", ";", ":", ">", "\n", "\t"))
LITERALS = frozenset("%&$#_{}")
SECTIONS = frozenset(["part", "chapter", "section", "subsection", "subsubsection", "paragraph", "subparagraph"])
FRONT_MATTER = frozenset(
    [
        "author",
        "address",
        "affiliation",
        "affil",
        "institute",
        "email",
        "date",
        "thanks",
        "curraddr",
        "urladdr",
        "authorrunning",
        "titlerunning",
        "icmlauthor",
        "icmltitle",
        "markboth",
        "pacs",
        "subjclass",
        "todo",
        "newenvironment",
        "renewenvironment",
    ]
)
"""Commands whose arguments are about the paper, or are no text of it: out, however long."""
DROPPED = {
    "ref": 1, "eqref": 1, "pageref": 1, "autoref": 1, "nameref": 1, "vref": 1, "cref": 1, "Cref": 1, "label": 1, "hspace": 1, "vspace": 1,
    "includegraphics": 1, "bibliography": 1, "bibliographystyle": 1, "bibitem": 1, "usepackage": 1, "RequirePackage": 1, "documentclass": 1,
    "documentstyle": 1, "pagestyle": 1, "thispagestyle": 1, "pagenumbering": 1, "setcounter": 2, "addtocounter": 2, "setlength": 2,
    "addtolength": 2, "newlength": 1, "newcounter": 1, "newtheorem": 2, "theoremstyle": 1, "numberwithin": 2, "hypersetup": 1,
    "definecolor": 3, "color": 1, "textcolor": 1, "colorbox": 1, "href": 1, "index": 1, "rule": 2, "fontsize": 2, "linespread": 1,
    "graphicspath": 1, "resizebox": 2, "scalebox": 1, "raisebox": 1, "parbox": 1, "multicolumn": 2, "multirow": 2, "tikzset": 1,
    "captionsetup": 1, "sisetup": 1, "crefname": 3, "Crefname": 3, "addbibresource": 1, "hyphenation": 1, "footnotemark": 0, "input": 1,
    "include": 1, "includeonly": 1, "phantom": 1, "vphantom": 1, "hphantom": 1, "icmlaffiliation": 2, "addcontentsline": 3, "markright": 1,
}  # fmt: skip
"""Commands that show no words of their own, with how many of their arguments go with them; later ones, as a link's words, stay."""
SHRINKING = frozenset(["ref", "eqref", "pageref", "autoref", "nameref", "vref", "cref", "Cref", "label"])
"""Of those, the ones whose space before them goes too: `as in Fig.~\\ref{a}.`"""
CITES = re.compile(r"[a-zA-Z]*[cC]ite[a-zA-Z]*")
MATH = frozenset({
    "equation", "align", "gather", "multline", "eqnarray", "displaymath", "math", "alignat", "flalign", "dmath", "subequations",
    "IEEEeqnarray",
})  # fmt: skip
VERBATIM = frozenset(["verbatim", "lstlisting", "minted", "Verbatim", "alltt"])
VERB = re.compile(r"\*?([^\s*a-zA-Z])([^\n]{0,1000}?)\1")
"""What follows `\\verb`: code between two of any one character, in one line."""
HIDDEN = frozenset(
    [
        "figure",
        "table",
        "wrapfigure",
        "wraptable",
        "sidewaysfigure",
        "sidewaystable",
        "SCfigure",
        "longtable",
        "tabular",
        "tabularx",
        "tabulary",
        "picture",
        "pspicture",
        "tikzpicture",
        "thebibliography",
        "filecontents",
        "CCSXML",
    ]
)
"""Environments of which captions stay."""
ENVIRONMENT_ARGUMENTS = {"minipage": 1, "multicols": 1, "list": 2, "adjustbox": 1, "spacing": 1, "subfigure": 1}
LIGATURES = {"``": "“", "''": "”", "--": "–", "---": "—", "`": "‘"}


def accented(mark: str, letter: str) -> str:
    """A letter with the mark of an accent's command."""
    return unicodedata.normalize("NFC", {"\\i": "i", "\\j": "j"}.get(letter, letter) + ACCENTS[mark])
