"""The report and the statement as HTML: safe, complete, and nothing but themselves."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import string
import sys
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from html.parser import HTMLParser
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from automod.errors import MissingExtra
from automod.model.comparison import Difference
from automod.model.evaluation import NOTHING, Agreement, Evaluation, Example, Ratio, Warned
from automod.report import html_page
from automod.report.cards import Cards
from automod.report.charts import curve_svg, curve_words
from automod.report.evaluation_html import report
from automod.report.evaluation_view import by_code, heats, materials, runs
from automod.report.evaluation_words import sentences, word
from automod.report.html_words import own_words, page_word
from automod.report.labels import LANGS, Lang
from automod.report.marked_text import MOST, marked_fields, pieces
from automod.report.masking import masked
from automod.report.statement_html import statement
from automod.report.thumbnails import beside, data_uri
from evaluations import comparison, evaluation, gate, measures, ratio, small
from worlds import CODE_TITLES

HOSTILE = "</script><script>alert(1)</script>\"'><img src=x onerror=alert(1)>"
BIDI = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
ACTING = f"{BIDI}\x00\x07\x1b[31m\ud800\u200b"


class Page(HTMLParser):
    """What a page is made of: elements with their attributes, and its text."""

    VOID = frozenset({"meta", "img", "br", "line", "rect", "path"})

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[tuple[tuple[str, ...], str]] = []
        self._open: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep the element."""
        self.elements.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep the element; nothing is in it."""
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        """Leave the element."""
        assert self._open.pop() == tag, tag

    def handle_data(self, data: str) -> None:
        """Keep the text, with the elements it is in."""
        self.words.append((tuple(self._open), data))

    def text(self) -> str:
        """All that is read, on one line."""
        shown = (data for inside, data in self.words if not {"style", "script"} & set(inside))
        return re.sub(r"\s+", " ", " ".join(shown))

    def all(self, tag: str) -> list[dict[str, str | None]]:
        """The attributes of every element of a sort."""
        return [attrs for name, attrs in self.elements if name == tag]


def written(lang: Lang) -> str:
    """Everything that a report can hold."""
    return report(
        evaluation(), lang, titles=CODE_TITLES[lang], comparison=comparison(), gate=gate(),
        command="automod eval cases.jsonl -r rulesets",
    )  # fmt: skip


full = cache(written)


def bare() -> Evaluation:
    """The evaluation without its curves, which take longest."""
    return replace(evaluation(), curves=())


@pytest.fixture(scope="module", params=LANGS)
def lang(request: pytest.FixtureRequest) -> Lang:
    """Each language."""
    found: Lang = request.param
    return found


@pytest.fixture(scope="module")
def html(lang: Lang) -> str:
    """The whole report."""
    return full(lang)


@pytest.fixture(scope="module")
def page(html: str) -> Page:
    """The whole report, read."""
    return Page(html)


def one_example(**changes: Any) -> Example:
    """A false alarm."""
    made = Example(
        "false_alarm", "c1", "SA", "GMB.REAL", "reject", "approve", 0.9,
        {"body": "كازينو"}, (), ({"material": "p/m", "field": "body", "start": 0, "end": 6},),
    )  # fmt: skip
    return replace(made, **changes)


# --- nothing from outside ------------------------------------------------------------------------


def test_a_page_asks_for_nothing(html: str, page: Page) -> None:
    """No address of the outside, in any language: what it shows is in it, or is not shown."""
    for _, attrs in page.elements:
        assert attrs.keys().isdisjoint({"style", "srcset", "action", "formaction", "onclick"})
        assert all(not name.startswith("on") for name in attrs)
        assert (attrs.get("href") or "#").startswith("#")
        assert (attrs.get("src") or "data:image/").startswith("data:image/")
    assert {name for name, _ in page.elements}.isdisjoint(
        {"link", "iframe", "object", "embed", "form", "base", "foreignobject"}
    )
    assert html.count("http") == html.count("http-equiv")
    assert not re.search(r"@import|url\(", html)


def test_the_page_locks_itself(html: str, page: Page) -> None:
    """Nothing runs but the one script of the page, and nothing styles it but its one sheet."""
    policy = next(one["content"] for one in page.all("meta") if one.get("http-equiv")) or ""
    assert policy.startswith("default-src 'none'; img-src data:;")
    assert "unsafe" not in policy
    for tag in ("script", "style"):
        (source,) = re.findall(rf"<{tag}>(.*?)</{tag}>", html, re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(source.encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in policy


def test_the_same_evaluation_gives_the_same_page() -> None:
    """Not a byte depends on anything else."""
    assert full("ar") == written("ar")


def test_places_of_a_page_have_one_name_each(page: Page) -> None:
    """Every id is there once, and every link leads somewhere."""
    ids = [attrs["id"] for _, attrs in page.elements if "id" in attrs]
    assert len(ids) == len(set(ids))
    assert {one["href"] for one in page.all("a")} <= {f"#{name}" for name in ids}


# --- hostile text --------------------------------------------------------------------------------


def hostile(text: str) -> Evaluation:
    """An evaluation in which everything that comes from outside is this text."""
    made = evaluation()
    by = (("policy", text), ("market", text))
    part = made.parts[0]
    example = one_example(
        creative=text, market=text, policy=text, action=text, wanted=text, images=(text,),
        text={"body": text, text: text},
        hits=({"material": text, "field": "body", "start": 2, "end": 9, "text": text},
              {"material": text + "2", "field": text + "3", "start": 0, "end": 1, "text": text,
               "view": text, "distance": 3, "folds": [text], "allowed_by": text}),
    )  # fmt: skip
    return replace(
        made,
        about=replace(made.about, rulesets=(text,), policies=text, where=((text, text),),
                      decided_from=text),
        warnings=(*made.warnings, Warned(text, ((text, text), ("many", [text])))),
        slices=(*made.slices, *(replace(one, by=by) for one in made.slices[:3]),
                *(replace(one, by=(("month", text),)) for one in made.slices[:3])),
        parts=(replace(part, by=(("material", text), ("policy", text)), covered_by=text,
                       status=text),
               replace(part, by=((text, text),)), *made.parts),
        overlaps=(replace(made.overlaps[0], policy=text, one=text, other=text),),
        dead=(text,), curves=(replace(made.curves[0], by=(("policy", text),)),),
        thresholds=(replace(made.thresholds[0], by=(("stance", text),)),),
        agreement=(replace(made.agreement[0], market=text, one=text, other=text),),
        examples=(example,),
        outcomes=replace(small().outcomes, creatives=(text,), markets=(text,), policies=(text,)),
    )  # fmt: skip


def pages_with(text: str) -> Iterator[str]:
    """Every page there is, with a text wherever text can come from outside."""
    changed = comparison()
    change = replace(changed.changes[0], by=((text, text),))
    flip = replace(changed.flips[0], creative=text, market=text, policy=text, text={text: text},
                   before=text, after=text, wanted=text)  # fmt: skip
    lines = tuple(replace(one, name=text, by=((text, text),), measure=text) for one in gate().lines)
    yield report(hostile(text))
    made = replace(hostile(text), curves=())
    for lang in LANGS:
        for mask in (False, True):
            yield report(
                made, lang, titles={text: text, "GMB.REAL": text}, command=text, mask=mask,
                comparison=replace(changed, changes=(change,), flips=(flip,)),
                gate=replace(gate(), lines=lines), picture=lambda path: path,
            )  # fmt: skip
            yield statement(made, lang, titles={text: text}, command=text, mask=mask, examples=3)


def test_no_text_becomes_markup() -> None:
    """Whatever is written in an ad, an id or a title: it is read, and does nothing."""
    for html in pages_with(HOSTILE):
        page = Page(html)
        assert len(page.all("script")) == 1
        assert page.all("img") == []
        assert [attrs for _, attrs in page.elements if "onerror" in attrs] == []
        assert HOSTILE in page.text()


def test_no_text_turns_or_breaks_the_page() -> None:
    """Bidi controls, control characters and halves of characters are shown, and act no more."""
    for html in pages_with(f"win{ACTING}now"):
        assert not set(BIDI) & set(html)
        assert not re.search("[\x00-\x08\x0b-\x1f\ud800-\udfff\u200b]", html)
        assert "␛[31m" in html
        html.encode()


@given(st.text(max_size=40))
def test_any_text_of_an_ad_is_only_text(text: str) -> None:
    """The elements of a page do not depend on what an ad says."""
    cards = Cards("en")
    told = html_page.page("page.html", "en", {"x": text})
    assert [name for name, _ in Page(told).elements][:3] == ["html", "head", "meta"]
    shown = cards.example(one_example(text={"body": text})).fields
    flat = "".join(piece.text for field in shown for piece in field.pieces)
    assert not set(flat) & set(BIDI)
    assert str(html_page.markup("<b>{}</b>", text)).count("<") == 2


# --- figures -------------------------------------------------------------------------------------


def test_every_ratio_has_its_counts(page: Page, lang: Lang) -> None:
    """A percentage never stands alone."""
    text = page.text()
    made = evaluation()
    told = [one.measures for one in made.slices] + [one.measures for one in made.parts]
    for one in told:
        for known in (one.precision, one.recall):
            assert word("of", lang, count=f"{known.count:,}", of=f"{known.of:,}") in text
    for one in (one.measures for one in made.slices):
        for known in (one.f1, one.false_alarm_rate, one.rate):
            assert word("of", lang, count=f"{known.count:,}", of=f"{known.of:,}") in text


def test_a_ratio_as_it_is_written() -> None:
    """Value, bar, counts and interval; too little data in words."""
    html = full("en")
    made = evaluation().at("stopped")
    assert made is not None and made.measures.precision.low is not None
    assert (
        '<div class="ratio"><span class="v"><bdi dir="ltr">92%</bdi></span>'
        '<svg class="bar" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true" '
        'focusable="false"><rect class="track" x="0" y="4" width="100" height="2"/>'
        f'<rect class="range" x="{100 * made.measures.precision.low:.2f}" y="1.5"'
    ) in html.replace("\n", "")
    assert (
        '<span class="sub"><span class="n">297 of 322</span> '
        '<span class="ci"><bdi dir="ltr">89–95%</bdi></span></span></div>'
    ) in html
    few = html.count('<div class="ratio few">')
    assert few > 20
    # Each says so in words; heat maps, gates and all figures say it as well.
    assert html.count("not enough data") >= few


def test_unknown_is_not_zero() -> None:
    """0 of 0 is unknown; 0 of 4 is 0%."""
    text = Page(report(small(), "en")).text()
    assert "unknown of what was stopped was stopped rightly 0 of 0" in text
    assert "0% 0 of 4" in text
    assert "0% 0 of 0" not in text
    some = measures(0, 5, 7, 88)
    made = replace(small(), slices=tuple(replace(one, measures=some) for one in small().slices))
    text = Page(report(made, "en")).text()
    assert "0% of what was stopped was stopped rightly 0 of 5" in text
    assert "0% of what had to be stopped was stopped 0 of 7" in text


def test_a_figure_without_interval_says_so() -> None:
    """Nobody knows how much few clusters differ."""
    bare = Ratio(3, 4, 0.75, None, None, "bootstrap", enough=False)
    made = small()
    first = made.slices[0]
    known = replace(first, measures=replace(first.measures, precision=bare))
    text = Page(report(replace(made, slices=(known, *made.slices[1:])), "en")).text()
    assert "75% of what was stopped was stopped rightly 3 of 4 no interval" in text


def test_restrictions_have_a_line_of_their_own(page: Page, lang: Lang) -> None:
    """Restricting is no stopping: it stands where any was asked for, and nowhere else."""
    rows = [attrs for attrs in page.all("tr") if "restricted" in (attrs.get("class") or "")]
    told = [line for one in by_code(evaluation()) for line in (one.whole, *one.markets)]
    asked = sum(line.has("restricted") for line in told)
    assert 0 < asked < len(told)
    assert len(rows) >= asked


def test_heat_maps_tell_unknown_from_nothing() -> None:
    """A cell without a case is hatched and says so; a cell of 0% is the worst colour."""
    (group,) = (
        one for one in heats(evaluation()) if {one.down, one.across} == {"market", "policy"}
    )
    steps = {cell.step for one in group.maps for row in one.cells for cell in row}
    assert None in steps and len(steps) > 3
    html = full("en")
    assert re.search(r'<td class="unknown">unknown<small>0 of 0</small></td>', html)
    assert re.search(r'<td class="h\d few" title="not enough data"><b>.*?<span class="q">\?', html)


def test_thresholds_that_give_the_same_are_one_row() -> None:
    """A table of thresholds is as long as it says something."""
    curve = evaluation().thresholds[0]
    told = runs(curve)
    assert len(told) < len(curve.points)
    assert told[0][0] == curve.points[0].threshold
    assert told[-1][1] == curve.points[-1]


# --- warnings ------------------------------------------------------------------------------------

CODES = (
    "recall.hits_only", "labels.stale", "labels.disputed", "cases.undecided",
    "cases.without_markets", "decisions.incomplete", "weights.partial", "rulesets.many",
    "policies.none", "groups.unknown", "cases.without_codes", "decisions.unexplained",
)  # fmt: skip


@pytest.mark.parametrize("code", CODES)
def test_every_warning_is_said_first(code: str) -> None:
    """Before any figure, in words of the page's language."""
    made = replace(small(), warnings=(Warned(code, (("cases", 7), ("sampled", 3))),))
    for lang in LANGS:
        known = sentences(lang)["warnings"][code]
        said = page_word("say.stopped.precision", lang)
        text = Page(report(made, lang)).text()
        assert -1 < text.index(known["title"]) < text.index(known["text"]) < text.index(said)
        assert known["text"] in Page(statement(made, lang)).text()


