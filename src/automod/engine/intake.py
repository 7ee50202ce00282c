"""A creative as it comes in: facts, texts to scan, and what cannot be looked at.

Valid dicts go through without pydantic; what is no creative is told apart here, once.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from automod.match.links import Link, split_link
from automod.model.facts import Certificate, Facts

LONGEST: Final = 100_000
"""Characters of a creative that are scanned; what comes after is not evaluated."""

MOST_MEDIA: Final = 100
"""Images, and videos, of a creative that are looked at; the rest is not evaluated."""

MOST_FIELDS: Final = 1_000
"""Texts and parts of links of a creative that are scanned; the rest is not evaluated."""

LONGEST_WORD: Final = 200
"""How far back a cut may move so that it falls between words."""

KEYS: Final = frozenset(
    {
        "schema", "id", "markets", "language", "advertiser", "on", "text", "images", "videos",
        "links", "certificates", "targeting", "attributes",
    }
)  # fmt: skip

CERTIFICATE_KEYS: Final = frozenset({"policy", "market", "number", "holder", "from", "until"})

_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
OF_CODE: Final = "code:"
"""How the fields begin that hold what the codes of a picture say."""

READ_OFF_CODES: Final = frozenset({"domain", "url", "handle", "phone"})
"""The kinds of material that a code in a picture may hold."""

_RESERVED: Final = re.compile(r"links\[[0-9]+\]")

_NOTHING: Final[Mapping[str, Any]] = {}


class NotACreative(ValueError):
    """The input is no creative; nothing of it can be looked at."""


@dataclass(slots=True)
class Intake:
    """One creative, ready to scan."""

    index: int
    id: str
    markets: tuple[str, ...]
    fields: list[str]
    texts: list[str]
    size: int
    """Characters of all texts."""
    faults: list[tuple[str, str]]
    """(field, code) of what is not evaluated."""
    known: Facts | None = None
    links: dict[int, Link] | None = None
    """Place in `texts` of a link's host -> the link; its path is the text after it."""
    on: date | None = None
    images: Sequence[tuple[str, Any]] = ()
    """(field, path, bytes or fingerprint) of each image."""
    videos: Sequence[tuple[str, Any]] = ()

    def add_text(self, field: str, text: str) -> None:
        """One more text to scan, as far as there is room; after what the field holds already."""
        if field in self.fields:
            self.texts[self.fields.index(field)] += f"\n{text}"
        else:
            self.fields.append(field)
            self.texts.append(text)
        self.size += len(text)
        if self.size > LONGEST:
            _cut(self)

    @property
    def facts(self) -> Facts:
        """What rules and policy need to know; made when first asked for."""
        if self.known is None:
            self.known = Facts(self.id, self.markets)
        return self.known


def read(creative: Any, index: int) -> Intake:
    """Take a creative apart.

    Raises:
        NotACreative: it is no dict, has no id, or has a key of the wrong kind or name.
    """
    if not isinstance(creative, dict):
        creative = _as_dict(creative)
    number, texts = creative.get("id"), creative.get("text")
    if not isinstance(number, str) or not number:
        what = "missing" if number in (None, "") else f"{number!r}, not a text"
        raise NotACreative(f"the id is {what}")
    if not isinstance(texts, dict):
        texts = _of_kind(creative, "text", dict, _NOTHING)
    markets = _markets(creative)
    plain = creative.keys() <= _PLAIN_KEYS and len(texts) <= MOST_FIELDS
    size = 0
    for name, text in texts.items():
        if type(text) is not str or type(name) is not str or name[:6] == "links[":
            plain = False
            break
        size += len(text)
    intake = Intake(index, number, markets, [*texts], [*texts.values()], size, [])
    if not plain or size > LONGEST or type(creative.get("language")) not in _LANGUAGE:
        _read_the_rest(intake, creative)
    return intake


_LANGUAGE: Final = (str, type(None))
_PLAIN_KEYS: Final = frozenset({"id", "markets", "language", "text"})


def _read_the_rest(intake: Intake, creative: dict[str, Any]) -> None:
    """What few creatives have: facts, links, and texts that are too long, too many or none."""
    _check_keys(creative)
    _keep_what_is_text(intake)
    if not creative.keys().isdisjoint(_FACT_KEYS):
        intake.known = _rich_facts(creative, intake.id, intake.markets)
        intake.on = _day(creative, "on")
    links = _of_kind(creative, "links", (list, tuple), ())
    if links:
        _add_links(intake, links)
    intake.images = _media(intake, creative, "images")
    intake.videos = _media(intake, creative, "videos")
    intake.size = sum(map(len, intake.texts))
    if intake.size > LONGEST:
        _cut(intake)


def _as_dict(creative: Any) -> dict[str, Any]:
    dump = getattr(creative, "as_dict", None)
    if dump is None:
        raise NotACreative(f"a creative is a dict, not {type(creative).__name__}")
    try:
        return dict(dump())
    except Exception as error:  # whatever somebody's object does, the batch goes on
        raise NotACreative(f"its as_dict failed: {error!r}") from error


def _of_kind(creative: dict[str, Any], key: str, kinds: Any, default: Any) -> Any:
    """The value of a key, the default where it is absent or null."""
    value = creative.get(key)
    if value is None:
        return default
    if not isinstance(value, kinds) or isinstance(value, bool):
        raise NotACreative(f"{key} is {type(value).__name__}, which no creative has there")
    return value


