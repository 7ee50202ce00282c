"""The columnar contract on Spark: a data frame of creatives in, a data frame of decisions out.

PySpark is brought by the user, and imported only when something here is called.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from os import PathLike
from typing import TYPE_CHECKING, Any, Final

from automod.engine.compile import VERSIONS
from automod.engine.engine import Engine
from automod.engine.reading import load
from automod.errors import InputError, LoadError, Location
from automod.load.creatives import column_of
from automod.load.faults import Faults
from automod.match.literals import Backend
from automod.media.phash import OtherAlgorithm
from automod.model.arrow import arrow, decision_schema, hit_schema
from automod.model.canonical import digest, from_canonical, to_canonical
from automod.model.ruleset import Ruleset

from .creative_columns import INDEX, WHERE, layout_of
from .rescore_columns import COLUMNS
from .spark_types import arrow_type, spark, spark_schema, without_dictionaries
from .spark_worker import decided, fingerprint_rows, hit_rows, rescored, wire_of

if TYPE_CHECKING:
    from pyspark.sql import DataFrame  # type: ignore[import-not-found,unused-ignore]

Rules = Ruleset | Engine | str | PathLike[str]
"""A ruleset, an engine (of which its ruleset and options are taken), the canonical JSON of a
ruleset, or the path of a bundle or a folder, which the driver reads."""

BACKEND: Final[Backend] = "ahocorasick-rs"
JSON: Final = "json"
FINGERPRINT: Final = "fingerprint"
FAULT: Final = "fault"


def decide(
    creatives: DataFrame,
    rules: Rules,
    *,
    on: date | str | None = None,
    today: date | str | None = None,
    index: str | None = INDEX,
    keep: Collection[str] = (),
    media: str | PathLike[str] | None = None,
    json: bool = False,
) -> DataFrame:
    """The decisions on the creatives of a data frame, a row for each; nothing runs yet.

    Args:
        creatives: a column for each key of a creative, as for `decide_record_batch`. Images and
            videos are paths that every executor can open, or the bytes of files or fingerprints.
        rules: what to decide by. Its text goes to the executors, which compile it once a worker.
        on: the date to decide for, whatever the creatives say.
        today: the date of creatives without one of their own, where `on` is left out. One of the
            two is needed: tasks run on different days, and a task that is run again must say the
            same.
        index: the column that says the place of a creative. None numbers rows as
            `monotonically_increasing_id` does: partition, then row. Such a number comes back the
            same from a task that is run again only if its rows do, in the same order: from files
            they do, from a shuffle they may not.
        keep: columns that are carried through beside the decision.
        media: the folder, as executors see it, from which paths of images and videos count.
        json: one column `json`, a decision's line of JSON, in place of a column for each key.

    Returns:
        The columns of `model.arrow.decision_schema`, without dictionaries, and those that are kept.
        A row that is no creative is a decision that says so (`creative.invalid`).

    Raises:
        InputError: every column that is none of a creative, or holds something else; neither `on`
            nor `today` is given; `rules` cannot be read.
        LoadError: something in the files of `rules` is wrong.
        MissingExtra: PySpark or PyArrow is not installed.
    """
    asked = _asked(creatives, on, today, index, keep, media, json=json)
    options, text = _engine_of(rules)
    wire = wire_of(options, **asked.wire)
    held = _broadcast(asked.frame, text)

    def task(batches: Iterator[Any]) -> Iterator[Any]:
        return decided(wire, held, batches)

    return _renamed(asked.frame, [*asked.columns, *keep]).mapInArrow(task, asked.schema)


def rescore(
    creatives: DataFrame,
    decisions: DataFrame,
    old: Rules,
    new: Rules,
    *,
    on: date | str | None = None,
    today: date | str | None = None,
    index: str = INDEX,
    keep: Collection[str] = (),
    media: str | PathLike[str] | None = None,
    json: bool = False,
) -> DataFrame:
    """What `decide` would say by another ruleset, made of stored decisions as far as that goes.

    A creative is scanned where its stored decision does not surely give the answer
    (`batch.rescore` says when), and where it has none: its id is nowhere among them, or there more
    than once, or is the id of several creatives.

    Args:
        creatives: as for `decide`, as they were when they were decided.
        decisions: what `decide` gave for them by the old ruleset, or those columns as they were
            stored, with more beside them or not.
        old: the rules of the stored decisions.
        new: the rules to decide by.
        on: as for `decide`.
        today: as for `decide`.
        index: as for `decide`, but it must be there: to join is to lose the order.
        keep: as for `decide`.
        media: as for `decide`.
        json: as for `decide`.

    Raises:
        InputError: as for `decide`; every column of a decision that is missing.
        LoadError: as for `decide`.
        MissingExtra: as for `decide`.
    """
    asked = _asked(creatives, on, today, index, keep, media, json=json)
    stored = _frame(decisions, spark("deciding on Spark"))
    _refuse_missing(stored, COLUMNS)
    if index is None:
        raise InputError("index is None: name the column that says the place of a creative")
    (options, text), (since, old_text) = _engine_of(new), _engine_of(old)
    if options["only"] is not None or since["only"] is not None:
        raise InputError("an engine for some materials only decides on nothing again")
    read = [name for name in (*COLUMNS, JSON) if name in stored.columns]
    wire = wire_of(options, since=since["digest"], stored=read, **asked.wire)
    held, old_held = _broadcast(asked.frame, text), _broadcast(asked.frame, old_text)

    def task(batches: Iterator[Any]) -> Iterator[Any]:
        return rescored(wire, old_held, held, batches)

    id_ = asked.columns[asked.wire["names"].index("id")]
    pairs = _paired(asked.frame, [*asked.columns, *keep], id_, stored, read)
    return pairs.mapInArrow(task, asked.schema)


def hits(decisions: DataFrame, *, text: bool = False) -> DataFrame:
    """The hit log of decisions: a row for each hit, with the creative and what was decided.

    Args:
        decisions: what `decide` returned, or its columns as they were stored.
        text: keep the letters that matched, which are the advertiser's.

    Raises:
        InputError: every column of a decision that is missing.
        MissingExtra: PySpark or PyArrow is not installed.
    """
    frame = _frame(decisions, spark("a hit log on Spark"))
    names = decision_schema().names
    _refuse_missing(frame, names)
    schema = spark_schema(without_dictionaries(hit_schema()))
    wire = {"text": text}

    def task(batches: Iterator[Any]) -> Iterator[Any]:
        return hit_rows(wire, batches)

    return _renamed(frame, names).mapInArrow(task, schema)


def fingerprints(
    files: DataFrame, column: str = "content", *, also: Collection[OtherAlgorithm] = ()
) -> DataFrame:
    """Files of images and videos as fingerprints, which is all that matching needs of them.

    Args:
        files: a row for each file, as the source `binaryFile` of Spark gives it.
        column: the one with the bytes of the files.
        also: as for `automod.fingerprint`: hashes that some package asks for.

    Returns:
        The other columns, then `fingerprint` (binary, never null) and `fault`: null, or the code of
        why a file has no fingerprint. Its bytes then stand in place of one, so that `decide` says
        of the creative what it would have said of the file.

    Raises:
        InputError: there is no such column, or it holds no bytes.
        MissingExtra: PySpark or PyArrow is not installed.
    """
    sql = spark("fingerprints on Spark")
    frame = _frame(files, sql)
    types = {field.name: field.dataType for field in frame.schema}
    if not isinstance(types.get(column), sql.types.BinaryType):
        found = f"holds {types[column].simpleString()}" if column in types else "is missing"
        raise InputError(f'files, column "{column}": {found}; the bytes of files are needed')
    kept = [name for name in frame.columns if name != column]
    pa = arrow("fingerprints on Spark")
    made = spark_schema(pa.schema([(FINGERPRINT, pa.binary()), (FAULT, pa.string())]))
    _refuse_twice([*kept, *made.names], "files")
    schema = sql.types.StructType([frame.schema[name] for name in kept] + made.fields)
    wire = {"also": tuple(also)}

    def task(batches: Iterator[Any]) -> Iterator[Any]:
        return fingerprint_rows(wire, batches)

    return _renamed(frame, [column, *kept]).mapInArrow(task, schema)


@dataclass(frozen=True, slots=True)
class _Asked:
    """What is asked of some creatives, whatever they are decided by."""

    frame: Any
    columns: list[str]
    """Those of creatives."""
    schema: Any
    """Of what comes out."""
    wire: dict[str, Any]


def _asked(
    creatives: Any,
    on: date | str | None,
    today: date | str | None,
    index: str | None,
    keep: Collection[str],
    media: str | PathLike[str] | None,
    *,
    json: bool,
) -> _Asked:
    sql = spark("deciding on Spark")
    days = {"on": _day(on, "on"), "today": _day(today, "today")}
    if days["on"] is None and days["today"] is None:
        raise InputError(
            "on is not given, and no clock is read on Spark, whose tasks may run on different "
            "days: give on, or today for creatives without a date of their own"
        )
    frame = _frame(creatives, sql)
    names, columns = _creative_columns(frame, index, keep)
    pa = arrow("decisions on Spark")
    made = without_dictionaries(decision_schema())
    made = pa.schema([(JSON, pa.string())]) if json else made
    schema = _with_kept(spark_schema(made), frame, keep)
    folder = None if media is None else str(media)
    wire = {"names": names, "kept": len(keep), "media": folder, "json": json, **days}
    return _Asked(frame, columns, schema, wire)


def _paired(frame: Any, columns: list[str], id_: str, stored: Any, read: list[str]) -> Any:
    """Creatives, each beside its stored decision, or beside nulls.

    An id that is not the only one of its kind says nothing: on either side such rows are found by
    the partitions that the join needs anyway.
    """
    f = spark("columns of Spark").functions
    key = f.col(f"c{columns.index(id_)}")
    left = _renamed(frame, columns).withColumn("n", f.count(f.lit(1)).over(_window(key)))
    left = left.withColumn("key", key)
    right = _renamed(stored, read, "d").withColumn("key", f.col(f"d{read.index('creative')}"))
    right = right.withColumn("m", f.count(f.lit(1)).over(_window(f.col("key"))))
    both = left.join(right.where(f.col("m") == 1).drop("m"), on="key", how="left")
    alone = [f.when(f.col("n") == 1, f.col(f"d{n}")).alias(f"d{n}") for n in range(len(read))]
    return both.select(*[f"c{n}" for n in range(len(columns))], *alone)


def _window(key: Any) -> Any:
    return spark("columns of Spark").Window.partitionBy(key)


def _frame(given: Any, sql: Any) -> Any:
    if isinstance(given, sql.DataFrame):
        return given
    kind = f"{type(given).__module__}.{type(given).__qualname__}"
    raise InputError(f"a data frame of Spark is needed, not {kind}")


def _day(day: date | str | None, name: str) -> str | None:
    """A date as text, as it goes to the executors."""
    try:
        return None if day is None else date.fromisoformat(str(day)).isoformat()
    except ValueError:
        raise InputError(f"{name} is {day!r}, not a date such as 2026-11-20") from None


def _creative_columns(
    frame: Any, index: str | None, keep: Collection[str]
) -> tuple[list[str], list[str]]:
    """The columns of creatives: what they are called in the contract, and in the data frame.

    Raises:
        InputError: every column that is none, holds something else, or is missing.
    """
    if isinstance(keep, str):
        raise InputError(f"keep is a list of columns, not {keep!r}")
    faults = Faults()
    _find_missing(frame, index, keep, faults)
    names: list[str] = []
    columns: list[str] = []
    types: list[Any] = []
    for field in frame.schema:
        if _passed_over(field.name, index, keep):
            continue
        found = arrow_type(field.dataType)
        if found is None:
            what = f"holds {field.dataType.simpleString()}, which no creative has"
            faults.add(Location(WHERE, header=field.name), what)
            continue
        names.append(INDEX if field.name == index else field.name)
        columns.append(field.name)
        types.append(found)
    told = [] if not faults.found else [str(LoadError(faults.found))]
    try:
        layout_of(arrow(WHERE).schema(list(zip(names, types, strict=True))))
    except InputError as error:
        told.append(str(error))
    if told:
        raise InputError("\n".join(told))
    return names, columns


def _find_missing(frame: Any, index: str | None, keep: Collection[str], faults: Faults) -> None:
    for name in keep:
        if name not in frame.columns:
            near = (name, frame.columns)
            faults.add(Location(WHERE, header=name), "the column to keep is missing", near=near)
    if index is not None and index not in frame.columns:
        hint = "rows have no order on Spark: name the column with index, or give index=None"
        faults.add(Location(WHERE, header=index), "the column of places is missing", hint)
    if index != INDEX and INDEX in frame.columns:
        hint = f"name it with index, or give it another name: a decision has an {INDEX} of its own"
        faults.add(Location(WHERE, header=INDEX), "the column is not asked for", hint)


def _passed_over(name: str, index: str | None, keep: Collection[str]) -> bool:
    """Whether a column says nothing of a creative, and need not travel for that."""
    if name == index:
        return False
    if name in {INDEX, "schema"} or name.startswith("x-"):
        return True
    return name in keep and column_of(name) is None


def _refuse_missing(frame: Any, names: Iterable[str]) -> None:
    missing = [name for name in names if name not in frame.columns]
    if missing:
        told = ", ".join(missing)
        raise InputError(f"decisions: no column {told}; decide gives them, without json=True")


def _with_kept(made: Any, frame: Any, keep: Collection[str]) -> Any:
    """The schema of what is made, then of what is kept."""
    _refuse_twice([*made.names, *keep], "decisions")
    sql = spark("a schema of Spark").types
    return sql.StructType(made.fields + [frame.schema[name] for name in keep])


def _refuse_twice(names: Iterable[str], where: str) -> None:
    twice = sorted(name for name, count in Counter(names).items() if count > 1)
    if twice:
        raise InputError(f"{where}: {', '.join(twice)} would be there twice; rename what you keep")


def _renamed(frame: Any, columns: Iterable[str], letter: str = "c") -> Any:
    """Some columns under names that nothing takes for a path into a struct, as `text.title`."""
    column = spark("columns of Spark").functions.col
    quoted = (name.replace("`", "``") for name in columns)
    return frame.select(
        *[column(f"`{name}`").alias(f"{letter}{n}") for n, name in enumerate(quoted)]
    )


def _engine_of(rules: Rules) -> tuple[dict[str, Any], str]:
    """What makes an engine of a text, and the text: the canonical JSON of a ruleset."""
    if isinstance(rules, Engine):
        only = None if rules.only is None else tuple(sorted(rules.only))
        options = {"backend": rules.backend, "only": only, "isolated": rules.isolated}
        return {"digest": rules.digest, **options}, to_canonical(rules.ruleset)
    ruleset = _ruleset(rules)
    options = {"backend": BACKEND, "only": None, "isolated": False}
    return {"digest": digest(ruleset, VERSIONS), **options}, to_canonical(ruleset)


def _ruleset(rules: Ruleset | str | PathLike[str]) -> Ruleset:
    if isinstance(rules, Ruleset):
        return rules
    if not (isinstance(rules, str) and rules.startswith("{")):
        return load(rules)
    try:
        return from_canonical(rules)
    except ValueError as error:
        raise InputError(f"rules: {error}") from error


def _broadcast(frame: Any, text: str) -> Any:
    """A text that each machine gets once, not with each task."""
    # A session of Spark Connect has no context, and its attribute raises AttributeError.
    context = getattr(frame.sparkSession, "sparkContext", None)
    if context is None:
        raise InputError("Spark Connect has no broadcast: use a session of the classic kind")
    return context.broadcast(text)
