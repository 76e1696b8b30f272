"""The page holds every number, loads nothing, and shows text of the crawl as text."""

import xml.etree.ElementTree as ElementTree
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from corpusmill.reports.charts import calibration_plot, funnel_bars, loss_curve, size_columns
from corpusmill.reports.content import (
    Cluster,
    Duplication,
    EditCount,
    Excerpt,
    Model,
    Passage,
    Removal,
    RemovedShare,
    ShareCount,
    SizeCount,
)
from corpusmill.reports.page import report_html

from tests.unit.reports.test_content import CONTENT, DUPLICATION, HELD_OUT, MODEL

EVIL = "<script>alert(1)</script>"


class Tags(HTMLParser):
    """All tags of a page with their attributes, and the text outside style sheets."""

    def __init__(self, page):
        super().__init__()
        self.tags, self.words = [], []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data):
        if self.tags and self.tags[-1][0] != "style":
            self.words.append(data)


def test_every_number_is_there():
    text = " ".join(Tags(report_html(CONTENT)).words)
    for shown in ("14", "10", "50.0%", "language", "40.0%", "near_duplicate", "http_status", "210", "2 ranks, torch", "6.50", "5.25"):
        assert shown in text, shown


def test_it_loads_nothing():
    tags = Tags(report_html(CONTENT)).tags
    assert not [tag for tag, _ in tags if tag in ("script", "link", "img", "iframe")]
    assert not [attributes for _, attributes in tags if {"src", "href"} & attributes.keys()]


def test_text_of_the_crawl_is_text():
    hostile = replace(
        CONTENT,
        rejected=((EVIL, 4),),
        hosts=(ShareCount(EVIL, 1, 1),),
        edits=(EditCount(EVIL, EVIL, 1, 1, Passage(EVIL, EVIL, EVIL)),),
        removals=(Removal("language", EVIL, EVIL, EVIL, Passage(EVIL, EVIL, EVIL), EVIL),),
        models=(Model(EVIL, EVIL, ((EVIL, EVIL),), 1, HELD_OUT | {"labels": {EVIL: HELD_OUT["labels"]["high"]}}),),
        settings={EVIL: '{"a": "<script>"}'},
        duplication=Duplication(
            kinds=((EVIL, 1),),
            biggest=(Cluster("d", 2, Excerpt(EVIL, "d", EVIL, Passage(after=EVIL)), (Excerpt(EVIL, EVIL, "", Passage(after=EVIL)),)),),
            hosts=(RemovedShare(EVIL, 1, 1),),
        ),
    )
    page = Tags(report_html(hostile))
    assert not [tag for tag, _ in page.tags if tag == "script"]
    assert "".join(page.words).count(EVIL) == 27


def test_a_deleted_span_becomes_nothing():
    page = report_html(replace(CONTENT, edits=(EditCount("c4_javascript", None, 2, 3),)))
    assert '<span class="soft">nothing</span>' in page


def test_the_funnel_is_to_scale():
    root = ElementTree.fromstring(funnel_bars([("documents", 200, "all"), ("a & b", 50, "removed"), ("none", 0, "removed")]))
    widths = [float(rect.get("width")) for rect in root.findall("rect")]
    assert widths[0] == 4 * widths[1] > 0
    assert widths[2] == 0
    assert "a & b" in [text.text for text in root.findall("text")]


def test_the_loss_curve_begins_high_and_ends_low():
    root = ElementTree.fromstring(loss_curve([(1, 8.0), (5, 6.0), (9, 4.0)]))
    points = [tuple(map(float, point.split(","))) for point in root.find("polyline").get("points").split()]
    assert [x for x, _ in points] == sorted(x for x, _ in points)
    assert [y for _, y in points] == sorted(y for _, y in points)
    assert points[1][1] * 2 == points[0][1] + points[2][1]


def test_a_curve_of_one_point():
    assert "polyline" in loss_curve([(3, 2.0)])


