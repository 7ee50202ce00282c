"""What the linter found, written in the form that was asked for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from automod.errors import InputError
from automod.workshop.lint.check import Check
from automod.workshop.lint.run import Linted

from .labels import Lang
from .lint_github import lint_github
from .lint_json import lint_json
from .lint_sarif import lint_sarif
from .lint_text import check_text, lint_text
from .scan_report import console_for, page_for, show
from .target import placing, standard_output, writing

FORMATS: Final = ("text", "json", "github", "sarif", "xlsx")
SUFFIXES: Final = {
    ".txt": "text", ".sarif.json": "sarif", ".sarif": "sarif", ".json": "json", ".xlsx": "xlsx",
}  # fmt: skip
"""Suffix of a file -> how the findings are written to it."""

_TEXTS: Final[Mapping[str, Callable[[Linted, Lang], str]]] = {
    "json": lambda found, lang: f"{lint_json(found, lang)}\n",
    "sarif": lambda found, lang: f"{lint_sarif(found, lang)}\n",
    "github": lint_github,
}


def write_lint(linted: Linted, form: str, output: str | None, lang: Lang) -> None:
    """Write the findings, to a file that appears when it is whole, or to standard output.

    Args:
        linted: what was found.
        form: one of `FORMATS`.
        output: the file; XLSX needs one.
        lang: of sentences and headers.

    Raises:
        InputError: a workbook was asked for without a file.
        OSError: the file cannot be written.
        MissingExtra: it is a workbook, and XlsxWriter is not installed.
    """
    if form == "xlsx":
        _write_workbook(linted, output, lang)
        return
    with writing(output) as stream:
        if form in _TEXTS:
            stream.write(_TEXTS[form](linted, lang))
            return
        console = console_for(stream, terminal=output is None)
        show(console, lint_text(linted, page_for(console, lang)))


def _write_workbook(linted: Linted, output: str | None, lang: Lang) -> None:
    from .lint_xlsx import lint_xlsx

    if output is None:
        raise InputError("-f xlsx needs -o FILE: it is nothing to look at")
    data = lint_xlsx(linted, lang)
    with placing(output) as place:
        place.write_bytes(data)


def print_check(check: Check, lang: Lang) -> None:
    """Print all about a check."""
    console = console_for(standard_output())
    show(console, check_text(check, page_for(console, lang)))
