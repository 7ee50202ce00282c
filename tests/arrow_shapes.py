"""Creatives as dicts -> the same in Arrow, in every shape that is read."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any, Final, Literal, get_args

import numpy as np
import pyarrow as pa  # type: ignore[import-untyped]
from hypothesis import strategies as st

Row = Mapping[str, Any]
Written = Literal[
    "string", "large_string", "string_view", "int8", "int32", "uint32 of large_string", "nulls"
]
Listed = Literal["list", "large_list", "list_view", "large_list_view", "fixed"]
Dated = Literal["date32", "date64", "s", "us", "ns", "zone", "text"]
Told = Literal["map", "struct", "columns", "column", "column and map"]
Listing = Literal["lists", "cells"]
Said = Literal["json", "struct", "map", "columns"]


@dataclass(frozen=True)
class Shape:
    """How each part of creatives is held."""

    text: Told = "map"
    texts: Written = "string"
    ids: Written = "string"
    lists: Listed = "list"
    markets: Listing = "lists"
    on: Dated = "date32"
    attributes: Said = "json"
    targeting: Literal["struct", "column", "json"] = "struct"
    before: int = 0
    after: int = 0
    """Rows that are sliced away."""


def shapes() -> st.SearchStrategy[Shape]:
    """Any of them."""
    padding = st.integers(0, 3)
    return st.builds(
        Shape,
        st.sampled_from(get_args(Told)), st.sampled_from(get_args(Written)),
        st.sampled_from(get_args(Written)), st.sampled_from(get_args(Listed)),
        st.sampled_from(get_args(Listing)), st.sampled_from(get_args(Dated)),
        st.sampled_from(get_args(Said)), st.sampled_from(["struct", "column", "json"]),
        padding, padding,
    )  # fmt: skip


JUNK: Final[Row] = {
    "id": "junk", "markets": ["SA"], "text": {"body": "casino", "title": "كازينو"},
    "links": ["https://casino.example/100"], "on": "2026-01-01", "advertiser": "adv-1",
    "images": ["gone.png"], "targeting": {"min_age": 3}, "attributes": {"vertical": "games"},
}  # fmt: skip
"""What stands in rows that are sliced away."""


def batch_of(rows: Sequence[Row], shape: Shape) -> pa.RecordBatch:
    """Creatives as a record batch of a shape; where a row is empty, all of its columns are null."""
    shape = possible(rows, shape)
    whole = [*[JUNK] * shape.before, *rows, *[JUNK] * shape.after]
    columns: dict[str, pa.Array] = {"id": texts([one.get("id") for one in whole], shape.ids)}
    for key in ("language", "advertiser"):
        _add(columns, key, whole, lambda found: texts(found, shape.ids))
    _add(columns, "markets", whole, lambda found: _markets(found, shape))
    _add(columns, "on", whole, lambda found: days(found, shape.on))
    columns |= _texts_of(whole, shape)
    for key in ("images", "videos", "links"):
        _add(columns, key, whole, lambda found: lists(found, shape.lists, shape.texts))
    _add(columns, "certificates", whole, _certificates)
    columns |= _targeting(whole, shape) | _attributes(whole, shape)
    return pa.record_batch(columns).slice(shape.before, len(rows))


def possible(rows: Sequence[Row], shape: Shape) -> Shape:
    """The shape, but for what it cannot say of these creatives."""
    some = [one.get("text") or {} for one in rows]
    if any(None in one.values() for one in some):
        shape = replace(shape, text="map")  # elsewhere a null is a text that is not there
    if "" in _names(rows) and shape.text not in {"map", "struct"}:
        shape = replace(shape, text="struct")  # no column ends with a full stop
    if shape.text == "column" and not all(map(_is_cell, some)):
        shape = replace(shape, text="columns")
    markets = [one.get("markets") for one in rows]
    if not all(one is None or (one and all(map(_is_market, one))) for one in markets):
        shape = replace(shape, markets="lists")
    if shape.lists == "fixed":
        shape = replace(shape, before=0, after=0)
    said = [one.get("attributes") or {} for one in rows]
    if any(not isinstance(value, str) for one in said for value in one.values()) or {} in said:
        shape = replace(shape, attributes="json")
    return shape


def in_shape(rows: Sequence[Row], shape: Shape) -> list[dict[str, Any]]:
    """The dicts with their texts in the order in which the shape has them."""
    shape = possible(rows, shape)
    if shape.text in {"map", "column"}:
        return [dict(one) for one in rows]
    names = _names([*rows, JUNK] if shape.before or shape.after else rows)
    if shape.text == "column and map":
        names = ["title", *(one for one in names if one != "title")]
    return [dict(one) | _ordered(one, names) for one in rows]


def _ordered(row: Row, names: Iterable[str]) -> dict[str, Any]:
    said = row.get("text")
    return {} if said is None else {"text": {name: said[name] for name in names if name in said}}


def _names(rows: Iterable[Row]) -> list[str]:
    return sorted({name for one in rows for name in one.get("text") or {}})


def _is_market(name: Any) -> bool:
    return isinstance(name, str) and name.isascii() and name.replace("-", "").isalpha()


def _is_cell(said: Mapping[str, Any]) -> bool:
    plain = set(said) == {"body"} and said["body"].strip() and said["body"].strip()[0] != "{"
    return bool(plain) or not said


def _add(
    columns: dict[str, pa.Array],
    key: str,
    rows: Sequence[Row],
    make: Callable[[list[Any]], pa.Array],
) -> None:
    found = [one.get(key) for one in rows]
    if any(one is not None for one in found):
        columns[key] = make(found)


# --- arrays ---------------------------------------------------------------------------------------


def texts(values: Sequence[str | None], how: Written) -> pa.Array:
    """Texts, held in one way or another."""
    if how == "nulls":
        known = [None, *dict.fromkeys(one for one in values if one is not None), "never"]
        places = [known.index(one) for one in values]
        return pa.DictionaryArray.from_arrays(pa.array(places, pa.int16()), pa.array(known))
    types = {
        "string": pa.string(), "large_string": pa.large_string(), "string_view": pa.string_view(),
        "int8": pa.dictionary(pa.int8(), pa.string()),
        "int32": pa.dictionary(pa.int32(), pa.string()),
    }  # fmt: skip
    if how == "uint32 of large_string":
        narrow = texts(values, "int32")
        indices, held = narrow.indices.cast(pa.uint32()), narrow.dictionary.cast(pa.large_string())
        return pa.DictionaryArray.from_arrays(indices, held)
    return pa.array(values, types[how])


def lists(rows: Sequence[Sequence[Any] | None], how: Listed, what: Written) -> pa.Array:
    """Lists of texts (or bytes); behind a null of them lies what nobody may read."""
    if any(isinstance(one, bytes) for row in rows for one in row or ()):
        return pa.array(rows, pa.list_(pa.binary()))
    held = [["garbage"] if row is None else row for row in rows]
    sizes = {len(row) for row in held}
    if how == "fixed" and len(sizes) == 1:
        return pa.array(rows, pa.list_(pa.string(), sizes.pop()))
    inner = texts([one for row in held for one in row], what)
    ends = np.cumsum([0, *map(len, held)])
    missing = pa.array([row is None for row in rows], pa.bool_())
    if how in {"list_view", "large_list_view"}:
        kind: Any = pa.ListViewArray if how == "list_view" else pa.LargeListViewArray
        number = pa.int32() if how == "list_view" else pa.int64()
        starts, counts = pa.array(ends[:-1], number), pa.array(np.diff(ends), number)
        return kind.from_arrays(starts, counts, inner, mask=missing)
    if how == "large_list":
        return pa.LargeListArray.from_arrays(pa.array(ends, pa.int64()), inner, mask=missing)
    return pa.ListArray.from_arrays(pa.array(ends, pa.int32()), inner, mask=missing)


def maps(rows: Sequence[Mapping[str, Any] | None], what: Written) -> pa.Array:
    """Maps of texts; behind a null of them lies what nobody may read."""
    held = [{"garbage": "casino"} if row is None else row for row in rows]
    ends = np.cumsum([0, *map(len, held)])
    keys = texts([name for row in held for name in row], "string" if what == "nulls" else what)
    values = texts([one for row in held for one in row.values()], what)
    missing = pa.array([row is None for row in rows], pa.bool_())
    return pa.MapArray.from_arrays(pa.array(ends, pa.int32()), keys, values, mask=missing)


def structs(
    rows: Sequence[Mapping[str, Any] | None],
    names: Sequence[str],
    make: Callable[[list[Any]], pa.Array],
) -> pa.Array:
    """Structs; behind a null of them lies what nobody may read."""
    first = next((row for row in rows if row), None) or {}
    held = [first if row is None else row for row in rows]
    inner = [make([row.get(name) for row in held]) for name in names]
    missing = pa.array([row is None for row in rows], pa.bool_())
    return pa.StructArray.from_arrays(inner, names=list(names), mask=missing)


def days(values: Sequence[str | date | None], how: Dated) -> pa.Array:
    """Dates, or times of those days in UTC."""
    found = [date.fromisoformat(one) if isinstance(one, str) else one for one in values]
    if how == "text":
        return pa.array([None if one is None else one.isoformat() for one in found])
    if how in {"date32", "date64"}:
        return pa.array(found, pa.date32() if how == "date32" else pa.date64())
    late = [
        None if one is None else datetime(one.year, one.month, one.day, 21, 59, tzinfo=UTC)
        for one in found
    ]
    if how == "zone":  # the next day where the clock hangs
        return pa.array(late, pa.timestamp("us", "Asia/Kolkata"))
    bare = [None if one is None else one.replace(tzinfo=None) for one in late]
    return pa.array(bare, pa.timestamp(how))


# --- columns --------------------------------------------------------------------------------------


def _markets(found: list[Any], shape: Shape) -> pa.Array:
    if shape.markets == "cells":
        between = ("; ", "؛ ", ", ", " ")[len(found) % 4]
        return texts([None if one is None else between.join(one) for one in found], shape.ids)
    return lists(found, shape.lists, shape.ids)


def _texts_of(rows: Sequence[Row], shape: Shape) -> dict[str, pa.Array]:
    said = [one.get("text") for one in rows]
    names = _names(rows)
    if shape.text == "map":
        return {"text": maps(said, shape.texts)}
    if shape.text == "struct":
        return {"text": structs(said, names, lambda some: texts(some, shape.texts))}
    if shape.text == "column":
        return {"text": texts([_cell(one) for one in said], shape.texts)}
    if shape.text == "columns":
        return {f"text.{name}": _field(said, name, shape) for name in names}
    rest = [None if one is None else {n: one[n] for n in names if n != "title" and n in one}
            for one in said]  # fmt: skip
    return {"text.title": _field(said, "title", shape), "text": maps(rest, shape.texts)}


def _cell(said: Mapping[str, Any] | None) -> str | None:
    if said is None or (set(said) == {"body"} and len(said["body"]) % 2):
        return None if said is None else str(said["body"])
    return " \n" + json.dumps(dict(said), ensure_ascii=False)


def _field(said: Sequence[Any], name: str, shape: Shape) -> pa.Array:
    return texts([None if one is None else one.get(name) for one in said], shape.texts)


def _certificates(found: list[Any]) -> pa.Array:
    day, text = pa.date32(), pa.string()
    kind = pa.struct([
        ("policy", text), ("market", text), ("number", text), ("holder", text), ("from", day),
        ("until", day),
    ])  # fmt: skip
    return pa.array([None if one is None else list(map(_dated, one)) for one in found],
                    pa.list_(kind))  # fmt: skip


def _dated(one: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """A certificate with dates for their texts."""
    if one is None:
        return None
    as_date = date.fromisoformat
    return {
        key: as_date(value) if key in {"from", "until"} and isinstance(value, str) else value
        for key, value in one.items()
    }


def _targeting(rows: Sequence[Row], shape: Shape) -> dict[str, pa.Array]:
    found = [one.get("targeting") for one in rows]
    if all(one is None for one in found):
        return {}
    if shape.targeting == "struct":
        return {"targeting": structs(found, ["min_age"], lambda some: pa.array(some, pa.int32()))}
    if shape.targeting == "json":
        cells = [None if one is None else json.dumps(one) for one in found]
        return {"targeting": texts(cells, shape.ids)}
    return {"targeting.min_age": pa.array([one and one.get("min_age") for one in found], pa.int8())}


def _attributes(rows: Sequence[Row], shape: Shape) -> dict[str, pa.Array]:
    found = [one.get("attributes") for one in rows]
    if all(one is None for one in found):
        return {}
    names = sorted({name for one in found for name in one or {}})
    if shape.attributes == "json":
        cells = [None if one is None else json.dumps(one, ensure_ascii=False) for one in found]
        return {"attributes": texts(cells, shape.texts)}
    if shape.attributes == "struct":
        return {"attributes": structs(found, names, lambda some: texts(some, shape.texts))}
    if shape.attributes == "map":
        return {"attributes": maps(found, shape.texts)}
    return {
        f"attributes.{name}": texts([one and one.get(name) for one in found], shape.texts)
        for name in names
    }
