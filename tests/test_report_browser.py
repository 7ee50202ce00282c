"""The report in a real browser: nothing is asked for, nothing overflows, tables sort and filter."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from automod.report.evaluation_html import report
from automod.report.labels import LANGS, Lang
from automod.report.statement_html import statement
from evaluations import comparison, evaluation, gate
from worlds import CODE_TITLES

sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")

pytestmark = [
    pytest.mark.skipif(
        CHROMIUM is None, reason="no chromium here: `sh tools/chromium.sh` installs it"
    ),
    # One worker has them all, so that one browser is started.
    pytest.mark.xdist_group("browser"),
]

WIDTHS = (390, 1100, 1280)
TABLE = "table.materials"


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """A browser without a network."""
    with sync_api.sync_playwright() as driver:
        # Root has no sandbox in a container.
        flags = ["--no-sandbox"] if os.geteuid() == 0 else []
        chromium = driver.chromium.launch(executable_path=CHROMIUM, args=flags)
        yield chromium
        chromium.close()


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The report and the statement in every language."""
    folder = tmp_path_factory.mktemp("reports")
    made = {}
    for lang in LANGS:
        titles = CODE_TITLES[lang]
        made[f"report-{lang}"] = report(
            evaluation(), lang, titles=titles, comparison=comparison(), gate=gate()
        )
        made[f"statement-{lang}"] = statement(evaluation(), lang, titles=titles, examples=2)
    for name, html in made.items():
        (folder / f"{name}.html").write_text(html, encoding="utf-8")
    return {name: folder / f"{name}.html" for name in made}


class Watched:
    """A page, and everything it complained about or asked for."""

    def __init__(self, browser: Any, path: Path, *, width: int = 1280, script: bool = True) -> None:
        self.context = browser.new_context(
            viewport={"width": width, "height": 900}, offline=True, java_script_enabled=script
        )
        self.page = self.context.new_page()
        self.said: list[str] = []
        self.asked: list[str] = []
        self.page.on("console", lambda message: self.said.append(message.text))
        self.page.on("pageerror", lambda error: self.said.append(str(error)))
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.goto(path.as_uri())

    def column(self, number: int, table: str = TABLE) -> list[str]:
        """What rows that are shown have in a column."""
        found: list[str] = self.page.eval_on_selector_all(
            f"{table} tbody tr:not([hidden])",
            "(rows, n) => rows.map(row => row.cells[n].dataset.sort)", number,
        )  # fmt: skip
        return found


@pytest.fixture
def watched(browser: Any, files: dict[str, Path]) -> Iterator[Any]:
    """Opens a page by name; all are closed at the end."""
    opened: list[Watched] = []

    def look(name: str, **options: Any) -> Watched:
        opened.append(Watched(browser, files[name], **options))
        return opened[-1]

    yield look
    for one in opened:
        one.context.close()


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("kind", ["report", "statement"])
def test_a_page_loads_in_silence_and_fits(watched: Any, kind: str, lang: Lang, width: int) -> None:
    """No complaint, no request but for itself, and nothing sticks out on a phone or a desk."""
    one = watched(f"{kind}-{lang}", width=width)
    assert one.said == []
    assert [url for url in one.asked if not url.startswith(("file:", "data:"))] == []
    assert len([url for url in one.asked if url.startswith("file:")]) == 1
    across = "[document.documentElement.scrollWidth, document.documentElement.clientWidth]"
    wide, room = one.page.evaluate(across)
    assert wide <= room


def test_the_table_of_materials_sorts(watched: Any) -> None:
    """By number the largest first, by name from A; a second time the other way round."""
    page = watched("report-en")
    hits = page.page.locator(f"{TABLE} thead th").nth(3)
    hits.get_by_role("button").click()
    assert hits.get_attribute("aria-sort") == "descending"
    figures = [float(one) for one in page.column(3)]
    assert figures == sorted(figures, reverse=True)
    hits.get_by_role("button").click()
    assert hits.get_attribute("aria-sort") == "ascending"
    figures = [float(one) for one in page.column(3)]
    assert figures == sorted(figures)
    name = page.page.locator(f"{TABLE} thead th").first
    name.get_by_role("button").click()
    assert hits.get_attribute("aria-sort") is None
    assert page.column(0) == sorted(page.column(0))
    assert page.said == []