def test_a_warning_without_words_is_shown_all_the_same() -> None:
    """Its code, and its values."""
    made = replace(small(), warnings=(Warned("moon.full", (("phase", "new"), ("cases", 3))),))
    text = Page(report(made, "en")).text()
    assert "moon.full phase: new, cases: 3" in text


def test_recall_that_is_too_high_is_marked_wherever_it_stands() -> None:
    """Who looks at one table alone is told as well."""
    biased = Page(full("en"))
    marks = [one for one in biased.all("a") if one.get("class") == "biased"]
    assert len(marks) > 5
    assert {one["href"] for one in marks} == {"#warnings"}
    assert "biased" not in {one.get("class") for one in Page(report(small())).all("a")}


def test_no_warning_is_told_too() -> None:
    """An empty list is not a missing one."""
    assert word("no_warnings", "en") in Page(report(small(), "en")).text()


# --- two languages -------------------------------------------------------------------------------


def test_an_arabic_page_runs_from_right_to_left() -> None:
    """And an English one from left to right."""
    assert Page(full("ar")).all("html") == [{"lang": "ar", "dir": "rtl"}]
    assert Page(full("en")).all("html") == [{"lang": "en", "dir": "ltr"}]


def test_nothing_of_an_arabic_page_is_left_in_english() -> None:
    """Latin letters stand in names, figures and texts of ads only: those are isolated."""
    known = {"automod", "F1", "S", "O", "p", "h", "title", "body"}
    for html in (full("ar"), statement(evaluation(), "ar", examples=2, titles=CODE_TITLES["ar"])):
        page = Page(html)
        isolated = {"bdi", "code", "style", "script", "mark", "option"}
        loose = " ".join(data for inside, data in page.words if not isolated & set(inside))
        assert set(re.findall(r"[A-Za-z][A-Za-z0-9]*", loose)) <= known
        for attrs in (attrs for _, attrs in page.elements):
            for name in ("aria-label", "title", "data-label", "data-find", "data-shown"):
                said = re.sub(r"\{\w+\}", "", attrs.get(name) or "")
                assert not re.search("[A-Za-z]{3}", said), said


