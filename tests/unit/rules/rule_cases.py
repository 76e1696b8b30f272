"""Values at and beside a bound, and what every rule must say of them: shared by the tests of both compilers."""

import math

import pyarrow as pa
from corpusmill.rules.rule import compile_rules
from corpusmill.settings import RuleSettings
from corpusmill.signals.registry import families

BOUND = 0.3
BELOW, ABOVE = math.nextafter(BOUND, -math.inf), math.nextafter(BOUND, math.inf)
NUMBERS = [-math.inf, -1.0, -0.0, 0.0, BELOW, BOUND, ABOVE, 1e308, math.inf, math.nan]
CODES = ["en", "de", "", "EN"]
RULES = [
    {"reason": "min", "signal": "fineweb.list_ratio", "min": BOUND},
    {"reason": "max", "signal": "fineweb.list_ratio", "max": BOUND},
    {"reason": "above", "signal": "fineweb.list_ratio", "above": BOUND},
    {"reason": "below", "signal": "fineweb.list_ratio", "below": BOUND},
    {"reason": "zero", "signal": "fineweb.list_ratio", "min": 0.0, "max": 0.0},
    {"reason": "minus zero", "signal": "fineweb.list_ratio", "above": -0.0},
    {"reason": "band", "signal": "fineweb.list_ratio", "above": BELOW, "below": ABOVE},
    {"reason": "code", "signal": "language.code", "in": ["en", ""]},
    {"reason": "max", "signal": "fineweb.list_ratio", "max": 1.0, "when": {"signal": "language.code", "in": ["de", "EN"]}},
    {"reason": "whole", "signal": "counts.words", "min": 3},
    {"reason": "whole", "signal": "counts.words", "below": 2**53},
]
ROWS = [(number, code, words) for number in NUMBERS for code in CODES for words in (2, 3, 2**53, 2**53 + 1)]


def compiled(rules=RULES):
    return compile_rules([RuleSettings.model_validate(rule) for rule in rules])


def expected(number, code, words):
    """Reasons by Python's own comparisons."""
    passes = [
        number >= BOUND,
        number <= BOUND,
        number > BOUND,
        number < BOUND,
        0.0 <= number <= 0.0,
        number > 0.0,
        number == BOUND,
        code in ("en", ""),
        code not in ("de", "EN") or number <= 1.0,
        words >= 3,
        words < 2**53,
    ]
    return list(dict.fromkeys(rule["reason"] for rule, ok in zip(RULES, passes, strict=True) if not ok))


def signals(rows):
    """One struct column a family, other fields 0 or empty."""
    given = {
        "fineweb.list_ratio": [row[0] for row in rows],
        "language.code": [row[1] for row in rows],
        "counts.words": [row[2] for row in rows],
    }
    columns = {}
    for family in families():
        arrays = []
        for field, column in zip(family.fields, family.arrow(), strict=True):
            filler = "" if field.type == "string" else 0
            arrays.append(pa.array(given.get(f"{family.name}.{field.name}", [filler] * len(rows)), column.type))
        columns[family.name] = pa.StructArray.from_arrays(arrays, fields=list(family.arrow()))
    return pa.RecordBatch.from_pydict(columns)
