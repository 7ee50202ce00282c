"""Rows of a Parquet file -> columns of a table; what is wrong is told with its row."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from pydantic_core import PydanticCustomError

from automod.errors import Location
from automod.model.arrow import arrow
from automod.model.coded import NONE, Coded, Ints, Lists
from automod.model.scalars import MAX_TEXT, parse_day, shown
from automod.model.vocabulary import ACTION_RANK, ACTIONS

from .arrow_columns import coded, is_text, opened, ordinals_of
from .faults import Faults, did_you_mean

Flags = NDArray[np.bool_]
Ranks = NDArray[np.int8]
Floats = NDArray[np.float64]
Days = NDArray[np.int32]

MOST_TOLD: Final = 1_000
"""Rows that are told of one column."""

NULL: Final = "has no value (null)"


@dataclass(frozen=True, slots=True)
class Rows:
    """Some rows of a file: turns its columns into ours, and tells what is wrong in which row."""

    name: str
    first: int
    """How many rows come before."""
    faults: Faults
    told: dict[str, int] = field(default_factory=dict)
    """How many rows were told of a column."""
    strip: bool = False
    """Whether people wrote it: blanks at the ends of texts mean nothing."""

    def refuse(
        self, rows: Iterable[int], header: str, message: str, hint: str | None = None
    ) -> None:
        """Keep a fault for each row (counted from 0 here, from 1 in the fault)."""
        for row in sorted(set(map(int, rows))):
            self.told[header] = self.told.get(header, 0) + 1
            if self.told[header] > MOST_TOLD:
                return
            if self.told[header] == MOST_TOLD:
                hint = "further rows are not told"
            place = Location(self.name, self.first + row + 1, header=header)
            self.faults.add(place, message, hint)

    def check(
        self,
        column: Coded[str],
        rows: Ints,
        header: str,
        check: Callable[[str, Location, Faults], None],
    ) -> None:
        """Keep for each row the faults of its value; each different value is checked once."""
        tried, place = Faults(), Location(self.name)
        for number, value in enumerate(column.values):
            check(value, place, tried)
            while tried.found:
                one = tried.found.pop(0)
                self.refuse(rows[column.codes == number], header, one.message, one.hint)

    def names(self, array: Any, rows: Ints, header: str) -> list[str]:
        """A column of texts that differ in every row."""
        self.refuse_unlike(array, rows, header)
        pa = arrow("reading Parquet")
        if not is_text(array.type):
            return [""] * len(array)
        text = array.cast(pa.string()).fill_null("")
        return list((pa.compute.utf8_trim_whitespace(text) if self.strip else text).to_pylist())

    def refuse_unlike(self, array: Any, rows: Ints, header: str) -> None:
        """Keep a fault for each text that is null, blank, or too long."""
        pa = arrow("reading Parquet")
        self.refuse(rows[np.asarray(array.is_null())], header, NULL)
        if not is_text(array.type):
            return
        text = array.cast(pa.string()).fill_null("-")
        blank = pa.compute.equal(pa.compute.utf8_trim_whitespace(text), "")
        self.refuse(rows[np.asarray(blank)], header, "is blank")
        long = pa.compute.greater(pa.compute.utf8_length(text), MAX_TEXT)
        self.refuse(rows[np.asarray(long)], header, f"is longer than {MAX_TEXT} characters")

    def texts(
        self,
        array: Any,
        rows: Ints,
        header: str,
        *,
        required: bool = True,
        known: Sequence[str] | None = None,
    ) -> Coded[str]:
        """A column of texts that repeat; what is blank, where people wrote it, is not there.

        Args:
            array: texts, or a dictionary of them.
            rows: the row of each.
            header: what the column is called.
            required: whether each must be there.
            known: the words there are.
        """
        if not len(array):
            return Coded((), np.zeros(0, dtype=np.int32))
        column = coded(array, strip=self.strip)
        if required:
            self.refuse(rows[column.codes == NONE], header, NULL)
        longest = max(map(len, column.values), default=0) if self.strip else 0
        if known is not None or longest > MAX_TEXT:
            self.check(column, rows, header, partial(_refuse_word, header, known))
        return column

    def numbers(
        self, array: Any, rows: Ints, header: str, *, required: bool = True,
        least: float = 0.0, most: float = math.inf, above: bool = False,
    ) -> Floats:  # fmt: skip
        """A column of numbers as floats, NaN where there is none.

        Args:
            array: numbers.
            rows: the row of each.
            header: what the column is called.
            required: whether each must be there.
            least: no number is smaller.
            most: no number is greater.
            above: `least` itself is too small.
        """
        missing = np.asarray(array.is_null())
        floats = array.cast("float64", safe=False).fill_null(math.nan)
        values = np.asarray(floats, dtype=np.float64)
        if required:
            self.refuse(rows[missing], header, NULL)
        bad = ~missing & ~((values > least if above else values >= least) & (values <= most))
        bad |= ~missing & np.isinf(values)
        for value in np.unique(values[bad])[:MOST_TOLD].tolist():
            same = bad & (np.isnan(values) if math.isnan(value) else values == value)
            self.refuse(rows[same], header, f"{value!r} is not {_range(least, most, above)}")
        return np.where(bad, math.nan, values)

    def wholes(self, array: Any, rows: Ints, header: str) -> Ints:
        """A column of whole numbers from 0 on; 0 where there is none."""
        values = self.numbers(array, rows, header)
        return np.nan_to_num(values).astype(np.int64)

    def ranks(self, array: Any, rows: Ints, header: str) -> Ranks:
        """A column of actions, as ranks."""
        column = self.texts(array, rows, header, known=ACTIONS)
        ranks = [ACTION_RANK.get(value, 0) for value in column.values]  # type: ignore[call-overload]
        return np.array([*ranks, 0], dtype=np.int8)[column.codes]

    def flags(self, array: Any, rows: Ints, header: str) -> Flags:
        """A column of true and false."""
        missing = np.asarray(array.is_null())
        self.refuse(rows[missing], header, NULL)
        return np.asarray(array.fill_null(False), dtype=bool)

    def days(self, array: Any, rows: Ints, header: str, *, required: bool = True) -> Days:
        """A column of days (dates, or texts such as `2026-11-01`), as ordinals; 0 where none is."""
        if is_text(array.type):
            return self._written_days(array, rows, header, required=required)
        missing = np.asarray(array.is_null())
        if required:
            self.refuse(rows[missing], header, NULL)
        ordinals = ordinals_of(array)
        bad = ~missing & ((ordinals < 1) | (ordinals > date.max.toordinal()))
        self.refuse(rows[bad], header, "is no day of the calendar")
        return np.where(missing | bad, 0, ordinals).astype(np.int32)

    def _written_days(self, array: Any, rows: Ints, header: str, *, required: bool) -> Days:
        column = self.texts(array, rows, header, required=required)
        ordinals = np.zeros(len(column.values) + 1, dtype=np.int32)

        def read(value: str, place: Location, faults: Faults) -> None:
            try:
                ordinals[column.values.index(value)] = parse_day(value).toordinal()
            except PydanticCustomError as error:
                faults.add(place, error.message(), "write it as 2026-11-01")

        self.check(column, rows, header, read)
        return np.asarray(ordinals[column.codes])

    def lists(self, array: Any, header: str, rows: Ints | None = None) -> tuple[Lists, Any]:
        """A column of lists: where each begins, and what is in them.

        Args:
            array: lists.
            header: what the column is called.
            rows: the row of each; left out where each has its own.
        """
        missing = np.asarray(array.is_null())
        self.refuse(np.flatnonzero(missing) if rows is None else rows[missing], header, NULL)
        return opened(array)


def _refuse_word(
    header: str, known: Sequence[str] | None, value: str, place: Location, faults: Faults
) -> None:
    if known is not None and value not in known:
        hint = did_you_mean(value, known) or f"one of: {', '.join(known)}"
        faults.add(place, f"{shown(value)} is not {_article(header)}", hint)
    elif len(value) > MAX_TEXT:
        faults.add(place, f"is longer than {MAX_TEXT} characters")


def _article(header: str) -> str:
    last = header.rpartition(".")[2]
    return {"action": "an action", "present": "a label"}.get(last, f"a {last}")


def _range(least: float, most: float, above: bool) -> str:
    if most == math.inf:
        return f"a number from {least:g} on"
    return f"above {least:g} and at most {most:g}" if above else f"from {least:g} to {most:g}"
