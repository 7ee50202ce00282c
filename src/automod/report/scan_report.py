"""The reports of a scan, behind one interface: text, CSV, JSONL, Parquet, XLSX."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Final, Protocol, TextIO

from rich.console import Console
from rich.text import Text

from automod.batch.row_groups import RowGroups, decisions_to
from automod.model.decision import Decision

from .decision_csv import DecisionTable
from .decision_text import decision_text, separated
from .excerpt import Marking
from .labels import Lang
from .page import WIDEST, Page, flowing
from .tally import Tally, tally_parts
from .target import placing, writing

FORMATS: Final = ("text", "jsonl", "csv", "parquet", "xlsx")
SUFFIXES: Final = {
    ".jsonl": "jsonl", ".ndjson": "jsonl", ".csv": "csv", ".txt": "text", ".parquet": "parquet",
    ".xlsx": "xlsx",
}  # fmt: skip
"""Suffix of a file -> the report it holds."""

FILE_WIDTH: Final = 100


class ScanReport(Protocol):
    """Takes decisions one by one, then how many there were."""

    def add(
        self, creative: Any, decision: Decision, markets: Container[str] | None = None, /
    ) -> None:
        """Write one decision; tables, of some of its markets only."""

    def end(self, tally: Tally) -> None:
        """Write what comes last."""


class JsonlReport:
    """One decision as JSON on each line, and nothing else."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def add(
        self, _creative: Any, decision: Decision, _markets: Container[str] | None = None, /
    ) -> None:
        """Write the decision, all of it: a line is what the library would have returned."""
        self._stream.write(decision.to_json() + "\n")

    def end(self, tally: Tally) -> None:
        """Nothing: every line is a decision."""


class CsvReport:
    """One row for each creative, market and verdict."""

    def __init__(self, stream: TextIO, lang: Lang) -> None:
        self._table = DecisionTable(stream, lang)

    def add(
        self, _creative: Any, decision: Decision, markets: Container[str] | None = None, /
    ) -> None:
        """Write the rows of one decision."""
        self._table.add(decision, markets)

    def end(self, tally: Tally) -> None:
        """Nothing: a table has no last line of another kind."""


class ParquetReport:
    """One row for each decision, with all of it."""

    def __init__(self, rows: RowGroups[Decision]) -> None:
        self._rows = rows

    def add(
        self, _creative: Any, decision: Decision, _markets: Container[str] | None = None, /
    ) -> None:
        """Write the decision, all of it."""
        self._rows.add(decision)

    def end(self, tally: Tally) -> None:
        """Nothing: every row is a decision."""


class TextReport:
    """Decisions as a person looks at them, with how many there were below."""

    def __init__(self, console: Console, page: Page) -> None:
        self._console = console
        self._page = page
        self._before: Sequence[Text] = ()

    def add(
        self, creative: Any, decision: Decision, _markets: Container[str] | None = None, /
    ) -> None:
        """Print one decision."""
        lines = decision_text(creative, decision, self._page)
        if separated(self._before, lines):
            self._console.print()
        show(self._console, lines)
        self._before = lines

    def end(self, tally: Tally) -> None:
        """Print the counts."""
        if self._before:
            self._console.print()
        parts = tally_parts(tally, self._page.lang)
        lines = flowing(parts, self._page.width - 1, " ")
        show(self._console, [Text(" ") + line for line in lines])


@contextmanager
def scan_target(
    name: str,
    path: str | None,
    lang: Lang,
    *,
    detail: bool = False,
    titles: Mapping[str, str] | None = None,
) -> Iterator[ScanReport]:
    """The report of a format, written to a file that appears when it is whole.

    Args:
        name: one of `FORMATS`.
        path: the file; None for standard output, which takes no Parquet and no XLSX.
        lang: language of sentences and labels.
        detail: text only: also what counts for nothing.
        titles: text and XLSX: policy code -> its title.

    Raises:
        OSError: the file cannot be written.
        MissingExtra: it is Parquet, and the extra `arrow` is not installed; or XLSX, and `analyst`.
    """
    if name == "xlsx" and path is not None:
        from .decision_xlsx import XlsxReport

        with placing(path) as place:
            yield XlsxReport(place, lang, titles)
        return
    if name == "parquet" and path is not None:
        with placing(path) as place, decisions_to(place) as rows:
            yield ParquetReport(rows)
        return
    with writing(path, bom=name == "csv") as stream:
        yield scan_report(name, stream, lang, terminal=path is None, detail=detail, titles=titles)


def scan_report(
    name: str,
    stream: TextIO,
    lang: Lang,
    *,
    terminal: bool = True,
    detail: bool = False,
    titles: Mapping[str, str] | None = None,
) -> ScanReport:
    """The report of a format, written to a stream.

    Args:
        name: one of `FORMATS` that are text.
        stream: where it goes.
        lang: language of sentences and labels; JSONL has none.
        terminal: the stream may be a terminal, with a width and colours.
        detail: text only: also what counts for nothing.
        titles: text only: policy code -> its title.
    """
    if name == "jsonl":
        return JsonlReport(stream)
    if name == "csv":
        return CsvReport(stream, lang)
    console = console_for(stream, terminal=terminal)
    return TextReport(console, page_for(console, lang, detail=detail, titles=titles))


def console_for(stream: TextIO, *, terminal: bool = True) -> Console:
    """A console on a stream; a file is 100 columns wide and has no colours."""
    if terminal:
        return Console(file=stream, highlight=False, markup=False, emoji=False)
    return Console(
        file=stream, width=FILE_WIDTH, force_terminal=False, color_system=None,
        highlight=False, markup=False, emoji=False,
    )  # fmt: skip


def page_for(
    console: Console,
    lang: Lang,
    *,
    detail: bool = False,
    titles: Mapping[str, str] | None = None,
) -> Page:
    """What a report on this console is laid out for: brackets where no colour would be seen."""
    plain = console.no_color or console.color_system is None
    marking = Marking(brackets=plain)
    return Page(min(console.width, WIDEST), lang, marking, detail, titles or {})


def show(console: Console, lines: Sequence[Text]) -> None:
    """Print lines as they are: laid out already, never wrapped or cut again."""
    for line in lines:
        line.rstrip()
        console.print(line, soft_wrap=True)
