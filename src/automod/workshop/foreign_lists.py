"""Lists that others keep -> rows of a table: word lists, and what ThreatExchange hands out.

A word list has one word or phrase a line; a line that begins with `#` is a comment. The lists of
LDNOOBW are such lists, in files named for their language. A file of ThreatExchange is the JSON that
its API returns: descriptors or updates, in `data` or as a list, or one a line.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from automod.errors import Location
from automod.load.faults import Faults
from automod.load.files import MAX_TABLE_BYTES, decode, read_bytes
from automod.load.tables import describe
from automod.match.closer import fault_of
from automod.model.ruleset import Material
from automod.model.scalars import shown
from automod.model.vocabulary import Kind
from automod.text.fold import fold_many

_JSON: Final = (".json", ".jsonl")
_WORDS: Final = (".txt", ".list", "")
_LANGUAGE: Final = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,4}")
"""What LDNOOBW calls a file by: its suffix is none."""

_PHRASE_MARKS: Final = re.compile(r"[<>()|]")
_NO_TAG: Final = re.compile(r"[^\w.\-]+")

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class LeftOut:
    """An entry of a list that made no material, and why."""

    place: Location
    value: str
    why: str

    def __str__(self) -> str:
        return f"{self.place}: {shown(self.value)} is left out: {self.why}"


def is_foreign(path: str) -> bool:
    """Whether a file may be a list that others keep, by its name.

    >>> is_foreign("words.txt"), is_foreign("en"), is_foreign("threats.json"), is_foreign("a.csv")
    (True, True, True, False)
    """
    suffix = Path(path).suffix.lower()
    return suffix in (*_JSON, *_WORDS) or bool(_LANGUAGE.fullmatch(Path(path).name))


def read_foreign(
    path: str, faults: Faults, notes: list[str]
) -> tuple[list[Row], Iterable[LeftOut]]:
    """The rows that a list makes, and what is left out of it.

    Args:
        path: the file.
        faults: where it goes that the file cannot be read.
        notes: where guesses go.
    """
    data = read_bytes(Path(path), path, MAX_TABLE_BYTES, faults)
    decoded = None if data is None else decode(data, path, faults, windows=True)
    if decoded is None:
        return [], []
    said = describe(path, decoded.encoding, ",")
    if said:
        notes.append(said.split(",")[0])
    if Path(path).suffix.lower() in _JSON:
        listed = list(_threats(decoded.text, path, faults))
    else:
        listed = list(_words(decoded.text, path))
    rows, left_out = _sound(listed)
    if not rows and not faults.found:
        faults.add(Location(path), "nothing in it makes a material")
    elif not any("weight" in row for row in rows):
        notes.append(f"{path}: has no weights; write a column 'weight', or defaults in the package")
    return rows, left_out


def _words(text: str, name: str) -> Iterator[tuple[Location, str, Row | str]]:
    for line, raw in enumerate(re.split(r"\r\n|\r|\n", text), 1):
        word = raw.strip()
        if word and not word.startswith("#"):
            yield Location(name, line), word, _word(word)


def _word(word: str) -> Row:
    """A word as a row: a phrase where it is several; what a phrase reads as its own stays a word.

    >>> _word("free  spins"), _word("a <b> c")
    ({'kind': 'phrase', 'value': 'free spins'}, {'kind': 'keyword', 'value': 'a <b> c'})
    """
    kind: Kind = "phrase" if len(word.split()) > 1 and not _PHRASE_MARKS.search(word) else "keyword"
    return {"kind": kind, "value": " ".join(word.split())}


def _sound(
    listed: Iterable[tuple[Location, str, Row | str]],
) -> tuple[list[Row], list[LeftOut]]:
    """The rows that load, each once; why each of the others does not."""
    held = [(place, value, row) for place, value, row in listed if isinstance(row, dict)]
    left_out = [LeftOut(place, value, row) for place, value, row in listed if isinstance(row, str)]
    folded = fold_many([str(row.get("value", row.get("hash"))) for _, _, row in held], "safe")
    rows: list[Row] = []
    first: dict[tuple[str, str], Location] = {}
    for (place, value, row), key in zip(held, folded, strict=True):
        same = first.setdefault((row["kind"], key.strip()), place)
        why = f"the same as in {same}" if same is not place else _fault(row, key)
        if why is None:
            rows.append(row)
        else:
            left_out.append(LeftOut(place, value, why))
    return rows, sorted(left_out, key=lambda one: one.place.line or 0)


def _fault(row: Row, key: str) -> str | None:
    """What is wrong with the value of a row."""
    if row["kind"] == "image":
        return None
    if not key.strip():
        return "it is empty after folding"
    try:
        return fault_of(Material("list/m", row["kind"], row["value"]), ())
    except ValueError as error:
        return str(error)


def _threats(text: str, name: str, faults: Faults) -> Iterator[tuple[Location, str, Row | str]]:
    """What ThreatExchange hands out, one by one."""
    for line, entry in _entries(text, name, faults):
        place = Location(name, line)
        if not isinstance(entry, Mapping):
            yield place, str(entry), "it is no object"
            continue
        raw = entry.get("raw_indicator") or entry.get("indicator")
        value = raw.get("indicator") if isinstance(raw, Mapping) else raw
        sort = entry.get("type") or (raw.get("type") if isinstance(raw, Mapping) else None)
        if not isinstance(value, str) or not isinstance(sort, str):
            yield place, json.dumps(entry, ensure_ascii=False), "it has no 'indicator' and 'type'"
            continue
        yield place, value, _threat(entry, value.strip(), sort)


def _entries(text: str, name: str, faults: Faults) -> Iterator[tuple[int | None, Any]]:
    """The objects of a file, with their lines where there is one a line."""
    try:
        whole = json.loads(text)
    except (ValueError, RecursionError) as error:
        if Path(name).suffix.lower() != ".jsonl" and not text.lstrip().startswith("{"):
            faults.add(Location(name), f"is not JSON: {error}")
            return
        whole = None
    if whole is None:
        yield from _lines(text, name, faults)
        return
    listed = whole.get("data", [whole]) if isinstance(whole, dict) else whole
    if not isinstance(listed, list):
        faults.add(Location(name), "has no list of indicators", "it is looked for under 'data'")
        return
    yield from ((None, one) for one in listed)


def _lines(text: str, name: str, faults: Faults) -> Iterator[tuple[int, Any]]:
    for line, raw in enumerate(text.splitlines(), 1):
        if raw.strip():
            try:
                yield line, json.loads(raw)
            except (ValueError, RecursionError) as error:
                faults.add(Location(name, line), f"is not JSON: {error}")


def _threat(entry: Mapping[str, Any], value: str, sort: str) -> Row | str:
    """The row of an indicator; why there is none."""
    if entry.get("should_delete"):
        return "it was taken back"
    if entry.get("status") == "NON_MALICIOUS":
        return "it is marked as harmless"
    make = _MADE_OF.get(sort)
    if make is None:
        return _NO_MATERIAL.get(sort, f"there is no kind of material for {sort}")
    row = make(value)
    return row if isinstance(row, str) else {**row, **_about(entry)}


def _pdq(value: str) -> Row | str:
    if re.fullmatch(r"[0-9a-fA-F]{64}", value) is None:
        return "it is no PDQ hash: that has 64 hexadecimal digits"
    return {"kind": "image", "hash": value.lower()}


def _url(value: str) -> Row:
    bare = re.sub(r"^[a-z][a-z0-9+.\-]*://", "", value, flags=re.IGNORECASE)
    path = bare.partition("/")[2].strip("/?#")
    return {"kind": "url", "value": bare} if path else {"kind": "domain", "value": bare.rstrip("/")}


_MADE_OF: Final[Mapping[str, Callable[[str], Row | str]]] = {
    "HASH_PDQ": _pdq,
    "DOMAIN": lambda value: {"kind": "domain", "value": value},
    "URI": _url,
    "TEXT_STRING": _word,
    "DEBUG_STRING": _word,
}
_BYTES: Final = "it finds the same bytes alone, and an ad is saved anew each time"
_NO_MATERIAL: Final[Mapping[str, str]] = {
    **dict.fromkeys(("HASH_MD5", "HASH_SHA1", "HASH_SHA256", "HASH_VIDEO_MD5"), _BYTES),
    "HASH_PDQ_OCR": "a hash with the text of a picture is not read",
    "TREND_QUERY": "a query is no material: write it as a rule",
    "HASH_TMK": "videos are found by their own files: put the file beside the package",
}


def _about(entry: Mapping[str, Any]) -> Row:
    """What an entry says beside its indicator."""
    tags = sorted({_NO_TAG.sub("-", one).strip("-.") for one in _tags(entry)} - {""})
    facts: Row = {"tags": tags} if tags else {}
    until = _day(entry.get("expired_on"))
    if until is not None:
        facts["until"] = until
    facts["source"] = "ThreatExchange"
    if isinstance(entry.get("id"), str | int):
        facts["ticket"] = str(entry["id"])
    if isinstance(entry.get("description"), str) and entry["description"].strip():
        facts["note"] = " ".join(entry["description"].split())
    return facts


def _tags(entry: Mapping[str, Any]) -> Iterator[str]:
    """The labels of an entry, and of the opinions about it."""
    tags = entry.get("tags")
    listed = tags.get("data") if isinstance(tags, Mapping) else tags
    for one in listed if isinstance(listed, list) else ():
        text = one.get("text") if isinstance(one, Mapping) else one
        if isinstance(text, str):
            yield text.lstrip("_")
    below = entry.get("descriptors")
    for one in below.get("data") or () if isinstance(below, Mapping) else ():
        if isinstance(one, Mapping):
            yield from _tags(one)


def _day(value: Any) -> str | None:
    """The day of a time, as seconds or as text; None where there is none."""
    try:
        if isinstance(value, int | float) and value > 0:
            return datetime.fromtimestamp(value, UTC).date().isoformat()
        return datetime.fromisoformat(str(value)).date().isoformat() if value else None
    except (ValueError, OverflowError, OSError):
        return None