def test_unknown_comes_last_whichever_way(watched: Any) -> None:
    """What is not known is neither small nor large."""
    page = watched("report-en")
    page.page.eval_on_selector(
        f"{TABLE} tbody tr td:nth-child(5)", "cell => cell.dataset.sort = ''"
    )
    button = page.page.locator(f"{TABLE} thead th").nth(4).get_by_role("button")
    for _ in range(2):
        button.click()
        assert page.column(4)[-1] == "" and "" not in page.column(4)[:-1]


def test_the_table_of_materials_filters(watched: Any) -> None:
    """By any word of a row, by code and by status; how many are shown is said."""
    page = watched("report-en")
    total = len(page.column(0))
    tools = page.page.locator(".tools")
    assert tools.locator("output").inner_text() == f"{total} of {total} shown"
    tools.locator("input").fill("CASINO")
    names = page.column(0)
    assert 0 < len(names) < total and all("casino" in name for name in names)
    tools.locator("select").first.select_option("WGT.PROD")
    assert page.column(0) == []
    tools.locator("input").fill("")
    assert set(page.column(1)) == {"WGT.PROD"}
    tools.locator("select").first.select_option("")
    tools.locator("select").nth(1).select_option("shadow")
    assert page.column(0) == ["gambling-ar/wheel"]
    assert tools.locator("output").inner_text() == f"1 of {total} shown"


def test_the_head_of_a_long_table_stays(watched: Any) -> None:
    """Whoever scrolls still sees what a column is."""
    page = watched("report-en").page
    page.locator(f"{TABLE} tbody tr").nth(25).scroll_into_view_if_needed()
    page.evaluate("scrollBy(0, 300)")
    top = page.locator(f"{TABLE} thead th").first.bounding_box()["y"]
    assert 0 <= top < 5


def test_without_script_everything_is_there(watched: Any) -> None:
    """All rows, and no control that does nothing."""
    page = watched("report-en", script=False).page
    assert page.locator(f"{TABLE} tbody tr").count() == len(evaluation().parts)
    assert page.locator(".tools").count() == 0
    assert page.locator(f"{TABLE} button").count() == 0


@pytest.mark.parametrize(("lang", "right"), [("en", False), ("ar", True)])
def test_an_arabic_table_begins_on_the_right(watched: Any, lang: Lang, right: bool) -> None:
    """The first column is on the right, and 0% of a bar as well."""
    page = watched(f"report-{lang}").page
    heads = page.locator(f"{TABLE} thead th")
    first, last = (heads.nth(n).bounding_box()["x"] for n in (0, 9))
    assert (first > last) == right
    bars = page.locator("#short .bar")
    tracks, values = (bars.first.locator(one).bounding_box() for one in (".track", ".value"))
    middle = tracks["x"] + tracks["width"] / 2
    assert (values["x"] < middle) == right


def test_a_text_runs_in_its_own_direction(watched: Any) -> None:
    """An Arabic ad from the right on an English page, an English one from the left on an Arabic."""
    for lang in LANGS:
        page = watched(f"report-{lang}").page
        told = page.eval_on_selector_all(
            "#examples .field bdi",
            "all => all.map(one => [one.textContent, getComputedStyle(one).direction])",
        )
        assert {direction for text, direction in told if text == "عرض اليوم"} == {"rtl"}
        assert {direction for text, direction in told if text == "Today only"} == {"ltr"}


@pytest.mark.parametrize("lang", LANGS)
def test_a_report_prints(watched: Any, lang: Lang) -> None:
    """As a PDF, with everything that is folded away on the screen, and nothing cut at the side."""
    page = watched(f"report-{lang}", width=703).page
    pdf = page.pdf(format="A4")
    assert pdf.startswith(b"%PDF") and len(pdf) > 50_000
    page.emulate_media(media="print")
    assert page.evaluate("document.documentElement.scrollWidth") <= 703
    assert page.locator("details").first.evaluate("one => one.open")
    assert not page.locator(".tools").is_visible()
