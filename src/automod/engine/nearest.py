"""What in a text comes nearest to a material that did not match it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Final

from automod.match.phrase import Element, parse
from automod.model.ruleset import Material
from automod.text.fold import Folded, fold
from automod.text.words import Word, words

ALIKE: Final = 0.6
"""Letters in common, of all, from which two spellings are worth comparing (difflib's ratio)."""

MOST_WORDS: Final = 20_000
"""Words of a text that are compared; a creative has a hundred."""


@dataclass(frozen=True, slots=True)
class Surface:
    """A piece of a text: as written, where, and folded."""

    field: str
    start: int
    end: int
    original: str
    folded: str


@dataclass(frozen=True, slots=True)
class Nearest:
    """A material's folded value beside the piece of text most like it.

    For a phrase: the words of it that are in the text, and those that are not.
    """

    wanted: str
    found: Surface | None = None
    differences: tuple[tuple[str, str], ...] = ()
    """(wanted, found), where the letters differ after folding."""
    present: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()


def nearest(material: Material, texts: Mapping[str, str]) -> Nearest:
    """The piece of some texts that is most like a material's value.

    >>> near = nearest(Material("p/m", "keyword", "كازينو"), {"body": "العب في الكازينوو"})
    >>> near.found.original, near.differences
    ('الكازينوو', (('', 'ال'), ('', 'و')))
    """
    folded = {name: fold(text) for name, text in texts.items()}
    if material.kind == "phrase":
        return _nearest_phrase(material, folded)
    return _nearest_value(fold(material.value).text, folded)


def _nearest_value(wanted: str, texts: Mapping[str, Folded]) -> Nearest:
    size = max(len(words(fold(wanted).text)), 1)
    best, alike = None, ALIKE
    for name, text in texts.items():
        for first, last in _windows(words(text.text)[:MOST_WORDS], size):
            surface = text.text[first:last]
            ratio = _ratio(wanted, surface, alike)
            if ratio > alike:
                best, alike = (name, first, last), ratio
    if best is None:
        return Nearest(wanted)
    name, first, last = best
    start, end = texts[name].span(first, last)
    original = texts[name].original[start:end]
    found = Surface(name, start, end, original, texts[name].text[first:last])
    return Nearest(wanted, found, tuple(_differences(wanted, found.folded)))


def _windows(found: Sequence[Word], size: int) -> Iterator[tuple[int, int]]:
    """Runs of as many words as the value has, one more, or one less."""
    for length in {max(size - 1, 1), size, size + 1}:
        for first in range(len(found) - length + 1):
            yield found[first].start, found[first + length - 1].end


def _ratio(wanted: str, surface: str, least: float) -> float:
    matcher = SequenceMatcher(None, surface, wanted, autojunk=False)
    # Both are upper bounds, and a hundred times cheaper.
    if matcher.real_quick_ratio() <= least or matcher.quick_ratio() <= least:
        return 0.0
    return matcher.ratio()


def _differences(wanted: str, found: str) -> Iterator[tuple[str, str]]:
    for tag, i, j, k, m in SequenceMatcher(None, wanted, found, autojunk=False).get_opcodes():
        if tag != "equal":
            yield wanted[i:j], found[k:m]


def _nearest_phrase(material: Material, texts: Mapping[str, Folded]) -> Nearest:
    phrase = parse(material.value, material.gap, material.boundary)
    held = {word.text for text in texts.values() for word in words(text.text)}
    elements = [one for one in phrase.elements if one.forms and not one.mixed]
    present = [one for one in elements if any(held.issuperset(form) for form in one.forms)]
    missing = [one for one in elements if one not in present]
    wanted = fold(material.value).text
    near = Nearest(wanted)
    if missing:
        forms = [" ".join(form) for form in missing[0].forms]
        candidates = [_nearest_value(form, texts) for form in forms]
        near = max(candidates, key=_closeness, default=near)
    named = tuple(map(_name, present)), tuple(map(_name, missing))
    return Nearest(near.wanted, near.found, near.differences, *named)


def _closeness(near: Nearest) -> float:
    return 0.0 if near.found is None else _ratio(near.wanted, near.found.folded, 0.0)


def _name(element: Element) -> str:
    forms = [" ".join(form) for form in element.forms]
    return forms[0] if len(forms) == 1 else f"({'|'.join(forms)})"
