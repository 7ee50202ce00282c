"""Blocks of a scan to files: one of each sort, or parts of them in a folder."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final, TextIO

import numpy as np

from automod.batch.parts import RECORDS, Parts, appearing
from automod.batch.row_groups import TableGroups, tables_to
from automod.model.arrow import decision_schema, hit_schema
from automod.model.counters import Counters

from .decision_csv import DecisionTable
from .hit_log import hit_log
from .scan_blocks import Asked, Block, unpacked
from .scan_report import scan_target
from .tally import Tally
from .target import placing, writing

Take = Callable[[Block], None]

FOLDER_FORMATS: Final = ("parquet", "jsonl", "csv")
"""Formats of which parts can be made."""


@dataclass(slots=True)
class Counts:
    """What is counted of blocks."""

    tally: Tally = field(default_factory=Tally)
    counters: Counters = field(default_factory=Counters)
    quarantined: int = 0
    """Creatives that are no decision but `not_evaluated`: no creatives, or crashed."""
    unchanged: int = 0
    changed: int = 0
    new: int = 0

    def add(self, block: Block) -> None:
        """Count one more block."""
        self.tally.merge(block.tally)
        if block.counters is not None:
            self.counters.merge(block.counters)
        self.quarantined += block.quarantine.count("\n")
        self.unchanged += block.unchanged
        self.changed += block.changed
        self.new += block.new

    def merge(self, other: Counts) -> None:
        """Take over the counts of other creatives."""
        self.tally.merge(other.tally)
        self.counters.merge(other.counters)
        for name in _NUMBERS:
            setattr(self, name, getattr(self, name) + getattr(other, name))

    def to_dict(self) -> dict[str, Any]:
        """The counts as JSON has them."""
        tally = {name: getattr(self.tally, name) for name in _OF_TALLY}
        numbers = {name: getattr(self, name) for name in _NUMBERS}
        return {"tally": tally, **numbers, "counters": self.counters.to_dict()}

    @classmethod
    def from_dict(cls, value: Mapping[str, Any]) -> Counts:
        """The counts of their JSON."""
        counters = Counters.from_dict(value["counters"])
        numbers = {name: value[name] for name in _NUMBERS}
        return cls(Tally(**value["tally"]), counters, **numbers)


_OF_TALLY: Final = ("creatives", "counts", "risks", "incomplete", "hit", "shown")
_NUMBERS: Final = ("quarantined", "unchanged", "changed", "new")


@dataclass(frozen=True, slots=True)
class Files:
    """Where one scan writes to; None: nowhere, or standard output for `decisions`."""

    decisions: str | None
    hits: str | None = None
    quarantine: str | None = None


@contextmanager
def reported(
    asked: Asked, files: Files, counts: Counts, *, detail: bool, titles: Mapping[str, str]
) -> Iterator[Take]:
    """What takes blocks of decisions as objects, and reports them one by one.

    Args:
        asked: what is in the blocks.
        files: where it goes.
        counts: of all blocks; text has them below.
        detail: text: also what counts for nothing.
        titles: policy code -> its title.
    """
    with (
        scan_target(
            asked.format, files.decisions, asked.lang, detail=detail, titles=titles
        ) as report,
        hit_log(asked.hits or "jsonl", files.hits, text=asked.hits_text) as log,
        _quarantine(files.quarantine) as quarantine,
    ):

        def take(block: Block) -> None:
            for creative, decision, markets in block.pairs:
                report.add(creative, decision, markets)
                log(decision)
            quarantine(block)

        yield take
        report.end(counts.tally)


@contextmanager
def joined(asked: Asked, files: Files) -> Iterator[Take]:
    """What takes blocks that are written out already, and joins them."""
    with (
        _decisions(asked, files.decisions) as decisions,
        _hits(asked, files.hits) as hits,
        _quarantine(files.quarantine) as quarantine,
    ):

        def take(block: Block) -> None:
            decisions(block)
            hits(block)
            quarantine(block)

        yield take


@contextmanager
def _decisions(asked: Asked, path: str | None) -> Iterator[Take]:
    if asked.format == "parquet" and path is not None:
        with placing(path) as place, tables_to(place, decision_schema()) as groups:
            yield lambda block: _add(groups, block.tables)
        return
    csv = asked.format == "csv"
    with writing(path, bom=csv) as stream:
        if csv:
            DecisionTable(stream, asked.lang)
        yield lambda block: _put(stream, block.text)


@contextmanager
def _hits(asked: Asked, path: str | None) -> Iterator[Take]:
    if path is None:
        yield _nothing
    elif asked.hits == "parquet":
        with placing(path) as place, tables_to(place, hit_schema()) as groups:
            yield lambda block: _add(groups, block.hits_tables)
    else:
        with writing(path) as stream:
            yield lambda block: _put(stream, block.hits_text)


@contextmanager
def _quarantine(path: str | None) -> Iterator[Take]:
    if path is None:
        yield _nothing
        return
    with writing(path) as stream:
        yield lambda block: _put(stream, block.quarantine)


def _add(groups: TableGroups, tables: list[bytes]) -> None:
    for data in tables:
        groups.add(unpacked(data))


def _put(stream: TextIO, text: str) -> None:
    stream.write(text)


def _nothing(_: Block) -> None:
    """Nobody asked for it."""


class PartWriter:
    """Takes blocks in order and writes the parts of a folder, each when it is whole."""

    def __init__(self, parts: Parts, asked: Asked, hits: str | None, counts: Counts) -> None:
        self._parts, self._asked, self._counts = parts, asked, counts
        self._hits = hits
        self._part: int | None = None
        self._stack = ExitStack()
        self._take: Take = _nothing
        self._own = Counts()
        self._seen: list[Any] = []

    def take(self, block: Block) -> None:
        """Write one more block; with the first of another part, the one before is done."""
        if block.part != self._part:
            self._commit()
            self._begin(block.part)
        self._take(block)
        self._own.add(block)
        if block.seen is not None:
            self._seen.append(block.seen)

    def end(self) -> None:
        """The last part is done; of nothing at all there is a part, without rows."""
        if self._part is None and not self._parts.records:
            self._begin(0)
        self._commit()

    def _begin(self, part: int) -> None:
        files = self._files(part)
        self._part, self._own, self._seen = part, Counts(), []
        written = self._stack.enter_context(joined(self._asked, replace(files, quarantine=None)))
        quarantine = self._stack.enter_context(_when_any(files.quarantine))

        def take(block: Block) -> None:
            written(block)
            quarantine(block)

        self._take = take

    def _commit(self) -> None:
        if self._part is None:
            return
        self._stack.close()
        files = self._files(self._part)
        names = [files.decisions, files.hits, files.quarantine]
        there = [Path(one) for one in names if one is not None and Path(one).exists()]
        if self._seen:
            there.append(seen_file(self._parts.folder, self._part))
            with appearing(there[-1]) as place, place.open("wb") as stream:
                np.save(stream, np.concatenate(self._seen), allow_pickle=False)
        self._parts.commit(self._part, self._own.to_dict(), there)
        self._counts.merge(self._own)
        self._part = None

    def _files(self, part: int) -> Files:
        folder, number = self._parts.folder, f"{part:05}"
        hits = None
        if self._hits is not None:
            hits = str(Path(self._hits, f"hits-{number}.{self._asked.hits}"))
        return Files(
            str(folder / f"part-{number}.{self._asked.format}"), hits,
            str(folder / f"_quarantine-{number}.jsonl"),
        )  # fmt: skip


@contextmanager
def _when_any(path: str | None) -> Iterator[Take]:
    """As `_quarantine`, with a file only where there is something to write."""
    if path is not None:
        Path(path).unlink(missing_ok=True)
    with ExitStack() as stack:
        opened: list[Take] = []

        def take(block: Block) -> None:
            if block.quarantine and not opened:
                opened.append(stack.enter_context(_quarantine(path)))
            if block.quarantine:
                opened[0](block)

        yield take


def seen_file(folder: Path, part: int) -> Path:
    """Where it is kept which of the earlier creatives a part has."""
    return folder / RECORDS / f"{part:05}.npy"
