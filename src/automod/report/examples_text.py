"""What became of examples, for a terminal: where each stands, and why it did not come out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from rich.text import Text

from automod.model.decision import Hit
from automod.workshop.example_causes import Extra, Missing
from automod.workshop.examples import ExamplesRun, Outcome, Result, Shown

from .causes import cause_sentence
from .examples_words import word
from .explanation_text import nearest_lines
from .labels import Lang, fold_words, look_words
from .labels import word as label
from .page import NARROWEST, WIDEST, Page, flowing, ink, wrapped
from .plurals import counted
from .visible import apart, isolated, shown

RESULTS: Final[tuple[Result, ...]] = ("failed", "unread", "mended", "known", "passed")
"""What needs somebody first."""

SIGNS: Final[dict[Result, tuple[str, str]]] = {
    "failed": ("✖", "red"), "unread": ("⚠", "magenta"), "mended": ("◆", "yellow"),
    "known": ("·", "dim"), "passed": ("✔", "green"),
}  # fmt: skip
"""Result -> sign, colour."""

INDENT: Final = 4
LONGEST: Final = 200
"""Characters of an example that are shown; of a longer one its beginning."""


def examples_text(run: ExamplesRun, page: Page) -> list[Text]:
    """The lines of a run: each example that did not pass, and how many there were.

    Args:
        run: what became of the examples.
        page: width, language; with `detail` those that passed as well.
    """
    lines: list[Text] = []
    for one in run.outcomes:
        if page.detail or one.result != "passed":
            lines += _outcome(one, page)
    for package in run.retired:
        lines.append(ink(word("retired", page.lang, package=isolated(package)), "dim"))
    return [*lines, *([Text()] if lines else []), *tally(run, page)]


def tally(run: ExamplesRun, page: Page) -> list[Text]:
    """`12 examples: 10 passed, 1 failed, 1 known`."""
    count, lang = len(run.outcomes), page.lang
    if not count:
        return [ink(isolated(word("none", lang)), "yellow")]
    parts = [ink(f"{apart(counted('examples', count, lang))}:", "bold")]
    for result in RESULTS:
        some = run.count(result)
        if some:
            told = isolated(word(f"n.{result}", lang, count=f"{some:,}"))
            parts.append(ink(f"{SIGNS[result][0]} {told}", SIGNS[result][1]))
    return flowing(parts, _room(page) + INDENT, " ")


def _room(page: Page) -> int:
    return min(max(page.width, NARROWEST), WIDEST) - INDENT


def _outcome(one: Outcome, page: Page) -> Iterator[Text]:
    sign, style = SIGNS[one.result]
    head = [ink(f"{sign} {isolated(str(one.shown.place))}", style)]
    if one.shown.material is not None:
        named = word(f"of.{one.shown.sort}", page.lang, name=isolated(one.shown.material))
        head.append(ink(isolated(named), "dim"))
    yield from flowing(head, _room(page) + INDENT)
    told = content_of(one.shown)
    for line in wrapped(told, _room(page), "bold"):
        yield _indented(line)
    for sentence in sentences(one, page.lang):
        first, *rest = wrapped(sentence, _room(page) - 2)
        yield _indented(Text("- ") + first)
        yield from (_indented(Text("  ") + line) for line in rest)
    for missing in one.missing:
        if missing.nearest is not None and missing.nearest.found is not None:
            yield from (_indented(Text("  ") + line) for line in nearest_lines(
                missing.nearest, page
            ))  # fmt: skip


def _indented(line: Text) -> Text:
    return Text(" " * INDENT) + line


def content_of(example: Shown) -> str:
    """What an example shows: its text, as far as one reads, or the name of its image."""
    told = shown(example.text or example.image)
    return told if len(told) <= LONGEST else f"{told[: LONGEST - 1]}…"


def sentences(one: Outcome, lang: Lang) -> Iterator[str]:
    """What is to be said of an outcome, a sentence each; nothing of one that passed."""
    known = one.shown.known
    if one.result == "mended":
        yield word("remove", lang, known=known)
    elif one.result == "known":
        yield word(f"known.{known}", lang)
    elif one.result == "unread":
        yield from (word("unread.why", lang, why=shown(why)) for why in one.unread)
    else:
        for missing in one.missing:
            yield _missing(missing, lang)
        for extra in one.extra:
            yield from _extra(extra, lang, risky=_is_risky(one.shown))


def _is_risky(example: Shown) -> bool:
    """Whether an example is a text that is to be stopped: an allow for it would be wrong."""
    return example.sort == "example" and bool(example.hits)


def _missing(one: Missing, lang: Lang) -> str:
    told = word("missing", lang, name=isolated(one.name))
    causes = [cause_sentence(cause, lang) for cause in one.causes]
    return f"{told}: {_joined(causes, lang)}" if causes else told


def _extra(one: Extra, lang: Lang, *, risky: bool) -> Iterator[str]:
    told = [word("extra", lang, name=isolated(one.name)), *_where(one, lang)]
    yield f"{told[0]}: {_joined(told[1:], lang)}"
    if risky:
        yield word("add", lang, name=isolated(one.name))
    for key, value in one.stops:
        yield word("stops", lang, name=key, value=value)
    if one.allow is not None and one.allow.causes:
        yield word(
            "allow", lang, allow=isolated(one.allow.id), value=isolated(one.allow.value),
            cause=cause_sentence(one.allow.causes[0], lang),
        )  # fmt: skip
    if one.suggested is not None and not risky:
        yield word("suggested", lang, phrase=isolated(one.suggested))


def _where(one: Extra, lang: Lang) -> Iterator[str]:
    """Where a hit lies, how it is read, and by which boundary."""
    hit, how = one.hit, one.how
    market = isolated(one.market)
    if hit.field is None:
        yield word("market", lang, market=market)
    else:
        text = isolated(hit.text) if hit.text is not None else isolated(hit.material)
        yield word("where", lang, text=text, field=isolated(hit.field), market=market)
    if one.parts:
        yield word("rests", lang, parts=_joined([_part(part) for part in one.parts], lang))
    if hit.distance is not None:
        yield label("bits", lang, count=hit.distance)
    if hit.view is not None and hit.kind != "rule":
        yield _read(hit, lang)
    if how is None:
        return
    if how.read != hit.text:
        yield label("read_as", lang, text=isolated(how.read))
    for form in how.forms:
        told = label("form", lang, word=isolated(form.word), stem=isolated(form.stem))
        yield told.rstrip(":")
    inside = "boundary" if how.around == hit.text else "inside"
    yield label(inside, lang, boundary=how.boundary, text=isolated(how.around))


def _read(hit: Hit, lang: Lang) -> str:
    """The view that a hit needed, with its folds; how a picture was looked at."""
    view = hit.view or ""
    if hit.kind in ("image", "video"):
        return isolated(look_words(view, lang))
    if not hit.folds:
        return word("view", lang, view=view)
    return word("folds", lang, view=view, folds=isolated(fold_words(hit.folds, lang)))


def _part(hit: Hit) -> str:
    name = isolated(hit.material)
    return name if hit.text is None else f"{name} ({isolated(hit.text)})"


def _joined(parts: Sequence[str], lang: Lang) -> str:
    return ("؛ " if lang == "ar" else "; ").join(parts)