def test_figures_of_an_arabic_page_are_ascii_and_isolated() -> None:
    """No digit changes with the language, and no percent sign jumps to the other side."""
    page = Page(full("ar"))
    assert not re.search("[٠-٩۰-۹]", page.text())
    around = {"bdi", "text", "style", "script", "p", "dd"}
    loose = [
        data for inside, data in page.words
        if re.search(r"\d%", data) and not set(inside) & around
    ]  # fmt: skip
    assert loose == []


def test_both_languages_say_the_same() -> None:
    """Every sentence is there in both, and has the same places for values."""

    def places(text: str) -> set[str]:
        return {name for _, name, _, _ in string.Formatter().parse(text) if name}

    english, arabic = own_words("en"), own_words("ar")
    assert english.keys() == arabic.keys()
    assert [key for key in english if places(english[key]) != places(arabic[key])] == []
    one, other = sentences("en"), sentences("ar")
    assert list(one["glossary"]) == list(other["glossary"])
    assert one["warnings"].keys() == other["warnings"].keys() == set(CODES)
    for code in CODES:
        assert places(one["warnings"][code]["count"]) == places(other["warnings"][code]["count"])
        assert re.search("[ء-ي]", other["warnings"][code]["text"])


def test_every_word_of_a_template_is_known() -> None:
    """What templates ask for by name is in the catalogue."""
    for path in (Path(html_page.__file__).parent / "templates").glob("*.html"):
        for key in re.findall(r'\bw\(["\']([a-z_.0-9]+)["\'](?! ~)', path.read_text("utf-8")):
            page_word(key, "ar", count=1, of=2, trials=3)


