"""Phrases: words in order, with alternatives, slots and gaps.

One of its word elements is its anchor: the phrase is looked for, word by word, only in texts where
the anchor occurs. A phrase of which literal patterns say all is never looked for (`literal_forms`).
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from types import MappingProxyType
from typing import Final

from automod.text.fold import FoldedText
from automod.text.loose import loose
from automod.text.number_words import find_number_words
from automod.text.words import LONGEST_GAP, Word, cores, group_of, is_mark, words

SLOTS: Final = ("number", "phone", "url", "word")

_ELEMENT = re.compile(r"<[^<>]*>|\([^()]*\)|[^\s<>()]+|[<>()]")
_PART = re.compile(r"<[^<>]*>|[^<>]+")
_NUMBER = re.compile(r"[0-9]+(?:[.,'’٬٫][0-9]+)*")

NO_FORMS: Final[Mapping[int, Collection[str]]] = MappingProxyType({})

Span = tuple[int, int]
SlotSpans = Mapping[str, list[Span]]
"""Slot name -> where such things stand in the folded text."""


@dataclass(frozen=True)
class Element:
    """One place of a phrase: alternatives, each a sequence of words; or a slot."""

    forms: tuple[tuple[str, ...], ...] = ()
    slot: str = ""
    mixed: tuple[tuple[Element, ...], ...] = ()
    """Alternatives with a slot among their words: each a sequence of words and slots."""

    @cached_property
    def by_first(self) -> Mapping[str, list[tuple[str, ...]]]:
        """The sequences of words by the word that they begin with."""
        found: dict[str, list[tuple[str, ...]]] = {}
        for form in self.forms:
            found.setdefault(_pieces(form[0])[0], []).append(form)
        return found

    @property
    def words(self) -> Iterator[str]:
        """Every word of every alternative."""
        for form in self.forms:
            yield from form
        for sequence in self.mixed:
            for one in sequence:
                yield from one.words

    @property
    def anchors(self) -> tuple[tuple[str, ...], ...]:
        """Words of which some stand wherever the element does; none if it may be a slot alone."""
        own = [[form for one in sequence for form in one.forms] for sequence in self.mixed]
        if not all(own):
            return ()
        return self.forms + tuple(max(forms, key=_length) for forms in own)


@dataclass(frozen=True, slots=True)
class Phrase:
    """A parsed phrase; words are folded."""

    elements: tuple[Element, ...]
    gap: int
    open_left: bool
    """The left edge may lie inside a word (boundary `substring`)."""
    open_right: bool
    """The right edge may lie inside a word (`substring`, `prefix`)."""

    @property
    def literal(self) -> bool:
        """Whether literal patterns say all of it."""
        return not self.gap and not any(one.slot or one.mixed for one in self.elements)


def parse(value: str, gap: int, boundary: str) -> Phrase:
    """Read a phrase as people write it.

    Symbols in a phrase separate words and match nothing themselves.

    Raises:
        ValueError: an unknown slot, an unbalanced bracket, or no word at all.

    >>> [one.forms or one.slot for one in parse("<number> (riyal|ريال)", 0, "word").elements]
    ['number', (('riyal',), ('ريال',))]
    """
    elements = _elements(value)
    if not any(element.anchors for element in elements):
        raise ValueError(f"the phrase {value!r} has no word; slots alone would match everything")
    return Phrase(elements, gap, boundary == "substring", boundary in ("substring", "prefix"))


@lru_cache(maxsize=16_384)  # loading, compiling and linting ask for the same ones
def _elements(value: str) -> tuple[Element, ...]:
    return tuple(_read(value))


def _read(value: str) -> Iterator[Element]:
    for part in _ELEMENT.findall(value):
        if part in ("<", ">", "(", ")"):
            raise ValueError(f"the phrase {value!r} has a {part!r} without its partner")
        if part[0] == "<":
            yield _slot(part)
            continue
        options = part[1:-1].split("|") if part[0] == "(" else [part]
        slotted = [one for one in options if "<" in one]
        forms = _forms([one for one in options if "<" not in one])
        if () in forms and len(options) > 1:
            raise ValueError(f"the alternatives {part!r} hold one without a word")
        if slotted or forms != ((),):
            yield Element(forms, mixed=tuple(dict.fromkeys(map(_sequence, slotted))))


def _slot(part: str) -> Element:
    if part[1:-1] not in SLOTS:
        known = ", ".join(f"<{slot}>" for slot in SLOTS)
        raise ValueError(f"{part!r} is no slot; there are {known}")
    return Element(slot=part[1:-1])


def _forms(options: list[str]) -> tuple[tuple[str, ...], ...]:
    return tuple(dict.fromkeys(tuple(core.split()) for core in cores(options)[1]))


def _sequence(option: str) -> tuple[Element, ...]:
    """An alternative with slots, cut at them."""
    parts = [
        _slot(one) if one[0] == "<" else Element(_forms([one])) for one in _PART.findall(option)
    ]
    return tuple(one for one in parts if one.slot or one.forms != ((),))


def loosened(phrase: Phrase) -> Phrase:
    """The phrase with its words in the loose fold."""
    return replace(phrase, elements=tuple(map(_loosened, phrase.elements)))


def _loosened(element: Element) -> Element:
    return replace(
        element,
        forms=tuple(tuple(loose(FoldedText(word)) for word in form) for form in element.forms),
        mixed=tuple(tuple(map(_loosened, sequence)) for sequence in element.mixed),
    )


def anchor(phrase: Phrase) -> Element:
    """The word element whose shortest alternative is longest: the rarest, as far as one sees."""
    worded = [element for element in phrase.elements if element.anchors]
    return max(worded, key=_shortest)


def _shortest(element: Element) -> int:
    return min(map(_length, element.anchors))


def _length(form: tuple[str, ...]) -> int:
    return len(" ".join(form))


class Tokens:
    """One folded text cut into words, ready to be asked for elements."""

    __slots__ = ("_held", "_slots", "at", "forms", "text", "words")

    def __init__(
        self, text: FoldedText, slots: Callable[[str], list[Span]], read: list[Word] | None = None
    ) -> None:
        """`slots` finds phones and urls: name -> spans in the folded text.

        `read`: its words, where they are to be read otherwise than they stand.
        """
        self.text = text
        self.words: list[Word] = words(text) if read is None else read
        self.at: dict[str, list[int]] = {}
        """A word -> the numbers of those that are it, or count as it."""
        for number, word in enumerate(self.words):
            self.at.setdefault(word.text, []).append(number)
        self._slots = slots
        self.forms: Mapping[int, Collection[str]] = NO_FORMS
        self._held: dict[str, list[Span]] = {}
        """What was found for slots; those that count words otherwise share it."""

    def counting(self, forms: Mapping[int, Collection[str]]) -> Tokens:
        """The same text; `forms`: the number of a word -> what else it counts as."""
        if not forms:
            return self
        made = copy(self)
        made.forms = forms
        made.at = dict(self.at)
        for number, others in forms.items():
            for other in others:
                made.at[other] = [*made.at.get(other, ()), number]
        return made

    def _is(self, number: int, text: str) -> bool:
        """Whether a word is a text, or counts as one."""
        return self.words[number].text == text or text in self.forms.get(number, ())

    def slot(self, name: str) -> list[Span]:
        """Where such a thing stands."""
        held = self._held.get(name)
        if held is None:
            held = self._held[name] = self._slot(name)
        return held

    def _slot(self, name: str) -> list[Span]:
        if name == "word":
            return [(word.start, word.end) for word in self.words]
        if name == "number":
            written = [match.span() for match in _NUMBER.finditer(self.text)]
            return written + [(one.start, one.end) for one in find_number_words(self.text)]
        return self._slots(name)

    def form(self, form: tuple[str, ...], open_left: bool, open_right: bool) -> list[Span]:
        """Where words stand one after another, apart as the words of a phrase may be."""
        texts, glued = _cut(form)
        if len(texts) == 1:
            return self._single(texts[0], open_left, open_right)
        firsts = self._firsts(texts, open_left, open_right)
        spans = (self._run(texts, glued, n, open_left, open_right) for n in firsts)
        return [span for span in spans if span is not None]

    def _firsts(self, texts: Sequence[str], open_left: bool, open_right: bool) -> Iterable[int]:
        """The numbers of words at which some words may begin: by the rarest that is a whole one.

        Most are nowhere, and the first of them may be any character of a text without spaces.
        """
        rarest: Sequence[int] = range(len(self.words))
        before = 0
        for number in range(int(open_left), len(texts) - int(open_right)):
            places = self.at.get(texts[number], ())
            if len(places) < len(rarest):
                rarest, before = places, number
                if not places:
                    break
        return (place - before for place in rarest if place >= before)

    def beginning(self, element: Element) -> Iterable[tuple[str, ...]]:
        """The forms of an element whose first word is in the text."""
        by_first = element.by_first
        if len(by_first) < len(self.at):
            return [form for first, some in by_first.items() if first in self.at for form in some]
        return [form for word in self.at for form in by_first.get(word, ())]

    def _single(self, text: str, open_left: bool, open_right: bool) -> list[Span]:
        if not open_left and not open_right:
            return [(self.words[n].start, self.words[n].end) for n in self.at.get(text, ())]
        found = []
        for word in self.words:
            at = word.text.find(text)
            while at >= 0:
                span = word.start, word.end
                if _is_as_it_stands(word):
                    span = word.start + at, word.start + at + len(text)
                left, right = open_left or at == 0, open_right or at + len(text) == len(word.text)
                if left and right and self.whole(*span):
                    found.append(span)
                at = word.text.find(text, at + 1)
        return found

    def _run(
        self,
        texts: Sequence[str],
        glued: Sequence[bool],
        number: int,
        open_left: bool,
        open_right: bool,
    ) -> Span | None:
        run = self.words[number : number + len(texts)]
        if len(run) < len(texts):
            return None
        if not all(self._is(number + n, text) for n, text in enumerate(texts[1:-1], 1)):
            return None
        for before, after, touch in zip(run, run[1:], glued[1:], strict=False):
            meet = after.tied or before.end == after.start
            if not (meet if touch else self.apart(before.end, after.start)):
                return None
        first, last = run[0], run[-1]
        left = first.text.endswith(texts[0]) if open_left else self._is(number, texts[0])
        right = (
            last.text.startswith(texts[-1])
            if open_right
            else self._is(number + len(texts) - 1, texts[-1])
        )
        span = (
            first.end - len(texts[0]) if open_left and _is_as_it_stands(first) else first.start,
            last.start + len(texts[-1]) if open_right and _is_as_it_stands(last) else last.end,
        )
        return span if left and right and self.whole(*span) else None

    def bounded(self, place: int) -> bool:
        """Whether no word goes on across a place."""
        if not 0 < place < len(self.text):
            return True
        return not group_of(self.text[place - 1]) & group_of(self.text[place])

    def whole(self, start: int, end: int) -> bool:
        """Whether a span cuts no letter from its marks."""
        return all(self.bounded(place) or not is_mark(self.text[place]) for place in (start, end))

    def apart(self, end: int, start: int) -> bool:
        """Whether what ends and what starts are neighbours in a phrase."""
        between = start - end
        if between < 0 or between > LONGEST_GAP:
            return False
        return not any(group_of(char) for char in self.text[end:start])


def find(phrase: Phrase, tokens: Tokens) -> list[Span]:
    """Every match of a phrase: one for each end, the latest start; by start, then end."""
    closed = not (phrase.open_left or phrase.open_right)
    if closed and any(_is_nowhere(element, tokens) for element in phrase.elements):
        return []
    last = len(phrase.elements) - 1
    best: dict[int, int] = {}
    for number, element in enumerate(phrase.elements):
        left = "inner" if number else "open" if phrase.open_left else "closed"
        right = "inner" if number < last else "open" if phrase.open_right else "closed"
        spans = _spans(element, tokens, left, right)
        if number == 0:
            best = _latest((end, start) for start, end in spans)
        else:
            reach = _reach(best, phrase.gap, tokens)
            best = _latest((end, reach[start]) for start, end in spans if start in reach)
        if not best:
            return []
    return sorted((start, end) for end, start in best.items())


def _is_nowhere(element: Element, tokens: Tokens) -> bool:
    """Whether no word is in the text that a closed element may begin with."""
    if element.slot or element.mixed:
        return False
    return element.by_first.keys().isdisjoint(tokens.at)


def _is_as_it_stands(word: Word) -> bool:
    """Whether each letter is one of the text: of one that was read anew no part has a place."""
    return word.end - word.start == len(word.text)


def _spans(element: Element, tokens: Tokens, left: str, right: str) -> list[Span]:
    """Where an element stands; its edges are `open`, `closed`, or `inner` (of the phrase)."""
    if element.slot:
        # An edge of a slot is never open: half a number is another number.
        spans = tokens.slot(element.slot)
        inner = element.slot != "word"
        left_closed, right_closed = left != "inner" or inner, right != "inner" or inner
    else:
        closed = left != "open" and right != "open"
        forms = tokens.beginning(element) if closed else element.forms
        spans = [s for form in forms for s in tokens.form(form, left == "open", right == "open")]
        spans += [s for one in element.mixed for s in _spans_of(one, tokens, left, right)]
        left_closed, right_closed = left == "closed", right == "closed"
    return [
        (start, end)
        for start, end in spans
        if (not left_closed or tokens.bounded(start)) and (not right_closed or tokens.bounded(end))
    ]


def _spans_of(
    sequence: tuple[Element, ...], tokens: Tokens, left: str, right: str
) -> Iterable[Span]:
    """Where words and slots stand one after another."""
    last = len(sequence) - 1
    found: set[Span] = set()
    for number, element in enumerate(sequence):
        here = _spans(
            element, tokens, "inner" if number else left, right if number == last else "inner"
        )
        if not number:
            found = set(here)
            continue
        ends: dict[int, list[int]] = {}
        for start, end in here:
            ends.setdefault(start, []).append(end)
        found = {
            (first, end)
            for first, before in found
            for start in _reach({before: before}, 0, tokens)
            for end in ends.get(start, ())
        }
    return found


def _latest(pairs: Iterable[tuple[int, int]]) -> dict[int, int]:
    best: dict[int, int] = {}
    for end, start in pairs:
        best[end] = max(start, best.get(end, -1))
    return best


@lru_cache(maxsize=65_536)
def _pieces(word: str) -> tuple[str, ...]:
    return tuple(piece.text for piece in words(FoldedText(word)))


@lru_cache(maxsize=65_536)
def _cut(form: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[bool, ...]]:
    """The words of a form as a text is cut into them, and whether each touches the one before."""
    pieces = [_pieces(word) for word in form]
    # Characters of one unspaced word touch; words of the phrase may be apart.
    glued = tuple(n > 0 for piece in pieces for n in range(len(piece)))
    return tuple(text for piece in pieces for text in piece), glued


def _reach(best: dict[int, int], gap: int, tokens: Tokens) -> dict[int, int]:
    """Places next to an end, or up to `gap` words behind one -> the latest phrase start."""
    reach: dict[int, int] = {}
    for end, start in best.items():
        here = end
        for _ in range(gap + 1):
            for place in range(here, here + LONGEST_GAP + 1):
                if place >= len(tokens.text) or not tokens.apart(here, place):
                    break
                reach[place] = max(start, reach.get(place, -1))
            following = _word_after(here, tokens)
            if following is None:
                break
            here = following.end
    return reach


def _word_after(end: int, tokens: Tokens) -> Word | None:
    number = bisect_left(tokens.words, end, key=lambda word: word.start)
    if number == len(tokens.words) or not tokens.apart(end, tokens.words[number].start):
        return None
    return tokens.words[number]
