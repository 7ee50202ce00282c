"""What an evaluation prints: what must be said first, what was counted, then the figures."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Final

from rich.text import Text

from automod.model.evaluation import About, Account, Agreement, Evaluation, Part, Slice, Warned

from .evaluation_view import axes_of
from .evaluation_words import (
    WARNING_SIGN,
    by_words,
    glossary,
    warning_count,
    warning_text,
    warning_title,
    word,
)
from .figures import not_enough, percent, two_decimals
from .labels import Lang
from .page import INDENT, Page, clipped, flowing, ink, labelled, pad, wrapped
from .part_text import material_lines, overlap_lines, part_table
from .slice_text import axes_words, heading, roomy, slice_table
from .threshold_text import threshold_lines
from .trial_text import example_lines
from .visible import apart, isolated, shown

HEADLINE: Final = ((), ("policy",))
"""The cuts that everybody wants first."""

MOST_RULESETS: Final = 5
MOST_MARKETS: Final = 5
"""Markets in which labellers agree least, unless detail is asked for."""

_COUNTED: Final = ("cases", "decisions", "trials", "present")
_APART: Final = (
    "incomplete", "undecided", "without_markets", "without_codes", "unlabelled",
    "unexplained", "unknown",
    "disputed", "stale", "groups", "sampled", "found_by_hits",
)  # fmt: skip
"""What of an account is told where there is any."""


def evaluation_text(
    evaluation: Evaluation, page: Page, cuts: Sequence[Sequence[str]] = ()
) -> list[Text]:
    """The lines of an evaluation. Its warnings come first, and there is no way to leave them out.

    Args:
        evaluation: what was found.
        page: width, language; with detail every ratio, material and overlap, and the glossary.
        cuts: the axes of each cut that was asked for: its tables come after that of policy codes.
    """
    page = roomy(page)
    sections = (
        warning_lines(evaluation.warnings, page),
        account_lines(evaluation.account, page),
        _headline(evaluation.slices, word("policy", page.lang), page),
        _headline(evaluation.impressions, word("impressions", page.lang), page),
        *(told for by in cuts for told in _asked(evaluation, page, by)),
        material_lines(evaluation, page),
        overlap_lines(evaluation.overlaps, page) if page.detail else [],
        threshold_lines(evaluation.thresholds, page),
        agreement_lines(evaluation.agreement, page),
        example_lines(evaluation.examples, page) if page.detail else [],
        glossary_lines(page) if page.detail else [],
        about_lines(evaluation.about, page),
    )
    lines: list[Text] = []
    for section in sections:
        lines += [Text(), *section] if lines and section else section
    return lines


def warning_lines(warnings: Sequence[Warned], page: Page) -> list[Text]:
    """What must be said with the figures; a line where there is nothing of the sort."""
    if not warnings:
        return [Text(" ") + ink(isolated(word("no_warnings", page.lang)), "green")]
    return [
        heading(word("warnings", page.lang)),
        *(line for one in warnings for line in _warning(one, page)),
    ]


def _warning(warned: Warned, page: Page) -> Iterator[Text]:
    sign = ink(f" {WARNING_SIGN} ", "bold yellow")
    parts = [sign + ink(isolated(warning_title(warned, page.lang)), "bold")]
    if count := warning_count(warned, page.lang):
        parts.append(ink(apart(count), "yellow"))
    yield from flowing(parts, page.width - 1)
    for line in wrapped(warning_text(warned, page.lang), page.width - 4):
        yield Text("   ") + line


def account_lines(account: Account, page: Page) -> list[Text]:
    """What was counted, and what was not and why, as far as there is any."""
    lines = [heading(word("account", page.lang))]
    for key, count in told_account(account):
        style = "" if key in _COUNTED else "dim"
        told = ink(f"  {isolated(word(key, page.lang))}", style)
        lines.append(Text(f"{count:,}".rjust(12)) + told)
    return lines


def told_account(account: Account) -> list[tuple[str, int]]:
    """Counts with the key of their words: what was counted, and whatever there is besides."""
    counts = asdict(account)
    told = [*_COUNTED, *(name for name in _APART if counts[name])]
    return [("uncertain" if name == "unknown" else name, counts[name]) for name in told]


def _headline(slices: Sequence[Slice], title: str, page: Page) -> list[Text]:
    """The whole, and every policy code."""
    told = [one for axes in HEADLINE for one in slices if axes_of(one.by) == axes]
    return [heading(title), *slice_table(told, page)] if told else []


def _asked(evaluation: Evaluation, page: Page, by: Sequence[str]) -> Iterator[list[Text]]:
    """The tables of the cut that was asked for: of slices, and of parts of the material."""
    cuts = {axes_of(one.by) for one in evaluation.slices}
    along = {axis for axes in cuts for axis in axes}
    wanted = {axis for axis in by if axis in along}
    for axes in sorted(cuts - set(HEADLINE)):
        if set(axes) == wanted:
            slices = [one for one in evaluation.slices if axes_of(one.by) == axes]
            yield [heading(axes_words(axes, page.lang)), *slice_table(slices, page)]
    for axes, parts in _parts_asked(evaluation.parts, {*by} - along, wanted):
        yield [
            heading(axes_words(axes, page.lang)),
            *part_table(parts, page, evaluation.about.confidence),
        ]


def _parts_asked(
    parts: Sequence[Part], asked: set[str], within: set[str]
) -> Iterator[tuple[tuple[str, ...], list[Part]]]:
    """Parts by the axes that were asked for, in each slice of the cut."""
    wanted = {*asked, *within, "policy"}
    for axes in dict.fromkeys(axes_of(one.by) for one in parts) if asked else ():
        # Materials and rules by themselves have their table anyway.
        if set(axes) == wanted and wanted not in ({"material", "policy"}, {"rule", "policy"}):
            yield axes, [one for one in parts if axes_of(one.by) == axes]


def agreement_lines(agreement: Sequence[Agreement], page: Page) -> list[Text]:
    """How far labellers agree: in all markets, then in those in which they agree least."""
    if not agreement:
        return []
    told = agreement if page.detail else _least_agreed(agreement)
    lines = [heading(word("agreement", page.lang))]
    lines += [line for one in told for line in _agreed(one, page)]
    if len(told) < len(agreement):
        more = word("more", page.lang, count=f"{len(agreement) - len(told):,}")
        lines.append(Text("  ") + ink(f"… {isolated(more)} (-v)", "dim"))
    return lines


def _least_agreed(agreement: Sequence[Agreement]) -> list[Agreement]:
    """All markets together, and the few with data enough where kappa is lowest."""
    whole = [one for one in agreement if one.market == "*"]
    sure = [one for one in agreement if one.market != "*" and one.enough]
    return [*whole, *sorted(sure, key=lambda one: one.kappa or 0.0)[:MOST_MARKETS]]


def _agreed(one: Agreement, page: Page) -> list[Text]:
    market = word("all", page.lang) if one.market == "*" else one.market
    pair = " + ".join(isolated(name) for name in (one.one, one.other))
    share = percent(one.agreed / one.items) if one.items else "?"
    agreed = f"{isolated(word('agreed', page.lang))} {share} {one.agreed:,}/{one.items:,}"
    kappa = ink(f"{isolated(word('kappa', page.lang))} ", "dim") + two_decimals(one.kappa)
    if one.low is not None and one.high is not None:
        kappa += ink(f" [{one.low:.2f}, {one.high:.2f}]", "dim")
    parts = [pad(clipped(Text(pair), 30), 24), Text(agreed), kappa]
    parts += [] if one.enough else [not_enough(page.lang)]
    return labelled(ink(isolated(market), "bold"), flowing(parts, page.width - INDENT - 1))


def about_lines(about: About, page: Page) -> list[Text]:
    """Where the figures come from."""
    return [heading(word("about", page.lang)), *about_facts(about, page)]


def about_facts(about: About, page: Page) -> list[Text]:
    """Version, digests, dates and how intervals are made: a line or two for each."""
    lines: list[Text] = []
    for key, value in told_about(about, page.lang):
        label = ink(isolated(word(key, page.lang)), "dim")
        first, *rest = wrapped(value, page.width - 21)
        lines.append(Text("  ") + pad(label, 18) + first)
        lines += [Text(" " * 20) + line for line in rest]
    return lines


def told_about(about: About, lang: Lang) -> list[tuple[str, str]]:
    """Where figures come from, each fact with the key of its words."""
    support = word("support.is", lang, support=about.support, clusters=about.clusters)
    return [
        ("version", about.automod),
        *(("ruleset", one) for one in _first(about.rulesets)),
        ("policies", about.policies or word("none", lang)),
        ("decided", _days(about.decided_from, about.decided_until)),
        ("labelled", _days(about.labelled_from, about.labelled_until)),
        ("where", shown(by_words(about.where, lang))),
        ("method", _method(about, lang)),
        ("support", support),
    ]


def _first(names: Sequence[str]) -> list[str]:
    """The first few, and how many more there are."""
    more = len(names) - MOST_RULESETS
    return [*names[:MOST_RULESETS], *([f"… +{more:,}"] if more > 0 else [])]


def _method(about: About, lang: Lang) -> str:
    told = (
        "clopper-pearson" if about.exact else "wilson",
        "weighted" if about.weighted else "unweighted",
        "grouped" if about.grouped else "ungrouped",
    )
    comma = "، " if lang == "ar" else ", "
    return comma.join([f"{100 * about.confidence:g} %", *(word(key, lang) for key in told)])


def _days(first: str | None, last: str | None) -> str:
    return f"{first or '?'} – {last or '?'}"


def glossary_lines(page: Page) -> list[Text]:
    """What the words mean."""
    lines = [heading(word("glossary", page.lang))]
    for key, term, text in glossary(page.lang):
        lines.append(Text("  ") + ink(isolated(term), "bold"))
        # A page draws an interval as a bar; here it stands in brackets.
        told = word("interval.is", page.lang) if key == "interval" else text
        lines += [Text("    ") + line for line in wrapped(told, page.width - 5)]
    return lines
