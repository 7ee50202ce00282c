"""Which decisions differ from those of an earlier run, at 16 bytes a creative.

Of an earlier decision are kept 64 bits of its creative's id and 64 bits of what was decided, in a
file that all processes map. Two ids of 100 million that share their 64 bits, of which one would be
taken for the other, are there with a probability of 1 in 4,000 (birthday bound, n^2 / 2^65).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import numpy as np

from automod.errors import InputError
from automod.load.files import first_line
from automod.load.json_files import Unreadable, json_lines
from automod.model.arrow import arrow
from automod.model.decision import Decision

from .parts import finished_options

SUFFIXES: Final = (".jsonl", ".ndjson", ".parquet")
COLUMNS: Final = ("creative", "action", "markets", "verdicts")

Outcomes = tuple[tuple[str, str, bool], ...]
Codes = tuple[tuple[str, str], ...]

_ROWS: Final = 1 << 14


@dataclass(frozen=True, slots=True)
class Earlier:
    """The decisions of an earlier run, by creative; of an id that is there twice, the last."""

    ids: Any
    """`uint64`, ascending."""
    states: Any

    def __len__(self) -> int:
        return len(self.ids)

    def place(self, creative: str) -> int:
        """Where the creative stands here; -1: it was not there."""
        wanted = np.uint64(digest64(creative))
        place = int(np.searchsorted(self.ids, wanted, side="right")) - 1
        return place if place >= 0 and self.ids[place] == wanted else -1

    def same(self, place: int, decision: Decision) -> bool:
        """Whether as much was decided as there."""
        return int(self.states[place]) == state_of(decision)

    def save(self, folder: Path) -> None:
        """Write it where `open_earlier` finds it."""
        np.save(folder / "ids.npy", self.ids)
        np.save(folder / "states.npy", self.states)


def open_earlier(folder: Path) -> Earlier:
    """What `save` wrote, mapped: processes share it, and only what is asked for is in memory."""
    ids, states = (
        np.load(folder / f"{name}.npy", mmap_mode="r", allow_pickle=False)
        for name in ("ids", "states")
    )
    return Earlier(ids, states)


def read_earlier(path: str) -> Earlier:
    """The decisions of a file, or of a folder of parts.

    Args:
        path: JSONL or Parquet as `automod scan -o` writes it, or a folder of them.

    Raises:
        InputError: it cannot be read, holds no decisions, or only some of those of its run.
        MissingExtra: it is Parquet, and the extra `arrow` is not installed.

    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp()) / "out.jsonl"
    >>> _ = path.write_text(Decision("c1", 0, "2026-11-20", "sha256:0", "approve", {}).to_json())
    >>> earlier = read_earlier(str(path))
    >>> len(earlier), earlier.place("c1"), earlier.place("c2")
    (1, 0, -1)
    """
    blocks = [_block(file) for file in _files(path)]
    ids = np.concatenate([np.zeros(0, dtype=np.uint64), *(one for one, _ in blocks)])
    states = np.concatenate([np.zeros(0, dtype=np.uint64), *(one for _, one in blocks)])
    order = np.argsort(ids, kind="stable")
    ids = ids[order]
    last = np.ones(len(ids), dtype=bool)
    last[:-1] = ids[1:] != ids[:-1]
    return Earlier(ids[last], states[order][last])


def _files(path: str) -> list[Path]:
    place = Path(path)
    if not place.exists():
        raise InputError(f"{path}: there is no such file or folder")
    if not place.is_dir():
        return [place]
    options = finished_options(place)
    for name in ("where", "only_changed"):
        if options.get(name):
            told = f"was written with --{name.replace('_', '-')}: not all decisions are there"
            raise InputError(f"{path}: {told}")
    found = [one for one in sorted(place.iterdir()) if one.suffix.lower() in SUFFIXES]
    found = [one for one in found if not one.name.startswith((".", "_", "hits-"))]
    if not found:
        raise InputError(f"{path}: holds no decisions ({', '.join(SUFFIXES)})")
    return found


def _block(path: Path) -> tuple[Any, Any]:
    reads = {".jsonl": _of_lines, ".ndjson": _of_lines, ".parquet": _of_parquet}
    read = reads.get(path.suffix.lower())
    if read is None:
        raise InputError(f"{path}: decisions of an earlier run are {', '.join(SUFFIXES)}")
    found = (number for pair in read(path) for number in pair)
    pairs = np.fromiter(found, dtype=np.uint64).reshape(-1, 2)
    return pairs[:, 0], pairs[:, 1]


def _pair(row: Mapping[str, Any]) -> tuple[int, ...]:
    """The digests of a decision's creative and of what was decided; of what was none, nothing."""
    if row["creative"] is None:
        return ()
    markets = row["markets"]
    named = (
        ((name, one["action"], one["complete"]) for name, one in markets.items())
        if isinstance(markets, dict)
        else ((one["market"], one["action"], one["complete"]) for one in markets)
    )
    codes = ((one["market"], one["policy"]) for one in row["verdicts"])
    return digest64(row["creative"]), _state(row["action"], tuple(named), tuple(codes))


_NONE: Final = (KeyError, TypeError, AttributeError, ValueError)
"""What a row that is no decision raises."""


def _of_lines(path: Path) -> Iterator[tuple[int, ...]]:
    try:
        with path.open("rb") as stream:
            for line, found in json_lines(stream):
                try:
                    pair = None if isinstance(found, Unreadable) else _pair(found)
                except _NONE:
                    pair = None
                if pair is None:
                    raise InputError(f"{path}:{line}: is no decision")
                yield pair
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error}") from error


def _of_parquet(path: Path) -> Iterator[tuple[int, ...]]:
    pa = arrow(f"reading {path}")
    columns = [
        "creative", "action", "markets.list.element.market", "markets.list.element.action",
        "markets.list.element.complete", "verdicts.list.element.market",
        "verdicts.list.element.policy", "json",
    ]  # fmt: skip
    try:
        with pa.parquet.ParquetFile(path) as file:
            if not set(COLUMNS) <= set(file.schema_arrow.names):
                raise InputError(f"{path}: holds no decisions")
            for batch in file.iter_batches(_ROWS, columns=columns, use_threads=False):
                yield from map(_pair, map(_whole, batch.to_pylist()))
    except (pa.ArrowException, OSError, RecursionError, *_NONE) as error:
        raise InputError(f"{path}: is damaged: {first_line(error)}") from error


def _whole(row: Mapping[str, Any]) -> Mapping[str, Any]:
    """A row; of one whose texts Arrow cannot hold, its JSON."""
    written = row.get("json")
    found: Mapping[str, Any] = row if written is None else json.loads(written)
    return found


def digest64(text: str) -> int:
    """64 bits of the BLAKE2b of a text.

    >>> digest64("c1") == digest64("c1"), digest64("c1") == digest64("c2")
    (True, False)
    """
    data = text.encode("utf-8", "surrogatepass")
    return int.from_bytes(hashlib.blake2b(data, digest_size=8).digest(), "little")


def state_of(decision: Decision) -> int:
    """64 bits of what was decided: the action of each market, the codes of verdicts, completeness.

    Not of the evidence, nor of scores: another hit that comes to the same is no change.
    """
    markets = tuple((name, one.action, one.complete) for name, one in decision.markets.items())
    codes = tuple((one.market, one.policy) for one in decision.verdicts)
    return _state(decision.action, markets, codes)


@lru_cache(maxsize=1 << 12)
def _state(action: str, markets: Outcomes, codes: Codes) -> int:
    return digest64(json.dumps([action, sorted(markets), sorted(set(codes))]))
