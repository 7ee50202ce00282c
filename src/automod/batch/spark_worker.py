"""What runs in the Python workers of Spark: batches of rows in, batches of rows out.

Nothing here imports PySpark at its start, and nothing compiled comes over the wire: a worker gets
the canonical text of a ruleset and its digest, compiles it once, and checks that it is the same.
"""

from __future__ import annotations

from collections import Counter, OrderedDict
from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import date
from pathlib import PurePosixPath
from typing import Any, Final, Protocol, TypeVar

from automod.engine.compile import VERSIONS, compile
from automod.engine.engine import Engine
from automod.engine.pictures import fingerprint
from automod.errors import AutomodError, MissingExtra
from automod.media.errors import NO_DECODER, MediaError
from automod.media.phash import OtherAlgorithm
from automod.model.arrow import arrow, decision_json, decision_schema, hit_schema
from automod.model.canonical import from_canonical
from automod.model.decision import json_text
from automod.version import __version__

from .arrow import decide_record_batch, hit_log_of
from .bad_text import with_readable_text
from .creative_columns import INDEX, holds_media
from .rescore import Rescorer
from .spark_types import without_dictionaries

Made = TypeVar("Made", Engine, Rescorer)

Wire = Mapping[str, Any]
"""Plain values only, so that a worker of another version can read them and say so."""


class Held(Protocol):
    """A text that is there once for every worker of a machine: a broadcast of Spark."""

    @property
    def value(self) -> str:
        """The text."""


MOST_ENGINES: Final = 2
"""Engines that a worker keeps: that of the running job, and that of the one before."""

COMPILED: Final = Counter[str]()
"""How often this process has compiled the ruleset of each digest."""

# Workers are used again, task after task and job after job: an engine outlives the task.
_KEPT: Final[OrderedDict[tuple[Any, ...], Any]] = OrderedDict()


def wire_of(engine: Mapping[str, Any], **more: Any) -> Wire:
    """What a worker needs to know beside the text of the ruleset.

    Args:
        engine: `digest`, `backend`, `only` and `isolated` of the engine to be made.
        more: what else the task asks for.
    """
    return {"automod": __version__, "versions": dict(VERSIONS), **engine, **more}


def engine_of(wire: Wire, text: Held) -> Engine:
    """The engine of this worker for a ruleset: compiled the first time, then kept.

    Raises:
        AutomodError: the driver has another version of automod, or the engine that was made here
            is not that of the digest.
    """

    def make() -> Engine:
        ruleset = from_canonical(text.value)
        return compile(ruleset, wire["backend"], wire["only"], isolated=wire["isolated"])

    return _kept(wire, (wire["digest"], wire["only"]), make)


def rescorer_of(wire: Wire, old: Held, new: Held) -> Rescorer:
    """What makes decisions of one ruleset those of another, kept like an engine.

    Raises:
        AutomodError: as for `engine_of`.
    """

    def make() -> Rescorer:
        options = {"backend": wire["backend"], "isolated": wire["isolated"]}
        return Rescorer.of_canonical(old.value, new.value, **options)

    found = _kept(wire, (wire["digest"], "since", wire["since"]), make)
    _check_digest(wire["since"], found.since)
    return found


def _kept(wire: Wire, which: tuple[Any, ...], make: Callable[[], Made]) -> Made:
    _check_version(wire)
    key = (*which, wire["backend"], wire["isolated"])
    if key not in _KEPT:
        made = make()
        _check_digest(wire["digest"], made.digest)
        COMPILED[made.digest] += 1
        _KEPT[key] = made
        while len(_KEPT) > MOST_ENGINES:
            _KEPT.popitem(last=False)
    _KEPT.move_to_end(key)
    found: Made = _KEPT[key]
    return found


def _check_digest(wanted: str, found: str) -> None:
    if found != wanted:
        told = f"the ruleset is {wanted} on the driver and {found} here"
        raise AutomodError(f"{told}: the text was changed on its way")


def _check_version(wire: Wire) -> None:
    """An executor with another automod would decide otherwise, and name another engine."""
    if wire["automod"] == __version__ and wire["versions"] == VERSIONS:
        return
    theirs, ours = _told(wire["automod"], wire["versions"]), _told(__version__, VERSIONS)
    raise AutomodError(
        f"the driver has {theirs}, this executor {ours}: install the same version on both"
    )


def _told(version: str, versions: Mapping[str, str]) -> str:
    others = ", ".join(f"{name} {one}" for name, one in sorted(versions.items()))
    return f"automod {version} ({others})"


def decided(wire: Wire, text: Held, batches: Iterator[Any]) -> Iterator[Any]:
    """The decisions on the creatives of a partition.

    Args:
        wire: of `wire_of`, with `names` of the columns of creatives, how many columns after them
            are `kept` as they are, `on` and `today`, the folder `media`, and whether `json` is
            asked for.
        text: the canonical text of the ruleset.
        batches: record batches of creatives.
    """
    engine = engine_of(wire, text)
    first = None if INDEX in wire["names"] else _first_of_partition()
    for batch in batches:
        ads = _creatives(wire, batch)
        made = decide_record_batch(engine, ads, **_days(wire), first=first or 0)
        first = None if first is None else first + len(batch)
        yield _answer(wire, made, batch)


