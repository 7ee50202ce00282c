"""What is looked for in disguise: the words of what may match beyond the safe view."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from automod.model.ruleset import Material
from automod.model.vocabulary import BEYOND_SAFE
from automod.text.fold import FoldedText
from automod.text.inflection import Stem, stems
from automod.text.loose import loose
from automod.text.vocabulary import Vocabulary, joinable
from automod.text.words import is_unspaced

from .patterns import Patterns
from .phrase import parse


@dataclass(frozen=True, slots=True)
class Sought:
    """Words in loose fold."""

    vocabulary: Vocabulary
    joinable: Sequence[str]
    """Those of its words that may be put together from pieces."""
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
    hidden = patterns.hidden
    some, anywhere = list(hidden.stems), set(hidden.anywhere)
    of_phrases = set[str]()
    phrases = [materials[number] for number in patterns.phrases]
    for material in [phrase for phrase in phrases if phrase.view in BEYOND_SAFE]:
        own = list(_words_of(material))
        of_phrases.update(own)
        if material.boundary == "inflected":
            some += [stem for word in own for stem in stems(word, material.language)]
        elif material.boundary != "word":
            anywhere.update(own)
    words = [*hidden.words, *of_phrases]
    if not words:
        return None
    return Sought(
        Vocabulary(words), joinable(words), some, frozenset(anywhere),
        unspaced=frozenset(filter(is_unspaced, of_phrases)),
        several=hidden.several or bool(of_phrases),
    )  # fmt: skip


def _words_of(material: Material) -> Iterator[str]:
    for element in parse(material.value, material.gap, material.boundary).elements:
        yield from (loose(FoldedText(word)) for word in element.words)