def test_a_model_has_its_training_its_quality_and_its_scores():
    text = " ".join(" ".join(Tags(report_html(replace(CONTENT, models=(MODEL,)))).words).split())
    for shown in (
        "Models edu embedding Trained on 1,800 examples of /data/ratings version 7",
        "high 0.812 0.750 0.780 50",
        "mean 0.875 200",
        "1 % 10 % 0.991 0.902",
        "1,234 documents reached it; quantiles over them:",
        "least 50 % greatest probability 0.5 0.75 0.99 score -0.25 1.5 40,124",
    ):
        assert shown in text, shown


def test_a_model_of_the_users_has_its_scores_alone():
    page = report_html(replace(CONTENT, models=(Model("edu", "fasttext", documents=1),)))
    assert "1 document reached it." in page
    assert "held out" not in page
    assert "<h2>Models" not in report_html(CONTENT)


def test_calibration_is_where_it_says():
    root = ElementTree.fromstring(calibration_plot([(0.25, 0.5, 10), (0.75, 1.0, 40)]))
    line, (low, high) = root.find("line[@class='diagonal']"), root.findall("circle")
    x1, y1, x2, y2 = (float(line.get(name)) for name in ("x1", "y1", "x2", "y2"))
    assert float(low.get("cx")) == x1 + (x2 - x1) * 0.25
    assert float(low.get("cy")) == (y1 + y2) / 2
    assert (float(high.get("cx")), float(high.get("cy"))) == (x1 + (x2 - x1) * 0.75, y2)
    assert float(high.get("r")) == 2 * float(low.get("r"))


def test_duplicates_have_their_sizes_examples_hosts_and_recall():
    text = " ".join(" ".join(Tags(report_html(replace(CONTENT, duplication=DUPLICATION))).words).split())
    for shown in (
        "48 documents repeat another one, in 7 clusters: 40 nearly, 7 by equal text, 1 by URL.",
        "Estimated recall 96.2 %: of the pairs of similarity 0.75 and more, so many share a band",
        "2 to 3 5 11 16 to 31 2 44",
        "30 documents · http://a.org/1 old The page that stays bbbbb",
        "· new The page that goes http://c.org/ · new",
        f"14 documents · {'d' * 32}",
        "a.org 80 44 55.0% b.org 4 4 100.0%",
    ):
        assert shown in text, (shown, text)


def test_without_duplicates_the_page_says_so_and_before_they_are_looked_for_nothing():
    page = report_html(replace(CONTENT, duplication=Duplication()))
    assert "No document repeats another one." in page
    assert "Estimated recall" not in page
    assert "<h2>Duplicates" not in report_html(CONTENT)


def test_columns_of_cluster_sizes_are_logarithms_of_a_scale_without_holes():
    root = ElementTree.fromstring(size_columns([("2", 1000), ("4", 0), ("8", 1), ("16", 10)]))
    heights = [float(rect.get("height")) for rect in root.findall("rect")]
    decade = heights[3] - heights[2]
    assert heights[0] - heights[3] == pytest.approx(2 * decade, abs=0.2)
    assert heights[1] == 0 < heights[2] < decade
    lines = [float(line.get("y1")) for line in root.findall("line")]
    tops = [float(rect.get("y")) for rect in root.findall("rect")]
    assert {tops[0], tops[2], tops[3]} <= set(lines), "a column ends at the line of its count"
    assert len({rect.get("width") for rect in root.findall("rect")}) == 1
    assert all(float(rect.get("y")) >= 0 for rect in root.findall("rect"))
    page = report_html(replace(CONTENT, duplication=DUPLICATION))
    assert [title for title in (2, 4, 8, 16, 32) if f"<title>{title} documents and more: " in page] == [2, 4, 8, 16]


def test_sizes_of_any_magnitude_have_short_names_that_do_not_meet():
    sizes = tuple(SizeCount(2**k, 2 ** (40 - k), 2**40) for k in range(1, 31))
    page = report_html(replace(CONTENT, duplication=replace(DUPLICATION, sizes=sizes)))
    for label in ("512", "2Ki", "512Ki", "2Mi", "512Mi", "100G"):
        assert f">{label}<" in page, label
    assert ">1Ki<" not in page, "every second has a name"
