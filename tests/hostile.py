"""Texts that make careless code slow or wrong, as ingest stores them: UTF-8 without NUL or surrogates."""

HOSTILE = {
    "empty": "",
    "white space": " \t\n\u3000\u2028" * 1000,
    "one emoji": "\U0001f600",
    "a joined emoji": "\U0001f469\u200d\U0001f469\u200d\U0001f467",
    "lone marks": "\u0301\u0308" * 1000,
    "NUL as ingest stores it": "a b" * 1000,
    "surrogates as ingest stores them": "\ufffd" * 1000,
    "one line of 5 MB": "ab cde, " * 655_360,
    "one word of 1 MB": "x" * 1_000_000,
    "a million short lines": "a\n" * 1_000_000,
}
