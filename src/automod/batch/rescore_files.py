"""Creatives of files decided again from stored decisions, some at a time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Any

from automod.engine.engine import Engine
from automod.errors import InputError
from automod.load.stored_decisions import SUFFIXES, StoredDecisions
from automod.model.canonical import from_canonical, to_canonical
from automod.model.decision import Decision
from automod.model.ruleset import Ruleset

from .rescore import Rescorer
from .rescore_plan import rescore_plan
from .stream import BLOCK


@dataclass(frozen=True, slots=True)
class Since:
    """What was decided before, and by what: it goes to other processes as texts."""

    ruleset: str
    """The canonical text of the ruleset."""
    stored: tuple[str, ...]
    """Files of its decisions, or hit logs."""


class Again:
    """Decides creatives by their place in a stream, from what is stored of that place."""

    def __init__(self, engine: Engine, since: Since) -> None:
        """Open what is stored.

        Args:
            engine: of the new ruleset.
            since: what was decided before.

        Raises:
            LoadError: a file holds no decisions, or not in the order of their indexes.
            MissingExtra: it is Parquet, and the extra `arrow` is not installed.
        """
        self.rescorer = Rescorer(
            from_canonical(since.ruleset), engine.ruleset, backend=engine.backend,
            isolated=engine.isolated, engine=engine,
        )  # fmt: skip
        self._stored = StoredDecisions(since.stored)

    def decide_stream(
        self, creatives: Iterable[Any], *, today: date, on: date | None = None, first: int = 0
    ) -> Iterator[tuple[Any, Decision]]:
        """`batch.stream.decide_stream` of the new ruleset, with less work.

        Args:
            creatives: dicts, `Creative`s, or what could not be read.
            today: the date for a creative without one.
            on: the date for all of them, whatever they say.
            first: the index of the first.
        """
        waiting = iter(creatives)
        while some := list(islice(waiting, BLOCK)):
            held = self._stored.dicts(first, len(some))
            decisions = self.rescorer.decide(some, held, on, today=today, first=first)
            yield from zip(some, decisions, strict=True)
            first += len(some)

    def decide_record_batch(
        self, batch: Any, *, today: date, on: date | None = None, first: int = 0
    ) -> Any:
        """`batch.arrow.decide_record_batch` of the new ruleset, with less work.

        What is stored is found by the place of a creative, `first` and so on; a column `index` says
        only which index its decision has.
        """
        held = self._stored.batch(first, len(batch))
        return self.rescorer.decide_record_batch(batch, held, on=on, today=today, first=first)


def since_of(old: Ruleset, new: Ruleset, stored: Sequence[str]) -> tuple[Since, tuple[str, ...]]:
    """What was decided before, and what there is to do, as a person reads it.

    Args:
        old: the ruleset of the stored decisions.
        new: the one that is asked for.
        stored: their files; a folder of parts stands for what is in it, in order.

    Raises:
        InputError: there is no such file, or nothing in a folder.
        LoadError: a file holds no decisions, or not in the order of their indexes.
        MissingExtra: it is Parquet, and the extra `arrow` is not installed.
    """
    files = tuple(_files(stored))
    StoredDecisions(files)  # now, and not in the middle of a scan
    plan = rescore_plan(old, new)
    return Since(to_canonical(old), files), (*plan.why, *plan.everything)


def _files(paths: Iterable[str]) -> Iterator[str]:
    for name in paths:
        path = Path(name)
        if not path.is_dir():
            if not path.exists():
                raise InputError(f"{name}: there is no such file or folder")
            yield name
            continue
        inside = [one for one in sorted(path.iterdir()) if one.suffix.lower() in SUFFIXES]
        parts = [str(one) for one in inside if not one.name.startswith((".", "_"))]
        if not parts:
            raise InputError(f"{name}: holds no decisions ({', '.join(SUFFIXES)})")
        yield from parts
