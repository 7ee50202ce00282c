"""The few rows of a block that a decision is made on, taken in together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np

from automod.engine.intake import Intake
from automod.match.links import Link
from automod.model.arrow import arrow
from automod.model.coded import Coded, Ints
from automod.model.facts import Facts
from automod.text.fold import JoinedTexts

Markets = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Heads:
    """What is known of each row."""

    ids: Any
    """An Arrow array of texts."""
    markets: Coded[Markets]
    days: Ints
    """Ordinals of dates; 0 where a row has none."""
    advertisers: Any | None
    """An Arrow array of texts, where there is such a column."""
    index: int
    """Of the first row."""


@dataclass(frozen=True, slots=True)
class RowTexts:
    """The texts of a block, row by row."""

    texts: JoinedTexts
    field: Ints
    """The number of each one's field."""
    fields: tuple[str, ...]
    links: Mapping[int, Link]
    """Where a text is the host of a link and the next one its path: the link."""
    first: Ints
    """How many texts come before those of a row."""
    count: Ints
    """How many texts each row has."""


def intakes_of(heads: Heads, texts: RowTexts, rows: Sequence[int]) -> list[Intake]:
    """What `engine.intake.read` makes of rows as dicts, of rows whose columns say all that counts.

    Args:
        heads: what is known of each row.
        texts: their texts.
        rows: numbers of rows.
    """
    there = np.array(rows, dtype=np.int64)
    ids = _taken(heads.ids, there)
    known = [None] * len(rows) if heads.advertisers is None else _taken(heads.advertisers, there)
    days = heads.days[there].tolist()
    codes = heads.markets.codes[there].tolist()
    firsts, counts = texts.first[there].tolist(), texts.count[there].tolist()
    lists = heads.markets.values
    made: list[Intake] = []
    for place, row in enumerate(rows):
        first, last = firsts[place], firsts[place] + counts[place]
        own = texts.texts.some(first, last)
        markets, name = lists[codes[place]], ids[place]
        intake = Intake(heads.index + row, name, markets, [], own, sum(map(len, own)), [])
        _name(intake, texts, first)
        if days[place]:
            intake.on = date.fromordinal(days[place])
        if known[place] is not None:
            intake.known = Facts(name, markets, known[place])
        made.append(intake)
    return made


def _taken(column: Any, rows: Ints) -> list[Any]:
    return list(column.take(arrow("creatives in Arrow").array(rows)).to_pylist())


def _name(intake: Intake, texts: RowTexts, first: int) -> None:
    """Give each text the name of its field; those of a link come in pairs, at the end."""
    code, names, links = texts.field.item, texts.fields, texts.links
    if not links:
        intake.fields = [names[code(first + n)] for n in range(len(intake.texts))]
        return
    number = 0
    for place in range(first, first + len(intake.texts)):
        link = links.get(place)
        if link is not None:
            intake.links = {**(intake.links or {}), place - first: link}
            intake.fields += [f"links[{number}].host", f"links[{number}].path"]
            number += 1
        elif len(intake.fields) == place - first:
            intake.fields.append(names[code(place)])
