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
CHINESE = "\n".join(
    [
        "老磨坊坐落在河流离开群山、转向大海的地方，祖父小的时候，里面就已经不再磨面了，可是水轮还在转。",
        "春天高处草甸上的雪化了，水会涨到门前第二级台阶；大人总叫孩子们离河岸远一点，他们当然带着树皮做的小船来玩。",
        "有一年夏天，城里来的一位画家租下了楼上的房间，后来一直没有把钥匙还回来。",
        "她本想要安静，可到头来她最喜欢的，竟是堰坝那边传来的水声。",
        "她的两幅画挂在学校里：一幅画的是苍鹭，另一幅是窗边的一把空椅子。",
        "去年镇议会投票决定修缮屋顶，花的钱会比大家预想的多得多。",
        "在那之前，燕子在梁下筑巢，猫头鹰在从前装面粉的麻袋之间捉老鼠；晴朗的傍晚路过，你也许能同时听见它们。",
    ]
)
PROSE_OF = {"chinese_web": CHINESE}
EXPECTED = {
    # recipe: reasons of PROSE, reasons that SHORT must have, reasons of a page of PROSE and MENU
    "c4": (set(), {"too_few_sentences"}, set()),
    "chinese_web": (set(), {"short_doc", "language", "few_han_characters"}, {"dup_line_frac", "char_dup_ratio"}),
    "dclm": (set(), {"gopher_short_doc"}, {"dup_line_frac", "removed_words"}),
    "dolma": (set(), {"gopher_short_doc"}, {"dup_line_frac"}),
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
    text = PROSE_OF.get(recipe.stem, PROSE)
    prose, short, menu = inspected(recipe, text, SHORT, f"{text}\n{MENU}")
    assert set(prose["reasons"]) == of_prose
    assert set(short["reasons"]) >= of_short
    assert set(menu["reasons"]) == of_menu


@pytest.mark.parametrize("recipe", RECIPES, ids=lambda recipe: recipe.stem)
def test_every_rule_has_a_source(recipe):
    rules = compile_rules(load_config([str(recipe)], []).rules)
    assert rules
    assert [rule.reason for rule in rules if not rule.source.strip()] == []


def reasons(name, text):
    (answer,) = inspected(next(recipe for recipe in RECIPES if recipe.stem == name), text)
    return answer["reasons"]


def test_dolma_drops_pages_of_many_addresses():
    addresses = [f"Write to person{n}@example.com if you want to hear more of it." for n in range(6)]
    assert reasons("dolma", "\n".join([PROSE, *addresses[:5]])) == []
    assert reasons("dolma", "\n".join([PROSE, *addresses])) == ["too_much_pii"]


def test_chinese_web_drops_what_is_not_simplified_prose():
    assert reasons("chinese_web", CHINESE.replace("磨坊", "磨坊（圖書館）")) == ["traditional"]
    assert "few_han_characters" in reasons("chinese_web", CHINESE[:90] + PROSE)
    assert "duplicated_characters" in reasons("chinese_web", CHINESE.split("\n")[0] * 9)
    assert reasons("chinese_web", CHINESE.translate(dict.fromkeys(map(ord, "，；：、"), " "))) == []
    assert "few_marks" in reasons("chinese_web", CHINESE.translate(dict.fromkeys(map(ord, "，。；：、"), " ")))


def test_line_edits_leave_prose():
    (answer,) = inspected(next(recipe for recipe in RECIPES if recipe.stem == "refinedweb"), f"{MENU}{PROSE}\n3 likes\nRead more...")
    assert answer["text"] == PROSE
