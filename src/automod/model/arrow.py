"""Creatives, decisions, hit logs and cases as Arrow has them: published, versioned schemas.

Parquet encodes a text that comes again and again (a market, a policy code, a material) once, and
columns of the outermost level are dictionaries in memory too. Within lists they are plain texts:
Arrow writes dictionaries there, and cannot read them back from several row groups.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import numpy as np

from automod.errors import MissingExtra
from automod.version import UNICODE, __version__

from .arrow_nested import (
    ACTIONS,
    Outcomes,
    digests_of,
    hit_lists,
    market_lists,
    missing_lists,
    named,
    sparse,
    sparse_texts,
    verdict_lists,
)
from .coded import Codes, Ints
from .decision import SCHEMA as DECISION_SCHEMA
from .decision import Decision, json_text
from .scalars import has_lone_surrogate
from .vocabulary import ACTION_RANK

VERSION: Final = DECISION_SCHEMA
"""Of all three formats."""

FORMAT: Final = b"automod.format"
SCHEMA: Final = b"automod.schema"
"""Keys of a schema's metadata: which format, and which version of it."""

Json = dict[str, Any]


def arrow(needed_for: str) -> Any:
    """The module `pyarrow`, with `compute` and `parquet`.

    Args:
        needed_for: what it is asked for, as the error says it.

    Raises:
        MissingExtra: it is not installed.

    >>> arrow("an example").int8()
    DataType(int8)
    """
    try:
        import pyarrow as pa  # type: ignore[import-untyped]
        import pyarrow.compute  # type: ignore[import-untyped]
        import pyarrow.parquet  # type: ignore[import-untyped]
    except ImportError:
        raise MissingExtra("arrow", needed_for) from None
    return pa


def decision_schema() -> Any:
    """The Arrow schema of decisions: a row is a decision, the columns are the keys of its JSON.

    Markets are a list of structs, in their order; restrictions and the values of a reason are
    JSON. `json` has all of a decision whose texts hold half a character, which Arrow cannot
    hold: they are escaped in the other columns.

    Raises:
        MissingExtra: the extra `arrow` is not installed.

    >>> decision_schema().names[:4]
    ['creative', 'index', 'on', 'ruleset']
    """
    pa = arrow("the Arrow schema of decisions")
    text, named = pa.string(), pa.dictionary(pa.int32(), pa.string())
    return _schema(pa, "decision", {
        "creative": text, "index": pa.int64(), "on": pa.date32(), "ruleset": named,
        "engine": _struct(pa, {"automod": text, "unicode": text}), "action": named,
        "markets": pa.list_(_struct(pa, {
            "market": text, "action": text, "complete": pa.bool_(), "restrictions": text,
        })),
        "verdicts": pa.list_(_struct(pa, _verdict(pa))),
        "hits": pa.list_(_struct(pa, _hit(pa, text))),
        "not_evaluated": pa.list_(_struct(pa, {
            "field": text, "code": text, "transient": pa.bool_(),
        })),
        "json": text,
    })  # fmt: skip


def hit_schema() -> Any:
    """The Arrow schema of hit logs: a row is a hit, with the creative and what was decided.

    Raises:
        MissingExtra: the extra `arrow` is not installed.

    >>> hit_schema().field("markets").type
    MapType(map<string, string>)
    """
    pa = arrow("the Arrow schema of hit logs")
    text, named = pa.string(), pa.dictionary(pa.int32(), pa.string())
    return _schema(pa, "hit_log", {
        "ruleset": named, "on": pa.date32(), "creative": text, "index": pa.int64(),
        "action": named, "markets": pa.map_(text, text), "complete": pa.bool_(),
        **_hit(pa, named),
    })  # fmt: skip


def case_schema() -> Any:
    """The Arrow schema of cases; any part of a creative but its id may be left out.

    Raises:
        MissingExtra: the extra `arrow` is not installed.

    >>> case_schema().names
    ['creative', 'labels', 'judged', 'probability', 'volume', 'group']
    """
    pa = arrow("the Arrow schema of cases")
    text, texts = pa.string(), pa.list_(pa.string())
    label = {
        "policy": text, "market": text, "present": text, "by": text, "on": pa.date32(),
        "kind": text,
    }  # fmt: skip
    return _schema(pa, "case", {
        "creative": _struct(pa, _creative(pa)),
        "labels": pa.list_(_struct(pa, label)), "judged": texts,
        "probability": pa.float64(), "volume": pa.float64(), "group": text,
    })  # fmt: skip


def creative_schema() -> Any:
    """The Arrow schema of creatives: a row is one; any column but the id may be left out.

    Texts by field are a map, in their order; `attributes` are JSON; `index` may be added, for the
    place of a creative in what it is taken from. What is read is more: `batch.arrow` says what.

    Raises:
        MissingExtra: the extra `arrow` is not installed.

    >>> creative_schema().names[:4]
    ['id', 'markets', 'language', 'advertiser']
    """
    pa = arrow("the Arrow schema of creatives")
    return _schema(pa, "creative", _creative(pa))


