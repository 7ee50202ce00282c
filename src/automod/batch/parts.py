"""An output of parts: each appears when it is whole, and a killed job goes on where it was.

    out/part-00000.parquet      decisions; more parts follow
    out/_quarantine-00000.jsonl what of part 0 was no creative, or ended a worker
    out/_parts/00000.json       part 0 is done: its counts, and the sizes of its files
    out/_job.json               what the job was asked for
    out/_SUCCESS                all parts are there: the counts of all

Names that begin with `_` are no data to Spark, DuckDB and Arrow: the folder reads as one table.
A part counts once its record is there, which is written last. What a killed job left of a part
without a record is written over.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from automod.errors import InputError

from .inputs import Source

SCHEMA: Final = 1
JOB: Final = "_job.json"
DONE: Final = "_SUCCESS"
RECORDS: Final = "_parts"
TEMPORARY: Final = ".tmp"

_CHECKED: Final = 64
"""Places of a large file that its check looks at."""
_PIECE: Final = 1 << 16
"""Bytes that are looked at there."""

Json = dict[str, Any]


@contextmanager
def appearing(path: Path) -> Iterator[Path]:
    """Where to write a file that takes its name when it is whole, and is on the disk.

    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp()) / "a.json"
    >>> with appearing(path) as place:
    ...     _ = place.write_text("{}")
    ...     path.exists()
    False
    >>> path.read_text()
    '{}'
    """
    place = path.with_name(path.name + TEMPORARY)
    yield place
    with place.open("rb+") as stream:
        os.fsync(stream.fileno())
    place.replace(path)


def settle(folder: Path) -> None:
    """Have the names of a folder on the disk, where the system can do so."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def check_of(path: Path) -> str:
    """A digest by which a file is known again: of its size and 64 places of 64 KB, if it is large.

    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp()) / "a"
    >>> _ = path.write_bytes(b"a")
    >>> before = check_of(path)
    >>> _ = path.write_bytes(b"b")
    >>> before == check_of(path)
    False
    """
    size = path.stat().st_size
    found = hashlib.sha256(str(size).encode())
    with path.open("rb") as stream:
        if size <= _CHECKED * _PIECE:
            found.update(stream.read())
        else:
            for place in range(_CHECKED):
                stream.seek((size - _PIECE) * place // (_CHECKED - 1))
                found.update(stream.read(_PIECE))
    return f"sha256:{found.hexdigest()}"


def inputs_of(sources: Iterable[Source]) -> list[Json]:
    """What a manifest says of the inputs of a job."""
    return [
        {"name": name, "size": Path(source).stat().st_size, "check": check_of(Path(source))}
        if isinstance(source, (str, os.PathLike))
        else {"name": name, "size": None, "check": None}
        for name, source in sources
    ]


@dataclass(slots=True)
class Parts:
    """The folder of a job, which nobody else writes to meanwhile."""

    folder: Path
    manifest: Json
    records: dict[int, Json] = field(default_factory=dict)
    """Of the parts that are done."""
    _lock: Any = None

    @property
    def finished(self) -> bool:
        """Whether all parts are there."""
        return (self.folder / DONE).exists()

    def commit(self, part: int, record: Json, files: Iterable[Path]) -> None:
        """Say that a part is done, once its files have their names."""
        sizes = {os.path.relpath(one, self.folder): one.stat().st_size for one in files}
        settle(self.folder)
        place = self.folder / RECORDS / f"{part:05}.json"
        _write(place, {**record, "files": sizes})
        settle(place.parent)
        self.records[part] = {**record, "files": sizes}

    def finish(self, summary: Json) -> None:
        """Say that all parts are there, and how many."""
        _write(self.folder / DONE, {"parts": len(self.records), **summary})
        settle(self.folder)

    def close(self) -> None:
        """Let others write to the folder."""
        if self._lock is not None:
            self._lock.close()


def open_parts(folder: str, manifest: Json, *, resume: bool) -> Parts:
    """The folder of a job: a new one, or the one that a killed job left.

    Args:
        folder: made where it is not there.
        manifest: what the job is: the same job has the same. `date` is taken from the folder's
            when a job goes on, unless it was given.
        resume: go on with the job that the folder holds.

    Raises:
        InputError: the folder holds a job and is not to go on, another job, or other files; or
            another process writes to it.
    """
    place = Path(folder)
    place.mkdir(parents=True, exist_ok=True)
    held = _read(place / JOB)
    if held is None:
        if any(one.name != "_lock" and not one.name.endswith(TEMPORARY) for one in place.iterdir()):
            raise InputError(f"{folder}: is not empty, and holds no job; give another folder")
    elif not resume:
        state = "a finished job" if (place / DONE).exists() else "a job that was not finished"
        raise InputError(f"{folder}: holds {state}; go on with --resume, or give another folder")
    elif differences := _differences(held, manifest):
        raise InputError(
            f"{folder}: cannot go on, this is another job: {'; '.join(differences)}; "
            "give another folder"
        )
    lock = _locked(place)
    (place / RECORDS).mkdir(exist_ok=True)
    if held is None:
        _write(place / JOB, manifest)
        settle(place)
    records = _records(place)
    done = _read(place / DONE)
    if done is not None and done.get("parts") != len(records):
        (place / DONE).unlink()  # some part is gone, and is made again
    return Parts(place, held or manifest, records, lock)


def _differences(held: Json, manifest: Json) -> list[str]:
    """What of a job is another, in words."""
    found = []
    for key in dict.fromkeys([*manifest, *held]):
        before, now = held.get(key), manifest.get(key)
        if before == now:
            continue
        if key == "inputs":
            found.append(_inputs_differ(before or [], now or []))
        elif isinstance(before, dict) and isinstance(now, dict):
            found += [
                f"{name} was {before.get(name)!r}, now {now.get(name)!r}"
                for name in dict.fromkeys([*now, *before])
                if before.get(name) != now.get(name)
            ]
        else:
            found.append(f"{key} was {before!r}, now {now!r}")
    return found


def _inputs_differ(before: list[Json], now: list[Json]) -> str:
    names, others = [one["name"] for one in before], [one["name"] for one in now]
    if names != others:
        return f"the inputs were {', '.join(names)}, now {', '.join(others)}"
    changed = [one["name"] for one, other in zip(before, now, strict=True) if one != other]
    return f"{', '.join(changed)} changed since"


def held_date(folder: str) -> tuple[str, bool] | None:
    """The date of the job in a folder, and whether it was given; None where it holds no job."""
    held = _read(Path(folder) / JOB)
    if held is None or not isinstance(held.get("date"), dict):
        return None
    return str(held["date"].get("day")), bool(held["date"].get("given"))


def finished_options(folder: Path) -> Json:
    """The options of the finished job in a folder; nothing where it holds none.

    Raises:
        InputError: it is not finished.
    """
    held = _read(folder / JOB)
    if held is None:
        return {}
    if not (folder / DONE).exists():
        raise InputError(f"{folder}: holds a job that was not finished; go on with --resume")
    return dict(held.get("options", {}))


def _records(folder: Path) -> dict[int, Json]:
    """The parts that are done, from the first on, and whose files are as they were written."""
    found: dict[int, Json] = {}
    while True:
        record = _read(folder / RECORDS / f"{len(found):05}.json")
        if record is None or not _whole(folder, record):
            return found
        found[len(found)] = record


def _whole(folder: Path, record: Mapping[str, Any]) -> bool:
    sizes: Mapping[str, int] = record["files"]
    places = {folder / name: size for name, size in sizes.items()}
    return all(one.exists() and one.stat().st_size == size for one, size in places.items())


def _write(path: Path, value: Mapping[str, Any]) -> None:
    with appearing(path) as place:
        place.write_text(json.dumps(value, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def _read(path: Path) -> Json | None:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        raise InputError(f"{path}: cannot be read: {error}") from error
    if not isinstance(found, dict):
        raise InputError(f"{path}: is none of ours")
    return found


def _locked(folder: Path) -> Any:
    """Keep other processes off the folder: until this one ends, however it does.

    Raises:
        InputError: another is at it.
    """
    try:
        import fcntl
    except ImportError:  # no such locks here
        return None
    lock = (folder / "_lock").open("w")
    try:
        # Of the process, not of the file: a worker that outlives a killed job holds nothing up.
        fcntl.lockf(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        lock.close()
        raise InputError(f"{folder}: another process writes to it") from None
    return lock
