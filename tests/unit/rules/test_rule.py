"""Compiling rules: what is refused, and in which words."""

import pytest
from corpusmill.errors import ConfigError
from corpusmill.rules.rule import compile_rules
from corpusmill.settings import RuleSettings

WORDS = {"reason": "short", "signal": "gopher_quality.words"}
LANGUAGE = {"reason": "language", "signal": "language.code"}


def compiled(*rules):
    return compile_rules([RuleSettings.model_validate(rule) for rule in rules])


@pytest.mark.parametrize(
    ("rule", "message"),
    [
        ({**WORDS, "min": 50, "signal": "gopher_quality.word"}, "no signal 'gopher_quality.word'; did you mean 'gopher_quality.words'"),
        ({**WORDS, "min": 50, "signal": "perplexity"}, "no signal 'perplexity'; known: c4.curly_bracket, "),
        (WORDS, "give at least one of min, max, above, below"),
        ({**WORDS, "in": ["a"]}, "gopher_quality.words is a number; give min, max, above or below instead of in"),
        ({**WORDS, "min": float("nan")}, "min is nan, must be a finite number"),
        ({**WORDS, "max": float("inf")}, "max is inf, must be a finite number"),
        ({**WORDS, "min": 1, "above": 2}, "give either min or above, not both"),
        ({**WORDS, "max": 1, "below": 2}, "give either max or below, not both"),
        ({**WORDS, "min": 2, "max": 1}, "no value is >= 2 and <= 1"),
        ({**WORDS, "min": 1, "below": 1}, "no value is >= 1 and < 1"),
        (LANGUAGE, "give in = [...], the values of language.code to keep"),
        ({**LANGUAGE, "in": []}, "give in = [...], the values of language.code to keep"),
        ({**LANGUAGE, "min": 1}, "language.code is text and has no min; give in = [...]"),
        (
            {**WORDS, "min": 1, "when": {"signal": "counts.words", "in": ["1"]}},
            "when: counts.words is a number, 'in' is for signals that are text",
        ),
        (
            {**WORDS, "min": 1, "when": {"signal": "language.cod", "in": ["en"]}},
            "when: there is no signal 'language.cod'; did you mean 'language.code'",
        ),
        ({**WORDS, "min": 1, "when": {"signal": "language.code", "in": []}}, "when: give in = [...]"),
        ({**WORDS, "min": 1, "reason": ""}, "rule 2: reason is empty"),
    ],
)
def test_refused(rule, message):
    with pytest.raises(ConfigError) as caught:
        compiled({**WORDS, "min": 1}, rule)
    assert message in str(caught.value)
    assert str(caught.value).startswith("rule 2")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("rule", "statement"),
    [
        ({**WORDS, "min": 50}, "gopher_quality.words >= 50"),
        ({**WORDS, "above": 0.65, "max": 3}, "gopher_quality.words <= 3 and > 0.65"),
        ({**WORDS, "min": 1, "max": 1}, "gopher_quality.words >= 1 and <= 1"),
        ({**LANGUAGE, "in": ["en", "de"]}, "language.code in en, de"),
        ({**WORDS, "below": 9, "when": {"signal": "language.code", "in": "en"}}, "gopher_quality.words < 9 where language.code in en"),
    ],
)
def test_statement(rule, statement):
    (made,) = compiled(rule)
    assert made.statement() == statement


def test_no_rules():
    assert compiled() == ()


def test_an_unknown_key_is_refused_by_the_settings():
    with pytest.raises(ValueError, match="minimum"):
        RuleSettings.model_validate({**WORDS, "minimum": 1})
