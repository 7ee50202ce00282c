"""The texts of a scan, and what tasks work out about each: its words, links, phones, handles."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache, partial
from typing import Final, NamedTuple

import numpy as np

from automod.model.vocabulary import View
from automod.text.fold import Folded, FoldedText, Folding, fold
from automod.text.loose import loose
from automod.text.words import Word

from .links import Handle, Link, find_handles, find_links, handle_of
from .needs import Alphabet
from .pattern import Budget
from .phones import find_phones
from .phrase import Span, Tokens

REGEX_SECONDS: Final = 0.1
"""What all patterns together may take for one creative."""

LONGEST_PIECE: Final = 16
LONGEST_WORD: Final = 24
"""Characters of a word up to which all that is inside it is listed; longer ones are searched."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Texts to scan, in parallel sequences.

    `owners[k]` is the creative of text k (a time budget is a creative's), `regions[k]` the markets
    in which its national phone numbers are read. Where text k is the host of a link, and text k + 1
    its path, `links[k]` is that link.
    """

    texts: Sequence[str]
    owners: Sequence[int]
    regions: Sequence[tuple[str, ...]]
    links: Mapping[int, Link] = field(default_factory=dict)
    budgets: dict[int, Budget] = field(default_factory=dict)
    """What is left of each creative's time; filled as patterns run."""


class Pieces(NamedTuple):
    """What stands inside the words of a text."""

    short: frozenset[str]
    """All of it, up to `LONGEST_PIECE` characters, of words that are not long."""
    long: tuple[str, ...]
    """The other words."""

    def among(self, wanted: frozenset[str]) -> frozenset[str]:
        """Those that stand inside a word; none of them is longer than `LONGEST_PIECE`."""
        return (wanted & self.short).union(
            one for word in self.long for one in wanted if one in word
        )


@lru_cache(maxsize=4096)  # some hundred pieces each at most: who sends odd words fills no memory
def _inside(word: str) -> frozenset[str]:
    """Every piece of a word, up to `LONGEST_PIECE` characters."""
    size = len(word)
    return frozenset(
        word[start:end]
        for start in range(size)
        for end in range(start + 1, min(size, start + LONGEST_PIECE) + 1)
    )


class Wording:
    """The words of a text as they are read, for the many phrases that are looked for in them."""

    def __init__(self, tokens: Tokens) -> None:
        self.tokens = tokens
        self.words = tuple(word.text for word in tokens.words)

    @cached_property
    def pieces(self) -> Pieces:
        """Everything that stands inside one of the words."""
        short = (_inside(word) for word in self.words if len(word) <= LONGEST_WORD)
        long = tuple(word for word in self.words if len(word) > LONGEST_WORD)
        return Pieces(frozenset[str]().union(*short), long)


class Texts:
    """The texts of a scan, and what was worked out about each, once."""

    def __init__(
        self,
        batch: Batch,
        folding: Folding,
        numbers: Sequence[int],
        restored: Mapping[int, list[list[Word]]],
        alphabets: Mapping[View, Alphabet],
    ) -> None:
        self.numbers = numbers
        self._originals = batch.texts
        self._owners = batch.owners
        self._regions = batch.regions
        self._links = batch.links
        self._budgets = batch.budgets
        self._folding = folding
        self._tokens: dict[int, Tokens] = {}
        self._found_links: dict[int, tuple[Link, ...]] = {}
        self._found_handles: dict[int, tuple[Handle, ...]] = {}
        self._exact: dict[int, Folded] = {}
        self._plain: dict[int, Wording] = {}
        self._disguised: dict[int, list[Wording]] = {}
        self._alphabets = alphabets
        self._met: dict[tuple[int, View], int] = {}
        self.restored = restored
        """Place -> readings of what is disguised in that text, words in folded places."""

    def folded(self, place: int) -> FoldedText:
        """The folded text."""
        return self._folding.text(place)

    def exact(self, place: int) -> Folded:
        """The text in NFC, with the way back."""
        if place not in self._exact:
            self._exact[place] = fold(self._folding.texts[place], "exact")
        return self._exact[place]

    def met(self, place: int, view: View) -> int:
        """What the characters of the text, as a view has them, meet of what patterns need."""
        held = self._met.get((place, view))
        if held is None:
            text = self.exact(place).text if view == "exact" else self.folded(place)
            held = self._met[place, view] = self._alphabets[view].met(text)
        return held

    def original(self, place: int, start: int, end: int) -> Span:
        """The original span of a span of the folded text."""
        first = int(self._folding.folded_at[place])
        offset = int(self._folding.joined_at[place])
        begin, finish = self._folding.original(first + start, first + end)
        return begin - offset, finish - offset

    def tokens(self, place: int) -> Tokens:
        """The words of the folded text."""
        if place not in self._tokens:
            self._tokens[place] = Tokens(self.folded(place), partial(self._slot, place))
        return self._tokens[place]

    def surface(self, place: int, start: int, end: int) -> str:
        """A span of the original text."""
        return self._originals[self.numbers[place]][start:end]

    def wordings(self, place: int, *, disguised: bool) -> list[Wording]:
        """The words of a text in the loose fold; and as they are read where they are disguised."""
        plain = self._plain.get(place)
        if plain is None:
            words = self.tokens(place).words
            loosely = [replace(word, text=loose(FoldedText(word.text))) for word in words]
            plain = self._plain[place] = self._wording(place, loosely)
        restored = self.restored.get(place) if disguised else None
        if restored is None:
            return [plain]
        if place not in self._disguised:
            self._disguised[place] = [
                self._wording(place, _merged(plain.tokens.words, one)) for one in restored
            ]
        return [plain, *self._disguised[place]]

    def _wording(self, place: int, words: list[Word]) -> Wording:
        return Wording(Tokens(self.folded(place), partial(self._slot, place), words))

    def _slot(self, place: int, name: str) -> list[Span]:
        if name == "url":
            # In the original: its capitals tell a host from a sentence.
            return [self._folded_span(place, link.start, link.end) for link in self.links(place)]
        phones = find_phones(self.folded(place), self.regions(place))
        return [(phone.start, phone.end) for phone in phones]

    def _folded_span(self, place: int, start: int, end: int) -> Span:
        """The span in the folded text of a span of the original."""
        offset = int(self._folding.joined_at[place])
        places = self._folding.start
        if places is None:
            return start, end
        first = int(self._folding.folded_at[place])
        found = np.searchsorted(places, (start + offset, end + offset))
        return int(found[0]) - first, int(found[1]) - first

    def regions(self, place: int) -> tuple[str, ...]:
        """The markets in which national phone numbers are read."""
        return self._regions[self.numbers[place]]

    def link(self, place: int) -> Link | None:
        """The link of which this text is the host, if it is one."""
        return self._links.get(self.numbers[place])

    def links(self, place: int) -> tuple[Link, ...]:
        """The links in the original text."""
        if place not in self._found_links:
            link = self.link(place)
            text = self._originals[self.numbers[place]]
            whole = () if link is None else (replace(link, start=0, end=len(text)),)
            self._found_links[place] = whole or find_links(text)
        return self._found_links[place]

    def handles(self, place: int) -> tuple[Handle, ...]:
        """The accounts named in the original text."""
        if place not in self._found_handles:
            link = self._links.get(self.numbers[place] - 1)
            if link is None:
                folded = find_handles(self.folded(place))
                found = tuple(self._unfolded(place, one) for one in folded)
            else:
                found = _handle_in(link, self._originals[self.numbers[place]])
            self._found_handles[place] = found
        return self._found_handles[place]

    def _unfolded(self, place: int, handle: Handle) -> Handle:
        start, end = self.original(place, handle.start, handle.end)
        return replace(handle, start=start, end=end)

    def budget(self, place: int, *, in_shadow: bool) -> Budget:
        """What is left of the time of the text's creative: what is in shadow has its own."""
        owner = self._owners[self.numbers[place]]
        owner = ~owner if in_shadow else owner
        if owner not in self._budgets:
            self._budgets[owner] = Budget(REGEX_SECONDS)
        return self._budgets[owner]


def _merged(plain: Sequence[Word], restored: Sequence[Word]) -> list[Word]:
    """The words of a text, those that were read anew in the place of what they were read from."""
    covered = sorted(restored, key=lambda word: word.start)
    kept = [
        word
        for word in plain
        if not any(one.start < word.end and word.start < one.end for one in covered)
    ]
    return sorted([*kept, *covered], key=lambda word: word.start)


def _handle_in(link: Link, path: str) -> tuple[Handle, ...]:
    """The account that a link leads to, seen in its path."""
    handle = handle_of(link)
    return () if handle is None else (replace(handle, start=0, end=len(path)),)
