"""What became of examples, as a workbook: one row each, what needs somebody first."""

from __future__ import annotations

from automod.workshop.examples import ExamplesRun, Outcome

from .examples_text import RESULTS, sentences
from .examples_words import word
from .labels import Lang
from .workbook import Cell, Column, Sheet, workbook

_COLUMNS = (
    ("result", 12), ("package", 18), ("place", 30), ("text", 50), ("image", 20), ("wanted", 24),
    ("hits", 24), ("known", 14), ("why", 90),
)  # fmt: skip


def examples_xlsx(run: ExamplesRun, lang: Lang = "en") -> bytes:
    """The bytes of an XLSX file.

    Args:
        run: what became of the examples.
        lang: of the headers and sentences; Arabic runs from right to left.

    Raises:
        MissingExtra: XlsxWriter is not installed.

    >>> examples_xlsx(ExamplesRun(()))[:2]
    b'PK'
    """
    columns = tuple(
        Column(word(f"col.{key}", lang), "wrapped" if key in ("text", "why") else "text", width)
        for key, width in _COLUMNS
    )
    outcomes = sorted(run.outcomes, key=lambda one: RESULTS.index(one.result))
    rows = [_row(one, lang) for one in outcomes]
    return workbook([Sheet(word("sheet", lang), columns, rows)], rtl=lang == "ar")


def _row(one: Outcome, lang: Lang) -> list[Cell]:
    shown = one.shown
    return [
        word(one.result, lang), shown.package, str(shown.place), shown.text, shown.image,
        "; ".join(shown.hits), "; ".join(one.hits), shown.known,
        "\n".join(sentences(one, lang)),
    ]  # fmt: skip
