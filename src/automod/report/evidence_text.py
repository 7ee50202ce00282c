"""The evidence of a decision: what hit where, what was done to its spelling, what protects it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from rich.cells import cell_len
from rich.text import Text

from automod.model.decision import Decision, Hit

from .excerpt import Mark
from .labels import fold_words, look_words, word
from .page import Page, flowing, ink, labelled, pad
from .visible import clusters, isolated, shown

MOST_ROWS: Final = 10
"""Rows of evidence of one creative, unless detail is asked for."""

WIDEST_NAME: Final = 30
LONGEST_SURFACE: Final = 48
LEAST_BESIDE: Final = 32
"""Columns beside the name of a material below which the rest goes to lines of its own."""
MOST_PARTS: Final = 6
"""Pieces of text shown of what a rule rests on."""


def shown_hits(decision: Decision, page: Page) -> list[Hit]:
    """The hits worth showing: what verdicts rest on, what an allow protects, what is in shadow."""
    if page.detail:
        joined = {n for hit in decision.hits for n in hit.parts}
        return [hit for hit in decision.hits if page.idle or hit.n in joined or not _is_idle(hit)]
    because = {n for verdict in decision.verdicts for n in verdict.because}
    return [
        hit
        for hit in decision.hits
        if hit.n in because
        or (hit.policies and (hit.allowed_by is not None or hit.status == "shadow"))
    ]


def _is_idle(hit: Hit) -> bool:
    """Whether a hit is a signal by itself, and nothing else is to be said of it."""
    held = hit.allowed_by is not None or hit.overridden_by is not None
    return hit.weight == 0 and hit.status == "live" and not held


def _counts(hit: Hit) -> bool:
    """Whether a hit may count for a policy code: live, for a code, under no allow."""
    return hit.status == "live" and bool(hit.policies) and hit.allowed_by is None


def marks_of(decision: Decision, page: Page) -> dict[str, list[Mark]]:
    """Field -> what to mark in it: what counts first, then parts of rules, then what is allowed."""
    hits, look = shown_hits(decision, page), page.marking
    sorts = (
        (look.counts, [hit for hit in hits if _counts(hit)]),
        (look.part, [decision.hits[n] for hit in hits for n in hit.parts]),
        (look.allowed, [hit for hit in hits if hit.allowed_by is not None]),
        (look.part, hits),
    )
    found: dict[str, list[Mark]] = {}
    for style, members in sorts:
        for hit in members:
            if hit.field is not None and hit.start is not None and hit.end is not None:
                found.setdefault(hit.field, []).append((hit.start, hit.end, style))
    return found


def evidence_lines(decision: Decision, page: Page, fields: Sequence[str] = ()) -> Iterator[Text]:
    """A row for each material that hit: weight, where, how it was spelt, who allows it.

    Args:
        decision: the decision.
        page: width, language, detail.
        fields: the creative's fields, in the order in which rows come; rules come last.
    """
    places = {name: place for place, name in enumerate(fields)}
    hits = sorted(
        shown_hits(decision, page),
        key=lambda hit: (hit.kind == "rule", places.get(hit.field or "", len(places)), hit.n),
    )
    firsts: dict[tuple[object, ...], Hit] = {}
    for hit in hits:
        firsts.setdefault(_key(hit, decision), hit)
    rows = list(firsts.values())[: None if page.detail else MOST_ROWS]
    width = min(max((cell_len(hit.material) for hit in rows), default=0), WIDEST_NAME)
    lines = [line for hit in rows for line in _row(hit, decision, page, width)]
    if len(firsts) > len(rows):
        lines.append(ink(isolated(word("more", page.lang, count=len(firsts) - len(rows))), "dim"))
    if lines:
        yield from labelled(ink(isolated(word("because", page.lang)), "dim"), lines)


def _key(hit: Hit, decision: Decision) -> tuple[object, ...]:
    """Hits that would read the same are one row."""
    surfaces = _surfaces(hit, decision)
    return hit.material, hit.field, surfaces, hit.status, hit.allowed_by, hit.overridden_by


def _surfaces(hit: Hit, decision: Decision) -> tuple[str, ...]:
    if hit.text is not None:
        return (hit.text,)
    texts = [decision.hits[part].text for part in hit.parts]
    return tuple(dict.fromkeys(text for text in texts if text is not None))


def _row(hit: Hit, decision: Decision, page: Page, width: int) -> list[Text]:
    """Name and weight, then the rest beside them; below them where there is no room for it."""
    style = "bold" if hit.status == "live" and hit.allowed_by is None else "dim"
    head = pad(ink(isolated(hit.material), style), width) + Text("  ")
    head += ink(f"{hit.weight:.2f}", "" if hit.weight else "dim") + Text("  ")
    beside = page.room - cell_len(head.plain)
    indent = page.room - beside if beside >= LEAST_BESIDE else 2
    parts = [*_spelt(hit, decision, page, page.room - indent), *_notes(hit, page)]
    lines = flowing(parts, page.room - indent)
    if indent == 2:
        return [head, *(Text("  ") + line for line in lines)]
    first, *rest = lines
    return [head + first, *(Text(" " * indent) + line for line in rest)]


def _spelt(hit: Hit, decision: Decision, page: Page, room: int) -> Iterator[Text]:
    """Where a hit lies and how it is written; of a rule, everything it rests on."""
    look = page.marking
    if hit.kind != "rule":
        style = look.allowed if hit.allowed_by is not None else look.counts
        place = ink(f"{isolated(hit.field or '')} ", "dim")
        if hit.distance is not None:
            yield place + ink(isolated(look_words(hit.view or "", page.lang)), style)
            yield ink(isolated(word("bits", page.lang, count=hit.distance)), "dim")
            for spot in _spots(hit):
                yield ink(isolated(word("spot", page.lang, spot=spot)), "dim")
            return
        yield place + _surface(hit.text or "", style, room - cell_len(place.plain))
        return
    yield ink(isolated(word("rule", page.lang)), "dim")
    surfaces = _surfaces(hit, decision)
    for text in surfaces[:MOST_PARTS]:
        plus = ink("+ ", "dim") if text != surfaces[0] else Text()
        yield plus + _surface(text, look.part, room - 2)
    if len(surfaces) > MOST_PARTS:
        yield ink("+ …", "dim")


def _spots(hit: Hit) -> Iterator[str]:
    """When a hit in a video is seen, in minutes and seconds, and its box: left, top, right, bottom.

    >>> whole = "videos[0]", None, None, None, "whole"
    >>> hit = Hit(0, "p/m", "1", (), "live", "image", *whole, at=64.5, box=(0, 0, 96, 64))
    >>> list(_spots(hit))
    ['1:04', '0,0-96,64']
    """
    if hit.at is not None:
        minutes, seconds = divmod(int(hit.at), 60)
        yield f"{minutes}:{seconds:02}"
    if hit.box is not None:
        left, top, right, bottom = hit.box
        yield f"{left},{top}-{right},{bottom}"


def _surface(text: str, style: str, room: int) -> Text:
    """A spelling, cut where it is long or would not fit."""
    most = max(min(LONGEST_SURFACE, room), 8)
    if cell_len(shown(text)) <= most:
        return ink(isolated(text), style)
    return ink(isolated(f"{_beginning(text, most - 1)}…"), style)


def _beginning(text: str, most: int) -> str:
    r"""The clusters of a text that fit into so many columns: no letter loses its marks.

    >>> _beginning("cafe\u0301s", 4) == "cafe\u0301"
    True
    """
    kept, used = "", 0
    for start, end in clusters(text):
        used += cell_len(shown(text[start:end]))
        if used > most:
            break
        kept += text[start:end]
    return kept.rstrip()


def _notes(hit: Hit, page: Page) -> Iterator[Text]:
    """What there is to say of a hit beside its place."""
    lang = page.lang
    # Capital letters disguise nothing.
    folds = tuple(fold for fold in hit.folds if page.detail or fold != "case")
    if folds:
        yield ink(isolated(fold_words(folds, lang)), "magenta")
    if page.detail and hit.view is not None and hit.distance is None:
        yield ink(isolated(word("view", lang, view=hit.view)), "dim")
    if hit.allowed_by is not None:
        yield ink(f"{isolated(word('allowed_by', lang))} {isolated(hit.allowed_by)}", "green")
    if hit.overridden_by is not None:
        label = isolated(word("overridden_by", lang))
        yield ink(f"{label} {isolated(hit.overridden_by)}", "cyan")
    if hit.status == "shadow":
        yield ink(isolated(word("shadow", lang)), "cyan")
