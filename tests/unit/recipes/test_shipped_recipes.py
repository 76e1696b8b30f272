"""Every shipped recipe judges texts from the command line, and every number in it says where it comes from."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from corpusmill.config import load_config
from corpusmill.rules.rule import compile_rules

RECIPES = sorted((Path(__file__).resolve().parents[3] / "conf" / "recipes").glob("*.toml"))
PROSE = "\n".join(
    [
        "The old mill stands where the river leaves the hills and turns towards the sea.",
        "Nobody has ground corn in it since my grandfather was a boy, but the wheel still moves.",
        "In spring, when snow melts on the high meadows, water rises to the second step of the door.",
        "Children are told to stay away from the bank, and of course they come with boats made of bark.",
        "A painter from the town rented the upper floor for a summer and never gave back the key.",
        "She had asked for quiet, yet what she liked best, as it turned out, was the noise of the weir.",
        "Two of her pictures hang in the school: one shows a heron, the other an empty chair by a window.",
        "Last year the council voted to repair the roof, which will cost more than anybody expected.",
        "Until then swallows nest under its beams, and owls hunt mice among sacks that held flour once.",
        "If you walk past on a clear evening, you may hear both, with the water below them.",
    ]
)
SHORT = "Too short to keep."
MENU = "HOME\nPRODUCTS\nOUR TEAM\n" * 4
EXPECTED = {
    # recipe: reasons of PROSE, reasons that SHORT must have, reasons of a page of PROSE and MENU
    "c4": (set(), {"too_few_sentences"}, set()),
    "demo": (set(), {"gopher_short_doc"}, {"dup_line_frac"}),
    "fineweb": (set(), {"gopher_short_doc", "too_few_sentences"}, {"dup_line_frac"}),
    "gopher": (set(), {"gopher_short_doc"}, {"dup_line_frac"}),
    "refinedweb": (set(), {"gopher_short_doc"}, {"dup_line_frac", "removed_words"}),
}


def inspected(recipe, *texts):
    lines = "".join(json.dumps({"text": text}) + "\n" for text in texts)
    command = [sys.executable, "-m", "corpusmill.cli", "inspect", "--jsonl", "--conf", str(recipe)]
    done = subprocess.run(command, input=lines, capture_output=True, text=True, check=True)
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_each_is_expected():
    assert {recipe.stem for recipe in RECIPES} == EXPECTED.keys()


@pytest.mark.parametrize("recipe", RECIPES, ids=lambda recipe: recipe.stem)
def test_judges(recipe):
    of_prose, of_short, of_menu = EXPECTED[recipe.stem]
    prose, short, menu = inspected(recipe, PROSE, SHORT, f"{PROSE}\n{MENU}")
    assert set(prose["reasons"]) == of_prose
    assert set(short["reasons"]) >= of_short
    assert set(menu["reasons"]) == of_menu


@pytest.mark.parametrize("recipe", RECIPES, ids=lambda recipe: recipe.stem)
def test_every_rule_has_a_source(recipe):
    rules = compile_rules(load_config([str(recipe)], []).rules)
    assert rules
    assert [rule.reason for rule in rules if not rule.source.strip()] == []


def test_line_edits_leave_prose():
    (answer,) = inspected(next(recipe for recipe in RECIPES if recipe.stem == "refinedweb"), f"{MENU}{PROSE}\n3 likes\nRead more...")
    assert answer["text"] == PROSE
