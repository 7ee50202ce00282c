"""The loose folds: what readers take for the same word, on top of the safe fold."""

from __future__ import annotations

import unicodedata

import regex
from tools.tables.safe import settle, standing
from tools.tables.ucd import OPENCC, Folds, bare

LETTERS = {
    "ى": ("ي", "maqsura"),
    "ة": ("ه", "ta_marbuta"),
    "ؤ": ("و", "hamza_seat"),
    "ئ": ("ي", "hamza_seat"),
    "ё": ("е", "yo"),
    "ѐ": ("е", "diacritic"),  # a stressed е; й, ї and ў are letters, not е with a mark
    "ѝ": ("и", "diacritic"),
    **{final: (letter, "final_letter") for final, letter in zip("ךםןףץ", "כמנפצ", strict=True)},
    "ς": ("σ", "case"),  # for the record: safe folds it already, so no row comes of it
}
FAR_ARABIC = dict(zip(
    "ٹٺٿٻڀڈڌڍڎڑںڻڇڄڃڭڳڱۅۆۇۈۉۋڦ", "تتتببدددذرننجججكككووووووف", strict=True
))  # fmt: skip
"""Letters of Urdu, Sindhi, Uighur, Kurdish and Kirghiz that have a name of their own."""
FAR_NAME = regex.compile(r"ARABIC LETTER ([A-Z]+) WITH .+")

PLAIN = {
    "æ": "ae", "œ": "oe", "ð": "d", "ı": "i", "ȷ": "j", "ɵ": "o", "ʉ": "u",
}  # fmt: skip
"""Latin letters that Unicode does not take apart, and that are no letter with a line through it."""

LINED = regex.compile(r"LATIN SMALL LETTER ([A-Z]) WITH (?:\w+ )?(?:STROKE(?: OVERLAY)?|BAR)")
MARKED = regex.compile(r"(?![йїўѓќ])[\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}]")
"""Scripts in which a letter with a mark is read as that letter; of a few it is another."""
MARKS = regex.compile(
    r"[\p{Script=Inherited}\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}\p{Script=Hebrew}]"
)
NUKTAS = "\u093c\u09bc"


def loose() -> Folds:
    """Every character that the loose view changes."""
    simplified = traditional()
    folds: Folds = {}
    for char in sorted(standing()):
        found = LETTERS.get(char) or _spelling(char)
        if found is None and char in simplified:
            found = simplified[char], "traditional"
        if found is not None:
            folds[char] = found
    return settled(folds)


def _spelling(char: str) -> tuple[str, str] | None:
    """A letter with diacritics, a mark, hiragana or a nukta, as the loose view spells it."""
    spelled = (
        (_plain(char), "diacritic"),
        (_near_arabic(char), "far_letter"),
        (_unmarked(char), "combining"),
        (_katakana(char), "kana"),
        (_no_nukta(char), "nukta"),
    )
    return next(((to, name) for to, name in spelled if to != char), None)


def _near_arabic(char: str) -> str:
    """A letter of another language in Arabic script, as the Arabic letter that it is made of."""
    named = FAR_NAME.fullmatch(unicodedata.name(char, ""))
    if char in FAR_ARABIC or named is None:
        return FAR_ARABIC.get(char, char)
    try:
        return settle(unicodedata.lookup(f"ARABIC LETTER {named[1]}"))
    except KeyError:
        return char


def _plain(char: str) -> str:
    if unicodedata.category(char)[0] != "L" or not MARKED.match(char):
        return char
    return "".join(map(_unlined, bare(char)))


def _unlined(char: str) -> str:
    lined = LINED.fullmatch(unicodedata.name(char, ""))
    return lined[1].lower() if lined else PLAIN.get(char, char)


def _unmarked(char: str) -> str:
    mark = unicodedata.category(char) in ("Mn", "Me") and MARKS.match(char)
    return "" if mark else char


def _katakana(char: str) -> str:
    name = unicodedata.name(char, "")
    if not name.startswith("HIRAGANA"):
        return char
    try:
        return unicodedata.lookup(name.replace("HIRAGANA", "KATAKANA"))
    except KeyError:  # hentaigana and a few archaic letters
        return char


def _no_nukta(char: str) -> str:
    parts = unicodedata.normalize("NFD", char)  # ऩ, ऱ and ऴ are composed, the others never
    plain = "".join(c for c in parts if c not in NUKTAS)
    return char if plain == parts else plain


def traditional() -> dict[str, str]:
    """Traditional -> simplified, OpenCC's first answer; not where that is the letter itself."""
    entries = (line.split("\t") for line in OPENCC.read().splitlines() if line)
    first = {char: answers.split()[0] for char, answers in entries}
    return {a: b for a, b in first.items() if a != b and len(b) == 1 and b in standing()}


def settled(folds: Folds) -> Folds:
    """Each target folded in its turn, so that folding twice changes nothing."""
    done: Folds = {}
    for char, (target, name) in folds.items():
        text = target
        while any(c in folds for c in text):
            text = "".join(folds[c][0] if c in folds else c for c in text)
        done[char] = text, name
    return done
