"""AM205: an allow that says no more than the word it protects."""

from __future__ import annotations

from collections.abc import Iterator

from automod.workshop.lint.allowed import Held, phrase_of
from automod.workshop.lint.check import Check, Found, World
from automod.workshop.lint.wording import Wording, visible


def _look(world: World) -> Iterator[Found]:
    told: set[str] = set()
    for wording, found in zip(world.wordings, world.shadows, strict=True):
        for one in found:
            if not one.whole and one.held.allow.id not in told:
                told.add(one.held.allow.id)
                yield _found(one.held, one.forms[0], wording, one.number)
    for held in world.text_allows:
        if held.allow.id not in told:
            yield from _beside_any_word(held, world)


def _beside_any_word(held: Held, world: World) -> Iterator[Found]:
    """An allow that holds a whole material and, beside it, nothing but any word."""
    phrase = phrase_of(held.material)
    if phrase is None or not any(element.slot == "word" for element in phrase.elements):
        return
    worded = [element for element in phrase.elements if element.slot != "word"]
    if len(worded) != 1 or worded[0].slot:
        return
    said = {" ".join(form) for form in worded[0].forms}
    for wording in world.wordings:
        if wording.source.name not in held.allow.packages:
            continue
        for number, key in enumerate(wording.keys):
            if key in said and wording.kinds[number] == "keyword":
                yield _found(held, key, wording, number)
                return


def _found(held: Held, form: str, wording: Wording, number: int) -> Found:
    place = wording.source.at(number, "value")
    values = {
        "allow": visible(held.material.value),
        "form": visible(form),
        "value": visible(wording.values[number]),
        "place": place,
    }
    return Found(held.place, values, held.package.name, held.allow.id, (place,))


CHECK = Check(
    code="AM205",
    name="wide_allow",
    severity="warning",
    title={
        "en": "an allow says no more than the word it protects",
        "ar": "استثناء لا يقول أكثر من الكلمة التي يحميها",
    },
    why={
        "en": "An allow protects because it is longer than what is risky: 'casino royale' is a "
        "film. One that says the risky word alone, or that word beside any other, switches it off "
        "in every ad. Write the words that make it harmless.",
        "ar": "الاستثناء يحمي لأنه أطول مما هو خطر: «كازينو رويال» فيلم. أما الذي يقول الكلمة "
        "الخطرة "
        "وحدها، أو مع أي كلمة أخرى، فيعطلها في كل إعلان. اكتب الكلمات التي تجعل العبارة بريئة.",
    },
    message={
        "en": "{allow} switches off {form} of {value} ({place}): it says no more than that",
        "ar": "{allow} يعطّل {form} من {value} ({place}): فهو لا يقول أكثر منها",
    },
    look=_look,
)
