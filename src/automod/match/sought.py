"""What is looked for in disguise: the words of what may match beyond the safe view."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from automod.model.ruleset import Material
from automod.model.vocabulary import BEYOND_SAFE
from automod.text.fold import FoldedText
from automod.text.inflection import stems
from automod.text.loose import loose
from automod.text.vocabulary import Vocabulary
from automod.text.words import is_unspaced

from .patterns import Patterns
from .phrase import parse


@dataclass(frozen=True, slots=True)
class Sought:
    """Words in loose fold."""

    vocabulary: Vocabulary
    inside: frozenset[str]
    """What of them may stand inside a longer word."""
    unspaced: frozenset[str]
    """Words of phrases in scripts without spaces, which are no patterns of their own."""
    several: bool
    """Some material has more than one word, so neighbours matter."""


def sought_of(materials: Sequence[Material], patterns: Patterns) -> Sought | None:
    """What is looked for in disguise; None where no material may be.

    `patterns`: what the materials became.
    """
    words, inside, several = set[str](), set[str](), False
    for number, spelt in patterns.spelt.items():
        material = materials[number]
        if material.view not in BEYOND_SAFE:
            continue
        if " " not in spelt:
            words.add(spelt)
        else:
            words.update(spelt.split())
            several = True
        if material.boundary == "inflected":
            inside.update(stem.text for stem in patterns.stems.get(number, ()))
        elif material.boundary != "word":
            inside.update(spelt.split())
    of_phrases = set[str]()
    for material in materials:
        if material.kind == "phrase" and material.view in BEYOND_SAFE:
            some = set(_words_of(material))
            of_phrases |= some
            if material.boundary != "word":
                inside.update(one for word in some for one in _inside(word, material))
    words |= of_phrases
    words.discard("")
    if not words:
        return None
    unspaced = frozenset(filter(is_unspaced, of_phrases))
    return Sought(
        Vocabulary(words), frozenset(inside), unspaced, several=several or bool(of_phrases)
    )


def _words_of(material: Material) -> Iterator[str]:
    for element in parse(material.value, material.gap, material.boundary).elements:
        for form in element.forms:
            yield from (loose(FoldedText(word)) for word in form)


def _inside(word: str, material: Material) -> Iterator[str]:
    if material.boundary == "inflected":
        yield from (stem.text for stem in stems(word, material.language))
    else:
        yield word
