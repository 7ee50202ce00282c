"""A pattern that runs on every text, because no text is known not to hold it."""

from __future__ import annotations

from collections.abc import Iterator

from automod.workshop.lint.check import Check, Found, World
from automod.workshop.lint.parts import shortened
from automod.workshop.lint.regex_tree import Node


def _look(world: World) -> Iterator[Found]:
    for one in world.regexes:
        blind = one.pattern.atoms is None and one.tree is not None and not _asks_for(one.tree)
        if blind and one.growth is None and one.finds <= _FEW:
            values = {"value": shortened(one.material.value)}
            yield Found(one.place, values, one.package, one.material.id)


_FEW = 5
"""Harmless texts of ten in which something may be found before another check tells of that."""
_RARE = 3
"""So many characters at most are a sign that few texts have, and that is found at once."""


def _asks_for(node: Node) -> bool:
    """Whether a text must hold one of a few characters for a part to match."""
    if node.op == "set":
        return len(node.chars) <= _RARE
    if node.op in ("anchor", "look") or (node.op == "repeat" and node.least == 0):
        return False
    if node.op == "or":
        return all(map(_asks_for, node.parts))
    return any(map(_asks_for, node.parts))


CHECK = Check(
    code="AM303",
    name="regex_without_literal",
    severity="warning",
    title={
        "en": "a pattern without a fixed letter or word",
        "ar": "نمط بلا حرف أو كلمة ثابتة",
    },
    why={
        "en": "A pattern is run only on texts that hold one of its fixed words. This one has "
        "none: it runs on every text of every ad, and costs more than a thousand keywords. Add a "
        "word that must be there, or use a phrase with <number>, <phone> or <url>.",
        "ar": "لا يُشغل النمط إلا على النصوص التي فيها كلمة من كلماته الثابتة. وهذا لا كلمة "
        "ثابتة فيه، فيُشغل على كل نص في كل إعلان ويكلف أكثر من ألف كلمة. أضف كلمة لا بد منها، أو "
        "استعمل عبارة فيها <number> أو <phone> أو <url>.",
    },
    message={
        "en": "{value!r} asks for no fixed letter or word, so it runs on every text",
        "ar": "{value!r} لا يطلب حرفًا أو كلمة ثابتة، فيُشغل على كل نص",
    },
    look=_look,
)
