"""What `automod explain` prints: the text step by step, the decision, and why not."""

from __future__ import annotations

import dataclasses
import unicodedata
from collections.abc import Iterator
from typing import Any

from rich.text import Text

from automod.engine.explain import Change, Explanation, Steps
from automod.engine.nearest import Nearest
from automod.engine.why_not import WhyNot

from .causes import cause_sentence, value_text
from .decision_text import decision_text
from .excerpt import excerpt
from .labels import fold_words, word
from .page import Page, flowing, ink, labelled, wrapped
from .visible import apart, code_points, isolated, shown

MOST_CHANGES = 40
MOST_WORDS = 120


def explanation_text(creative: Any, found: Explanation, page: Page) -> list[Text]:
    """The lines of an explanation: each field folded, the decision, and why not what was asked."""
    lines: list[Text] = []
    for steps in found.fields:
        lines += [*_steps(steps, page), Text()]
    detailed = dataclasses.replace(page, detail=True)
    lines += decision_text(creative, found.decision, detailed)
    if found.fault is not None:
        label = ink(apart(word("fault", page.lang)), "bold")
        lines += labelled(label, wrapped(shown(found.fault), page.room, "red"))
    if found.asked is not None:
        lines += [Text(), *_asked(found.asked, page)]
    return lines


def _steps(steps: Steps, page: Page) -> Iterator[Text]:
    """One field: as written with what folding changed marked, then as each view has it."""
    changed = [(one.start, one.end, "magenta") for one in steps.changes if one.fold != "case"]
    brackets, lang = page.marking.brackets, page.lang
    yield from labelled(
        ink(isolated(steps.field), "bold"),
        excerpt(steps.original, changed, page.room, brackets=brackets),
    )
    if steps.exact != steps.original:
        yield from _plain(word("exact", lang), steps.exact, page)
    yield from _plain(word("safe", lang), steps.safe, page)
    folds = (
        [one for one in steps.changes if one.fold != "case"] if not page.detail else steps.changes
    )
    rows = [line for one in folds[:MOST_CHANGES] for line in _change(one, page)]
    if len(folds) > MOST_CHANGES:
        rows.append(ink(apart(word("more", lang, count=len(folds) - MOST_CHANGES)), "dim"))
    if rows:
        yield from labelled(ink(apart(word("changes", lang)), "dim"), rows)
    most = len(steps.words) if page.detail else MOST_WORDS
    words = [Text(isolated(one)) for one in steps.words[:most]]
    if len(steps.words) > most:
        words.append(ink(apart(word("more", lang, count=len(steps.words) - most)), "dim"))
    yield from labelled(ink(apart(word("words", lang)), "dim"), flowing(words, page.room, " · "))


def _plain(label: str, text: str, page: Page) -> list[Text]:
    lines = excerpt(text, [], page.room, brackets=False)
    return labelled(ink(apart(label), "dim"), lines)


def _change(change: Change, page: Page) -> list[Text]:
    """Place, what stood there, what it became, and by which fold; with code points."""
    became = (
        f"{isolated(change.becomes)}  {code_points(change.becomes, 6)}" if change.becomes else "—"
    )
    parts = [
        ink(f"{change.start}-{change.end}".ljust(8), "dim")
        + Text(f"{_alone(change.original)}  {code_points(change.original, 6)}"),
        Text(f"→ {became}"),
        ink(isolated(fold_words((change.fold,), page.lang)), "magenta"),
    ]
    first, *rest = flowing(parts, page.room)
    return [first, *(Text(" " * 8) + line for line in rest)]


def _alone(text: str) -> str:
    """A mark without its letter sits on a dotted circle, as Unicode's charts have it."""
    return isolated(f"◌{text}" if unicodedata.combining(text[0]) else text)


def _asked(asked: WhyNot, page: Page) -> Iterator[Text]:
    sign = ink("✔ ", "green") if asked.hit else ink("✖ ", "red")
    label = word("hit" if asked.hit else "no_hit", page.lang)
    head = sign + ink(isolated(asked.id), "bold") + Text(f"  {apart(label)}")
    rows = [head, *wrapped(f"{asked.kind}: {shown(value_text(asked.value))}", page.room, "dim")]
    for cause in asked.causes:
        first, *rest = wrapped(cause_sentence(cause, page.lang), page.room - 2)
        rows += [Text("- ") + first, *(Text("  ") + line for line in rest)]
    if asked.nearest is not None and asked.nearest.found is not None:
        rows += _nearest(asked.nearest, page)
    yield from labelled(ink(apart(word("why", page.lang)), "bold"), rows)


def _nearest(near: Nearest, page: Page) -> Iterator[Text]:
    """The value beside what comes nearest, letter by letter where they differ."""
    found = near.found
    if found is None:
        return
    wanted, nearest = word("wanted", page.lang), word("nearest", page.lang)
    yield Text(f"{apart(wanted)}  ") + ink(isolated(near.wanted), "bold")
    yield ink(code_points(near.wanted, 24), "dim")
    place = f"({isolated(found.field)} {found.start}-{found.end})"
    yield (
        Text(f"{apart(nearest)}  ") + ink(isolated(found.folded), "bold") + ink(f"  {place}", "dim")
    )
    yield ink(code_points(found.folded, 24), "dim")
    for ours, theirs in near.differences:
        yield ink(f"{_letters(ours)} ≠ {_letters(theirs)}", "red")


def _letters(text: str) -> str:
    return f"{isolated(text)} {code_points(text, 6)}" if text else "—"


def explanation_dict(found: Explanation) -> dict[str, Any]:
    """The explanation as JSON holds it; the decision has its published form.

    >>> from automod.model.decision import Decision
    >>> explanation = Explanation((), Decision("c1", 0, "2026-11-20", "sha256:0", "approve", {}))
    >>> sorted(explanation_dict(explanation))
    ['asked', 'decision', 'fault', 'fields', 'schema']
    """
    return {
        "schema": 1,
        "fields": [dataclasses.asdict(one) for one in found.fields],
        "decision": found.decision.to_dict(),
        "fault": found.fault,
        "asked": None if found.asked is None else _answer(found.asked),
    }


def _answer(asked: WhyNot) -> dict[str, Any]:
    causes = [
        {"code": one.code, "values": {name: value_text(v) for name, v in one.values.items()}}
        for one in asked.causes
    ]
    return {
        "id": asked.id,
        "kind": asked.kind,
        "value": value_text(asked.value),
        "hit": asked.hit,
        "causes": causes,
        "nearest": None if asked.nearest is None else dataclasses.asdict(asked.nearest),
    }
