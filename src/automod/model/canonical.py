"""The canonical JSON of a ruleset, its exact inverse, and the digest over it.

Keys are sorted and defaults left out, so that a ruleset has one text whatever order its files were
read in, and a new optional field changes no old digest.

The materials of a package, of which there may be 100,000, are written field by field: `same` holds
what all of them agree in, `each` a column for every other field: a list, or one text with a line
for each. That is six times as fast as one object for each, and a third of the text.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import cache
from itertools import islice, repeat
from operator import attrgetter, le
from types import NoneType, UnionType
from typing import Any, Final, Literal, Union, get_args, get_origin, get_type_hints

from .columns import Columns, column
from .cut import Cells, cut
from .quick import shared
from .ruleset import Ruleset

_SORTED_BY: Final[Mapping[tuple[str, str], str]] = {
    ("Ruleset", "packages"): "name", ("Ruleset", "overrides"): "id",
    ("Package", "materials"): "id", ("Package", "rules"): "id", ("Package", "allows"): "id",
    ("PolicyCode", "rows"): "id",
}  # fmt: skip
"""The sequences whose order says nothing (class, field), and the key that sorts them."""

_BY_FIELD: Final = ("Package", "materials")
"""The sequence that is written field by field."""


def to_canonical(ruleset: Ruleset) -> str:
    """The canonical JSON of a ruleset: one text for one content.

    >>> from automod.model.ruleset import PolicyTable
    >>> to_canonical(Ruleset(packages=(), policies=PolicyTable(codes={}, review=0.4)))
    '{"packages":[],"policies":{"codes":{},"review":0.4}}'
    """
    return "".join(_pieces(ruleset))


def canonical_text(part: Any) -> str:
    """The canonical JSON of a part of a ruleset: a material, a rule, a scope.

    >>> from automod.model.ruleset import Example
    >>> canonical_text(Example("Casino", ("casino",)))
    '{"hits":["casino"],"text":"Casino"}'
    """
    return _encoder().encode(part)


def is_canonical(text: str, ruleset: Ruleset) -> bool:
    """Whether a text is the canonical JSON of a ruleset, without making that whole.

    >>> from automod.model.ruleset import PolicyTable
    >>> small = Ruleset(packages=(), policies=PolicyTable(codes={}, review=0.4))
    >>> text = '{"packages":[],"policies":{"codes":{},"review":0.4}}'
    >>> is_canonical(text, small), is_canonical(text.replace(",", ", "), small)
    (True, False)
    """
    at = 0
    for piece in _pieces(ruleset):
        if not text.startswith(piece, at):
            return False
        at += len(piece)
    return at == len(text)


Table = Callable[[Any, str], Any]
"""What is written for the materials of a package, given what sorts them."""


def _pieces(part: Any, table: Table | None = None) -> Iterator[str]:
    """The canonical JSON of a ruleset, or of a package, piece by piece."""
    found = _plain(part, table)
    for place, name in enumerate(sorted(found)):
        yield f'{"," if place else "{"}"{name}":'
        if name == "packages":
            yield "["
            for number, package in enumerate(found[name]):
                yield "," if number else ""
                yield from _pieces(package, table)
            yield "]"
        elif name == "materials" and isinstance(found[name], dict):
            yield from _table(found[name])
        else:
            yield _encoder().encode(found[name])
    yield "}"


def _table(materials: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    """What `_by_field` made, as JSON: of a column that is no text, each value once."""
    yield '{"each":{'
    for place, name in enumerate(sorted(materials["each"])):
        yield f'{"," if place else ""}"{name}":'
        yield _cells_text(materials["each"][name])
    yield f'}},"same":{_encoder().encode(materials["same"])}}}'


def _cells_text(values: str | int | Sequence[Any]) -> str:
    if not isinstance(values, str | int):
        # Values are held by their sequence, so that no two have one id.
        keys = list(map(id, values))
        different = dict(zip(keys, values, strict=True))
        if len(different) * FEW <= len(values):
            texts = {key: canonical_text(value) for key, value in different.items()}
            return f"[{','.join(map(texts.__getitem__, keys))}]"
    return _encoder().encode(values)


FEW: Final = 8
"""With so many rows for each different value, each is written once."""


@cache
def _encoder() -> json.JSONEncoder:
    """One for all: to make it takes longer than to write a short text."""
    return json.JSONEncoder(
        default=_plain, sort_keys=True, ensure_ascii=False, allow_nan=False,
        check_circular=False, separators=(",", ":"),
    )  # fmt: skip


def canonical_texts(several: Sequence[Any]) -> list[str]:
    """`canonical_text` of each of several instances of one class, which has no ordered fields.

    What many have in common is written once: of 100,000 materials each costs 2 us.

    >>> from automod.model.ruleset import Example
    >>> canonical_texts([Example("1", ()), Example("2", ("a",))])
    ['{"hits":[],"text":"1"}', '{"hits":["a"],"text":"2"}']
    """
    if not several:
        return []
    kind: Any = several.kind if isinstance(several, Columns) else several[0].__class__
    same: Mapping[str, Any] = several.same if isinstance(several, Columns) else {}
    shape = _shape(kind)
    cells: list[Iterable[str]] = []
    for name, default in sorted(zip(shape.names, shape.defaults, strict=True)):
        if name not in same:
            cells.append(_members(name, column(several, name), default))
        elif member := _member(name, same[name], default):
            cells.append(repeat(member, len(several)))
    return [f"{{{','.join(filter(None, row))}}}" for row in zip(*cells, strict=True)]


def _members(name: str, values: Sequence[Any], default: Any) -> list[str]:
    """A field of each instance as a member of its JSON."""
    # Values are held by their sequence, so that no two have one id.
    different = {id(value): value for value in values}
    members = {key: _member(name, value, default) for key, value in different.items()}
    return [members[id(value)] for value in values]


def _member(name: str, value: Any, default: Any) -> str:
    """A field as a member of a JSON object; blank where it has the default."""
    if value != default and (value or default != ()):
        return f'"{name}":{canonical_text(value)}'
    return ""


def from_canonical(text: str) -> Ruleset:
    """The ruleset that a canonical JSON was made of.

    Raises:
        ValueError: the text is not JSON of a ruleset.

    >>> from_canonical('{"packages":[],"policies":{"codes":{},"review":0.4}}').policies.review
    0.4
    """
    try:
        ruleset = _reader(Ruleset)(json.loads(text))
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"not the canonical JSON of a ruleset: {error}") from error
    if not isinstance(ruleset, Ruleset):
        raise ValueError("not the canonical JSON of a ruleset")
    return ruleset


def read_canonical(data: bytes) -> tuple[Ruleset, bool]:
    """The ruleset of a canonical JSON as bytes, and whether it is canonical indeed.

    Raises:
        ValueError: the bytes are not JSON of a ruleset.

    >>> read_canonical(b'{"packages":[],"policies":{"codes":{}}}')[1]
    True
    """
    ruleset = _read_cut(data)
    if ruleset is not None:
        return ruleset, True
    text = str(data, "utf-8", "surrogatepass")
    ruleset = from_canonical(text)
    return ruleset, is_canonical(text, ruleset)


def _read_cut(data: bytes) -> Ruleset | None:
    """The ruleset of a JSON of which it is plain that it is canonical: without its columns it is.

    Those are written as they would be here, and each is where it is said to be. None: it is not
    plain, which says nothing.
    """
    outline, cut_out = cut(data)
    try:
        tree = json.loads(outline)
        tables = [one["materials"]["each"] for one in tree["packages"] if "materials" in one]
        # As many as there are names of tables: none was taken for one that is something else.
        for each, columns in zip(tables, cut_out, strict=True):
            each.update(columns)
        ruleset: Ruleset = _reader(Ruleset)(tree)
        pieces = _pieces(ruleset, _outlined)
        return ruleset if "".join(pieces) == outline else None
    except (KeyError, TypeError, AttributeError, ValueError):
        return None


def digest(ruleset: Ruleset, versions: Mapping[str, str]) -> str:
    """SHA-256 of a ruleset's content and of the versions that give it meaning.

    Args:
        ruleset: What is digested.
        versions: Name of a table or of semantics to its version (the folding tables, say).

    >>> from automod.model.ruleset import PolicyTable
    >>> empty = Ruleset(packages=(), policies=PolicyTable(codes={}))
    >>> digest(empty, {"folding": "1"})[:14] != digest(empty, {"folding": "2"})[:14]
    True
    """
    key = _key(ruleset, versions)
    # Piece by piece: most columns are ASCII, though the whole is not.
    return _KNOWN.get(key) or _remember(key, _digest(map(encoded, _pieces(ruleset)), versions))


def remember_digest(ruleset: Ruleset, versions: Mapping[str, str], known: str) -> None:
    """Have `digest` know what it is already, where it was worked out from the ruleset's text.

    >>> from automod.model.ruleset import PolicyTable
    >>> ruleset = Ruleset(packages=(), policies=PolicyTable(codes={}))
    >>> remember_digest(ruleset, {}, digest_canonical(encoded(to_canonical(ruleset)), {}))
    """
    _remember(_key(ruleset, versions), known)


_KNOWN: Final[dict[str, str]] = {}
"""Digests by `_key`: one ruleset is asked for its digest by all who read, compile and send it."""
_MOST_KNOWN: Final = 64


def _remember(key: str, known: str) -> str:
    if len(_KNOWN) >= _MOST_KNOWN:
        _KNOWN.clear()
    _KNOWN[key] = known
    return known


def _key(ruleset: Ruleset, versions: Mapping[str, str]) -> str:
    """A digest of all but the columns of materials, which never change: their numbers are in it."""
    return _digest(map(encoded, _pieces(ruleset, _numbered)), versions)


def digest_canonical(canonical: bytes | memoryview, versions: Mapping[str, str]) -> str:
    """`digest`, of a canonical JSON that is at hand already, as `encoded`.

    >>> digest_canonical(b"{}", {})[:7]
    'sha256:'
    """
    return _digest((canonical,), versions)


def encoded(canonical: str) -> bytes:
    """The bytes of a canonical JSON, over which its digest is.

    >>> encoded("{}")
    b'{}'
    """
    # A ruleset made by hand may hold half a character; its digest must not fail for that.
    return canonical.encode("utf-8", "surrogatepass")


def _digest(pieces: Iterable[bytes | memoryview], versions: Mapping[str, str]) -> str:
    header = json.dumps(dict(versions), sort_keys=True, separators=(",", ":"))
    body = hashlib.sha256(f"{header}\n".encode())
    for piece in pieces:
        body.update(piece)
    return f"sha256:{body.hexdigest()}"


@dataclasses.dataclass(frozen=True)
class _Shape:
    """How one class is written: its fields, their defaults, and one getter for all."""

    names: tuple[str, ...]
    defaults: tuple[Any, ...]
    values: Callable[[Any], tuple[Any, ...]]
    ordered: tuple[tuple[str, str], ...]
    """Fields whose order says nothing, each with its sorting key."""


@cache
def _shape(kind: type) -> _Shape:
    fields = dataclasses.fields(kind)
    names = tuple(field.name for field in fields)
    defaults = tuple(_default(field) for field in fields)
    ordered = tuple(
        (name, _SORTED_BY[kind.__name__, name])
        for name in names
        if (kind.__name__, name) in _SORTED_BY
    )
    return _Shape(names, defaults, attrgetter(*names), ordered)


def _default(field: dataclasses.Field[Any]) -> Any:
    if field.default_factory is not dataclasses.MISSING:
        return field.default_factory()
    return field.default


def _plain(value: Any, table: Table | None = None) -> Any:
    """What `json` cannot write, as what it can: a dataclass without its defaults, a date."""
    if isinstance(value, date):
        return value.isoformat()
    if not dataclasses.is_dataclass(value):
        return dict(value)
    shape = _shape(value.__class__)
    found = {
        name: one
        for name, one, default in zip(shape.names, shape.values(value), shape.defaults, strict=True)
        if one != default and (one or default != ())  # an empty list is an empty tuple
    }
    for name, key in shape.ordered:
        if name in found:
            by_field = (value.__class__.__name__, name) == _BY_FIELD
            write = (table or _by_field) if by_field else _in_order
            found[name] = write(found[name], key)
    return found


def _in_order(several: Sequence[Any], key: str) -> Sequence[Any]:
    keys = column(several, key)
    if all(map(le, keys, islice(keys, 1, None))):
        return several
    return sorted(several, key=attrgetter(key))


def _numbered(several: Sequence[Any], key: str) -> Any:
    """The number of columns in their place."""
    return several.number if isinstance(several, Columns) else _by_field(several, key)


def _outlined(several: Sequence[Any], key: str) -> dict[str, Any]:
    """Instances of one class, field by field, with the numbers of columns that were cut out."""
    return _by_field(several, key, outline=True)


def _by_field(several: Sequence[Any], key: str, *, outline: bool = False) -> dict[str, Any]:
    """Instances of one class, field by field; the list of their keys tells how many there are."""
    several = _in_order(several, key)
    shape = _shape(several[0].__class__)
    same: dict[str, Any] = {}
    each: dict[str, Any] = {}
    alike: Mapping[str, Any] = several.same if isinstance(several, Columns) else {}
    for name, default in zip(shape.names, shape.defaults, strict=True):
        if name in alike and name != key:
            if alike[name] != default:
                same[name] = alike[name]
            continue
        values = column(several, name)
        if name == key or values[0] != values[-1] or values.count(values[0]) < len(values):
            each[name] = values.number if isinstance(values, Cells) and outline else _lines(values)
        elif values[0] != default:
            same[name] = values[0]
    return {"each": each, "same": same}


def _lines(values: Sequence[Any]) -> str | Sequence[Any]:
    """A column as one text, a line for each, where it is texts that have no line breaks."""
    try:
        text = _LINE.join(values)
    except TypeError:
        return values
    return text if text.count(_LINE) == len(values) - 1 else values


_LINE: Final = "\n"

Reader = Callable[[Any], Any]


@cache
def _reader(hint: Hashable) -> Reader:
    """What turns JSON into a value of type `hint`."""
    if isinstance(hint, type) and dataclasses.is_dataclass(hint):
        return _dataclass_reader(hint)
    origin, arguments = get_origin(hint), get_args(hint)
    if origin in (Union, UnionType):
        return _reader(next(one for one in arguments if one is not NoneType))
    if origin is tuple:
        return _tuple_reader(arguments[0])
    if origin is not None and origin is not Literal:
        return _mapping_reader(arguments[1])
    return date.fromisoformat if hint is date else _as_it_is


def _as_it_is(value: Any) -> Any:
    return value


def _tuple_reader(hint: Any) -> Reader:
    if hint is str or get_origin(hint) is Literal:
        return tuple
    # Looked up when used: a condition holds conditions.
    return lambda value: tuple(map(_reader(hint), value))


def _mapping_reader(hint: Any) -> Reader:
    read = _reader(hint)
    if read is _as_it_is:
        return dict
    return lambda value: {key: read(one) for key, one in value.items()}


def _dataclass_reader(kind: type) -> Reader:
    readers = _field_readers(kind)
    changing = {name: read for name, read in readers.items() if read is not _as_it_is}

    def read(value: dict[str, Any]) -> Any:
        for name in changing.keys() & value.keys():
            value[name] = _unless_none(changing[name], value[name])
        return kind(**value)

    return read


def _field_readers(kind: type) -> dict[str, Reader]:
    hints = get_type_hints(kind)
    owner, by_field = _BY_FIELD
    return {
        name: _by_field_reader(get_args(hints[name])[0])
        if (kind.__name__, name) == (owner, by_field)
        else _reader(hints[name])
        for name in _shape(kind).names
    }


def _by_field_reader(kind: type) -> Reader:
    readers = _field_readers(kind)

    def read(value: dict[str, dict[str, Any]]) -> Columns[Any]:
        shape = _shape(kind)
        written = value["each"].keys() | value["same"].keys()
        same = {
            name: default
            for name, default in zip(shape.names, shape.defaults, strict=True)
            if name not in written and default is not dataclasses.MISSING
        }
        same |= {name: _unless_none(readers[name], one) for name, one in value["same"].items()}
        each = {name: _cells(readers[name], values) for name, values in value["each"].items()}
        return Columns(kind, each, same)

    return read


def _cells(read: Reader, values: str | list[Any]) -> list[Any]:
    """The cells of a column, which may be one text."""
    if isinstance(values, Cells):
        if read is not (tuple if isinstance(values[0], tuple) else _as_it_is):
            raise ValueError("the column is of another type")
        return values
    cells = shared(values.split(_LINE)) if isinstance(values, str) else values
    if read is _as_it_is:
        return cells
    if read is tuple and None not in cells:
        return shared(list(map(tuple, cells)))
    return [_unless_none(read, one) for one in cells]


def _unless_none(read: Reader, value: Any) -> Any:
    return None if value is None else read(value)
