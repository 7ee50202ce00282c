"""Tasks: a closer look at a text in which a pattern of the material occurred."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial

from automod.model.ruleset import Material
from automod.model.vocabulary import BEYOND_SAFE
from automod.text.evidence import accepts, inflected
from automod.text.inflection import ALONE, Stem, stems
from automod.text.lexicon import Wanted, wanted_of
from automod.text.number_words import spoken_digits
from automod.text.words import cores, is_unspaced

from .links import (
    DomainTarget,
    HandleTarget,
    LinkIndex,
    UrlTarget,
    parse_domain,
    parse_handle,
    parse_url,
)
from .pattern import Pattern, TimedOut, compile_pattern
from .phones import PhoneIndex, parse_phone
from .phrase import Phrase, anchor, loosened, parse
from .phrase import find as find_phrase
from .texts import LONGEST_PIECE, Texts, Wording

Task = Callable[[Texts, int], tuple[list[tuple[int, int, int]], str | None]]
"""(texts, place) -> (start, end, material) spans in the original, and a code if it gave up."""

Anchors = list[tuple[str, bool, bool]]
"""Skeletons, and whether their left and right edges are edges of words."""


def phrase_task(
    number: int, material: Material, phrase: Phrase, *, far: bool
) -> tuple[Anchors, Task]:
    """The anchors and the task of a phrase; `far`: patterns are searched for in the loose fold."""
    if far or material.boundary == "inflected":
        return _far_phrase_task(number, material, phrase)
    return _phrase_anchors(phrase), partial(_phrase, number, phrase)


def regex_task(number: int, material: Material, pattern: Pattern) -> tuple[Anchors | None, Task]:
    """The anchors (None: every text is looked at) and the task of a pattern."""
    return _atoms(pattern), partial(_regex, number, pattern, material.status == "shadow")


def handle_task(number: int, material: Material) -> tuple[Anchors, Task]:
    """The anchors and the task of the name of an account."""
    handle = parse_handle(material.value)
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


def _far_phrase_task(number: int, material: Material, phrase: Phrase) -> tuple[Anchors, Task]:
    """The anchors and the task of a phrase that may match in a looser view, or inflected."""
    spelt = loosened(phrase)
    affixes: dict[str, tuple[Stem, ...]] = {}
    if material.boundary == "inflected":
        words = sorted({word for one in spelt.elements for word in one.words})
        made = {word: stems(word, material.language) for word in words}
        affixes = {word: own for word, own in made.items() if own != (Stem(word, ALONE),)}
    anchors = _phrase_anchors(spelt)
    if affixes:
        forms = anchor(spelt).anchors
        anchors = [one for form in forms for one in _inflected_anchors(form, affixes)]
    return anchors, partial(_far_phrase, number, wanted_of(material), spelt, Inflections(affixes))


def _inflected_anchors(form: tuple[str, ...], affixes: Mapping[str, tuple[Stem, ...]]) -> Anchors:
    """What is in a text wherever a form is: all of it where none of its words is inflected."""
    longest = max(form, key=len)
    if affixes.keys().isdisjoint(form):
        longest = " ".join(form)
    elif longest in affixes:
        return [(stem.text, not stem.has_prefixes, False) for stem in affixes[longest]]
    return [(longest, not is_unspaced(longest[0]), not is_unspaced(longest[-1]))]


def _far_phrase(
    number: int,
    wanted: Wanted,
    phrase: Phrase,
    inflections: Inflections,
    texts: Texts,
    place: int,
) -> tuple[list[tuple[int, int, int]], None]:
    found: dict[tuple[int, int, int], None] = {}
    for wording in texts.wordings(place, disguised=wanted.view in BEYOND_SAFE):
        tokens = wording.tokens.counting(inflections.forms_of(wording))
        for start, end in find_phrase(phrase, tokens):
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

    def forms_of(self, wording: Wording) -> dict[int, set[str]]:
        """The number of a word -> the words of the phrase of which it is an inflected form."""
        found: dict[int, set[str]] = {}
        for stem in wording.pieces.among(self._stems) if self._stems else ():
            for number, word in enumerate(wording.words):
                if stem in word:
                    forms = {own for own in self._owns[stem] if self._is_form(word, own)}
                    if forms:
                        found.setdefault(number, set()).update(forms)
        return found

    def _is_form(self, word: str, own: str) -> bool:
        return own != word and inflected(word, self._affixes[own], alone=False) is not None


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
        elif material.kind == "phrase":
            parse(material.value, material.gap, material.boundary)
        elif material.kind == "regex":
            compile_pattern(material.value, material.view)
        elif material.kind == "handle":
            parse_handle(material.value)
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
