"""What the format has and this version does not do yet: refused, never ignored."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from automod.errors import Location
from automod.model.scalars import shown

from .faults import Faults

LATER_WORDS: Final[Mapping[str, frozenset[str]]] = {
    "kind": frozenset({"video"}),
}


def refuse_later(written: Mapping[str, Any], at: Callable[[str], Location], faults: Faults) -> bool:
    """Keep a fault where the behaviour of a kind is not built; whether there was one."""
    kind = written.get("kind")
    if kind in LATER_WORDS["kind"]:
        faults.add(at("kind"), f"the kind {shown(kind)} is not supported yet")
        return True
    return False
