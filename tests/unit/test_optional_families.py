"""Families that are measured only where asked for: by a rule, or by measure.families; elsewhere null, which no rule judges."""

import pyarrow as pa
import pytest
from corpusmill.errors import ConfigError, NotReadyError
from corpusmill.inspect import inspect_text
from corpusmill.rules.arrow import reasons_array
from corpusmill.rules.rule import compile_rules
from corpusmill.settings import Config, EditSettings, MeasureSettings
from corpusmill.signals.registry import chosen_families, families
from corpusmill.text.measure import measure, measure_settings, part_versions, signals_schema

RULE = {"reason": "repeated", "signal": "dolma_repetition.top_2_gram", "max": 0.2}
NAMED = Config.model_validate({"rules": [RULE]})
OPTIONAL = [family.name for family in families() if not family.always]


def measured(settings):
    columns = {"doc_id": ["a"], "snapshot": ["s"], "chunk": pa.array([0], pa.int32()), "text": ["one two"], "text_digest": pa.array([b"d"])}
    return measure(pa.RecordBatch.from_pydict(columns), EditSettings(), settings)


def test_there_are_optional_families():
    assert OPTIONAL == [
        "chinese_repetition", "curator_repetition", "data_juicer_repetition", "dclm_repetition", "dolma_repetition", "language_mix",
        "redpajama", "redpajama_repetition",
    ]  # fmt: skip


def test_without_being_asked_for_they_are_null():
    batch = measured(MeasureSettings())
    assert batch.schema == signals_schema()
    (row,) = batch.to_pylist()
    assert [family.name for family in families() if row[family.name] is None] == OPTIONAL


def test_a_rule_or_a_setting_asks_for_them():
    assert measure_settings(NAMED).families == ("dolma_repetition",)
    listed = Config(measure=MeasureSettings(families=("language_mix", "dolma")))
    assert measure_settings(listed).families == ("language_mix",)
    when = {"reason": "script", "signal": "counts.words", "min": 1, "when": {"signal": "language_mix.script", "in": ["Latn"]}}
    assert measure_settings(Config.model_validate({"rules": [when]})).families == ("language_mix",)
    (row,) = measured(measure_settings(NAMED)).to_pylist()
    assert row["dolma_repetition"]["top_2_gram"] == 1.0


def test_what_is_measured_names_its_versions():
    plain, asked = (part_versions(EditSettings(), measure_settings(config)) for config in (Config(), NAMED))
    assert "dolma_repetition:" not in plain
    assert asked.split(",") == [f"{family.name}:{family.version}" for family in chosen_families(["dolma_repetition"])]


def test_an_unmeasured_signal_is_not_judged():
    with pytest.raises(NotReadyError, match=r"dolma_repetition.top_2_gram of 1 documents is null: run measure_documents"):
        reasons_array(compile_rules(NAMED.rules), measured(MeasureSettings()))


def test_inspect_measures_what_its_rules_need_and_shows_no_more():
    (answer,) = inspect_text([("a", "one two")], NAMED)
    assert answer["reasons"] == ["repeated"]
    assert [name for name in OPTIONAL if name in answer["signals"]] == ["dolma_repetition"]


def test_an_unknown_family_is_an_error():
    with pytest.raises(ConfigError, match=r"measure.families: there is no signal family 'language_mixx'; did you mean 'language_mix'"):
        measure_settings(Config(measure=MeasureSettings(families=("language_mixx",))))
