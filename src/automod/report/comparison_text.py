"""What a comparison prints: what was gained and lost, slice by slice, then one by one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice, zip_longest
from typing import Any, Final

from rich.cells import cell_len
from rich.text import Text

from automod.model.comparison import Change, Comparison, Difference, Flip, FlipKind
from automod.model.evaluation import About, By, Ratio

from .evaluation_text import HEADLINE, about_facts, warning_lines
from .evaluation_view import axes_of
from .evaluation_words import POINT_SIGNS, WARNING_SIGN, word
from .figures import difference_parts, marked_ratio, probability
from .page import Page, flowing, ink, labelled, pad, wrapped
from .slice_text import POINT_STYLES, axes_words, heading, roomy, slice_name
from .trial_text import field_lines, hit_lines, marks_of, trial_head, wanted_lines
from .visible import isolated

MOST_FLIPS: Final = 20
"""Creatives told one by one, unless detail is asked for."""

DIFFERENCE: Final = 24
"""Columns of `+15.0 pp [+10.0, +21.0]`."""
LEAST_BESIDE: Final = 40
"""Columns for the ratios beside a difference; where there are fewer they stand below it."""

KINDS: Final[Mapping[FlipKind, str]] = {
    "lost": "red", "new_alarm": "yellow", "gained": "green", "gone_alarm": "cyan",
}  # fmt: skip
"""What got worse comes first."""

_Counted = tuple[str, int, str]


def comparison_text(
    comparison: Comparison, page: Page, cuts: Sequence[Sequence[str]] = ()
) -> list[Text]:
    """The lines of a comparison.

    Args:
        comparison: what changed.
        page: width, language; with detail also slices in which nothing changed, and every flip.
        cuts: the axes of each cut that was asked for: it comes after that of policy codes.
    """
    page = roomy(page)
    sections = (
        warning_lines(comparison.warnings, page) if comparison.warnings else [],
        _head(comparison, page),
        *_cuts(comparison, page, cuts),
        _flips(comparison, page),
        _sources(comparison, page),
    )
    lines: list[Text] = []
    for section in sections:
        lines += [Text(), *section] if lines and section else section
    return lines


def _head(comparison: Comparison, page: Page) -> list[Text]:
    """How much was compared, and whether it is the same."""
    pairing = isolated(word("paired" if comparison.paired else "unpaired", page.lang))
    sign = Text() if comparison.paired else ink(f"{WARNING_SIGN} ", "bold yellow")
    parts = [sign + ink(pairing, "green" if comparison.paired else "bold yellow")]
    parts.append(Text(f"{comparison.trials:,} {isolated(word('trials', page.lang))}"))
    alone = {"only_before": comparison.only_before, "only_after": comparison.only_after}
    parts += [
        ink(f"{count:,} {isolated(word(key, page.lang))}", "yellow")
        for key, count in alone.items()
        if count
    ]
    if comparison.before.policies != comparison.after.policies:
        told = isolated(word("policies.differ", page.lang))
        parts.append(ink(f"{WARNING_SIGN} {told}", "bold yellow"))
    lines = [Text(" ") + line for line in flowing(parts, page.width - 2)]
    return [heading(word("comparison", page.lang)), *lines]


def _cuts(
    comparison: Comparison, page: Page, asked: Sequence[Sequence[str]]
) -> Iterator[list[Text]]:
    """The whole and every code, then each cut that was asked for."""
    wanted = [set(axes) for axes in asked]
    cuts = dict.fromkeys(axes_of(one.by) for one in comparison.changes)
    first = [one for one in comparison.changes if axes_of(one.by) in HEADLINE]
    if first:
        yield [heading(word("policy", page.lang)), *change_table(first, page, comparison.paired)]
    for axes in cuts:
        if axes not in HEADLINE and set(axes) in wanted:
            some = [one for one in comparison.changes if axes_of(one.by) == axes]
            lines = change_table(some, page, comparison.paired)
            yield [heading(axes_words(axes, page.lang)), *lines]


def change_table(changes: Sequence[Change], page: Page, paired: bool = True) -> list[Text]:
    """A block for each slice and point in which something changed; the others are counted."""
    told = [one for one in changes if page.detail or not paired or _has_changed(one)]
    lines: list[Text] = []
    named: By | None = None
    places = {by: place for place, by in enumerate(dict.fromkeys(one.by for one in told))}
    for one in sorted(told, key=lambda one: places[one.by]):
        if one.by != named:
            lines.append(Text(" ") + slice_name(one.by, page))
            named = one.by
        lines += _change(one, page, paired)
    quiet = len({one.by for one in changes} - {one.by for one in told})
    if quiet:
        same = isolated(word("unchanged", page.lang, count=f"{quiet:,}"))
        lines.append(Text("  ") + ink(same, "dim"))
    return lines


def _has_changed(one: Change) -> bool:
    return bool(one.gained or one.lost or one.new_alarms or one.gone_alarms)


def _change(one: Change, page: Page, paired: bool) -> list[Text]:
    """The counts with their p, then what became of each ratio."""
    point = f"{POINT_SIGNS[one.point]} {isolated(word(one.point, page.lang).upper())}"
    head = ink(point, f"bold {POINT_STYLES[one.point]}")
    lines = [Text("  ") + head]
    if paired:
        catches = (("gained", one.gained, "green"), ("lost", one.lost, "red"))
        alarms = (
            ("new_alarms", one.new_alarms, "yellow"),
            ("gone_alarms", one.gone_alarms, "cyan"),
        )
        room = page.width - head.cell_len - 6
        told = [_counted(catches, one.recall_p, page), _counted(alarms, one.alarms_p, page)]
        counts = [line for parts in told for line in flowing(parts, room)]
        lines = _hung(lines[0] + Text("  "), counts)
    for key, before, after, difference in (
        ("recall", one.recall_before, one.recall_after, one.recall),
        ("precision", one.precision_before, one.precision_after, one.precision),
        ("false_alarm_rate", one.alarms_before, one.alarms_after, one.alarms),
    ):
        lines += _moved(key, before, after, difference, page)
    return lines


def _hung(head: Text, lines: Sequence[Text]) -> list[Text]:
    """Lines beside a head, each as far in as the first."""
    indent = Text(" " * head.cell_len)
    return [(indent if place else head) + line for place, line in enumerate(lines)]


def _counted(kinds: Sequence[_Counted], p: float | None, page: Page) -> list[Text]:
    """`12 newly caught`, `3 no longer caught  (p 0.035)`."""
    told = [
        ink(f"{count:,} {isolated(word(key, page.lang))}", style if count else "dim")
        for key, count, style in kinds
    ]
    return [*told[:-1], told[-1] + ink(f"  (p {probability(p)})", "dim")]


def _moved(key: str, before: Ratio, after: Ratio, difference: Difference, page: Page) -> list[Text]:
    """The difference, then the ratio before and after."""
    if before.value is None and after.value is None:
        return []
    change, *few = difference_parts(difference, page.lang)
    label = pad(ink(isolated(word(key, page.lang).lower()), "dim"), _label(page))
    ratios = [marked_ratio(one, page.lang) for one in (before, after)]
    beside = Text("   ") + label + pad(change, DIFFERENCE)
    if page.width - beside.cell_len < LEAST_BESIDE:
        first = _hung(Text("   ") + label, flowing([change, *few], page.width - 4 - _label(page)))
        parts = [ratios[0], ink("→ ", "dim") + ratios[1]]
        return [*first, *_hung(Text("     "), flowing(parts, page.width - 6, " "))]
    parts = [ratios[0], ink("→ ", "dim") + ratios[1], *few]
    return _hung(beside, flowing(parts, page.width - 1 - beside.cell_len, " "))


def _label(page: Page) -> int:
    """Columns of the names of ratios."""
    keys = ("recall", "precision", "false_alarm_rate")
    return max(cell_len(isolated(word(key, page.lang))) for key in keys) + 1


def _flips(comparison: Comparison, page: Page) -> list[Text]:
    """Creatives that are decided otherwise, what got worse first."""
    flips = comparison.flips
    told = flips if page.detail else _spread(flips, MOST_FLIPS)
    if not told:
        return []
    lines = [heading(word("flips", page.lang))]
    for kind in KINDS:
        for one in told:
            if one.kind == kind:
                lines += _flip(one, page)
    if len(flips) > len(told):
        more = isolated(word("more", page.lang, count=f"{len(flips) - len(told):,}"))
        lines.append(Text("  ") + ink(f"… {more} (-v)", "dim"))
    return lines


def _spread(flips: Sequence[Flip], most: int) -> list[Flip]:
    """Some of each kind in turns, so that one kind does not take all the room."""
    kinds = [[one for one in flips if one.kind == kind] for kind in KINDS]
    turns = (one for turn in zip_longest(*kinds) for one in turn if one is not None)
    return list(islice(turns, most))


def _flip(one: Flip, page: Page) -> list[Text]:
    style = KINDS[one.kind]
    head = ink(f" {isolated(word(one.kind, page.lang))}", f"bold {style}")
    names = trial_head((one.creative, one.market, one.policy), style, page)
    lines = [head + Text(" ") + names[0], *names[1:]]
    lines += wanted_lines(one.wanted, (one.before, one.after), page)
    marks = marks_of((*one.hits_before, *one.hits_after), page.marking.counts)
    lines += field_lines(one.text, marks, page)
    if not one.text and not one.hits_before and not one.hits_after:
        # A kept result has actions, and neither texts nor hits.
        return [*lines, *labelled(Text(), wrapped(word("not_kept", page.lang), page.room, "dim"))]
    return lines + hit_lines(list(_signed(one)), page)


def _signed(one: Flip) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    """Hits with `-` for one that is gone, `+` for a new one, `=` for one that both have."""
    before, after = ([_key(hit) for hit in hits] for hits in (one.hits_before, one.hits_after))
    for hit in one.hits_before:
        kept = _key(hit) in after
        yield ("=", "dim", hit) if kept else ("-", "red", hit)
    for hit in one.hits_after:
        if _key(hit) not in before:
            yield "+", "green", hit


def _key(hit: Mapping[str, Any]) -> tuple[Any, ...]:
    return tuple(hit.get(name) for name in ("material", "field", "start", "end", "status"))


def _sources(comparison: Comparison, page: Page) -> list[Text]:
    """Where both come from."""
    lines: list[Text] = []
    sides: tuple[tuple[str, About], ...] = (
        ("baseline", comparison.before), ("after", comparison.after),
    )  # fmt: skip
    for key, about in sides:
        lines += [heading(word(key, page.lang)), *about_facts(about, page)]
    return lines