def rescored(wire: Wire, old: Held, new: Held, batches: Iterator[Any]) -> Iterator[Any]:
    """The same, of creatives beside their stored decisions.

    Args:
        wire: as for `decided`, with the digest `since`, and the names of the columns that are
            `stored`, which come last.
        old: the canonical text of the ruleset of the stored decisions.
        new: of the ruleset that is asked for.
        batches: record batches.
    """
    pa = arrow("decisions on Spark")
    rescorer = rescorer_of(wire, old, new)
    before = len(wire["names"]) + wire["kept"]
    for batch in batches:
        stored = pa.RecordBatch.from_arrays(batch.columns[before:], names=wire["stored"])
        made = rescorer.decide_record_batch(_creatives(wire, batch), stored, **_days(wire))
        yield _answer(wire, made, batch)


def _creatives(wire: Wire, batch: Any) -> Any:
    pa = arrow("decisions on Spark")
    names: list[str] = wire["names"]
    ads = pa.RecordBatch.from_arrays(batch.columns[: len(names)], names=names)
    return _from_folder(_in_utc(with_readable_text(ads), pa), wire["media"], pa)


def _answer(wire: Wire, made: Any, batch: Any) -> Any:
    """The decisions, then what is kept beside them."""
    pa = arrow("decisions on Spark")
    if wire["json"]:
        columns = [_as_json(made, pa)]
    else:
        columns = made.cast(without_dictionaries(decision_schema())).columns
    first = len(wire["names"])
    return _batch([*columns, *batch.columns[first : first + wire["kept"]]], pa)


def _days(wire: Wire) -> dict[str, Any]:
    """`on`, and `today`: where only the first is there no other is asked for."""
    on, today = _day(wire["on"]), _day(wire["today"])
    return {"on": on, "today": today or on}


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


ROWS_OF_A_PARTITION: Final = 1 << 33
"""As `monotonically_increasing_id` of Spark has it: the partition above, the row below."""


def _first_of_partition() -> int:
    from pyspark import TaskContext  # type: ignore[import-not-found,unused-ignore]

    return int(TaskContext.get().partitionId()) * ROWS_OF_A_PARTITION


def _batch(columns: list[Any], pa: Any) -> Any:
    """Spark takes columns by their place; names are for whoever reads a message."""
    return pa.RecordBatch.from_arrays(columns, names=[f"c{n}" for n in range(len(columns))])


def _as_json(made: Any, pa: Any) -> Any:
    return pa.array([json_text(decision_json(row)) for row in made.to_pylist()], pa.string())


def _in_utc(ads: Any, pa: Any) -> Any:
    """Times as UTC has them: Spark hands them out in the zone of its session."""
    columns = [
        column.cast(pa.timestamp(column.type.unit, "UTC")) if _has_zone(column, pa) else column
        for column in ads.columns
    ]
    return pa.RecordBatch.from_arrays(columns, names=ads.schema.names)


def _has_zone(column: Any, pa: Any) -> bool:
    return bool(pa.types.is_timestamp(column.type)) and column.type.tz is not None


def _from_folder(ads: Any, folder: str | None, pa: Any) -> Any:
    """Paths of images and videos as they count from a folder."""
    if folder is None:
        return ads
    columns = list(ads.columns)
    for place, field in enumerate(ads.schema):
        if holds_media(field.name) and _lists_of_texts(field.type, pa):
            rows = columns[place].to_pylist()
            paths = [None if row is None else [_path(one, folder) for one in row] for row in rows]
            columns[place] = pa.array(paths, pa.list_(pa.string()))
    return pa.RecordBatch.from_arrays(columns, names=ads.schema.names)


def _lists_of_texts(found: Any, pa: Any) -> bool:
    if not (pa.types.is_list(found) or pa.types.is_large_list(found)):
        return False
    return found.value_type in (pa.string(), pa.large_string())


def _path(one: str | None, folder: str) -> str | None:
    """A path from a folder; a fingerprint as JSON stays what it is."""
    if one is None or one.startswith("{"):
        return one
    return str(PurePosixPath(folder) / one)


def hit_rows(wire: Wire, batches: Iterator[Any]) -> Iterator[Any]:
    """The hit log of the decisions of a partition.

    Args:
        wire: whether `text` is kept.
        batches: record batches of decisions.
    """
    pa = arrow("a hit log on Spark")
    stored = without_dictionaries(decision_schema())
    schema = without_dictionaries(hit_schema())
    for batch in batches:
        made = pa.RecordBatch.from_arrays(batch.columns, names=stored.names).cast(stored)
        yield _batch(hit_log_of(made, text=wire["text"]).cast(schema).columns, pa)


def fingerprint_rows(wire: Wire, batches: Iterator[Any]) -> Iterator[Any]:
    """The rows of a partition with a fingerprint for the bytes of their first column.

    Args:
        wire: the hashes `also`.
        batches: record batches whose first column holds the bytes of files.
    """
    pa = arrow("fingerprints on Spark")
    for batch in batches:
        rows = [_print_of(one.as_py(), wire["also"]) for one in batch.column(0)]
        prints = pa.array([one for one, _ in rows], pa.binary())
        faults = pa.array([fault for _, fault in rows], pa.string())
        yield _batch([*batch.columns[1:], prints, faults], pa)


def _print_of(file: bytes | None, also: Collection[OtherAlgorithm]) -> tuple[bytes, str | None]:
    """The bytes of a fingerprint; of a file that has none the file, and the code of why.

    The file stays, so that `decide` says of it what it would have said at first. It is never null,
    which `collect_list` would drop: a creative would then look as if it had one picture less.
    """
    try:
        return fingerprint(file or b"", also).to_bytes(), None
    except MediaError as error:
        return file or b"", error.code
    except (MissingExtra, RuntimeError, OSError):  # elsewhere it may be decoded
        return file or b"", NO_DECODER
