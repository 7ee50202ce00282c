"""Several files of creatives as one stream; what could not be read keeps its place."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from automod.engine.explain import fault_of
from automod.errors import Location
from automod.load.creatives import Format, placed, read_creatives
from automod.load.json_files import Unreadable
from automod.load.kept_rows import Row, Rowed

from .inputs import Source, sort_of


@dataclass(frozen=True, slots=True)
class Misread:
    """A line, row or entry of a file that is no creative: where it is, and why."""

    location: Location
    message: str
    row: Row | None = None
    """Of a table of which the rows are kept."""

    def __str__(self) -> str:
        return f"{self.location}: {self.message}"


def fault_at(one: Any, index: int, place: Location | None = None) -> str:
    """Why one of a stream is no creative, and where it stands.

    Args:
        one: what is no creative: a `Misread`, or what was read.
        index: its place in the stream, from 0.
        place: its place in a file, where that is known.

    >>> fault_at({"id": "c1", "colour": "red"}, 4)
    "#4, id 'c1': unknown keys: 'colour'"
    >>> fault_at({"id": "c1", "colour": "red"}, 4, Location("ads.jsonl", 5))
    "ads.jsonl:5, id 'c1': unknown keys: 'colour'"
    """
    if isinstance(one, Misread):
        return str(one)
    where = f"#{index}" if place is None else str(place)
    if isinstance(one, Rowed):
        where = str(one.row.place)
    name = one.get("id") if isinstance(one, dict) and not isinstance(one, Rowed) else None
    told = f", id {name!r}" if isinstance(name, str) and name else ""
    return f"{where}{told}: {why_none(one)}"


def why_none(one: Any) -> str:
    """Why one of a stream is no creative.

    >>> why_none({"id": "c1", "colour": "red"})
    "unknown keys: 'colour'"
    """
    return one.message if isinstance(one, Misread) else fault_of(one) or "it is no creative"


def read_all(
    sources: Iterable[Source],
    format: Format | None = None,  # noqa: A002 - the word every command uses for it
    note: Callable[[str], None] | None = None,
    *,
    keep: bool = False,
) -> Iterator[dict[str, Any] | Misread]:
    r"""The creatives of several files, one after another.

    Args:
        sources: names and what to read.
        format: `jsonl`, `json`, `csv` or `xlsx`; told from each file when left out, which may be
            Parquet then.
        note: called with what was guessed.
        keep: with each creative of a table its row, also columns that are none of ours.

    A path of an image or a video counts from the folder of the file that names it; in a stream,
    from where the program runs.

    Raises:
        InputError: a file cannot be read at all.

    >>> import io
    >>> found = list(read_all([("stdin", io.BytesIO(b'{"id": "c1"}\n{"id": '))]))
    >>> found[0], str(found[1].location)
    ({'id': 'c1'}, 'stdin:2')
    """
    for name, source in sources:
        folder = Path(source).parent if isinstance(source, (str, os.PathLike)) else None
        if folder is not None and format is None and sort_of(source) == "parquet":
            yield from _of_parquet(name, str(source))
            continue
        for one in read_creatives(source, format, note, keep=keep):
            if isinstance(one, Unreadable):
                yield Misread(one.place or Location(name, one.line), one.message, one.row)
            else:
                yield one if folder is None else placed(one, folder)


def _of_parquet(name: str, path: str) -> Iterator[dict[str, Any] | Misread]:
    from .reading import Reader
    from .tables import ROWS, table_spans

    reader = Reader()
    for span in table_spans(path, name, most=ROWS):
        yield from (given.one for given in reader.of_spans([span]))
