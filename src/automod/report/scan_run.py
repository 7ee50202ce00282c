"""A scan from its inputs to its files: in this process or in many, in one piece or in parts."""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any, Final, Protocol

import numpy as np

from automod.batch.changed import read_earlier
from automod.batch.inputs import Source
from automod.batch.parts import SCHEMA, Parts, check_of, held_date, inputs_of, open_parts
from automod.batch.plan import Chunk, Cut, Span, chunks_of
from automod.batch.pool import Pool
from automod.engine.engine import Engine
from automod.errors import InputError
from automod.version import __version__

from .scan_blocks import Asked, Block, BlockMaker
from .scan_output import Counts, Files, PartWriter, joined, reported, seen_file
from .target import writing

PLAIN: Final = ("text", "xlsx")
"""Formats that are laid out from the decisions themselves, all in one place."""


class Listener(Protocol):
    """Whoever follows a scan."""

    def note(self, *lines: str) -> None:
        """Sentences on what was guessed, passed over, or went wrong."""

    def block(self, block: Block) -> None:
        """One more block is done."""

    def skipped(self, chunk: Chunk) -> None:
        """A chunk was done by an earlier run of this job."""


@dataclass(frozen=True, slots=True)
class Scan:
    """What is scanned, how, and where it goes."""

    asked: Asked
    sources: tuple[Source, ...] = ()
    creative: Mapping[str, Any] | None = None
    """One creative, in place of sources."""
    files: Files = field(default_factory=lambda: Files(None))
    folder: str | None = None
    """In place of `files.decisions`: where the parts go."""
    workers: int = 0
    """Processes beside this one; 0: none."""
    cut: Cut = field(default_factory=Cut)
    resume: bool = False
    only_changed: str | None = None
    counters: str | None = None
    detail: bool = False
    titles: Mapping[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Outcome:
    """What became of a scan."""

    counts: Counts
    gone: int | None = None
    """Earlier creatives that are not there any more; None: nobody asked."""
    resumed: int = 0
    """Creatives that an earlier run of the job had done."""
    seen: Any = None
    """Which of the earlier creatives are there: an array, a byte each."""

    def mark(self, places: Any) -> None:
        """These of the earlier creatives are there."""
        if self.seen is not None and places is not None:
            self.seen[places] = True


def scan(engine: Engine, job: Scan, listener: Listener) -> Outcome:
    """Decide on everything, and write it.

    Args:
        engine: the compiled ruleset.
        job: what is scanned, and where it goes.
        listener: who follows.

    Returns:
        The counts of the whole scan; those of a job that went on, with what was done before.

    Raises:
        InputError: an input, or the folder of the parts, is not what it should be.
        MissingExtra: Parquet is read or written, and the extra `arrow` is not installed.
    """
    with ExitStack() as stack:
        outcome = Outcome(Counts())
        if job.only_changed is not None:
            held = read_earlier(job.only_changed)
            place = stack.enter_context(tempfile.TemporaryDirectory(prefix="automod-"))
            held.save(Path(place))
            outcome.seen = np.zeros(len(held), dtype=bool)
            job = replace(job, asked=replace(job.asked, earlier=place))
        # Processes first: what is opened later is none of theirs.
        make = stack.enter_context(_blocks(engine, job, listener))
        if job.folder is None:
            _in_one(job, make, listener, outcome)
        else:
            _in_parts(engine, job, make, listener, outcome)
        if outcome.seen is not None:
            outcome.gone = len(outcome.seen) - int(outcome.seen.sum())
    if job.counters is not None:
        with writing(job.counters) as stream:
            json.dump(outcome.counts.counters.to_dict(), stream, ensure_ascii=False, indent=1)
            stream.write("\n")
    return outcome


Blocks = Callable[[Iterable[Chunk]], Iterator[Block]]


@contextmanager
def _blocks(engine: Engine, job: Scan, listener: Listener) -> Iterator[Blocks]:
    """What makes blocks of chunks, in order."""
    maker = BlockMaker(engine, job.asked)
    if job.workers == 0:
        yield lambda chunks: map(maker(), chunks)
        return
    with Pool(maker, job.workers, listener.note) as pool:
        yield lambda chunks: (block for some in pool.results(chunks) for block in some)


def _chunks(job: Scan, listener: Listener) -> Iterator[Chunk]:
    if job.creative is not None:
        span = Span("rows", "--text", None, 0, 0, 1, 1, held=((1, job.creative),))
        return iter([Chunk(0, 0, (span,))])
    keep = job.asked.format == "xlsx"
    return chunks_of(job.sources, job.cut, listener.note, keep=keep)


def _in_one(job: Scan, make: Blocks, listener: Listener, outcome: Outcome) -> None:
    counts = outcome.counts
    output = (
        reported(job.asked, job.files, counts, detail=job.detail, titles=job.titles)
        if job.asked.objects
        else joined(job.asked, job.files)
    )
    with output as take:
        for block in make(_chunks(job, listener)):
            counts.add(block)
            take(block)
            outcome.mark(block.seen)
            listener.block(block)


def _in_parts(
    engine: Engine, job: Scan, make: Blocks, listener: Listener, outcome: Outcome
) -> None:
    if job.files.hits is not None and held_date(str(job.folder)) is None:
        _refuse_hits_of_others(job.files.hits)
    parts = open_parts(str(job.folder), manifest_of(engine, job), resume=job.resume)
    try:
        _take_over(parts, job, outcome)
        if parts.finished:
            return
        if job.files.hits is not None:
            Path(job.files.hits).mkdir(parents=True, exist_ok=True)
        writer = PartWriter(parts, job.asked, job.files.hits, outcome.counts)
        for block in make(_left(_chunks(job, listener), set(parts.records), listener)):
            writer.take(block)
            outcome.mark(block.seen)
            listener.block(block)
        writer.end()
        parts.finish(outcome.counts.to_dict())
    finally:
        parts.close()


def _refuse_hits_of_others(folder: str) -> None:
    """A new job writes over no hits that another left.

    Raises:
        InputError: there are some.
    """
    if any(Path(folder).glob("hits-*")):
        raise InputError(f"{folder}: holds hits of another job; give another folder for --hits")


def _left(chunks: Iterator[Chunk], done: set[int], listener: Listener) -> Iterator[Chunk]:
    """The chunks of the parts that are not done, numbered from 0."""
    number = 0
    for chunk in chunks:
        if chunk.part in done:
            listener.skipped(chunk)
        else:
            yield replace(chunk, number=number)
            number += 1


def _take_over(parts: Parts, job: Scan, outcome: Outcome) -> None:
    """Count what an earlier run of the job has done."""
    for part, record in parts.records.items():
        counts = Counts.from_dict(record)
        if job.only_changed is not None and seen_file(parts.folder, part).exists():
            outcome.mark(np.load(seen_file(parts.folder, part), allow_pickle=False))
        outcome.counts.merge(counts)
        outcome.resumed += counts.tally.creatives


def manifest_of(engine: Engine, job: Scan) -> dict[str, Any]:
    """What a job is: the same manifest, the same decisions.

    The date is the one that the folder's job was begun on, where none was given: a job that goes
    on the next day decides for the same day.
    """
    asked, hits = job.asked, job.files.hits
    day = asked.on or asked.today
    return {
        "schema": SCHEMA,
        "automod": __version__,
        "ruleset": engine.digest,
        "date": {"day": day.isoformat(), "given": asked.on is not None},
        "inputs": inputs_of(job.sources),
        "options": {
            "format": asked.format, "lang": asked.lang, "where": list(asked.conditions),
            "hits": None if hits is None else asked.hits, "hits_text": asked.hits_text,
            "hits_folder": None if hits is None else os.path.relpath(hits, str(job.folder)),
            "only_changed": job.only_changed, "earlier": _check_of_earlier(asked),
            "counters": asked.counters,
            "part_size": job.cut.part, "chunk_size": job.cut.most, "chunk_bytes": job.cut.size,
        },
    }  # fmt: skip


def _check_of_earlier(asked: Asked) -> str | None:
    """A check of the decisions that others are to differ from: a path may hold others by now."""
    if asked.earlier is None:
        return None
    checks = [check_of(Path(asked.earlier, name)) for name in ("ids.npy", "states.npy")]
    return hashlib.sha256("".join(checks).encode()).hexdigest()


def begun_on(folder: str) -> date | None:
    """The day that the job in a folder decides for, where it was none that was given."""
    held = held_date(folder)
    if held is None or held[1]:
        return None
    return date.fromisoformat(held[0])