# --- material ------------------------------------------------------------------------------------


def test_the_noisy_and_the_dead_have_lists_of_their_own(page: Page) -> None:
    """Noisy is what is surely bad: one wrong hit of two is not."""
    loud = [one.name for one in materials(evaluation()) if one.noisy]
    assert "gambling-ar/luck" in loud and len(loud) < 6
    classes = [attrs.get("class") for attrs in page.all("ul")]
    assert "noisy" in classes and "dead" in classes
    assert all(name in page.text() for name in evaluation().dead)
    part = replace(evaluation().parts[0], measures=measures(1, 1, 5, 90))
    assert not materials(replace(evaluation(), parts=(part,)))[0].noisy


def test_every_material_has_a_row(page: Page) -> None:
    """With its hits to sort by."""
    text = page.text()
    for one in materials(evaluation()):
        assert one.name in text
    assert sum("data-sort" in attrs for attrs in page.all("td")) == 9 * len(evaluation().parts)


def test_a_long_table_says_what_it_leaves_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """Never a part for the whole."""
    monkeypatch.setattr("automod.report.evaluation_html.MOST_MATERIALS", 10)
    monkeypatch.setattr("automod.report.evaluation_html.MOST_FIGURES", 10)
    monkeypatch.setattr("automod.report.evaluation_html.MOST_DEAD", 1)
    text = Page(report(bare(), "en")).text()
    noisy = sum(one.noisy for one in materials(evaluation())[10:])
    assert f"{len(evaluation().parts) - 10 - noisy} more" in text
    assert f"{len(evaluation().slices) - 10} more" in text
    assert "2 more" in text


