"""What each part of the material is worth, as lines of a terminal: the table of materials."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from rich.cells import cell_len
from rich.text import Text

from automod.model.evaluation import By, Evaluation, Overlap, Part

from .evaluation_view import NOISY, axes_of, is_noisy
from .evaluation_words import status_word, value_word, word
from .figures import FEW, bare_percent, in_columns, narrow_ratio, two_decimals
from .labels import Lang
from .page import Page, clipped, flowing, ink, wrapped
from .slice_text import MOST_NAME, heading, slice_name
from .visible import isolated

MOST: Final = 30
"""Rows of a table of parts, unless detail is asked for."""
MOST_OVERLAPS: Final = 20
LEAST_NAME: Final = 18
"""Columns of a name; where there are fewer left it has a line of its own."""

OURS: Final = (("material", "policy"), ("rule", "policy"))
"""The axes of what is in the table of materials."""

_FIGURES: Final = ("hits", "bad", "ok", "so", "precision", "alone")
_RIGHTS: Final = (True, True, True, True, False, True)


def hits_of(part: Part) -> int:
    """How often a part hit, rightly or not."""
    return part.measures.tp + part.measures.fp


def by_hits(part: Part) -> tuple[int, By]:
    """Sorts parts, those that hit most first."""
    return -hits_of(part), part.by


def material_lines(evaluation: Evaluation, page: Page) -> list[Text]:
    """Materials and rules, those that hit most first; the noisy and the dead are counted.

    Args:
        evaluation: with its parts.
        page: width, language; with detail all of them, and every name.
    """
    parts = [one for one in evaluation.parts if axes_of(one.by) in OURS]
    if not parts and not evaluation.dead:
        return []
    noisy = word("noisy.count", page.lang, limit=f"{100 * NOISY:g} %")
    return [
        heading(word("materials", page.lang)),
        *_named(noisy, [one.by[0][1] for one in parts if is_noisy(one)], page),
        *_dead(evaluation, page),
        *part_table(parts, page, evaluation.about.confidence),
    ]


def _dead(evaluation: Evaluation, page: Page) -> Iterator[Text]:
    """Those without a hit; unknown where nobody said which there are."""
    if evaluation.about.materials is not None:
        yield from _named(word("dead", page.lang), evaluation.dead, page)


def _named(told: str, names: Sequence[str], page: Page) -> Iterator[Text]:
    """How many there are, and with detail which."""
    count = ink(f"{len(names):,}".rjust(5), "yellow" if names else "dim")
    yield Text("  ") + count + Text(f"  {isolated(told)}")
    if page.detail:
        for name in names:
            yield Text(" " * 9) + clipped(Text(isolated(name)), page.width - 10)


def part_table(parts: Sequence[Part], page: Page, confidence: float = 0.95) -> list[Text]:
    """A row for each part, below the slice that it is told in; those that hit most first.

    Args:
        parts: of the same axes.
        page: width, language; with detail all parts, else the first thirty.
        confidence: of the intervals.
    """
    ordered = sorted(parts, key=by_hits)
    told = ordered if page.detail else ordered[:MOST]
    layout = _Layout(told, page, confidence)
    lines = layout.head()
    for within in dict.fromkeys(split(one.by)[1] for one in told):
        mine = [one for one in told if split(one.by)[1] == within]
        lines.append(_within(within, mine[0], page))
        lines += [line for one in mine for line in layout.row(one)]
    lines += [] if len(told) == len(ordered) else [_more(len(ordered) - len(told), page)]
    return [*lines, *_legend(told, page)] if told else []


def split(by: By) -> tuple[By, By]:
    """The axes that name a part, and the slice that it is told in: a policy code is its first.

    >>> split((("material", "p/m"), ("policy", "GMB.REAL"), ("market", "SA")))
    ((('material', 'p/m'),), (('policy', 'GMB.REAL'), ('market', 'SA')))
    """
    place = axes_of(by).index("policy") if "policy" in axes_of(by) else len(by)
    return by[:place], by[place:]


def part_name(by: By) -> str:
    """The values of the axes that name a part.

    >>> part_name((("field", "body"), ("view", "safe"), ("policy", "GMB.REAL")))
    'body · safe'
    """
    return isolated(" · ".join(value for _, value in split(by)[0]))


def _within(within: By, part: Part, page: Page) -> Text:
    """The slice, and how much of it is there to be hit."""
    found = part.measures
    sizes = word("there_or_not", page.lang, there=f"{found.tp + found.fn:,}",
                 clean=f"{found.fp + found.tn:,}")  # fmt: skip
    return Text(" ") + slice_name(within, page) + ink(f"  {isolated(sizes)}", "dim")


def _more(count: int, page: Page) -> Text:
    told = isolated(word("more", page.lang, count=f"{count:,}"))
    return Text("  ") + ink(f"… {told} (-v)", "dim")


def _legend(parts: Iterable[Part], page: Page) -> Iterator[Text]:
    yield from (Text("  ") + line for line in wrapped(word("parts.legend", page.lang),
                                                      page.width - 3, "dim"))  # fmt: skip
    if any(not one.measures.precision.enough for one in parts):
        yield Text("  ") + ink(f"{FEW} {isolated(word('not_enough', page.lang))}", "dim")


class _Layout:
    """How wide the columns of a table of parts are, and whether covers have one of their own."""

    def __init__(self, parts: Sequence[Part], page: Page, confidence: float) -> None:
        self._page = page
        self._heads = _heads(page.lang, confidence)
        rows = [self._heads, *(_figures(one) for one in parts)]
        self._widths = [max(map(_width, column)) for column in zip(*rows, strict=True)]
        statuses = [self._word("status"), *(_status(one, page.lang) for one in parts)]
        figures = sum(self._widths) + 2 * len(self._widths)
        room = page.width - 5 - figures - max(map(_width, statuses))
        names = max([cell_len(part_name(one.by)) for one in parts], default=0)
        self._cover = self._cover_width(parts, room - names)
        self._name = min(names, room - (self._cover + 2 if self._cover else 0))
        if self._name < min(names, LEAST_NAME):
            self._name = 0

    def _cover_width(self, parts: Sequence[Part], room: int) -> int:
        """0 where nothing is covered, or where there is no room for what covers it."""
        covers = [cell_len(one.covered_by) for one in parts if one.covered_by]
        width = max([_width(self._word("covered_by")), *covers]) if covers else 0
        return width if width + 2 <= room else 0

    def _word(self, key: str) -> Text:
        return ink(isolated(word(key, self._page.lang).upper()), "dim")

    def head(self) -> list[Text]:
        """The heads of the columns."""
        cover = [self._word("covered_by")] if self._cover else []
        status = [self._word("status")] if self._name else []
        return [self._line(Text(), self._heads, [*cover, *status])]

    def row(self, part: Part) -> list[Text]:
        """The line of a part; a name that is too long for its column has a line of its own."""
        name = ink(part_name(part.by), "yellow" if is_noisy(part) else "")
        status = _status(part, self._page.lang)
        covered = Text() if part.covered_by is None else Text(isolated(part.covered_by))
        cover = [covered] if self._cover else []
        if name.cell_len <= self._name:
            lines = [self._line(name, _figures(part), [*cover, status])]
        else:
            above = clipped(name, self._page.width - 24) + Text("  ")
            beside = [*cover, status] if self._name else cover
            lines = [Text("  ") + (above if self._name else above + status)]
            lines.append(self._line(Text(), _figures(part), beside))
        if covered.plain and not self._cover:
            told = ink(f"{isolated(word('covered_by', self._page.lang).lower())} ", "dim")
            lines.append(Text("    ") + told + clipped(covered, self._page.width - 20))
        return lines

    def _line(self, name: Text, figures: Sequence[Text], rest: Sequence[Text]) -> Text:
        """Name, figures, cover and status in their columns."""
        ends = [self._cover] * bool(self._cover) + [0]
        widths = [self._name, *self._widths, *ends[: len(rest)]]
        rights = [False, *_RIGHTS, *[False] * len(rest)]
        if self._name:
            return Text("  ") + in_columns([name, *figures, *rest], widths, rights)
        return Text("   ") + in_columns([*figures, *rest], widths[1:], rights[1:], gap=1)


def _width(text: Text) -> int:
    return text.cell_len


def _heads(lang: Lang, confidence: float) -> list[Text]:
    heads = [isolated(word(key, lang).upper()) for key in _FIGURES]
    heads[_FIGURES.index("precision")] += f" [{100 * confidence:g}%]"
    return [ink(one, "dim") for one in heads]


def _status(part: Part, lang: Lang) -> Text:
    style = "cyan" if part.status == "shadow" else "dim"
    told = isolated(status_word(part.status, lang))
    is_rule = "rule" in axes_of(part.by)
    return ink(f"{told} {isolated(word('rule', lang).lower())}" if is_rule else told, style)


def _figures(part: Part) -> list[Text]:
    found = part.measures
    return [
        Text(f"{found.tp:,}/{hits_of(part):,}"), bare_percent(found.recall),
        bare_percent(found.false_alarm_rate), two_decimals(found.so.value),
        narrow_ratio(found.precision), Text(f"{part.alone:,}"),
    ]  # fmt: skip


def overlap_lines(overlaps: Sequence[Overlap], page: Page) -> list[Text]:
    """Two materials that hit the same, those that share most first."""
    if not overlaps:
        return []
    lines = [heading(word("overlaps", page.lang))]
    for one in overlaps[: None if page.detail else MOST_OVERLAPS]:
        shared = word("of", page.lang, count=f"{one.both:,}", of=f"{one.either:,}")
        parts = [
            clipped(ink(isolated(value_word("policy", one.policy, page.lang)), "dim"), MOST_NAME),
            Text(isolated(shared)), clipped(Text(isolated(one.one)), MOST_NAME),
            ink("= ", "dim") + clipped(Text(isolated(one.other)), MOST_NAME),
        ]  # fmt: skip
        first, *rest = flowing(parts, page.width - 7)
        lines += [Text("  ") + first, *(Text("      ") + line for line in rest)]
    return lines
