"""What the format has and this version does not do yet: refused, never ignored."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from automod.errors import Location
from automod.model.scalars import shown

from .faults import Faults

LATER_KEYS: Final = frozenset({"algorithm", "radius", "file", "hash"})
LATER_WORDS: Final[Mapping[str, frozenset[str]]] = {
    "kind": frozenset({"image", "video"}),
}
LATER_FOUND: Final = frozenset({"code"})


def refuse_later(written: Mapping[str, Any], at: Callable[[str], Location], faults: Faults) -> bool:
    """Keep a fault for each key or kind whose behaviour is not built; whether there was one.

    A media entry's fault is its kind: what goes with it is not told one by one.
    """
    kind = written.get("kind")
    if kind in LATER_WORDS["kind"]:
        faults.add(at("kind"), f"the kind {shown(kind)} is not supported yet")
        return True
    before = len(faults.found)
    for key in sorted(LATER_KEYS & written.keys()):
        faults.add(at(key), f"{key!r} is not supported yet")
    return len(faults.found) > before
