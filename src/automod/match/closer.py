"""Tasks: a closer look at a text in which a pattern of the material occurred."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache, partial
from typing import Final, NamedTuple

import numpy as np

from automod.model.ruleset import Material
from automod.model.vocabulary import BEYOND_SAFE, MEDIA
from automod.text.evidence import accepts, inflected
from automod.text.fold import Folded, FoldedText, Folding, fold
from automod.text.inflection import Stem, stems
from automod.text.lexicon import Wanted, wanted_of
from automod.text.loose import loose
from automod.text.number_words import spoken_digits
from automod.text.words import Word, cores, is_unspaced

from .links import (
    DomainTarget,
    Handle,
    HandleTarget,
    Link,
    LinkIndex,
    UrlTarget,
    find_handles,
    find_links,
    handle_of,
    parse_domain,
    parse_handle,
    parse_url,
)
from .pattern import Budget, Pattern, TimedOut, compile_pattern
from .phones import PhoneIndex, find_phones, parse_phone
from .phrase import Phrase, Span, Tokens, anchor, loosened, parse
from .phrase import find as find_phrase

REGEX_SECONDS: Final = 0.1
"""What all patterns together may take for one creative."""

LONGEST_PIECE: Final = 16
LONGEST_WORD: Final = 24
"""Characters of a word up to which all that is inside it is listed; longer ones are searched."""

Task = Callable[["Texts", int], tuple[list[tuple[int, int, int]], str | None]]
"""(texts, place) -> (start, end, material) spans in the original, and a code if it gave up."""

Anchors = list[tuple[str, bool, bool]]
"""Skeletons, and whether their left and right edges are edges of words."""


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


class Texts:
    """The texts of a scan, and what was worked out about each, once."""

    def __init__(
        self,
        batch: Batch,
        folding: Folding,
        numbers: Sequence[int],
        restored: Mapping[int, list[list[Word]]],
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
        self._loose: dict[int, list[Word]] = {}
        self._pieces: dict[int, tuple[Sequence[Word], Pieces]] = {}
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

    def original(self, place: int, start: int, end: int) -> Span:
        """The original span of a span of the folded text."""
        first = int(self._folding.folded_at[place])
        offset = int(self._folding.joined_at[place])
        begin, finish = self._folding.original(first + start, first + end)
        return begin - offset, finish - offset

    def tokens(self, place: int) -> Tokens:
        """The words of the folded text."""
        if place not in self._tokens:
            slots = partial(self._slot, place)
            self._tokens[place] = Tokens(self.folded(place), slots)
        return self._tokens[place]

    def tokens_of(self, place: int, words: list[Word], forms: Mapping[int, list[str]]) -> Tokens:
        """The folded text with its words as they are read, and what inflected ones count as."""
        return Tokens(self.folded(place), partial(self._slot, place), words, forms)

    def pieces(self, words: Sequence[Word]) -> Pieces:
        """Everything that stands inside one of the words of a text."""
        held = self._pieces.get(id(words))
        if held is None:  # the words are kept beside it, so that no others get their id
            short = (_inside(one.text) for one in words if len(one.text) <= LONGEST_WORD)
            long = tuple(one.text for one in words if len(one.text) > LONGEST_WORD)
            held = words, Pieces(frozenset[str]().union(*short), long)
            self._pieces[id(words)] = held
        return held[1]

    def surface(self, place: int, start: int, end: int) -> str:
        """A span of the original text."""
        return self._originals[self.numbers[place]][start:end]

    def readings(self, place: int, *, disguised: bool) -> list[list[Word]]:
        """The words of a text in the loose fold; and as they are read where they are disguised."""
        if place not in self._loose:
            words = self.tokens(place).words
            self._loose[place] = [
                replace(word, text=loose(FoldedText(word.text))) for word in words
            ]
        plain = self._loose[place]
        restored = self.restored.get(place) if disguised else None
        return [plain] if restored is None else [plain, *(_merged(plain, one) for one in restored)]

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


def task_of(number: int, material: Material, *, far: bool = False) -> tuple[Anchors | None, Task]:
    """Anchors (None: every text is looked at) and the task of a material.

    `far`: patterns are searched for in the loose fold.

    Raises:
        ValueError: the value is none of its kind.
    """
    value = material.value
    if material.kind == "phrase":
        phrase = parse(value, material.gap, material.boundary)
        if far or material.boundary == "inflected":
            return far_phrase(number, material, phrase)
        return _phrase_anchors(phrase), partial(_phrase, number, phrase)
    if material.kind == "regex":
        pattern = compile_pattern(value, material.view)
        return _atoms(pattern), partial(_regex, number, pattern, material.status == "shadow")
    handle = parse_handle(value)
    return _bare(handle.anchors), partial(_handle, number, handle)


def _bare(texts: Sequence[str], *, edged: bool = True) -> Anchors:
    return [(core, edged, edged) for core in cores(list(texts))[1]]


def _atoms(pattern: Pattern) -> Anchors | None:
    anchors = None if pattern.atoms is None else _bare(pattern.atoms, edged=False)
    return anchors if anchors and all(core for core, _, _ in anchors) else None


def _phrase_anchors(phrase: Phrase) -> Anchors:
    element = anchor(phrase)
    first, last = element is phrase.elements[0], element is phrase.elements[-1]
    # Of alternatives with slots the anchor may lie at an edge or not: taken for one that does.
    return [
        (
            core,
            not (first and phrase.open_left) and not is_unspaced(core[0]),
            not (last and phrase.open_right) and not is_unspaced(core[-1]),
        )
        for core in (" ".join(form) for form in element.anchors)
    ]


def _phrase(
    number: int, phrase: Phrase, texts: Texts, place: int
) -> tuple[list[tuple[int, int, int]], None]:
    spans = find_phrase(phrase, texts.tokens(place))
    return [(*texts.original(place, start, end), number) for start, end in spans], None


def far_phrase(number: int, material: Material, phrase: Phrase) -> tuple[Anchors, Task]:
    """The anchors and the task of a phrase that may match in a looser view, or inflected."""
    spelt = loosened(phrase)
    words = {word for one in spelt.elements for word in one.words}
    affixes = {
        word: stems(word, material.language) if material.boundary == "inflected" else ()
        for word in sorted(words)
    }
    anchors = [
        (stem.text, False, False)
        for form in anchor(spelt).anchors
        for stem in affixes[max(form, key=len)]
    ]
    task = partial(_far_phrase, number, wanted_of(material), spelt, Inflections(affixes))
    return anchors if any(affixes.values()) else _phrase_anchors(spelt), task


def _far_phrase(
    number: int,
    wanted: Wanted,
    phrase: Phrase,
    inflections: Inflections,
    texts: Texts,
    place: int,
) -> tuple[list[tuple[int, int, int]], None]:
    found: dict[tuple[int, int, int], None] = {}
    for words in texts.readings(place, disguised=wanted.view in BEYOND_SAFE):
        forms = inflections.forms_of(words, texts.pieces(words))
        for start, end in find_phrase(phrase, texts.tokens_of(place, words, forms)):
            begin, finish = texts.original(place, start, end)
            if accepts(wanted, texts.surface(place, begin, finish)):
                found[begin, finish, number] = None
    return list(found), None


class Inflections:
    """The words of a phrase, to be recognised by what stands inside a word.

    A phrase may have hundreds, and a text tens: which stems are anywhere in a text is asked once,
    and no word is looked at for the others.
    """

    def __init__(self, affixes: Mapping[str, tuple[Stem, ...]]) -> None:
        self._affixes = affixes
        self._owns: dict[str, list[str]] = {}
        for own, some in affixes.items():
            for stem in some:
                self._owns.setdefault(stem.text[:LONGEST_PIECE], []).append(own)
        self._stems = frozenset(self._owns)

    def forms_of(self, words: Sequence[Word], pieces: Pieces) -> dict[int, list[str]]:
        """The number of a word -> the words of the phrase of which it is an inflected form.

        `pieces`: what stands inside the words.
        """
        found: dict[int, list[str]] = {}
        inside = pieces.among(self._stems)
        if not inside:
            return found
        for number, word in enumerate(words):
            owns = [own for stem in inside if stem in word.text for own in self._owns[stem]]
            if not owns:
                continue
            forms = [
                own
                for own in dict.fromkeys(owns)
                if own != word.text
                and inflected(word.text, self._affixes[own], alone=False) is not None
            ]
            if forms:
                found[number] = forms
        return found


def _regex(
    number: int, pattern: Pattern, in_shadow: bool, texts: Texts, place: int
) -> tuple[list[tuple[int, int, int]], str | None]:
    budget = texts.budget(place, in_shadow=in_shadow)
    try:
        if pattern.view == "exact":
            exact = texts.exact(place)
            spans = pattern.find(exact.text, budget)
            return [(*exact.span(start, end), number) for start, end in spans], None
        spans = pattern.find(texts.folded(place), budget)
    except TimedOut:
        return [], None if in_shadow else "regex.timeout"
    return [(*texts.original(place, start, end), number) for start, end in spans], None


def _handle(
    number: int, target: HandleTarget, texts: Texts, place: int
) -> tuple[list[tuple[int, int, int]], None]:
    handles = texts.handles(place)
    return [(h.start, h.end, number) for h in handles if target.matches_handle(h)], None


def link_task(links: Sequence[tuple[int, Material]]) -> tuple[Anchors, Task]:
    """One task for all domain and url materials: thousands may share the anchor `t.me`."""
    numbers = [number for number, _ in links]
    targets = [_target(material) for _, material in links]
    index = LinkIndex(targets)

    def look(texts: Texts, place: int) -> tuple[list[tuple[int, int, int]], None]:
        return [
            (link.start, link.end, numbers[target])
            for link in texts.links(place)
            for target in index.find(link)
        ], None

    return list(dict.fromkeys(a for target in targets for a in _bare(target.anchors))), look


def _target(material: Material) -> DomainTarget | UrlTarget:
    return (parse_domain if material.kind == "domain" else parse_url)(material.value)


def fault_of(material: Material, countries: tuple[str, ...]) -> str | None:
    """What is wrong with the value of a material, if anything.

    Args:
        material: of any kind.
        countries: those it acts in; a national phone number is read there.

    >>> fault_of(Material("p/m", "phrase", "<number>"), ())
    "the phrase '<number>' has no word; slots alone would match everything"
    """
    try:
        if material.kind == "phone":
            parse_phone(material.value, countries)
        elif material.kind in ("domain", "url"):
            _target(material)
        elif material.kind not in ("keyword", *MEDIA):
            task_of(0, material)
    except ValueError as error:
        return str(error)
    return None


def phone_task(phones: Sequence[tuple[int, str, tuple[str, ...]]]) -> Task:
    """One task for all phone materials (number, value, markets): any spelling, by their digits."""
    numbers = [number for number, _, _ in phones]
    index = PhoneIndex([parse_phone(value, markets) for _, value, markets in phones])

    def look(texts: Texts, place: int) -> tuple[list[tuple[int, int, int]], None]:
        text, regions = texts.folded(place), texts.regions(place)
        spans = index.find(text, regions)
        for start, end, digits in spoken_digits(text):
            spans += [
                (t, start, end)
                for t, *whole in index.find(digits, regions)
                if whole == [0, len(digits)]
            ]
        return [(*texts.original(place, s, e), numbers[t]) for t, s, e in spans], None

    return look
