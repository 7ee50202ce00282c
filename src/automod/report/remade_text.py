"""Whether a decision that was made again is the stored one, for a screen and as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from automod.workshop.remaking import Difference

from .labels import Lang
from .visible import isolated

_WORDS: Final[Mapping[Lang, Mapping[str, str]]] = {
    "en": {
        "equal": "the stored decision, made again, is the same",
        "other": "the stored decision, made again, differs in {n} places:",
        "line": "  {path}: was {stored}, is {again}",
    },
    "ar": {
        "equal": "أُعيد اتخاذ القرار المحفوظ، وهو نفسه",
        "other": "أُعيد اتخاذ القرار المحفوظ، ويختلف في {n} من المواضع:",
        "line": "  {path}: كان {stored} وصار {again}",
    },
}
LONGEST: Final = 200


def remade_text(found: Sequence[Difference], lang: Lang = "en") -> Iterator[str]:
    """One line where nothing differs; else a line for each place that does."""
    words = _WORDS[lang]
    if not found:
        yield words["equal"]
        return
    yield words["other"].format(n=len(found))
    for one in found:
        yield words["line"].format(
            path=one.path, stored=_value(one.stored), again=_value(one.again)
        )


def remade_dict(found: Sequence[Difference]) -> dict[str, Any]:
    """What differs, as JSON has it."""
    differing = [{"path": one.path, "stored": one.stored, "again": one.again} for one in found]
    return {"equal": not found, "differs": differing}


def _value(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return isolated(text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…")
