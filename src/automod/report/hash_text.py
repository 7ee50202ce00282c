"""Samples as entries of a package, ready to paste; or as a list that others read."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Sequence
from typing import Any, Final

from automod.workshop.hashing import Hashed


def hash_text(samples: Sequence[Hashed], form: str) -> str:
    r"""Samples in a form that can be pasted, or given to somebody.

    Args:
        samples: in the order in which they come.
        form: `yaml` (entries of `materials:`), `csv` (a table with its header), `json`, or `pdq`
            (a line `pdq HASH` each, as ThreatExchange's tools write and read it; other algorithms
            are left out).

    Raises:
        KeyError: another form.

    >>> print(hash_text([Hashed("banner", "phash", "ffff0000ffff0000", 91, "banner.png")], "yaml"))
    - {id: "banner", kind: image, hash: ffff0000ffff0000, algorithm: phash, note: "quality 91"}
    <BLANKLINE>
    """
    return _FORMS[form](samples)


def _yaml(samples: Sequence[Hashed]) -> str:
    """Entries; JSON's quotes are YAML's, so no name can break out of its line."""
    return "".join(
        "- {" + ", ".join(f"{key}: {_scalar(key, value)}" for key, value in _keys(one)) + "}\n"
        for one in samples
    )


def _scalar(key: str, value: str) -> str:
    """A note has spaces; an id or a hash of digits alone would be read as a number by others."""
    quoted = key in ("note", "id") or value.isdecimal() or ":" in value
    return json.dumps(value, ensure_ascii=False) if quoted else value


def _keys(one: Hashed) -> list[tuple[str, str]]:
    keys = [] if one.id is None else [("id", one.id)]
    keys += [("kind", one.kind), ("hash", one.hash)]
    if one.algorithm != "pdq":
        keys.append(("algorithm", one.algorithm))
    if one.quality is not None:
        keys.append(("note", f"quality {one.quality}"))
    return keys


def _csv(samples: Sequence[Hashed]) -> str:
    stream = io.StringIO()
    rows = csv.writer(stream, lineterminator="\n")
    rows.writerow(("id", "kind", "hash", "algorithm", "note"))
    for one in samples:
        note = "" if one.quality is None else f"quality {one.quality}"
        algorithm = "" if one.kind == "video" else one.algorithm
        rows.writerow((one.id or "", one.kind, one.hash, algorithm, note))
    return stream.getvalue()


def _json(samples: Sequence[Hashed]) -> str:
    """Entries as well; an unknown value has no key, as in a package's file."""
    entries: list[dict[str, Any]] = [
        {
            "id": one.id, "kind": one.kind, "hash": one.hash,
            "algorithm": None if one.kind == "video" else one.algorithm,
            "x-quality": one.quality, "source": one.source,
        }
        for one in samples
    ]  # fmt: skip
    told = [{key: value for key, value in one.items() if value is not None} for one in entries]
    return json.dumps(told, ensure_ascii=False, indent=2) + "\n"


def _pdq(samples: Sequence[Hashed]) -> str:
    return "".join(f"pdq {one.hash}\n" for one in samples if _is_one_pdq(one))


def _is_one_pdq(one: Hashed) -> bool:
    return one.algorithm == "pdq" and one.kind == "image"


_FORMS: Final[dict[str, Callable[[Sequence[Hashed]], str]]] = {
    "yaml": _yaml, "csv": _csv, "json": _json, "pdq": _pdq,
}  # fmt: skip
FORMS: Final = tuple(_FORMS)
