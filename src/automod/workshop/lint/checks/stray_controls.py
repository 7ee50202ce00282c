"""AM210: characters in a value that nobody sees."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

import regex

from automod.match.links import parse_domain, parse_url
from automod.text.fold import fold
from automod.workshop.lint.check import Check, Found, World
from automod.workshop.lint.told import told
from automod.workshop.lint.wording import Wording, point_of

_KINDS: Final = ("keyword", "phrase", "regex", "domain", "url", "handle", "phone")
_GAPS: Final = "\t\n\r\x0b\x0c\x85\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f"
_UNSEEN: Final = (
    "\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u034f\u061c\u180e\u200b\u200e\u200f\u202a-\u202e"
    "\u115f\u1160\u17b4\u17b5\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb"
)
_TATWEEL: Final = "\u0640"
_JOINERS: Final = "\u200c\u200d"
# A joiner is spelling between letters of scripts that join, and makes one emoji of several.
_STRAY: Final = regex.compile(
    rf"(?P<gap>[{_GAPS}])|(?P<unseen>[{_UNSEEN}])|(?P<stretch>{_TATWEEL})"
    rf"|(?P<joiner>[{_JOINERS}](?![\p{{L}}\p{{M}}\p{{So}}])|(?<![\p{{L}}\p{{M}}\p{{So}}\p{{Sk}}])"
    rf"[{_JOINERS}]|(?<=[A-Za-z])[{_JOINERS}]|[{_JOINERS}](?=[A-Za-z]))"
    rf"|(?P<spelling>(?<=\p{{Arabic}})[{_JOINERS}](?=\p{{Arabic}}))"
)
_WITHOUT_JOINERS: Final = frozenset({"ar", "en", "fr"})
"""Languages that spell no word with a joiner; Persian, Urdu and Kurdish do, in Arabic letters."""
_SIGNS: Final = re.compile(f"[{_GAPS}{_UNSEEN}{_TATWEEL}{_JOINERS}]".replace("\n", ""))
"""Without the line break, which stands between values when all are searched at once."""


def _look(world: World) -> Iterator[Found]:
    for wording in world.wordings:
        for number in _holding(wording):
            matches = [
                match
                for match in _STRAY.finditer(wording.values[number])
                if _counts(match, wording, number)
            ]
            if matches:
                points = dict.fromkeys(point_of(match.group()) for match in matches)
                clean = _cleaned(wording.values[number], matches)
                fix = wording.edit(number, "value", clean)
                safe = bool(clean) and _is_same(wording, number, clean)
                yield told(wording, number, points=", ".join(points), fix=fix if safe else ())


def _holding(wording: Wording) -> list[int]:
    held = {*wording.holding(_STRAY, _KINDS, _SIGNS), *wording.breaking(_KINDS)}
    return sorted(n for n in held if wording.spoilt.get(n) != "mojibake")


def _counts(match: regex.Match[str], wording: Wording, number: int) -> bool:
    """Whether what was found is stray there: a pattern may hold what a word may not."""
    if wording.kinds[number] == "regex":
        return match.lastgroup == "unseen"
    if match.lastgroup == "spelling":
        return "ar" in wording.languages and _WITHOUT_JOINERS.issuperset(wording.languages)
    exact = wording.column("view")[number] == "exact"
    return not exact or match.lastgroup in ("gap", "unseen")


def _cleaned(value: str, matches: list[regex.Match[str]]) -> str:
    """The value with spaces for gaps, and without the rest."""
    pieces, done = [], 0
    for match in matches:
        pieces += [value[done : match.start()], " " if match.lastgroup == "gap" else ""]
        done = match.end()
    return " ".join("".join([*pieces, value[done:]]).split(" ")).strip()


def _is_same(wording: Wording, number: int, clean: str) -> bool:
    """Whether the clean value matches what the other one matched."""
    kind, value = wording.kinds[number], wording.values[number]
    if wording.column("view")[number] == "exact" or kind == "regex":
        return False
    if kind not in ("domain", "url"):
        return fold(clean).text == fold(value).text
    parse = parse_domain if kind == "domain" else parse_url
    try:
        return parse(clean) == parse(value)
    except ValueError:
        return False


CHECK = Check(
    code="AM210",
    name="stray_controls",
    severity="warning",
    title={
        "en": "characters that nobody sees in a value",
        "ar": "حروف خفية في قيمة",
    },
    why={
        "en": "Zero-width characters, marks of direction, no-break spaces and tatweel come along "
        "when text is copied from a chat or a web page. Most are folded away, so nothing is lost "
        "by taking them out; but the next person who searches the list, or sorts it, does not "
        "find the word. In the view 'exact' and in patterns they do stand in the way.",
        "ar": "المحارف عديمة العرض وعلامات الاتجاه والمسافات غير الفاصلة والتطويل تأتي مع النص "
        "المنسوخ "
        "من محادثة أو صفحة. أغلبها يُطوى عند المطابقة فلا يضيع شيء بحذفها، لكن من يبحث في القائمة "
        "أو "
        "يرتبها لن يجد الكلمة. أما في العرض exact وفي الأنماط فهي تمنع المطابقة فعلًا.",
    },
    message={
        "en": "{value} holds what nobody sees: {points}; take it out",
        "ar": "في {value} حروف خفية: {points}؛ احذفها",
    },
    look=_look,
)