def _schema(pa: Any, name: str, columns: Mapping[str, Any]) -> Any:
    version = {FORMAT: name.encode(), SCHEMA: str(VERSION).encode()}
    return pa.schema(list(columns.items()), metadata=version)


def _creative(pa: Any) -> Json:
    text, texts, day = pa.string(), pa.list_(pa.string()), pa.date32()
    certificate = {
        "policy": text, "market": text, "number": text, "holder": text, "from": day, "until": day,
    }  # fmt: skip
    return {
        "id": text, "markets": texts, "language": text, "advertiser": text, "on": day,
        "text": pa.map_(text, text), "images": texts, "videos": texts, "links": texts,
        "certificates": pa.list_(_struct(pa, certificate)),
        "targeting": _struct(pa, {"min_age": pa.int32()}), "attributes": text,
    }  # fmt: skip


def _struct(pa: Any, fields: Mapping[str, Any]) -> Any:
    return pa.struct(list(fields.items()))


def _verdict(pa: Any) -> Json:
    text, share = pa.string(), pa.float64()
    return {
        "market": text, "policy": text, "severity": text, "stance": pa.list_(text), "row": text,
        "ground": text, "source": text, "score": share, "threshold": share, "action": text,
        "because": pa.list_(pa.int32()), "reason": _struct(pa, {"code": text, "values": text}),
    }  # fmt: skip


def _hit(pa: Any, named: Any) -> Json:
    """The columns of a hit; `named`: the type of a text that comes again and again."""
    text, number, numbers = pa.string(), pa.int32(), pa.list_(pa.int32())
    return {
        "n": number, "material": named, "version": named, "policies": pa.list_(text),
        "status": named, "kind": named, "field": named, "start": number, "end": number,
        "text": text, "view": named, "folds": pa.list_(text), "confidence": pa.float64(),
        "weight": pa.float64(), "distance": number, "at": pa.float64(), "box": numbers,
        "parts": numbers, "allowed_by": named, "overridden_by": named,
    }  # fmt: skip


def decision_batch(decisions: Iterable[Decision]) -> Any:
    """Decisions as an Arrow record batch of `decision_schema`.

    Raises:
        MissingExtra: the extra `arrow` is not installed.

    >>> batch = decision_batch([Decision("c1", 0, "2026-11-20", "sha256:0", "approve", {})])
    >>> decision_json(batch.to_pylist()[0])["creative"]
    'c1'
    """
    held = list(decisions)
    try:
        return _decision_batch(held)
    except UnicodeEncodeError:
        rows = (one.to_dict() for one in held)
        return _batch(map(_escaped_row, rows), decision_schema())


def _decision_batch(decisions: Sequence[Decision]) -> Any:
    codes, digests = digests_of(decisions)
    pa = arrow("decisions in Arrow")
    made = made_of(decisions)
    heads = Heads(
        pa.array([one.creative for one in decisions], pa.string()),
        pa.array([one.index for one in decisions], pa.int64()),
        pa.array([date.fromisoformat(one.on) for one in decisions], pa.date32()),
        np.array(codes, dtype=np.int32),
        digests,
    )
    markets = Markets([one.markets for one in decisions], None)
    return decision_columns(heads, made.actions, markets, np.arange(len(decisions)), [made])


@dataclass(frozen=True, slots=True)
class Heads:
    """What every decision has, as columns."""

    creative: Any
    index: Any
    on: Any
    """Arrow arrays of texts, whole numbers and dates."""
    ruleset: Codes
    digests: Sequence[str]
    """The digests that `ruleset` numbers."""


@dataclass(frozen=True, slots=True)
class Markets:
    """What the markets of decisions do: each different answer once, and which of them a row has."""

    outcomes: Sequence[Outcomes]
    rows: Codes | None
    """None: each row its own."""


@dataclass(frozen=True, slots=True)
class Made:
    """What some decisions found, as columns."""

    actions: Codes
    """By rank."""
    nested: tuple[Any, ...]
    """Arrow arrays: lists of verdicts, of hits, of what was not evaluated; then JSON, or null."""


def made_of(decisions: Sequence[Decision]) -> Made:
    """The columns of what decisions found; halves of characters are escaped, with JSON beside."""
    actions = np.array([ACTION_RANK[one.action] for one in decisions], dtype=np.int32)
    schema = decision_schema()
    try:
        return Made(actions, _nested(decisions, schema))
    except UnicodeEncodeError:
        rows = _batch((_escaped_row(one.to_dict()) for one in decisions), schema)
        return Made(actions, tuple(rows.column(name) for name in _NESTED))