# --- examples ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "spans", "marked"),
    [
        ("العب في كازينو الآن", [(8, 14)], ["كازينو"]),
        ("free casino bonus", [(5, 11), (8, 17)], ["casino bonus"]),
        ("free casino bonus", [(0, 4), (12, 17)], ["free", "bonus"]),
        ("كَازِينو", [(0, 1)], ["كَ"]),
        ("👍🏽 win", [(0, 1)], ["👍🏽"]),
        ("win", [(-5, 99)], ["win"]),
        ("win", [(2, 1)], []),
        ("", [(0, 3)], []),
    ],
)
def test_spans_are_marked_whole(text: str, spans: list[tuple[int, int]], marked: list[str]) -> None:
    """Code points of the field; overlapping ones are one mark, and no letter is cut."""
    found = pieces(text, spans)
    assert [one.text for one in found if one.marked] == marked
    assert "".join(one.text for one in found) == text


def test_a_long_field_is_shown_around_its_marks() -> None:
    """A mark at the end of a long text is not lost."""
    text = "a " * MOST + "casino" + " b" * MOST
    found = pieces(text, [(2 * MOST, 2 * MOST + 6)])
    assert [one.text for one in found if one.marked] == ["casino"]
    assert sum(len(one.text) for one in found) < MOST


