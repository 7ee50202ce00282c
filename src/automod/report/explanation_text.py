"""What `automod explain` prints: the text step by step, the decision, and why not."""

from __future__ import annotations

import dataclasses
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from rich.text import Text

from automod.engine.derivation import Derivation
from automod.engine.explain import Explanation
from automod.engine.nearest import Nearest
from automod.engine.steps import Change, Reading, Steps
from automod.engine.why_not import WhyNot
from automod.model.decision import Hit

from .causes import cause_sentence, value_text
from .decision_text import decision_text
from .excerpt import excerpt
from .labels import Lang, fold_words, word
from .page import Page, flowing, ink, labelled, wrapped
from .visible import apart, code_points, isolated, shown

MOST_CHANGES = 40
MOST_WORDS = 120


def explanation_text(creative: Any, found: Explanation, page: Page) -> list[Text]:
    """The lines of an explanation: each field folded, the decision, and why not what was asked."""
    lines: list[Text] = []
    all_readings = page.detail or found.asked is not None
    for steps in found.fields:
        lines += [*_steps(steps, page, all_readings), Text()]
    detailed = dataclasses.replace(page, detail=True, idle=page.detail)
    lines += decision_text(creative, found.decision, detailed)
    lines += _how(found, page)
    if found.fault is not None:
        label = ink(apart(word("fault", page.lang)), "bold")
        lines += labelled(label, wrapped(shown(found.fault), page.room, "red"))
    if found.asked is not None:
        lines += [Text(), *_asked(found.asked, page)]
    return lines


def _steps(steps: Steps, page: Page, all_readings: bool) -> Iterator[Text]:
    """One field: as written with what folding changed marked, then as each view has it."""
    changed = [(one.start, one.end, "magenta") for one in steps.changes if one.fold != "case"]
    lang = page.lang
    yield from labelled(
        ink(isolated(steps.field), "bold"),
        excerpt(steps.original, changed, page.room, brackets=page.marking.brackets),
    )
    if steps.exact != steps.original:
        yield from _plain(word("exact", lang), steps.exact, page)
    yield from _plain(word("safe", lang), steps.safe, page)
    folds = [one for one in steps.changes if page.detail or one.fold != "case"]
    yield from _rows("changes", [_change(one, page) for one in folds], page)
    if steps.loose != steps.safe:
        yield from _plain(word("loose", lang), steps.loose, page)
        yield from _rows("changes", [_change(one, page) for one in steps.loose_changes], page)
    readings = [one for one in steps.readings if all_readings or one.known]
    yield from _rows("evasion", [_reading(one, page) for one in readings], page)
    most = len(steps.words) if page.detail else MOST_WORDS
    words = [Text(isolated(one)) for one in steps.words[:most]]
    if len(steps.words) > most:
        words.append(ink(apart(word("more", lang, count=len(steps.words) - most)), "dim"))
    yield from labelled(ink(apart(word("words", lang)), "dim"), flowing(words, page.room, " · "))


def _rows(label: str, rows: Sequence[list[Text]], page: Page) -> list[Text]:
    """The first rows under a label, and how many more there are; nothing where there is none."""
    lines = [line for row in rows[:MOST_CHANGES] for line in row]
    if len(rows) > MOST_CHANGES:
        lines.append(ink(apart(word("more", page.lang, count=len(rows) - MOST_CHANGES)), "dim"))
    return labelled(ink(apart(word(label, page.lang)), "dim"), lines) if lines else []


def _plain(label: str, text: str, page: Page) -> list[Text]:
    lines = excerpt(text, [], page.room, brackets=False)
    return labelled(ink(apart(label), "dim"), lines)


def _change(change: Change, page: Page) -> list[Text]:
    """Place, what stood there, what it became, and by which fold; with code points."""
    became = (
        f"{isolated(change.becomes)}  {code_points(change.becomes, 6)}" if change.becomes else "—"
    )
    original = f"{_alone(change.original)}  {code_points(change.original, 6)}"
    return _step((change.start, change.end), original, became, (change.fold,), page)


def _reading(reading: Reading, page: Page) -> list[Text]:
    """Place, what stood there, as what it is read, by which folds; code points where they lie."""
    original = _alone(reading.original)
    if not (reading.original.isascii() and reading.original.isprintable()):
        original += f"  {code_points(reading.original, 6)}"
    span = reading.start, reading.end
    return _step(span, original, isolated(reading.becomes), reading.folds, page)