_NESTED: Final = ("verdicts", "hits", "not_evaluated", "json")


def _nested(made: Sequence[Decision], schema: Any) -> tuple[Any, ...]:
    pa = arrow("decisions in Arrow")
    verdicts, hits, missing, _ = (schema.field(name).type for name in _NESTED)
    return (
        verdict_lists(pa, verdicts, [one.verdicts for one in made]),
        hit_lists(pa, hits, [one.hits for one in made]),
        missing_lists(pa, missing, [one.not_evaluated for one in made]),
        pa.nulls(len(made), pa.string()),
    )


def decision_columns(
    heads: Heads, actions: Codes, markets: Markets, at: Ints, made: Sequence[Made]
) -> Any:
    """Decisions as an Arrow record batch of which only some were there as objects.

    Args:
        heads: of all of them.
        actions: of all of them, by rank.
        markets: of all of them.
        at: the rows, ascending, of what was found; elsewhere there is nothing.
        made: what was found in those rows, one part after another.

    Raises:
        UnicodeEncodeError: what a market asks for holds half a character.
    """
    pa, schema, rows = arrow("decisions in Arrow"), decision_schema(), len(actions)
    kinds = {field.name: field.type for field in schema}
    outcomes = market_lists(pa, kinds["markets"], markets.outcomes)
    *lists, written = (
        pa.concat_arrays(parts) for parts in zip(*(one.nested for one in made), strict=True)
    )
    versions = [pa.repeat(pa.scalar(one, pa.string()), rows) for one in (__version__, UNICODE)]
    columns = [
        heads.creative, heads.index, heads.on,
        named(pa, kinds["ruleset"], heads.ruleset, heads.digests),
        pa.StructArray.from_arrays(versions, fields=list(kinds["engine"])),
        named(pa, kinds["action"], actions, ACTIONS),
        outcomes if markets.rows is None else outcomes.take(pa.array(markets.rows)),
        *(sparse(pa, one, at, rows) for one in lists),
        sparse_texts(pa, written, at, rows),
    ]  # fmt: skip
    return pa.RecordBatch.from_arrays(columns, schema=schema)


def hit_batch(rows: Iterable[Json]) -> Any:
    """Rows of a hit log, as its JSON has them, as an Arrow record batch of `hit_schema`.

    Raises:
        MissingExtra: the extra `arrow` is not installed.
    """
    held = [
        row | {"on": date.fromisoformat(row["on"]), "markets": list(row["markets"].items())}
        for row in rows
    ]
    try:
        return _batch(held, hit_schema())
    except UnicodeEncodeError:
        return _batch(map(_escaped, held), hit_schema())


def _batch(rows: Iterable[Json], schema: Any) -> Any:
    return arrow("writing Parquet").RecordBatch.from_pylist(list(rows), schema=schema)


def _decision_row(decision: Json) -> Json:
    """A row of the JSON of a decision."""
    return {
        **decision,
        "on": date.fromisoformat(decision["on"]),
        "markets": [
            {"market": market, **outcome, "restrictions": _dumped(outcome["restrictions"])}
            for market, outcome in decision["markets"].items()
        ],
        "verdicts": [_with_values(verdict, _dumped) for verdict in decision["verdicts"]],
    }


def _escaped_row(decision: Json) -> Json:
    """A row without halves of characters; of a decision that has some, its JSON beside it."""
    row = _decision_row(decision)
    if not has_lone_surrogate(_dumped(decision)):
        return row
    return {**_escaped(row), "json": json_text(decision)}


def _escaped(value: Any) -> Any:
    """A value with halves of characters written out, wherever they stand."""
    if isinstance(value, str):
        return value.encode("utf-8", "backslashreplace").decode()
    if isinstance(value, dict):
        return {_escaped(key): _escaped(one) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return type(value)(map(_escaped, value))
    return value


def _with_values(verdict: Json, change: Callable[[Any], Any]) -> Json:
    if "reason" not in verdict:
        return verdict
    reason = verdict["reason"]
    return {**verdict, "reason": {**reason, "values": change(reason["values"])}}


def _dumped(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def decision_json(row: Json) -> Json:
    """The JSON of a decision, of its row as `to_pylist` gives it: keys in the same order.

    Args:
        row: of a table with the columns of `decision_schema`, or some of them.
    """
    if row.get("json") is not None:
        return dict(json.loads(row["json"]))
    markets = {one.pop("market"): _outcome(one) for one in map(dict, row["markets"])}
    verdicts = [_with_values(verdict, json.loads) for verdict in row["verdicts"]]
    changed = {"on": str(row["on"]), "markets": markets, "verdicts": verdicts}
    return {"schema": VERSION} | {key: row[key] for key in row if key != "json"} | changed


def _outcome(row: Json) -> Json:
    known = row.get("restrictions")
    return row if known is None else {**row, "restrictions": json.loads(known)}