def _check_keys(creative: dict[str, Any]) -> None:
    unknown = [key for key in creative if key not in KEYS and not str(key).startswith("x-")]
    if unknown:
        raise NotACreative(f"unknown keys: {', '.join(map(repr, unknown))}")
    if _of_kind(creative, "schema", int, 1) != 1:
        raise NotACreative(f"schema is {creative['schema']!r}; this version reads 1")
    _of_kind(creative, "language", str, "")


def _media(intake: Intake, creative: dict[str, Any], key: str) -> list[tuple[str, Any]]:
    written = _of_kind(creative, key, (list, tuple), ())
    if len(written) > MOST_MEDIA:
        intake.faults.append((f"{key}[{MOST_MEDIA}]", "creative.too_many_media"))
    return [(f"{key}[{n}]", one) for n, one in enumerate(written[:MOST_MEDIA])]


def _markets(creative: dict[str, Any]) -> tuple[str, ...]:
    written = creative.get("markets")
    if type(written) is not list:
        written = _of_kind(creative, "markets", (list, tuple), ())
    if len(written) == 1 and type(written[0]) is str:
        return (written[0],)
    for market in written:
        if not isinstance(market, str):
            raise NotACreative(f"the market {market!r} is not a text")
    return tuple(dict.fromkeys(written))


_FACT_KEYS: Final = frozenset({"advertiser", "certificates", "targeting", "attributes", "on"})


def _rich_facts(creative: dict[str, Any], number: str, markets: tuple[str, ...]) -> Facts:
    targeting = _of_kind(creative, "targeting", dict, _NOTHING)
    if not targeting.keys() <= {"min_age"}:
        raise NotACreative(f"targeting has unknown keys: {sorted(map(str, targeting))}")
    min_age = _of_kind(targeting, "min_age", int, None)
    if min_age is not None and min_age < 0:
        raise NotACreative(f"targeting.min_age is {min_age}, less than nothing")
    certificates = _of_kind(creative, "certificates", (list, tuple), ())
    return Facts(
        number,
        markets,
        _of_kind(creative, "advertiser", str, None),
        tuple(_certificate(one) for one in certificates),
        min_age,
        _of_kind(creative, "attributes", dict, _NOTHING),
    )


def _certificate(one: Any) -> Certificate:
    if not isinstance(one, dict) or not isinstance(one.get("policy"), str):
        raise NotACreative(f"the certificate {one!r} names no policy")
    if not one.keys() <= CERTIFICATE_KEYS:
        raise NotACreative(f"the certificate {one!r} has unknown keys")
    market, number, holder = (
        _of_kind(one, key, str, None) for key in ("market", "number", "holder")
    )
    days = _day(one, "from"), _day(one, "until")
    return Certificate(one["policy"], market, number, holder, *days)


def _day(creative: dict[str, Any], key: str) -> date | None:
    value = creative.get(key)
    if value is None or type(value) is date:
        return value
    try:
        if not isinstance(value, str) or not _DAY.fullmatch(value):
            raise ValueError  # noqa: TRY301 - one sentence for all that is no day
        return date.fromisoformat(value)
    except ValueError:
        raise NotACreative(f"{key} is {value!r}, not a date such as 2026-11-20") from None


def _keep_what_is_text(intake: Intake) -> None:
    """Leave out what is no text, what takes a link's name, and what is too much."""
    kept: list[tuple[str, str]] = []
    written: list[tuple[Any, Any]] = list(zip(intake.fields, intake.texts, strict=True))
    for name, text in written[:MOST_FIELDS]:
        if not isinstance(name, str) or not isinstance(text, str):
            intake.faults.append((str(name), "text.not_text"))
        elif _RESERVED.match(name):
            intake.faults.append((name, "text.reserved_name"))
        else:
            kept.append((name, text))
    if len(written) > MOST_FIELDS:
        intake.faults.append(("*", "creative.too_many_fields"))
    intake.fields = [name for name, _ in kept]
    intake.texts = [text for _, text in kept]


def _add_links(intake: Intake, links: Sequence[Any]) -> None:
    intake.links = {}
    room = max(0, MOST_FIELDS - len(intake.texts)) // 2
    if len(links) > room:
        intake.faults.append(("*", "creative.too_many_fields"))
    for number, url in enumerate(links[:room]):
        link = split_link(url) if isinstance(url, str) else None
        if link is None:
            intake.faults.append((f"links[{number}]", "link.malformed"))
            if isinstance(url, str):
                intake.fields.append(f"links[{number}]")
                intake.texts.append(url)
            continue
        intake.links[len(intake.texts)] = link
        intake.fields += [f"links[{number}].host", f"links[{number}].path"]
        intake.texts += [link.host_text, link.path]


def _cut(intake: Intake) -> None:
    """Scan what fits, and say of the rest that it was not looked at."""
    room = LONGEST
    for place, text in enumerate(intake.texts):
        if len(text) > room:
            intake.texts[place] = text[: max(text.rfind(" ", 0, room), room - LONGEST_WORD, 0)]
            intake.faults.append((intake.fields[place], "text.too_long"))
        room -= len(intake.texts[place])
    intake.size = sum(map(len, intake.texts))