def _step(
    span: tuple[int, int], original: str, becomes: str, folds: tuple[str, ...], page: Page
) -> list[Text]:
    parts = [
        ink(f"{span[0]}-{span[1]}".ljust(8), "dim") + Text(original),
        Text(f"→ {becomes}"),
        ink(isolated(fold_words(folds, page.lang)), "magenta"),
    ]
    first, *rest = flowing(parts, page.room)
    return [first, *(Text(" " * 8) + line for line in rest)]


def _alone(text: str) -> str:
    """A mark without its letter sits on a dotted circle, as Unicode's charts have it."""
    return isolated(f"◌{text}" if unicodedata.combining(text[0]) else text)


def _how(found: Explanation, page: Page) -> list[Text]:
    """Each hit that is not simply written as its material is, taken apart."""
    rows: dict[tuple[str, str], list[Text]] = {}
    for one in found.how:
        hit = found.decision.hits[one.n]
        if set(hit.folds) - {"case"} or one.around != hit.text:
            rows.setdefault((hit.material, hit.text or ""), list(_derived(one, hit, page)))
    return [Text(), *_rows("how", list(rows.values()), page)] if rows else []


def _derived(one: Derivation, hit: Hit, page: Page) -> Iterator[Text]:
    """As what a hit is read, in which forms, by which boundary, and its confidence."""
    lang = page.lang
    head = [
        ink(isolated(hit.material), "bold"), Text(isolated(hit.text or "")),
        ink(f"{isolated(hit.field or '')} {hit.start}-{hit.end}", "dim"),
    ]  # fmt: skip
    parts = [Text(word("read_as", lang, text=isolated(one.read)))]
    folds = tuple(name for name in hit.folds if page.detail or name != "case")
    if folds:
        parts.append(ink(isolated(fold_words(folds, lang)), "magenta"))
    yield from flowing(head, page.room)
    yield from _indented(parts, page)
    for form in one.forms:
        named = word("form", lang, word=isolated(form.word), stem=isolated(form.stem))
        sides = [
            word(side, lang, text=isolated(text))
            for side, text in (("before", form.before), ("after", form.after))
            if text
        ]
        yield from _indented(map(Text, [named, *sides, f"{form.confidence:g}"]), page)
    inside = "boundary" if one.around == hit.text else "inside"
    told = word(inside, lang, boundary=one.boundary, text=isolated(one.around))
    for sentence in (told, _product(one, hit, lang)):
        yield from _indented(wrapped(sentence, page.room - 2), page)


def _product(one: Derivation, hit: Hit, lang: Lang) -> str:
    """The confidence of a hit as the product of what its folds leave of it."""
    factors = [f"{sure:g} ({isolated(fold_words((name,), lang))})" for name, sure in one.factors]
    if all(sure == 1 for _, sure in one.factors):
        return word("certain", lang)
    product = " × ".join(factors)
    if len(factors) > 1:
        product += f" = {hit.confidence:g}"
    return word("confidence", lang, product=product)


def _indented(parts: Iterable[Text], page: Page) -> list[Text]:
    return [Text("  ") + line for line in flowing(parts, page.room - 2)]


def _asked(asked: WhyNot, page: Page) -> Iterator[Text]:
    sign = ink("✔ ", "green") if asked.hit else ink("✖ ", "red")
    label = word("hit" if asked.hit else "no_hit", page.lang)
    head = sign + ink(isolated(asked.id), "bold") + Text(f"  {apart(label)}")
    value = shown(value_text(asked.value, page.lang))
    rows = [head, *wrapped(f"{asked.kind}: {value}", page.room, "dim")]
    for cause in asked.causes:
        first, *rest = wrapped(cause_sentence(cause, page.lang), page.room - 2)
        rows += [Text("- ") + first, *(Text("  ") + line for line in rest)]
    if asked.nearest is not None and asked.nearest.found is not None:
        rows += nearest_lines(asked.nearest, page)
    yield from labelled(ink(apart(word("why", page.lang)), "bold"), rows)


def nearest_lines(near: Nearest, page: Page) -> Iterator[Text]:
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
    ['asked', 'decision', 'fault', 'fields', 'how', 'schema']
    """
    return {
        "schema": 1,
        "fields": [dataclasses.asdict(one) for one in found.fields],
        "decision": found.decision.to_dict(),
        "fault": found.fault,
        "how": [dataclasses.asdict(one) for one in found.how],
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
