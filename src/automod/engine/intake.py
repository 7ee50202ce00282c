"""A creative as it comes in: facts, texts to scan, and what cannot be looked at.

Valid dicts go through without pydantic; what is no creative is told apart here, once.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from automod.match.links import Link, split_link
from automod.model.facts import Certificate, Facts

LONGEST: Final = 100_000
"""Characters of a creative that are scanned; what comes after is not evaluated."""

LONGEST_WORD: Final = 200
"""How far back a cut may move so that it falls between words."""

KEYS: Final = frozenset(
    {
        "schema", "id", "markets", "language", "advertiser", "on", "text", "images", "videos",
        "links", "certificates", "targeting", "attributes",
    }
)  # fmt: skip

CERTIFICATE_KEYS: Final = frozenset({"policy", "market", "number", "holder", "from", "until"})

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
    on: str | None = None

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
    if type(creative) is not dict:
        creative = _as_dict(creative)
    keys = creative.keys()
    if not keys <= KEYS:
        _refuse_keys(creative)
    number = creative.get("id")
    if not isinstance(number, str) or not number:
        raise NotACreative(f"the id is {number!r}, not a text")
    texts = creative.get("text") or _NOTHING
    if not isinstance(texts, dict):
        raise NotACreative(f"text is {type(texts).__name__}, not a mapping of fields to texts")
    markets = _markets(creative.get("markets") or ())
    size = 0
    for name, text in texts.items():
        if type(text) is not str or type(name) is not str:
            size = LONGEST + 1
            break
        size += len(text)
    intake = Intake(index, number, markets, [*texts], [*texts.values()], size, [])
    if size > LONGEST or not keys <= _PLAIN_KEYS:
        _read_the_rest(intake, creative)
    return intake


_PLAIN_KEYS: Final = frozenset({"id", "markets", "language", "text"})


def _read_the_rest(intake: Intake, creative: dict[str, Any]) -> None:
    """What few creatives have: facts, links, and texts that are too long or none."""
    _drop_what_is_no_text(intake)
    if not creative.keys().isdisjoint(_FACT_KEYS):
        intake.known = _rich_facts(creative, intake.id, intake.markets)
        intake.on = creative.get("on")
    if creative.get("links"):
        _add_links(intake, creative["links"])
    intake.size = sum(map(len, intake.texts))
    if intake.size > LONGEST:
        _cut(intake)


def _as_dict(creative: Any) -> dict[str, Any]:
    dump = getattr(creative, "model_dump", None)
    if dump is None:
        raise NotACreative(f"a creative is a dict, not {type(creative).__name__}")
    dumped = dump(mode="json", by_alias=True, exclude_none=True, exclude_unset=True)
    return dict(dumped)


def _refuse_keys(creative: dict[str, Any]) -> None:
    unknown = [key for key in creative if key not in KEYS and not str(key).startswith("x-")]
    if unknown:
        raise NotACreative(f"unknown keys: {', '.join(map(repr, unknown))}")


def _markets(written: Any) -> tuple[str, ...]:
    if not isinstance(written, list | tuple):
        raise NotACreative(f"markets is {type(written).__name__}, not a list")
    for market in written:
        if not isinstance(market, str):
            raise NotACreative(f"the market {market!r} is not a text")
    return tuple(written if len(written) == 1 else dict.fromkeys(written))


_FACT_KEYS: Final = frozenset({"advertiser", "certificates", "targeting", "attributes", "on"})


def _rich_facts(creative: dict[str, Any], number: str, markets: tuple[str, ...]) -> Facts:
    advertiser = creative.get("advertiser")
    if advertiser is not None and not isinstance(advertiser, str):
        raise NotACreative(f"the advertiser {advertiser!r} is not a text")
    targeting = creative.get("targeting") or _NOTHING
    attributes = creative.get("attributes") or _NOTHING
    if not isinstance(targeting, dict) or not isinstance(attributes, dict):
        raise NotACreative("targeting and attributes are mappings")
    min_age = targeting.get("min_age")
    if min_age is not None and (type(min_age) is not int or min_age < 0):
        raise NotACreative(f"targeting.min_age is {min_age!r}, not a number of years")
    if creative.get("on") is not None:
        _day(creative["on"], "on")
    certificates = creative.get("certificates") or ()
    if not isinstance(certificates, list | tuple):
        raise NotACreative("certificates is not a list")
    held = tuple(_certificate(one) for one in certificates)
    return Facts(number, markets, advertiser, held, min_age, attributes)


def _certificate(one: Any) -> Certificate:
    if not isinstance(one, dict) or not isinstance(one.get("policy"), str):
        raise NotACreative(f"the certificate {one!r} names no policy")
    if not one.keys() <= CERTIFICATE_KEYS:
        raise NotACreative(f"the certificate {one!r} has unknown keys")
    for key in ("market", "number", "holder"):
        if one.get(key) is not None and not isinstance(one[key], str):
            raise NotACreative(f"the certificate's {key} {one[key]!r} is not a text")
    return Certificate(
        one["policy"],
        one.get("market"),
        one.get("number"),
        one.get("holder"),
        _day(one.get("from"), "from"),
        _day(one.get("until"), "until"),
    )


def _day(value: Any, key: str) -> date | None:
    if value is None:
        return None
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError):
        raise NotACreative(f"{key} is {value!r}, not a date such as 2026-11-20") from None


def _drop_what_is_no_text(intake: Intake) -> None:
    written: list[tuple[Any, Any]] = list(zip(intake.fields, intake.texts, strict=True))
    kept = [pair for pair in written if isinstance(pair[0], str) and isinstance(pair[1], str)]
    if len(kept) == len(written):
        return
    intake.faults += [(str(pair[0]), "text.not_text") for pair in written if pair not in kept]
    intake.fields = [name for name, _ in kept]
    intake.texts = [text for _, text in kept]


def _add_links(intake: Intake, links: Any) -> None:
    if not isinstance(links, list | tuple):
        raise NotACreative(f"links is {type(links).__name__}, not a list")
    intake.links = {}
    for number, url in enumerate(links):
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
