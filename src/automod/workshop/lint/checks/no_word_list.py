"""AM226: common words could not be looked for."""

from __future__ import annotations

from collections.abc import Iterator

from automod.workshop.lint.check import Check, Found, World
from automod.workshop.lint.word_lists import is_listed, is_there


def _look(world: World) -> Iterator[Found]:
    for wording in world.wordings:
        lacking = [one for one in wording.languages if not is_listed(one)]
        if not wording.text or not (lacking or not is_there()):
            continue
        read = wording.source.file.read
        values = {"languages": ", ".join(lacking) or "*"}
        yield Found(read.at(("languages",)), values, wording.source.name)
        if not is_there():
            return  # one package says it for all


CHECK = Check(
    code="AM226",
    name="no_word_list",
    severity="info",
    title={
        "en": "common words were not looked for",
        "ar": "لم يُبحث عن الكلمات الشائعة",
    },
    why={
        "en": "Whether a word is common is told by lists of the package 'wordfreq', which comes "
        "with the extra 'analyst': pip install 'automod-ads[analyst]'. It has lists of some "
        "forty languages; of the others AM207 and AM208 say nothing.",
        "ar": "يُعرف شيوع الكلمة من قوائم الحزمة wordfreq التي تأتي مع الإضافة analyst: "
        "pip install 'automod-ads[analyst]'. وفيها قوائم لنحو أربعين لغة، أما غيرها فلا يقول عنها "
        "AM207 و AM208 شيئًا.",
    },
    message={
        "en": "there is no list of words for {languages}: common words were not looked for",
        "ar": "لا قائمة كلمات للغات {languages}: لم يُبحث عن الكلمات الشائعة",
    },
    look=_look,
)
