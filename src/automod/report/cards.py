"""Creatives as a page shows them one by one: the text, what was found in it, what was done."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from automod.model.comparison import Flip
from automod.model.evaluation import Example

from .html_words import page_word
from .labels import Lang, fold_words, look_words
from .labels import word as label
from .marked_text import MarkedField, marked_fields
from .masking import masked
from .thumbnails import Show

Hits = Sequence[Mapping[str, Any]]

MOST_PICTURES = 3
"""Pictures shown of one creative."""


@dataclass(frozen=True, slots=True)
class Found:
    """What hit, and how it was found."""

    name: str
    how: str


@dataclass(frozen=True, slots=True)
class Card:
    """One creative in one market, judged on one code."""

    creative: str
    market: str
    policy: str
    score: float | None
    fields: tuple[MarkedField, ...]
    pictures: tuple[str, ...]
    actions: tuple[tuple[str, str], ...]
    found: tuple[tuple[str, tuple[Found, ...]], ...]


@dataclass(frozen=True, slots=True)
class Cards:
    """How cards are made: in which language, whether masked, with which pictures."""

    lang: Lang
    mask: bool = False
    picture: Show | None = None

    def example(self, one: Example) -> Card:
        """The card of an example."""
        return Card(
            one.creative, one.market, one.policy, one.score, self._fields(one.text, one.hits),
            tuple(self._pictures(one.images)),
            ((self._word("done"), one.action), (self._word("wanted"), one.wanted)),
            ((self._word("found_by"), self._found(one.hits, one.text)),),
        )  # fmt: skip

    def flip(self, one: Flip) -> Card:
        """The card of a creative that two decide differently."""
        both = (*one.hits_before, *one.hits_after)
        actions = zip(
            ("before", "after", "wanted"), (one.before, one.after, one.wanted), strict=True
        )
        return Card(
            one.creative, one.market, one.policy, None, self._fields(one.text, both), (),
            tuple((self._word(key), what) for key, what in actions),
            ((self._word("before"), self._found(one.hits_before, one.text)),
             (self._word("after"), self._found(one.hits_after, one.text))),
        )  # fmt: skip

    def _word(self, key: str) -> str:
        return page_word(key, self.lang)

    @property
    def _hide(self) -> Callable[[str], str]:
        return masked if self.mask else str

    def _fields(self, text: Mapping[str, str], hits: Hits) -> tuple[MarkedField, ...]:
        hide = self._hide
        return marked_fields({name: hide(body) for name, body in text.items() if body}, hits)

    def _pictures(self, paths: Iterable[str]) -> Iterator[str]:
        if self.picture is None:
            return
        shown = (self.picture(path) for path in list(paths)[:MOST_PICTURES])
        # An address of the outside is no picture of this page.
        yield from (one for one in shown if one is not None and one.startswith("data:image/"))

    def _found(self, hits: Hits, text: Mapping[str, str]) -> tuple[Found, ...]:
        """What hit, each material once."""
        told = {str(hit.get("material", "?")): hit for hit in reversed(hits)}
        return tuple(
            Found(self._hide(name), self._hide(self._how(hit, text)))
            for name, hit in reversed(list(told.items()))
        )

    def _how(self, hit: Mapping[str, Any], text: Mapping[str, str]) -> str:
        comma = "، " if self.lang == "ar" else ", "
        return comma.join(_how(hit, text, self.lang))


def _how(hit: Mapping[str, Any], text: Mapping[str, str], lang: Lang) -> Iterator[str]:
    """How a hit was found: what was done to its spelling, or how its picture was looked at."""
    if hit.get("kind") == "rule":
        yield label("rule", lang)
    field, distance = hit.get("field"), hit.get("distance")
    if field is not None and field not in text:
        yield f"{field}: {hit['text']}" if hit.get("text") else str(field)
    if distance is not None:
        yield look_words(str(hit.get("view") or ""), lang)
        yield label("bits", lang, count=distance)
    if folds := tuple(hit.get("folds") or ()):
        yield fold_words(folds, lang)
    if hit.get("status") == "shadow":
        yield page_word("shadow", lang)
    if hit.get("allowed_by"):
        yield f"{label('allowed_by', lang)} {hit['allowed_by']}"
