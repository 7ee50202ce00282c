"""What stands for an Arabic letter inside an Arabic word."""

from __future__ import annotations

from tools.tables.ucd import Folds

STAND_INS = {
    # By shape: a bar is an alef, and so is what is read "a"; o is the loop of waw.
    "1": "ا", "l": "ا", "|": "ا", "!": "ا", "@": "ا", "o": "و",
    # By sound, the long vowels that Arabic writes. e is left out: mostly it is no letter there.
    "a": "ا", "i": "ي", "y": "ي",
}  # fmt: skip

DOTLESS = {
    "\u066e": "بتثني",  # dotless beh: the tooth of five letters
    "\u066f": "قف",  # dotless qaf; at the start of a word the same shape as dotless feh
    "\u06a1": "فق",  # dotless feh
    "\u06ba": "ن",  # noon ghunna: Urdu spells with it, so it stands for nothing but noon
    "\u08bb": "ف",  # African feh, qaf and noon: no dots at the end of a word
    "\u08bc": "ق",
    "\u08bd": "ن",
}


def stand_ins() -> Folds:
    """Character beside Arabic letters -> the Arabic letter."""
    return {char: (letter, "arabic_lookalike") for char, letter in STAND_INS.items()}


def dotless() -> Folds:
    """Dotless letter -> the dotted letters that it may stand for, likeliest first."""
    return {char: (letters, "dotless") for char, letters in DOTLESS.items()}
