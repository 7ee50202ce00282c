"""AM209: letters that no language of the package is written in."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np

from automod.load.writing import (
    ARABIC,
    CJK,
    CYRILLIC,
    GREEK,
    HANGUL,
    HEBREW,
    LATIN,
    LONG,
    OTHER,
    SOUTH_EAST,
    scripts_of_language,
)  # fmt: skip
from automod.workshop.lint.check import Check, Found, World
from automod.workshop.lint.told import told

_TOLD: Final = ARABIC | HEBREW | CYRILLIC | GREEK | CJK | HANGUL | SOUTH_EAST | OTHER
_IN_LATIN: Final = frozenset({
    "az", "ca", "cs", "da", "de", "en", "es", "et", "fi", "fil", "fr", "ha", "hr", "hu", "id", "ig",
    "is", "it", "lt", "lv", "ms", "nb", "nl", "nn", "no", "pl", "pt", "ro", "sk", "sl", "so", "sq",
    "sv", "sw", "tl", "tr", "vi", "yo", "zu",
})  # fmt: skip
"""Languages in Latin letters; of any other that is not known nothing is told."""


def _look(world: World) -> Iterator[Found]:
    for wording in world.wordings:
        languages = wording.source.package.languages
        if not languages or not wording.sound or not all(map(_is_known, wording.languages)):
            continue
        writings = wording.writings & (LONG - 1)
        foreign = {one: _is_foreign(one, languages) for one in np.unique(writings).tolist()}
        if not any(foreign.values()):
            continue
        for number in wording.sound:
            if foreign[int(writings[number])]:
                yield told(wording, number, languages=", ".join(languages))


def _is_known(language: str) -> bool:
    return language in _IN_LATIN or scripts_of_language(language) != LATIN


def _is_foreign(writing: int, languages: tuple[str, ...]) -> bool:
    """Whether none of some languages is written in these letters.

    Latin letters are in every language's texts.
    """
    scripts = [scripts_of_language(one) for one in languages]
    # Chinese is spelt in Bopomofo too, which has no bit of its own.
    letters = writing & _TOLD & ~(OTHER if any(one & CJK for one in scripts) else 0)
    return bool(letters) and not any(one & letters for one in scripts)


CHECK = Check(
    code="AM209",
    name="wrong_script",
    severity="warning",
    title={
        "en": "letters that no language of the package is written in",
        "ar": "حروف لا تُكتب بها أي لغة من لغات الحزمة",
    },
    why={
        "en": "A word in another script slipped into the list, or the package does not name all "
        "of its languages. Inflection and boundary follow from the language, so the word is "
        "matched as if nobody knew it. Name the language, or move the word.",
        "ar": "تسللت كلمة بكتابة أخرى إلى القائمة، أو أن الحزمة لا تذكر كل لغاتها. والتصريف "
        "والحدود "
        "يُؤخذان من اللغة، فتُطابَق الكلمة كأن لا أحد يعرفها. أضف اللغة أو انقل الكلمة.",
    },
    message={
        "en": "{value} is in letters of none of the package's languages ({languages}); "
        "add its language, or move it",
        "ar": "{value} مكتوبة بحروف لا تُكتب بها أي من لغات الحزمة ({languages})؛ أضف لغتها أو "
        "انقلها",
    },
    look=_look,
)