def test_a_hit_outside_the_texts_is_told_in_words() -> None:
    """A picture, the host of a link, a rule: what cannot be marked is named."""
    hits = (
        {"material": "p/bot", "field": "links[0].host", "start": 0, "end": 4, "text": "t.me"},
        {"material": "p/banner", "field": "images[0]", "view": "framed, mirrored", "distance": 12},
        {"material": "p/rule", "kind": "rule", "field": None},
    )
    card = Cards("en").example(one_example(hits=hits))
    ((_, found),) = card.found
    assert [(one.name, one.how) for one in found] == [
        ("p/bot", "links[0].host: t.me"),
        ("p/banner", "images[0], inside the picture, mirrored, 12 bits apart"),
        ("p/rule", "rule"),
    ]


def test_marks_of_an_unknown_field_are_left_out() -> None:
    """A hit in a field that is not shown marks nothing."""
    assert (
        marked_fields({"body": "win"}, [{"field": "title", "start": 0, "end": 3}])[0]
        .pieces[0]
        .marked
        is False
    )


# --- pictures ------------------------------------------------------------------------------------


def png(size: tuple[int, int] = (900, 600)) -> bytes:
    """A picture."""
    out = BytesIO()
    Image.new("RGB", size, "teal").save(out, "PNG")
    return out.getvalue()


def test_pictures_are_made_small_and_stay_inside(tmp_path: Path) -> None:
    """Only pictures of the folder, written anew, within a budget."""
    folder = tmp_path / "ads"
    folder.mkdir()
    (folder / "banner.png").write_bytes(png())
    (folder / "notes.txt").write_text("no picture")
    (tmp_path / "secret.png").write_bytes(png())
    show = beside(folder)
    shown = show("banner.png")
    assert shown is not None and shown.startswith("data:image/jpeg;base64,")
    with Image.open(BytesIO(base64.b64decode(shown.partition(",")[2]))) as small_one:
        assert max(small_one.size) == 320
    for path in ("../secret.png", str(tmp_path / "secret.png"), "notes.txt", "none.png", "a\0b"):
        assert show(path) is None
    assert beside(folder, most=10)("banner.png") is None
    assert data_uri(png((10, 10))).startswith("data:image/jpeg")


def test_a_picture_of_the_outside_is_not_shown() -> None:
    """Whatever the caller gives for it."""
    made = replace(bare(), examples=(one_example(images=("a.png", "b.png")),))
    uri = "data:image/gif;base64,R0lGODlhAQABAAAAACw="
    html = report(made, picture=lambda path: uri if path == "a.png" else "https://x.example/b.png")
    assert [one["src"] for one in Page(html).all("img")] == [uri]


# --- masking -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "hidden"),
    [
        ("واتساب 050 123 4567 الآن", "واتساب ••• ••• •••• الآن"),
        ("اتصل ٠٥٠١٢٣٤٥٦٧", "اتصل ••••••••••"),
        ("۰۵۰-۱۲۳-۴۵۶۷", "•••-•••-••••"),
        ("０５０１２３４５６７", "••••••••••"),
        ("0 5 0 . 1 2 3 . 4 5 6 7", "• • • . • • • . • • • •"),
        ("0️⃣5️⃣0️⃣1️⃣2️⃣3️⃣4️⃣", "•️⃣•️⃣•️⃣•️⃣•️⃣•️⃣•️⃣"),
        ("05O 123 4567", "••• ••• ••••"),
        ("٠ـ٥ـ٠ـ١ـ٢ـ٣ـ٤", "•••••••••••••"),
        ("+234 (803) 123-4567", "+••• (•••) •••-••••"),
        ("صفر خمسة خمسة واحد اتنين تلاتة اربعة", "••• •••• •••• •••• ••••• ••••• •••••"),
        ("راسلنا @winksa الآن", "راسلنا ••••••• الآن"),
        ("wa.me/966501234567", "wa.me/••••••••••••"),
        ("https://t.me/winksa?x=1", "https://t.me/••••••?•=•"),
        ("instagram.com/win.ksa", "instagram.com/•••.•••"),
        ("me@site.com", "•••••••••••"),
        ("200 ريال حتى 2026", "200 ريال حتى 2026"),
        ("casino.com/welcome", "casino.com/welcome"),
    ],
)
def test_what_leads_to_a_person_is_dotted_out(text: str, hidden: str) -> None:
    """Phones in any script, accounts and addresses; prices and other links stay."""
    found = masked(text)
    assert len(found) == len(text)
    assert found.replace("/•••.•••", "/•••.•••") == hidden


