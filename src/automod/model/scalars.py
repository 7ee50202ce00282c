"""How one written value becomes a typed one: the same rules for YAML, for cells and for JSON.

A value is read by the type of its field. Text is never guessed at: `NO` is Norway where a market is
asked for, and three letters of text where text is.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import date, datetime
from functools import lru_cache
from typing import Annotated, Any, Final

from pydantic import BaseModel, ConfigDict, PlainSerializer, PlainValidator, StringConstraints
from pydantic_core import PydanticCustomError

from .vocabulary import WEIGHTS

FAULT: Final = "automod"
"""The pydantic error type of everything worded here."""

NO_KEY: Final = "is not a key here"
"""How the fault about an unknown key ends."""

MAX_TEXT: Final = 20_000
"""Characters that one written value may have."""

_NUMBER = re.compile(r"(\d{1,9}(?:[.,]\d{1,12})?|[.,]\d{1,12})\s?(%?)", re.ASCII)
_INTEGER = re.compile(r"\d{1,9}", re.ASCII)
_DAY = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})", re.ASCII)
_LIST_MARKS = re.compile("[;؛،]")
_SHOWN = 60
_TRUE = frozenset({"true", "yes"})
_FALSE = frozenset({"false", "no"})
_OTHER_MARKS = str.maketrans({"٫": ".", "٪": "%", "\u066c": "", "\u200f": "", "\u200e": ""})


class Written(BaseModel):
    """Base of everything a person writes: frozen, and an unknown key is a fault."""

    model_config = ConfigDict(extra="forbid", frozen=True, protected_namespaces=())


def shown(value: object) -> str:
    """A value as a fault quotes it: its repr, cut at 60 characters.

    >>> shown("keywrod"), len(shown("x" * 100))
    ("'keywrod'", 61)
    """
    if isinstance(value, str) and len(value) > _SHOWN:
        value = value[:_SHOWN]
        return repr(value)[: _SHOWN - 1] + "…'"
    text = repr(value)
    return text if len(text) <= _SHOWN + 2 else text[: _SHOWN - 1] + "…"


def refuse(message: str, hint: str | None = None, key: str | None = None) -> PydanticCustomError:
    """The error a validator raises: what is wrong, what would be right, and the key it is about."""
    context = {"message": message, "hint": hint or "", "key": key or ""}
    return PydanticCustomError(FAULT, "{message}", context)


def ascii_digits(text: str) -> str:
    """`text` with every decimal digit in ASCII and Arabic number marks as `.` and `%`.

    >>> ascii_digits("٠٫٩"), ascii_digits("۹۰٪")
    ('0.9', '90%')
    """
    if text.isascii():
        return text
    text = text.translate(_OTHER_MARKS)
    return "".join(str(int(c)) if c.isdecimal() else c for c in text)


def parse_number(value: object) -> float:
    """A number as people write it: `0.9`, `0,9`, `٠٫٩`, `90%`.

    Raises:
        PydanticCustomError: it is no number (a sign and an exponent are not taken either).

    >>> parse_number("0,9"), parse_number("90%"), parse_number("٠٫٩")
    (0.9, 0.9, 0.9)
    """
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return float(value)
    if isinstance(value, str) and len(value) <= 40:
        found = _NUMBER.fullmatch(ascii_digits(value.strip()))
        if found:
            number = float(found[1].replace(",", "."))
            return round(number / 100, 12) if found[2] else number
    raise refuse(f"{shown(value)} is not a number", "write it as 0.9 or 90%")


def parse_share(value: object) -> float:
    """A number from 0 to 1.

    >>> parse_share("85%")
    0.85
    """
    number = parse_number(value)
    if not 0.0 <= number <= 1.0:
        raise refuse(f"{shown(value)} is not from 0 to 1")
    return number


def parse_chance(value: object) -> float:
    """A number above 0, at most 1: the chance of something that did happen.

    >>> parse_chance("1%")
    0.01
    """
    number = parse_share(value)
    if not number:
        raise refuse(f"{shown(value)} is not above 0")
    return number


def parse_weight(value: object) -> float:
    """A weight: a name of `WEIGHTS`, or a number from 0 to 1.

    >>> parse_weight("strong"), parse_weight("0.9")
    (0.9, 0.9)
    """
    return _weight(value) if isinstance(value, str) else _weight_number(value)


# A table has the same few weights in 100,000 rows: this makes reading them three times as fast.
@lru_cache(maxsize=1024)
def _weight(text: str) -> float:
    named = WEIGHTS.get(text.strip())
    return _weight_number(text) if named is None else named


def _weight_number(value: object) -> float:
    try:
        return parse_share(value)
    except PydanticCustomError:
        names = ", ".join(WEIGHTS)
        raise refuse(f"{shown(value)} is not a weight", f"write 0 to 1, or {names}") from None


def parse_count(value: object) -> int:
    """A whole number from 0 on, in any digits.

    >>> parse_count("١٢")
    12
    """
    if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
        return value
    if isinstance(value, str) and len(value) <= 40:
        text = ascii_digits(value.strip())
        if _INTEGER.fullmatch(text):
            return int(text)
    raise refuse(f"{shown(value)} is not a whole number", "write it as 12")


def parse_day(value: object) -> date:
    """A day, `2026-11-01`, in any digits.

    >>> parse_day("٢٠٢٦-١١-٠١")
    datetime.date(2026, 11, 1)
    """
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    if isinstance(value, str) and len(value) <= 40:
        found = _DAY.fullmatch(ascii_digits(value.strip()))
        if found:
            try:
                return date(int(found[1]), int(found[2]), int(found[3]))
            except ValueError:
                raise refuse(f"{shown(value)} is no day of the calendar") from None
    raise refuse(f"{shown(value)} is not a date", "write it as 2026-11-01")


def parse_flag(value: object) -> bool:
    """True for `true` and `yes`, False for `false` and `no`.

    >>> parse_flag("yes")
    True
    """
    if isinstance(value, bool):
        return value
    word = value.strip().lower() if isinstance(value, str) else None
    if word in _TRUE:
        return True
    if word in _FALSE:
        return False
    raise refuse(f"{shown(value)} is neither true nor false")


def parse_texts(value: object) -> tuple[str, ...]:
    """A list of texts: a sequence, a JSON list, or one text split at `;` `؛` `،`.

    >>> parse_texts("SA؛ AE ; KW")
    ('SA', 'AE', 'KW')
    """
    if isinstance(value, str):
        value = _cell_list(value)
    if not isinstance(value, (list, tuple)):
        raise refuse(f"{shown(value)} is not a list")
    return tuple(_item(item) for item in value)


def _cell_list(text: str) -> object:
    if text.startswith("[") and text.endswith("]"):
        return parse_json(text)
    return [part for part in _LIST_MARKS.split(text) if part.strip()]


def _item(item: object) -> str:
    if not isinstance(item, str):
        raise refuse(f"{shown(item)} in a list is not text")
    stripped = item.strip()
    if not stripped:
        raise refuse("a list holds an empty text")
    if len(stripped) > MAX_TEXT:
        raise refuse(f"{shown(item)} is longer than {MAX_TEXT} characters")
    if not stripped.isascii() and has_lone_surrogate(stripped):
        raise refuse(f"{shown(item)} holds half a character (a lone surrogate)")
    return stripped


def has_lone_surrogate(text: str) -> bool:
    """Whether `text` holds half of a character, which no file can be written with.

    >>> has_lone_surrogate(chr(0xD800)), has_lone_surrogate("a")
    (True, False)
    """
    try:
        text.encode()
    except UnicodeEncodeError:
        return True
    return False


def parse_json(text: str) -> Any:
    """What a cell with JSON holds; names written twice and NaN are refused.

    >>> parse_json('{"min_age": 18}')
    {'min_age': 18}
    """
    try:
        return json_decoder().decode(text)
    except PydanticCustomError:
        raise
    except (ValueError, RecursionError) as error:
        why = str(error) if isinstance(error, json.JSONDecodeError) else "it cannot be read"
        raise refuse(f"{shown(text)} is not JSON: {why}") from None


@lru_cache(maxsize=1)
def json_decoder() -> json.JSONDecoder:
    """The decoder of `parse_json`, for what is read piece by piece.

    >>> json_decoder().raw_decode('{"min_age": 18}, {}')
    ({'min_age': 18}, 15)
    """
    return json.JSONDecoder(object_pairs_hook=_once, parse_constant=_no_constant)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise refuse(f"the name {shown(twice)} is written twice in the JSON")
    return found


def _no_constant(name: str) -> None:
    raise refuse(f"{name} is no number of JSON")


def parse_code(value: object) -> str:
    """A policy code, as `GMB.REAL`.

    >>> parse_code("GMB.REAL")
    'GMB.REAL'
    """
    if isinstance(value, str) and _CODE.fullmatch(value.strip()):
        return value.strip()
    raise refuse(f"{shown(value)} is not a policy code", "write it as GMB.REAL")


def parse_codes(value: object) -> tuple[str, ...]:
    """Policy codes, as a list or in a cell; sorted, each once.

    >>> parse_codes("GMB.REAL; FIN.RICH")
    ('FIN.RICH', 'GMB.REAL')
    """
    return tuple(sorted({parse_code(item) for item in parse_texts(value)}))


_CODE = re.compile(r"[A-Z][A-Z0-9_]*(?:\.[A-Z0-9_]+)*", re.ASCII)


def parse_names(value: object) -> tuple[str, ...]:
    """A list of names where order says nothing: sorted, each once.

    >>> parse_names("SA; AE; SA")
    ('AE', 'SA')
    """
    return tuple(sorted(set(parse_texts(value))))


_TAG = re.compile(r"\w[\w.\-]*")
_QUALIFIED = re.compile(r"(?:[a-z0-9][a-z0-9._\-]*/)?\w[\w.\-]*")
_HOW_QUALIFIED: Final = "write it as name or package/name"


def parse_tags(value: object) -> tuple[str, ...]:
    """Tags of a material: names without `/`, `:` or spaces; sorted, each once.

    >>> parse_tags("promise; amount")
    ('amount', 'promise')
    """
    return _all_like(_TAG, parse_names(value), "a tag", "write it as promise")


def parse_tag_references(value: object) -> tuple[str, ...]:
    """Tags a material leans on: `name` or `package/name`; sorted, each once.

    >>> parse_tag_references("contact-ar/cta")
    ('contact-ar/cta',)
    """
    return _all_like(_QUALIFIED, parse_names(value), "a tag", _HOW_QUALIFIED)


def parse_reference(value: object) -> str:
    """One name, `name` or `package/name`.

    >>> parse_reference("contact-ar/cta")
    'contact-ar/cta'
    """
    if isinstance(value, str):
        return _all_like(_QUALIFIED, (value.strip(),), "a name", _HOW_QUALIFIED)[0]
    raise refuse(f"{shown(value)} is not a name", _HOW_QUALIFIED)


def parse_languages(value: object) -> tuple[str, ...]:
    """Language tags, `ar` or `ar-EG`; in their order, the first comes first; each once.

    >>> parse_languages(["en", "ar", "en"])
    ('en', 'ar')
    """
    names = tuple(dict.fromkeys(parse_texts(value)))
    return _all_like(_LANGUAGE, names, "a language", "write it as ar or ar-EG")


_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,3}", re.ASCII)


def _all_like(
    pattern: re.Pattern[str], names: tuple[str, ...], what: str, hint: str
) -> tuple[str, ...]:
    for name in names:
        if len(name) > 200 or not pattern.fullmatch(name):
            raise refuse(f"{shown(name)} is not {what}", hint)
    return names


def _match(pattern: str, what: str, hint: str, longest: int = 100) -> Callable[[object], str]:
    compiled = re.compile(pattern)

    def parse(value: object) -> str:
        text = value.strip() if isinstance(value, str) else ""
        if len(text) > longest or not compiled.fullmatch(text):
            raise refuse(f"{shown(value)} is not {what}", hint)
        return text

    return parse


parse_package_name = _match(r"[a-z0-9][a-z0-9._\-]*", "a package name", "write it as gambling-ar")
parse_id = _match(r"\w[\w.\-]*", "an id", "letters, digits, '.', '_' and '-' only")
parse_version = _match(r"[0-9A-Za-z][0-9A-Za-z._+\-]*", "a version", "write it as 2026.11.1")
parse_language = _match(_LANGUAGE.pattern, "a language", "write it as ar or ar-EG")
parse_market = _match(r"[A-Z][A-Z0-9_\-]*", "a market's name", "write it as SA or US-NV")


def parse_schema_version(value: object) -> int:
    """The version of a format; there is one so far.

    >>> parse_schema_version("1")
    1
    """
    number = parse_count(value)
    if number != 1:
        raise refuse(f"schema {number} is not known", "this automod reads schema 1")
    return number


Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=MAX_TEXT)]
RawText = Annotated[str, StringConstraints(min_length=1, max_length=MAX_TEXT)]
"""Text whose spaces at the ends are kept: a pattern may need them."""

_number_or_text = float | str
_list_or_text = list[str] | str

# What a validator makes a tuple of is a list in JSON: said here, or pydantic warns at each dump.
_Several = Annotated[tuple[str, ...], PlainSerializer(list, return_type=list[str])]


def _several(parse: Callable[[object], tuple[str, ...]]) -> PlainValidator:
    return PlainValidator(parse, json_schema_input_type=_list_or_text)


Weight = Annotated[float, PlainValidator(parse_weight, json_schema_input_type=_number_or_text)]
Share = Annotated[float, PlainValidator(parse_share, json_schema_input_type=_number_or_text)]
Chance = Annotated[float, PlainValidator(parse_chance, json_schema_input_type=_number_or_text)]
Count = Annotated[int, PlainValidator(parse_count, json_schema_input_type=int | str)]
Day = Annotated[
    date,
    PlainValidator(parse_day, json_schema_input_type=date),
    PlainSerializer(date.isoformat, return_type=str),
]
Flag = Annotated[bool, PlainValidator(parse_flag, json_schema_input_type=bool)]
Texts = Annotated[_Several, _several(parse_texts)]
Names = Annotated[_Several, _several(parse_names)]
Codes = Annotated[_Several, _several(parse_codes)]
Tags = Annotated[_Several, _several(parse_tags)]
TagReferences = Annotated[_Several, _several(parse_tag_references)]
Languages = Annotated[_Several, _several(parse_languages)]
Reference = Annotated[str, PlainValidator(parse_reference, json_schema_input_type=str)]
Code = Annotated[str, PlainValidator(parse_code, json_schema_input_type=str)]
Id = Annotated[str, PlainValidator(parse_id, json_schema_input_type=str)]
PackageName = Annotated[str, PlainValidator(parse_package_name, json_schema_input_type=str)]
Version = Annotated[str, PlainValidator(parse_version, json_schema_input_type=str)]
Language = Annotated[str, PlainValidator(parse_language, json_schema_input_type=str)]
MarketName = Annotated[str, PlainValidator(parse_market, json_schema_input_type=str)]
SchemaVersion = Annotated[
    int, PlainValidator(parse_schema_version, json_schema_input_type=int | str)
]
