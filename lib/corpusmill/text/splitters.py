"""Which language's texts are split into words by which rules: the one place where that is decided."""

from typing import Final

ENGLISH: Final = ("en",)
"""Split as spaCy's blank `en` does (kernels.english_words): the thresholds of Gopher's and FineWeb's filters were set on such words.

All other languages follow UAX #29 (kernels.words), where each Han character and each hiragana is a word, and so is each letter of Thai, Lao,
Khmer and Burmese, which set no blanks between words.
"""

WITHOUT_BLANKS: Final = ("ja", "km", "lo", "my", "th", "wuu", "yue", "zh")
"""Written without blanks between words, so that lists of words are looked for anywhere in a text."""