@given(st.text(alphabet="0123456789٠١٢٣٤٥٦٧٨٩ -.()+@abـ\u200b", max_size=40))
def test_no_phone_number_gets_through(text: str) -> None:
    """Seven digits with little between them are never left, and spans still hold."""
    found = masked(text)
    assert len(found) == len(text)
    assert not re.search(r"\d(?:[^\w•]{0,6}\d){6}", found)


@given(st.text(max_size=60))
def test_masking_takes_any_text(text: str) -> None:
    """Also halves of characters."""
    assert len(masked(text + "\ud800")) == len(text) + 1


# --- what changed, and the gate ------------------------------------------------------------------


def test_what_changed_has_its_cases() -> None:
    """Counts, test, both ratios with counts, and the creatives by sort, what is worse first."""
    html = full("en")
    text = Page(html).text()
    first = comparison().changes[0]
    assert f"+{first.gained} newly caught" in text
    assert f"−{first.lost} no longer caught" in text
    before, after = first.recall_before, first.recall_after
    assert f"({before.count} of {before.of})→" in text.replace(" →", "→")
    assert f"({after.count} of {after.of})" in text
    kinds = [text.index(f" {word(kind, 'en')} {n}") for kind, n in flips()]
    assert kinds == sorted(kinds)


def flips() -> list[tuple[str, int]]:
    """How many creatives were decided otherwise, by sort, in the order they are told."""
    kinds: list[str] = [one.kind for one in comparison().flips]
    told = ("lost", "new_alarm", "gained", "gone_alarm")
    return [(kind, kinds.count(kind)) for kind in told if kinds.count(kind)]


def test_nothing_is_counted_that_is_not_paired() -> None:
    """Two sets of cases have no case that was gained: unknown, not 0."""
    nothing = Difference(None, None, None, enough=False)
    changes = tuple(
        replace(one, gained=0, lost=0, new_alarms=0, gone_alarms=0, recall_p=None, alarms_p=None,
                recall=nothing)
        for one in comparison().changes
    )  # fmt: skip
    made = replace(comparison(), paired=False, changes=changes, flips=())
    text = Page(report(small(), comparison=made)).text()
    assert "nothing can be compared one by one" in text
    assert "unknown: newly caught" in text and "p unknown" in text
    assert "0 newly caught" not in text


def test_a_gate_tells_each_promise(page: Page, lang: Lang) -> None:
    """Kept, broken, or not enough data: in words, with the figure that says so."""
    text = page.text()
    for line in gate().lines:
        assert word(line.passed, lang) in text
    assert word("gate.failed", lang) in text
    passed = replace(gate(), lines=gate().lines[:1])
    assert word("gate.passed", lang) in Page(report(small(), lang, gate=passed)).text()


# --- curves --------------------------------------------------------------------------------------


def test_a_curve_is_a_picture_and_words(lang: Lang) -> None:
    """No name from outside is in the picture; who cannot see it is told its ends."""
    curve = evaluation().curves[0]
    svg = curve_svg(curve, lang)
    assert svg is not None and svg.startswith("<svg") and "xmlns" not in svg
    assert "GMB" not in svg and word("precision", lang) in svg
    assert curve_words(curve, lang).count("%") == 4


def test_nothing_is_drawn_where_nothing_is_known(lang: Lang) -> None:
    """A curve without a known point is unknown, not empty."""
    curve = evaluation().curves[0]
    unknown = replace(curve.points[0], recall=NOTHING)
    assert curve_svg(replace(curve, points=(unknown,)), lang) is None
    assert curve_words(replace(curve, points=()), lang) == word("unknown", lang)


# --- the statement -------------------------------------------------------------------------------


