"""Where an evaluation comes from, what was counted, and how cases were chosen, in words."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from automod.model.evaluation import About, Account, Evaluation, Outcomes
from automod.model.vocabulary import ACTIONS, Action

from .evaluation_words import by_words, has_word
from .html_figures import percent, thousands
from .html_page import Html, code, isolates, ltr, markup, together
from .html_words import page_word
from .labels import Lang
from .visible import FSI, PDI, shown

Fact = tuple[str, object]
"""A name and what stands beside it: text, or markup."""


def subtitle(about: About) -> str:
    """The period of the decisions."""
    return " – ".join(day for day in (about.decided_from, about.decided_until) if day)


def meta(evaluation: Evaluation, lang: Lang) -> list[Html]:
    """The line under the title: how much, and when."""
    account, about = evaluation.account, evaluation.about
    told = [
        _counted("meta.cases", account.cases, lang),
        _counted("meta.trials", account.trials, lang),
    ]
    if about.decided_from or about.decided_until:
        days = _days(about.decided_from, about.decided_until, lang)
        told.append(markup("{} {}", page_word("decided", lang), days))
    told.append(markup("{} {}", page_word("confidence", lang), ltr(percent(about.confidence))))
    return told


def _counted(key: str, count: int, lang: Lang) -> Html:
    return isolates(page_word(key, lang, count=f"{FSI}{thousands(count)}{PDI}"))


def period(about: About, lang: Lang) -> list[Fact]:
    """When, by what, and for which creatives."""
    return [
        (page_word("decided", lang), _days(about.decided_from, about.decided_until, lang)),
        (page_word("labelled", lang), _days(about.labelled_from, about.labelled_until, lang)),
        (page_word("where", lang), by_words(about.where, lang)),
        (page_word("version", lang), ltr(about.automod)),
    ]


def _days(first: str | None, last: str | None, lang: Lang) -> Html:
    """A period in words: in a language that is read from the right a dash would turn it round."""
    days = list(dict.fromkeys(day for day in (first, last) if day))
    if len(days) < 2:
        return ltr(days[0]) if days else markup("{}", page_word("unknown", lang))
    low, high = (f"{FSI}{shown(day)}{PDI}" for day in days)
    return isolates(page_word("to", lang, low=low, high=high))


def facts(evaluation: Evaluation, lang: Lang) -> list[Fact]:
    """Everything that is needed to do it again."""
    about = evaluation.about
    return [
        (page_word("ruleset", lang), _digests(about.rulesets, lang)),
        (page_word("policies", lang), _digests((about.policies,) if about.policies else (), lang)),
        *period(about, lang)[:3],
        (page_word("confidence", lang), ltr(percent(about.confidence))),
        (page_word("method", lang), _methods(evaluation, lang)),
        (page_word("support", lang), page_word("support.is", lang, support=about.support,
                                               clusters=about.clusters)),
        ("", page_word("weighted" if about.weighted else "unweighted", lang)),
        ("", page_word("grouped" if about.grouped else "ungrouped", lang)),
        (page_word("version", lang), ltr(about.automod)),
    ]  # fmt: skip


def _methods(evaluation: Evaluation, lang: Lang) -> str:
    """How the intervals of precision and recall were made."""
    ratios = (
        ratio
        for one in evaluation.slices
        for ratio in (one.measures.precision, one.measures.recall)
    )
    used = dict.fromkeys(ratio.method for ratio in ratios if ratio.method is not None)
    comma = "، " if lang == "ar" else ", "
    told = (page_word(one, lang) if has_word(one) else one for one in used)
    return comma.join(told) or page_word("none", lang)


def _digests(some: tuple[str, ...], lang: Lang) -> object:
    if not some:
        return page_word("none", lang)
    return together((code(one) for one in some), markup("<br>"))


def counted(account: Account) -> list[tuple[str, int, str]]:
    """The account as rows: key, count, and whether it is a sum or a part of one."""
    return [
        ("cases", account.cases, "main"),
        ("sampled", account.sampled, "out"),
        ("found_by_hits", account.found_by_hits, "out"),
        ("undecided", account.undecided, "out"),
        ("without_markets", account.without_markets, "out"),
        ("without_codes", account.without_codes, "out"),
        ("decisions", account.decisions, "main"),
        ("unlabelled", account.unlabelled, "out"),
        ("unexplained", account.unexplained, "out"),
        ("trials", account.trials, "main"),
        ("present", account.present, "out"),
        ("incomplete", account.incomplete, "out"),
        ("stale", account.stale, "out"),
        ("groups", account.groups, "out"),
        ("uncertain", account.unknown, "main"),
        ("disputed", account.disputed, "out"),
    ]


def sampling(evaluation: Evaluation, lang: Lang) -> list[str]:
    """How cases were chosen, what each counts, and how intervals are made."""
    account, about = evaluation.account, evaluation.about
    drawn = account.sampled
    key = "all" if drawn >= account.cases > 0 else "some" if drawn else "none"
    counts = {"cases": thousands(account.cases), "sampled": thousands(drawn)}
    told = [page_word(f"sampling.{key}", lang, **counts)]
    if account.found_by_hits:
        told.append(page_word("sampling.hits", lang, count=thousands(account.found_by_hits)))
    told.append(page_word(f"sampling.{'weighted' if about.weighted else 'unweighted'}", lang))
    told.append(page_word("sampling.intervals", lang, confidence=percent(about.confidence)))
    told.append(page_word("sampling.support", lang, support=about.support, clusters=about.clusters))
    return told


def labellers(evaluation: Evaluation, lang: Lang, *, mask: bool) -> Callable[[str], str]:
    """What a labeller is called: by name, or by a number where names are nobody's business."""
    pairs = evaluation.agreement
    names = sorted({one.one for one in pairs} | {one.other for one in pairs})
    numbers = {name: f"{page_word('labeller', lang)} {n}" for n, name in enumerate(names, 1)}
    return numbers.__getitem__ if mask else str


@dataclass(frozen=True, slots=True)
class Judged:
    """One judgement: what is there, what was asked, what was done."""

    creative: str
    market: str
    policy: str
    present: bool
    wanted: Action
    done: Action
    score: float


def rows(outcomes: Outcomes) -> Iterator[Judged]:
    """Every judgement that was counted, in order."""
    columns = zip(
        outcomes.creative, outcomes.market, outcomes.policy, outcomes.present, outcomes.wanted,
        outcomes.action, outcomes.score, strict=True,
    )  # fmt: skip
    for creative, market, policy, present, wanted, done, score in columns:
        yield Judged(
            outcomes.creatives[creative], outcomes.markets[market], outcomes.policies[policy],
            present, ACTIONS[wanted], ACTIONS[done], score,
        )  # fmt: skip
