"""What became of examples, as annotations of a run on GitHub."""

from __future__ import annotations

from collections.abc import Iterator

from automod.errors import Location
from automod.workshop.examples import ExamplesRun, Outcome

from .evaluation_github import Level, annotation
from .examples_text import content_of, sentences, tally
from .examples_words import word
from .labels import Lang
from .page import Page

LEVELS: dict[str, Level] = {"failed": "error", "unread": "error", "mended": "warning"}


def examples_github(run: ExamplesRun, lang: Lang = "en", *, strict: bool = False) -> str:
    """An error for each example that failed, a warning for each that is mended, a notice.

    Args:
        run: what became of the examples.
        lang: of the messages.
        strict: what is mended is an error.

    >>> print(examples_github(ExamplesRun(())), end="")
    ::notice::no example was found: nothing was tried
    """
    lines = [line for one in run.outcomes for line in _annotations(one, lang, strict=strict)]
    told = " ".join(line.plain for line in tally(run, Page(lang=lang)))
    return "".join(f"{line}\n" for line in (*lines, annotation("notice", told)))


def _annotations(one: Outcome, lang: Lang, *, strict: bool) -> Iterator[str]:
    level = LEVELS.get(one.result)
    if level is None:
        return
    if strict:
        level = "error"
    title = f"{one.shown.package}: {word(one.result, lang)}"
    message = "\n".join((content_of(one.shown), *sentences(one, lang)))
    if one.shown.place.sheet is not None:
        # A workbook has no lines that GitHub could show it at.
        message = f"{one.shown.place}\n{message}"
    yield annotation(level, message, title=title, **_where(one.shown.place))


def _where(place: Location) -> dict[str, str]:
    where = {"file": place.file}
    if place.sheet is None and place.line is not None:
        where["line"] = str(place.line)
        if place.column is not None:
            where["col"] = str(place.column)
    return where