def test_a_statement_has_every_judgement() -> None:
    """What was there, what was asked, what was done, of each that was counted."""
    html = statement(evaluation(), "en")
    rows = re.findall(r"<tr><td><bdi>(ad-\d+)</bdi></td><td><bdi>(\w+)</bdi></td>", html)
    assert len(rows) == len(evaluation().outcomes.creative)
    assert "✖ reject" in html and "✔ approve" in html


def test_a_statement_tells_what_it_was_made_of() -> None:
    """Period, sampling, exclusions, agreement, digests, the command."""
    made = evaluation()
    text = Page(statement(made, "en", command="automod eval cases.jsonl")).text()
    for said in (
        "2026-11-01 to 2026-11-30", "1,200 of 1,412 cases were drawn at random",
        "212 cases are known only because a hit", "cases without a decision", "0.84",
        made.about.rulesets[0], "automod eval cases.jsonl", "Every case counts once.",
        "decisions without a case",
    ):  # fmt: skip
        assert said in text


@pytest.mark.parametrize(
    ("sampled", "said"),
    [
        (1412, "All 1,412 cases were drawn at random"),
        (3, "3 of 1,412 cases were drawn at random"),
        (0, "None of the 1,412 cases was drawn at random"),
    ],
)
def test_a_statement_says_how_cases_were_chosen(sampled: int, said: str) -> None:
    """Who reads it knows what the figures hold for."""
    made = small()
    account = replace(made.account, sampled=sampled)
    assert said in Page(statement(replace(made, account=account))).text()


def test_a_statement_tells_the_slices_that_were_asked_for() -> None:
    """And no others."""
    text = Page(statement(evaluation(), by=[("language",)])).text()
    assert "Language es" in text and "Market SA" not in text


def test_a_masked_statement_names_nobody() -> None:
    """Neither a number, nor an account, nor a labeller."""
    made = evaluation()
    text = Page(statement(made, "en", mask=True, examples=9)).text()
    plain = Page(statement(made, "en", examples=9)).text()
    for name in ("050 123 4567", "@winksa", "h.salem"):
        assert name in plain and name not in text
    assert "Labeller 1" in text and "•••" in text


def test_a_statement_without_rows_says_so() -> None:
    """Where there were too many to keep, and where nobody labelled twice."""
    made = evaluation()
    empty = replace(made.outcomes, creative=(), market=(), policy=(), language=(), present=(),
                    wanted=(), action=(), score=(), weight=(), group=(), complete=())  # fmt: skip
    text = Page(statement(replace(made, outcomes=empty, agreement=()))).text()
    assert page_word("statement.no_rows", "en") in text
    assert page_word("agreement.none", "en") in text


def test_agreement_that_nobody_can_tell_is_unknown() -> None:
    """Kappa of too few is unknown, not 0."""
    pair = Agreement("ES", "a", "b", 0, 0, None, None, None, enough=False)
    text = Page(report(replace(small(), agreement=(pair,)))).text()
    assert re.search(r"ES ?a ?b ?0 of 0 ?unknown ? \? not enough data", text)


# --- around it -----------------------------------------------------------------------------------


@pytest.mark.parametrize("missing", ["jinja2", "vl_convert", "altair"])
def test_a_missing_extra_is_named(missing: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """One sentence that says what to install."""
    monkeypatch.setitem(sys.modules, missing, None)
    html_page._environment.cache_clear()
    with pytest.raises(MissingExtra, match=r"automod-ads\[report\]"):
        report(evaluation())


def test_templates_are_in_the_wheel() -> None:
    """They lie in the package, which is what a wheel holds."""
    folder = Path(html_page.__file__).parent / "templates"
    names = {path.name for path in folder.iterdir()}
    assert names >= {"page.html", "page.css", "page.js", "evaluation.html", "statement.html"}
    for lang in LANGS:
        json.loads((folder / f"words.{lang}.json").read_text("utf-8"))


def test_an_evaluation_of_nothing_has_a_page() -> None:
    """No slice, no material, no example: a page that says so."""
    made = replace(small(), slices=(), outcomes=replace(small().outcomes))
    for lang in LANGS:
        text = Page(report(made, lang)).text()
        assert word("unknown", lang) in text
    assert ratio(0, 0) == NOTHING
