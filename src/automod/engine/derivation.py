"""How a hit came about: as what its surface is read, in which form, and how sure that is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from automod.model.decision import Hit
from automod.model.ruleset import Material
from automod.text import disguise
from automod.text.backwards import is_overridden, read_backwards
from automod.text.evidence import CONFIDENCE, EVASION_FOLDS, INFLECTION
from automod.text.fold import FoldedText, fold
from automod.text.letters import ELONGATION, Spelling
from automod.text.lexicon import Lexicon, wanted_of
from automod.text.loose import loose
from automod.text.words import cores, is_mark

TEXTUAL: Final = ("keyword", "phrase")

MOST_AROUND: Final = 20
"""Letters before and after a hit that are shown with it: some scripts write without spaces."""


@dataclass(frozen=True, slots=True)
class Form:
    """A word that is an inflected form: the stem in it, what stands around that, how sure it is."""

    word: str
    stem: str
    before: str
    after: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Derivation:
    """A hit of a keyword or phrase, taken apart."""

    n: int
    """The number of the hit in its decision."""
    boundary: str
    read: str
    """The surface as it is read: in the loose fold, disguises undone."""
    around: str
    """The surface with the rest of the words that it begins and ends in; of these the near part."""
    forms: tuple[Form, ...]
    factors: tuple[tuple[str, float], ...]
    """Each fold that costs confidence, and what it leaves of it; their product is the hit's."""


def derivations(
    hits: Iterable[Hit], materials: Mapping[str, Material], texts: Mapping[str, str]
) -> Iterator[Derivation]:
    """The hits of keywords and phrases, taken apart.

    Args:
        hits: of one creative.
        materials: by id; hits of what is not among them are left out.
        texts: the creative's fields.
    """
    for hit in hits:
        material, text = materials.get(hit.material), texts.get(hit.field or "")
        if material is not None and material.kind in TEXTUAL and text is not None:
            yield derivation(hit, material, text)


def derivation(hit: Hit, material: Material, text: str) -> Derivation:
    """One hit of a keyword or phrase, taken apart.

    >>> material = Material("p/m", "keyword", "كازينو", boundary="inflected", language="ar")
    >>> hit = Hit(
    ...     0, "p/m", "1", (), "live", "keyword", "body", 0, 8, "بكازينو", "safe", ("inflection",),
    ... )
    >>> found = derivation(hit, material, "بكازينو")
    >>> found.forms
    (Form(word='بكازينو', stem='كازينو', before='ب', after='', confidence=0.8),)
    >>> found.factors
    (('inflection', 0.8),)
    """
    lexicon = Lexicon(wanted_of(material))
    read = _read_as(hit, lexicon)
    forms = tuple(_forms(read, lexicon)) if INFLECTION in hit.folds else ()
    start, end = hit.start or 0, hit.end or 0
    factors = tuple(_factors(hit, forms))
    return Derivation(hit.n, material.boundary, read, around(text, start, end), forms, factors)


def form_of(word: str, lexicon: Lexicon) -> Form | None:
    """The surest form of one of a material's words that a word may be; None: it is none.

    >>> from automod.text.lexicon import Wanted
    >>> form_of("قمارا", Lexicon(Wanted("keyword", "قمار", "safe", "inflected", "ar")))
    Form(word='قمارا', stem='قمار', before='', after='ا', confidence=0.85)
    """
    found = [
        Form(word, stem.text, before, after, sure)
        for stem in lexicon.stems
        for before, after in parts(word, stem.text)
        for sure in [stem.confidence(before, after)]
        if sure is not None
    ]
    return max(found, key=lambda form: form.confidence, default=None)


def parts(word: str, inside: str) -> Iterator[tuple[str, str]]:
    """What stands before and after a text, each time that a word holds it.

    >>> list(parts("banana", "an"))
    [('b', 'ana'), ('ban', 'a')]
    """
    at = word.find(inside)
    while at >= 0:
        yield word[:at], word[at + len(inside) :]
        at = word.find(inside, at + 1)


def around(text: str, start: int, end: int) -> str:
    """A span of a text with the letters that it is written together with, as far as one reads.

    >>> around("my supercasinoworld!", 8, 14)
    'supercasinoworld'
    """
    first, last = max(start - MOST_AROUND, 0), end + MOST_AROUND
    while start > first and _is_of_word(text[start - 1]):
        start -= 1
    while end < min(last, len(text)) and _is_of_word(text[end]):
        end += 1
    return text[start:end]


def _is_of_word(char: str) -> bool:
    return char.isalnum() or is_mark(char)


def _read_as(hit: Hit, lexicon: Lexicon) -> str:
    """The surface of a hit as evidence reads it."""
    surface = hit.text or ""
    plain = loose(cores([surface])[1][0])
    if EVASION_FOLDS.isdisjoint(hit.folds) and ELONGATION not in hit.folds:
        return plain
    if plain in lexicon.swaps:
        return plain
    read = [[word.text for word in one] for one in _readings(surface, lexicon)]
    if not read:
        return plain
    nearest: list[str] = max(read, key=lambda one: _known(one, lexicon))
    return " ".join(nearest)


def _readings(surface: str, lexicon: Lexicon) -> list[list[Spelling]]:
    text: FoldedText = fold(surface).text
    found = disguise.read(text, lexicon.vocabulary)
    if is_overridden(surface):
        found = [*read_backwards(text, lexicon.vocabulary), *found]
    return found


def _known(read: list[str], lexicon: Lexicon) -> tuple[bool, int]:
    """Whether it is the value, then how many of its words are the material's."""
    whole = "".join(read) == lexicon.loose_core.replace(" ", "")
    return whole, sum(
        word in lexicon.vocabulary or form_of(word, lexicon) is not None for word in read
    )


def _forms(read: str, lexicon: Lexicon) -> Iterator[Form]:
    for word in read.split():
        form = None if word in lexicon.written else form_of(word, lexicon)
        if form is not None:
            yield form


def _factors(hit: Hit, forms: Iterable[Form]) -> Iterator[tuple[str, float]]:
    for form in forms:
        yield INFLECTION, form.confidence
    for name in hit.folds:
        if name in CONFIDENCE:
            yield name, CONFIDENCE[name]
