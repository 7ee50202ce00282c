"""The hit log of a scan: one row a hit, as JSONL or Parquet."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final

from automod.batch.row_groups import hits_to
from automod.model.decision import Decision, json_text
from automod.model.hitlog import hit_rows

from .target import placing, writing

SUFFIXES: Final = {".jsonl": "jsonl", ".ndjson": "jsonl", ".parquet": "parquet"}
"""Suffix of a file -> how it is written."""

Log = Callable[[Decision], None]


@contextmanager
def hit_log(name: str, path: str | None, *, text: bool = False) -> Iterator[Log]:
    """What takes decisions and writes their hits to a file that appears when it is whole.

    Args:
        name: `jsonl` or `parquet`.
        path: the file; None: nothing is written.
        text: keep the letters that matched.

    Raises:
        OSError: the file cannot be written.
        MissingExtra: it is Parquet, and the extra `arrow` is not installed.

    >>> with hit_log("jsonl", None) as log:
    ...     log(Decision("c1", 0, "2026-11-20", "sha256:0", "approve", {}))
    """
    if path is None:
        yield lambda _: None
    elif name == "parquet":
        with placing(path) as place, hits_to(place) as rows:
            yield _each(rows.add, text=text)
    else:
        with writing(path) as stream:
            yield _each(lambda row: stream.write(json_text(row) + "\n"), text=text)


def _each(take: Callable[[dict[str, Any]], Any], *, text: bool) -> Log:
    def log(decision: Decision) -> None:
        for row in hit_rows(decision, text=text):
            take(row)

    return log
