"""What is looked for in disguise: the words of what may match beyond the safe view."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from automod.model.ruleset import Material
from automod.model.vocabulary import BEYOND_SAFE
from automod.text.fold import FoldedText
from automod.text.inflection import Stem, stems
from automod.text.loose import loose
from automod.text.vocabulary import Vocabulary
from automod.text.words import is_unspaced

from .patterns import Patterns
from .phrase import parse


@dataclass(frozen=True, slots=True)
class Sought:
    """Words in loose fold."""

    vocabulary: Vocabulary
    stems: Sequence[Stem]
    """Of those that are inflected."""
    anywhere: frozenset[str]
    """What may stand anywhere in a longer word."""
    unspaced: frozenset[str]
    """Words of phrases in scripts without spaces, which are no patterns of their own."""
    several: bool
    """Some material has more than one word, so neighbours matter."""


def sought_of(materials: Sequence[Material], patterns: Patterns) -> Sought | None:
    """What is looked for in disguise; None where no material may be.

    `patterns`: what the materials became.
    """
    words, anywhere = set[str](), set[str]()
    some: list[Stem] = []
    several = False
    for number, spelt in patterns.spelt.items():
        material = materials[number]
        if material.view not in BEYOND_SAFE:
            continue
        own = spelt.split()
        several = several or len(own) > 1
        words.update(own)
        if material.boundary == "inflected":
            some += patterns.stems.get(number, ())
        elif material.boundary != "word":
            anywhere.update(own)
    of_phrases = set[str]()
    for material in materials:
        if material.kind == "phrase" and material.view in BEYOND_SAFE:
            several = True
            own = list(_words_of(material))
            of_phrases.update(own)
            if material.boundary == "inflected":
                some += [stem for word in own for stem in stems(word, material.language)]
            elif material.boundary != "word":
                anywhere.update(own)
    words = (words | of_phrases) - {""}
    if not words:
        return None
    unspaced = frozenset(filter(is_unspaced, of_phrases))
    return Sought(Vocabulary(words), some, frozenset(anywhere), unspaced, several)


def _words_of(material: Material) -> Iterator[str]:
    for element in parse(material.value, material.gap, material.boundary).elements:
        for form in element.forms:
            yield from (loose(FoldedText(word)) for word in form)
