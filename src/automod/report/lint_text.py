"""What the linter found, on a terminal: file by file, then how many."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from pathlib import Path
from typing import Final

from rich.cells import cell_len
from rich.text import Text

from automod.model.finding import Finding
from automod.workshop.lint.check import Check
from automod.workshop.lint.example_files import files_of, is_fixable
from automod.workshop.lint.run import Linted

from .lint_words import checks_by_code, hint_of, lint_word, message_of, spot, summary
from .page import Page, flowing, ink, pad, wrapped
from .visible import isolated, shown

_INKS: Final = {"error": "bold red", "warning": "yellow", "info": "cyan"}
_SPOT: Final = 12
_SEVERITY: Final = 9
_CODE: Final = 7
MOST: Final = 500
"""Findings of one file that are shown: nobody reads more, and the counts have them all."""
_SHOWN_BYTES: Final = 4_000


def lint_text(linted: Linted, page: Page) -> list[Text]:
    """The lines of all findings, grouped by file, and of their counts."""
    lines: list[Text] = []
    checks = checks_by_code()
    for file, grouped in groupby(linted.findings, key=lambda one: one.location.file):
        lines.append(Text(" ") + ink(isolated(file), "bold"))
        every = list(grouped)
        found = every[:MOST]
        spots = [Text(isolated(spot(one.location))) for one in found]
        width = max([_SPOT, *(cell_len(one.plain) + 2 for one in spots)])
        for finding, place in zip(found, spots, strict=True):
            lines += _finding(finding, checks[finding.code], pad(place, width), page)
        if len(every) > MOST:
            more = lint_word("more", page.lang, n=f"{len(every) - MOST:,}")
            lines.append(Text("  ") + ink(isolated(more), "dim"))
        lines.append(Text())
    return [*lines, *flowing([Text(f" {one}") for one in summary(linted, page.lang)], page.width)]


def _finding(finding: Finding, check: Check, place: Text, page: Page) -> Iterator[Text]:
    grade = ink(lint_word(finding.severity, page.lang), _INKS[finding.severity])
    head = Text("  ") + place + pad(grade, _SEVERITY) + pad(ink(finding.code, "dim"), _CODE)
    width = max(page.width - cell_len(head.plain), 30)
    below = Text(" " * cell_len(head.plain))
    said = wrapped(message_of(finding, check, page.lang, isolated), width)
    hint = hint_of(finding, page.lang, isolated)
    said += wrapped(hint, width, "dim") if hint else []
    for number, line in enumerate(said):
        yield (below if number else head) + line
    for other in finding.related[:3]:
        yield below + ink(f"{lint_word('see', page.lang)} {isolated(str(other))}", "dim")


def check_text(check: Check, page: Page) -> list[Text]:
    """All about a check: what it looks for, why, a bad and a good file."""
    lang = page.lang
    grade = ink(lint_word(check.severity, lang), _INKS[check.severity])
    lines = [
        Text(" ") + ink(check.code, "bold") + Text(f" {check.name}  ") + grade,
        *_indented(wrapped(check.title[lang], page.width - 2)),
        Text(),
        *_indented(wrapped(check.why[lang], page.width - 2)),
        Text(),
        Text(" ") + ink(lint_word("fix", lang), "dim")
        + Text(f"  {lint_word('fix.yes' if is_fixable(check) else 'fix.no', lang)}"),
    ]  # fmt: skip
    for sort in ("bad", "good"):
        lines += [Text(), Text(" ") + ink(lint_word(sort, lang), "bold")]
        for file in files_of(check, sort):
            lines += [Text(" ") + ink(f"# {file.name}", "dim"), *_content(file)]
    return lines


def _content(file: Path) -> Iterator[Text]:
    text = content_of(file)
    yield from _indented(Text(isolated(line)) for line in text.splitlines())


def content_of(file: Path) -> str:
    """What a file says, as far as a person can read it."""
    data = file.read_bytes()
    if file.suffix == ".xlsx":
        return _cells(file)
    if b"\0" in data[:_SHOWN_BYTES]:
        return f"({len(data):,} bytes)"
    text = data[:_SHOWN_BYTES].decode("utf-8", "replace")
    return "\n".join(shown(line) for line in text.splitlines())


def _cells(file: Path) -> str:
    """The cells of a workbook, row by row; how large it is, where nothing can read it."""
    try:
        from openpyxl import load_workbook
    except ImportError:
        return f"({file.stat().st_size:,} bytes)"
    lines = []
    for sheet in load_workbook(file).worksheets:
        lines.append(f"[{sheet.title}]")
        lines += [
            " | ".join("" if cell is None else shown(str(cell)) for cell in row)
            for row in sheet.iter_rows(values_only=True)
        ]
    return "\n".join(lines)


def _indented(lines: Iterable[Text]) -> Iterator[Text]:
    return (Text(" ") + line for line in lines)
