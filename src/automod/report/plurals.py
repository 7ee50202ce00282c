"""How many there are of something, with the noun as the number asks for it."""

from __future__ import annotations

from typing import Final, Literal

from .labels import LANGS, Lang

Category = Literal["zero", "one", "two", "few", "many", "other"]

_FEW: Final = range(3, 11)
_MANY: Final = range(11, 100)

_ARABIC: Final[dict[str, dict[Category, str]]] = {
    "creatives": {"one": "إعلان واحد", "two": "إعلانان", "few": "{n} إعلانات",
                  "many": "{n} إعلانًا", "other": "{n} إعلان"},
    "examples": {"one": "مثال واحد", "two": "مثالان", "few": "{n} أمثلة",
                 "many": "{n} مثالًا", "other": "{n} مثال"},
    # of ads, which the number before them stands for
    "n.reject": {"two": "{n} مرفوضان", "few": "{n} مرفوضة", "many": "{n} مرفوضًا",
                 "other": "{n} مرفوض"},
    "n.review": {"other": "{n} للمراجعة"},
    "n.restrict": {"two": "{n} مقيّدان", "few": "{n} مقيّدة", "many": "{n} مقيّدًا",
                   "other": "{n} مقيّد"},
    "n.approve": {"two": "{n} موافق عليهما", "few": "{n} موافق عليها",
                  "many": "{n} موافقًا عليه", "other": "{n} موافق عليه"},
    "n.incomplete": {"two": "{n} غير مكتملين", "few": "{n} غير مكتملة",
                     "other": "{n} غير مكتمل"},
}  # fmt: skip
_ENGLISH: Final[dict[str, tuple[str, str]]] = {
    "creatives": ("{n} creative", "{n} creatives"),
    "examples": ("{n} example", "{n} examples"),
    "n.reject": ("{n} rejected", "{n} rejected"),
    "n.review": ("{n} to review", "{n} to review"),
    "n.restrict": ("{n} restricted", "{n} restricted"),
    "n.approve": ("{n} approved", "{n} approved"),
    "n.incomplete": ("{n} incomplete", "{n} incomplete"),
}
"""For one, and for any other number."""

COMMAS: Final = (",", "،")
"""Between the parts of a line, in each of `LANGS`."""


def category(n: int) -> Category:
    """The form that a number asks of an Arabic noun.

    >>> [category(n) for n in (0, 1, 2, 3, 10, 11, 99, 100, 102, 103, 111)]
    ['zero', 'one', 'two', 'few', 'few', 'many', 'many', 'other', 'other', 'few', 'many']

    Unicode CLDR, Language Plural Rules, cardinals of Arabic.
    """
    if n in (0, 1, 2):
        return ("zero", "one", "two")[n]
    rest = n % 100
    return "few" if rest in _FEW else "many" if rest in _MANY else "other"


def counted(key: str, n: int, lang: Lang) -> str:
    """A number with what it counts.

    >>> counted("creatives", 1, "en"), counted("n.reject", 1_200, "en")
    ('1 creative', '1,200 rejected')
    >>> counted("creatives", 2, "ar"), counted("creatives", 12, "ar")
    ('إعلانان', '12 إعلانًا')
    """
    if lang == "en":
        form = _ENGLISH[key][n != 1]
    else:
        forms = _ARABIC[key]
        form = forms.get(category(n), forms["other"])
    return form.format(n=f"{n:,}")


def comma(lang: Lang) -> str:
    """What stands between the parts of a line.

    >>> comma("en"), comma("ar")
    (',', '،')
    """
    return COMMAS[LANGS.index(lang)]
