"""AM214: a national phone number in a package for all markets."""

from __future__ import annotations

from collections.abc import Iterator

from automod.match.phones import PhoneTarget
from automod.workshop.lint.check import Check, Found, World
from automod.workshop.lint.told import told


def _look(world: World) -> Iterator[Found]:
    for wording, led in zip(world.wordings, world.targets, strict=True):
        for number, target in led.items():
            if isinstance(target, PhoneTarget) and target.open:
                yield told(wording, number)


CHECK = Check(
    code="AM214",
    name="phone_without_country",
    severity="warning",
    title={
        "en": "a phone number without its country",
        "ar": "رقم هاتف بلا بلد",
    },
    why={
        "en": "A national number is read in the markets of its package, and this one has none: it "
        "is read in those of each ad. 050 123 4567 is somebody else's phone in every country that "
        "has such numbers. Write it with + and the country code, or say 'markets'.",
        "ar": "يُقرأ الرقم المحلي في أسواق حزمته، وهذه لا أسواق لها، فيُقرأ في أسواق كل إعلان. "
        "والرقم "
        "050 123 4567 هاتف شخص آخر في كل بلد أرقامه كذلك. اكتبه بعلامة + ورمز البلد، أو حدّد "
        "markets.",
    },
    message={
        "en": "{value} is read in every market as a number of that country; "
        "write it with + and the country code, or set 'markets'",
        "ar": "{value} يُقرأ في كل سوق رقمًا من ذلك البلد؛ اكتبه بعلامة + ورمز البلد أو حدّد markets",
    },
    look=_look,
)
