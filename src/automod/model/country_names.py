"""What people write for countries of the Middle East and North Africa, and for a few others.

The codes of ISO 3166-1 (alpha-2, and alpha-3 beside the names), the names in English and in Arabic,
and the abbreviations that are common. It is for questions ('did you mean?') only: nothing is judged
by what it guesses.
"""

from __future__ import annotations

import unicodedata
from typing import Final

from .markets import ISO_3166

_NAMES: Final[dict[str, str]] = {
    "AE": "uae; are; emirates; united arab emirates; u.a.e.; dubai; الإمارات؛ الإمارات العربية "
          "المتحدة؛ دبي",
    "BH": "bhr; bahrain; البحرين",
    "DZ": "dza; algeria; الجزائر",
    "EG": "egy; egypt; مصر",
    "IQ": "irq; iraq; العراق",
    "IR": "irn; iran; إيران",
    "JO": "jor; jordan; الأردن",
    "KW": "kwt; kuwait; الكويت",
    "LB": "lbn; lebanon; لبنان",
    "LY": "lby; libya; ليبيا",
    "MA": "mar; morocco; المغرب",
    "OM": "omn; oman; عمان؛ سلطنة عمان",
    "PS": "pse; palestine; فلسطين",
    "QA": "qat; qatar; قطر",
    "SA": "ksa; sau; saudi; saudi arabia; kingdom of saudi arabia; السعودية؛ المملكة العربية "
          "السعودية",
    "SD": "sdn; sudan; السودان",
    "SY": "syr; syria; سوريا؛ سورية",
    "TN": "tun; tunisia; تونس",
    "YE": "yem; yemen; اليمن",
    "TR": "tur; turkey; türkiye; turkiye; تركيا",
    "GB": "uk; gbr; u.k.; united kingdom; britain; great britain; england; بريطانيا؛ المملكة "
          "المتحدة",
    "US": "usa; u.s.; u.s.a.; united states; america; أمريكا؛ الولايات المتحدة",
    "FR": "fra; france; فرنسا",
    "DE": "deu; germany; ألمانيا",
    "IN": "ind; india; الهند",
    "PK": "pak; pakistan; باكستان",
    "NG": "nga; nigeria; نيجيريا",
}  # fmt: skip
"""Code -> names, apart by semicolons."""

_ARTICLE: Final = "ال"


def _plain(name: str) -> str:
    text = unicodedata.normalize("NFKD", name.strip().casefold())
    letters = "".join(one for one in text if not unicodedata.combining(one))
    return letters.removeprefix(_ARTICLE).replace("ة", "ه").replace("ى", "ي")


_BY_NAME: Final = {
    _plain(name): code
    for code, names in _NAMES.items()
    for name in names.replace("؛", ";").split(";")
}


def country_of(name: str) -> str | None:
    """The code of a country that a name which is no code may stand for.

    >>> country_of("kw"), country_of("الامارات"), country_of("Saudi Arabia"), country_of("Atlantis")
    ('KW', 'AE', 'SA', None)
    """
    code = name.strip().upper()
    if code in ISO_3166:
        return code
    return _BY_NAME.get(_plain(name))
