"""What keywords and phrases say literally: the words that must stand there, form by form."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import product
from typing import TYPE_CHECKING, Final, NamedTuple

import regex

from automod.load.writing import CJK, LATIN, LONG, SOUTH_EAST
from automod.match.literal_forms import FORMS, literal_forms
from automod.match.phrase import Phrase, parse
from automod.text.fold import FoldedText
from automod.text.loose import loose

if TYPE_CHECKING:
    from .wording import Wording


_LETTERS: Final = r"[\p{L}\p{M}\p{N} ]"
_WORDED: Final = regex.compile(rf"(?:{_LETTERS}|\({_LETTERS}++(?:\|{_LETTERS}++)*+\))++")
"""Words, and alternatives of words."""
_ELEMENT: Final = regex.compile(r"\([^()]*\)|[^\s()]+")
_UNSPACED: Final = CJK | SOUTH_EAST
_BARE: Final = regex.compile(r"[\p{L}\p{M}\p{N}]+(?: +[\p{L}\p{M}\p{N}]+)*")


class Piece(NamedTuple):
    """Words that stand one after another in every hit of a form, apart by single spaces."""

    text: str
    first: bool
    """The hit begins with them."""
    last: bool
    """The hit ends with them."""


Form = tuple[Piece, ...]


def is_bare(key: str) -> bool:
    """Whether a value is words and spaces alone, no symbols and no syntax of phrases.

    >>> is_bare("win big"), is_bare("c++"), is_bare("(a|b)")
    (True, False, False)
    """
    return key.isalnum() or _BARE.fullmatch(key) is not None


def literals(wording: Wording, number: int) -> Sequence[str]:
    """The texts (safe fold) of which each is a hit, one for each way to write the material.

    Empty where it has symbols (a keyword's have to stand there as well), a gap or a slot.
    """
    key, keyword = wording.keys[number], wording.kinds[number] == "keyword"
    gap = 0 if keyword else wording.column("gap")[number]
    if is_bare(key) and not gap:
        return (" ".join(key.split()) if "  " in key else key,)
    if keyword or gap:
        return ()
    elements = _alternatives(wording, number)
    if elements is None:
        phrase = _parsed(wording, number)
        return () if phrase is None or not phrase.literal else literal_forms(phrase) or ()
    size = 1
    for options in elements:
        size *= len(options)
    return tuple(map(" ".join, product(*elements))) if size <= FORMS else ()


def _alternatives(wording: Wording, number: int) -> list[list[str]] | None:
    """The elements of a phrase that is words of one script; None where it has to be parsed.

    To parse it takes ten times as long.
    """
    key = wording.keys[number]
    scripts = int(wording.writings[number]) & (LONG - 1)
    if _WORDED.fullmatch(key) is None or scripts.bit_count() != 1 or scripts & _UNSPACED:
        return None
    if scripts != LATIN and any(map(str.isdigit, key)):
        return None
    elements = [
        list(dict.fromkeys(" ".join(option.split()) for option in part.strip("()").split("|")))
        for part in _ELEMENT.findall(key)
    ]
    return elements if all(map(all, elements)) else None


def sure_pieces(wording: Wording, number: int) -> Sequence[Form]:
    """Of a phrase with gaps or slots the pieces (loose fold) that every hit of it holds."""
    if wording.kinds[number] == "keyword":
        return ()
    phrase = _parsed(wording, number)
    elements = () if phrase is None else phrase.elements
    last = len(elements) - 1
    pieces = [
        Piece(loose(FoldedText(" ".join(one.forms[0]))), first=n == 0, last=n == last)
        for n, one in enumerate(elements)
        if len(one.forms) == 1 and not one.mixed
    ]
    return [tuple(pieces)] if pieces else ()


class Sayings:
    """The texts of the loose fold that materials of a package say literally, and who says each.

    Nearly all are keywords of one word: those are kept without a list for each.
    """

    def __init__(self, wording: Wording) -> None:
        plain, kinds, sound = wording.plain, wording.kinds, wording.sound
        bare = [n for n in sound if plain[n].isalnum() and kinds[n] == "keyword"]
        self.first: dict[str, int] = {plain[n]: n for n in reversed(bare)}
        """Keywords of one word, each by the first that says it."""
        self.more: dict[str, list[int]] = defaultdict(list)
        """What others say, or say again."""
        if len(self.first) < len(bare):
            for number in bare:
                if self.first[plain[number]] != number:
                    self.more[plain[number]].append(number)
        held = set(bare) if len(bare) < len(sound) else bare
        self.many = [n for n in sound if n not in held] if held is not bare else []
        """Those that are not keywords of one word."""
        self._safe = {number: literals(wording, number) for number in self.many}
        self._texts = {
            number: [loose(FoldedText(text)) for text in texts]
            for number, texts in self._safe.items()
        }
        self._plain, self._wording = plain, wording
        for number, texts in self._texts.items():
            for text in texts:
                self.more[text].append(number)

    def texts(self, number: int) -> Sequence[str]:
        """What a material says literally; nothing, where symbols, gaps or slots are part of it."""
        held = self._texts.get(number)
        return (self._plain[number],) if held is None else held

    def safe(self, number: int) -> Sequence[str]:
        """The same in the safe fold."""
        held = self._safe.get(number)
        return (self._wording.keys[number],) if held is None else held

    def forms(self, number: int) -> Sequence[Form]:
        """The ways to write a material, each as the pieces that every hit of it holds."""
        whole = self.texts(number)
        if whole:
            return [(Piece(text, first=True, last=True),) for text in whole]
        return sure_pieces(self._wording, number)

    def of(self, text: str) -> list[int]:
        """The materials that say a text, in one of their forms."""
        one, more = self.first.get(text), self.more.get(text, [])
        return more if one is None else [one, *more]

    def __contains__(self, text: object) -> bool:
        return text in self.first or text in self.more

    def again(self) -> Iterator[int]:
        """The materials that say what another says too."""
        for text, more in self.more.items():
            if len(more) > 1 or text in self.first:
                yield from self.of(text)


def _parsed(wording: Wording, number: int) -> Phrase | None:
    """A phrase word by word; None where it cannot be read."""
    gap, boundary = wording.column("gap")[number], wording.column("boundary")[number]
    try:
        return parse(wording.values[number], gap, boundary)
    except ValueError:
        return None
