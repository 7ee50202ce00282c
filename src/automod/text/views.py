"""One text in one view: what `automod.fold` shows."""

from __future__ import annotations

from automod.model.vocabulary import View

from .disguise import read
from .fold import Folded, FoldedText
from .fold import fold as fold_tight
from .tables.far import far_tables
from .vocabulary import Vocabulary

_NO_WORDS = Vocabulary(())


def fold(text: str, view: View = "safe") -> Folded:
    """Fold one text, with the way back to the original.

    Args:
        text: any string, lone surrogates included.
        view: `exact` (NFC), `safe`, `loose`, or `evasion`: the words as they are read when nothing
            is known of what is looked for, apart by one space. A material that is looked for may
            be read in other ways too: a digit that stands for one of two letters is the one that
            makes its word.

    >>> fold("ربـــح 50٪").text, fold("مراهنة", "loose").text
    ('ربح 50٪', 'مراهنه')
    >>> folded = fold("play c.4.s.1.n.o", "evasion")
    >>> folded.text, folded.span(5, 11)
    ('play casino', (5, 16))
    """
    if view == "loose":
        return _loose(fold_tight(text))
    if view == "evasion":
        return _evasion(fold_tight(text))
    return fold_tight(text, view)


def _loose(folded: Folded) -> Folded:
    folds = far_tables().loose_folds
    chars: list[str] = []
    places: list[tuple[int, int]] = []
    for char, (start, end) in zip(folded.text, folded.places, strict=True):
        target = folds[char][0] if char in folds else char
        if not target and places:
            places[-1] = places[-1][0], end
        chars.append(target)
        places += [(start, end)] * len(target)
    return Folded(folded.original, FoldedText("".join(chars)), "loose", tuple(places))


def _evasion(folded: Folded) -> Folded:
    chars: list[str] = []
    places: list[tuple[int, int]] = []
    readings = read(folded.text, _NO_WORDS)
    for word in readings[0] if readings else ():
        if chars:
            chars.append(" ")
            places.append((places[-1][1], places[-1][1]))
        chars.append(word.text)
        places += [
            (folded.places[first][0], folded.places[last][1])
            for first, last in zip(word.firsts, word.lasts, strict=True)
        ]
    return Folded(folded.original, FoldedText("".join(chars)), "evasion", tuple(places))
