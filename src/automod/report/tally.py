"""How many creatives went which way: the last line of a scan, and what its exit code rests on."""

from __future__ import annotations

from collections.abc import Container, Iterator
from dataclasses import dataclass, field
from typing import Final

from rich.text import Text

from automod.model.decision import Decision
from automod.model.vocabulary import ACTION_RANK, ACTIONS, Action

from .labels import SIGNS, STYLES, Lang, word
from .page import ink
from .plurals import comma, counted
from .visible import apart, isolated

ORDER: Final = tuple(reversed(ACTIONS))
"""The strictest action first: what needs somebody stands at the top."""


@dataclass(slots=True)
class Tally:
    """Counts over the decisions of a scan.

    >>> tally = Tally()
    >>> tally.creatives, tally.counts["reject"], tally.incomplete
    (0, 0, 0)
    """

    creatives: int = 0
    counts: dict[Action, int] = field(default_factory=lambda: dict.fromkeys(ACTIONS, 0))
    risks: dict[Action, int] = field(default_factory=lambda: dict.fromkeys(ACTIONS, 0))
    """As `counts`, of what was found alone: not of what could not be evaluated."""
    incomplete: int = 0
    hit: int = 0
    """Creatives with a verdict that rests on a hit."""
    shown: int = 0

    def add(self, decision: Decision) -> None:
        """Count one more decision."""
        self.creatives += 1
        self.counts[decision.action] += 1
        self.incomplete += bool(decision.not_evaluated)

    def judge(self, decision: Decision, markets: Container[str] | None = None) -> None:
        """Hold a decision to the bar that `reached` asks about, in some markets or in all."""
        verdicts = [one for one in decision.verdicts if markets is None or one.market in markets]
        # Not of the hits themselves: one may count in some markets only, and a signal in none.
        self.hit += any(one.because for one in verdicts)
        actions = [one.action for one in verdicts]
        self.risks[max(actions, default="approve", key=ACTION_RANK.__getitem__)] += 1

    def merge(self, other: Tally) -> None:
        """Take over the counts of other creatives.

        >>> tally = Tally(creatives=2)
        >>> tally.merge(Tally(creatives=3, hit=1))
        >>> tally.creatives, tally.hit
        (5, 1)
        """
        for name in ("creatives", "incomplete", "hit", "shown"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        for action in ACTIONS:
            self.counts[action] += other.counts[action]
            self.risks[action] += other.risks[action]

    def reached(self, bar: str) -> bool:
        """Whether some decision was at least so strict; `hit`: whether some verdict rests on a hit.

        What could not be evaluated reaches no bar: it is incomplete, which is told apart from risk.

        >>> Tally(hit=1).reached("hit"), Tally(hit=1).reached("review")
        (True, False)
        """
        if bar == "hit":
            return self.hit > 0
        least = ACTION_RANK[_action(bar)]
        return any(self.risks[action] for action in ACTIONS if ACTION_RANK[action] >= least)

    def incomplete_share(self) -> float:
        """The share of creatives of which something was not evaluated; 0 of none."""
        return self.incomplete / self.creatives if self.creatives else 0.0


def _action(name: str) -> Action:
    return next(action for action in ACTIONS if action == name)


def tally_line(tally: Tally, lang: Lang) -> Text:
    """`12 creatives: 5 rejected, 2 to review, 1 restricted, 4 approved`.

    >>> print(tally_line(Tally(creatives=1, counts={"reject": 1}), "en").plain)
    1 creative: ✖ 1 rejected
    """
    return Text(" ").join(tally_parts(tally, lang))


def tally_parts(tally: Tally, lang: Lang) -> list[Text]:
    """The pieces of that line, for where it has to be broken."""
    head = ink(apart(counted("creatives", tally.creatives, lang)), "bold")
    parts = list(_parts(tally, lang))
    found = [head + Text(":" if parts else "")]
    found += [part + Text(comma(lang)) for part in parts[:-1]] + parts[-1:]
    if tally.shown and tally.shown != tally.creatives:
        told = isolated(word("shown", lang, count=f"{tally.shown:,}"))
        found.append(ink(f"({told})", "dim"))
    return found


def _parts(tally: Tally, lang: Lang) -> Iterator[Text]:
    for action in ORDER:
        if count := tally.counts.get(action):
            told = apart(counted(f"n.{action}", count, lang))
            yield ink(f"{SIGNS[action]} {told}", STYLES[action])
    if tally.incomplete:
        yield ink(f"⚠ {apart(counted('n.incomplete', tally.incomplete, lang))}", "magenta")
