"""Where a fault lies, what it is, and every exception automod raises."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Location:
    """A place in a file that a person wrote.

    YAML faults have `line` and `column` as numbers; table faults have `line` (the row as a
    spreadsheet counts it, header = 1), and the column's header in `header`; a cell of a workbook
    has its `sheet`, and `column` counts the columns from 1.

    >>> print(Location("cases.xlsx", 14, 3, sheet="Cases", header="id"))
    cases.xlsx!Cases!C14, column "id"
    """

    file: str
    line: int | None = None
    column: int | None = None
    header: str | None = None
    sheet: str | None = None

    def __str__(self) -> str:
        place = self.file if self.sheet is None else f"{self.file}!{self.sheet}"
        if self.sheet is not None and self.line is not None and self.column is not None:
            place += f"!{letters_of(self.column)}{self.line}"
        else:
            place += "".join(f":{one}" for one in (self.line, self.column) if one is not None)
        if self.header is not None:
            place += f', column "{self.header}"'
        return place


def letters_of(column: int) -> str:
    """The letters by which a spreadsheet calls a column, counted from 1.

    >>> letters_of(1), letters_of(27)
    ('A', 'AA')
    """
    letters = ""
    while column > 0:
        column, last = divmod(column - 1, 26)
        letters = chr(ord("A") + last) + letters
    return letters


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong in a file: where, what, and what would be right.

    >>> print(Fault(Location("terms.csv", 14, header="kind"), "'keywrod' is not a kind",
    ...             hint="did you mean 'keyword'?"))
    terms.csv:14, column "kind": 'keywrod' is not a kind; did you mean 'keyword'?
    """

    location: Location
    message: str
    hint: str | None = None
    code: str = ""
    """What sort of fault it is, in a word: `duplicate`, `unknown_key`; empty where nobody asks."""

    def __str__(self) -> str:
        text = f"{self.location}: {self.message}"
        return text if self.hint is None else f"{text}; {self.hint}"


class AutomodError(Exception):
    """Base of everything automod raises on purpose."""


class LoadError(AutomodError):
    """Files that do not load; `faults` has every fault of every file, in file and line order."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults: tuple[Fault, ...] = tuple(sorted(faults, key=_fault_order))
        super().__init__(self.faults)

    def __reduce__(self) -> tuple[type[LoadError], tuple[tuple[Fault, ...]]]:
        return LoadError, (self.faults,)

    def __str__(self) -> str:
        count = len(self.faults)
        lines = "\n".join(str(fault) for fault in self.faults)
        return f"{count} fault{'' if count == 1 else 's'}\n{lines}"


def _fault_order(fault: Fault) -> tuple[str, str, int, int, str, str]:
    place = fault.location
    return (
        place.file, place.sheet or "", place.line or 0, place.column or 0, place.header or "",
        fault.message,
    )  # fmt: skip


class CompileError(AutomodError):
    """A ruleset that loads but cannot be compiled (an unknown back end, say)."""


class InputError(AutomodError):
    """A file of creatives that cannot be read at all."""


class MissingExtra(AutomodError):
    """An optional package is absent; the message names the extra that brings it."""

    def __init__(self, extra: str, needed_for: str) -> None:
        self.extra = extra
        self.needed_for = needed_for
        super().__init__(extra, needed_for)

    def __str__(self) -> str:
        extra = self.extra
        return f"{self.needed_for} needs the extra '{extra}': pip install 'automod-ads[{extra}]'"
