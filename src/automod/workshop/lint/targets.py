"""Where links, accounts and phone numbers of a package lead, however they are written."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator, Mapping
from functools import partial
from typing import Any, Final

from automod.load.policy_table import PolicyNames
from automod.match.links import (
    DomainTarget,
    Link,
    LinkIndex,
    UrlTarget,
    parse_domain,
    parse_handle,
    parse_url,
)
from automod.match.phones import parse_phone

from .swallow import Claims, Pair, dominates
from .wording import Wording

Target = Any
"""What a value leads to; equal for all its spellings."""

LINKS: Final = ("domain", "url")


def targets(wording: Wording, names: PolicyNames) -> Mapping[int, Target]:
    """What each link, handle and phone number leads to; one that cannot be read is left out.

    `names`: the groups of the policy table.
    """
    found: dict[int, Target] = {}
    for number in wording.of((*LINKS, "handle", "phone")):
        read = _reader(wording, number, names)
        try:
            found[number] = read(wording.values[number])
        except ValueError:
            continue
    return found


def _reader(wording: Wording, number: int, names: PolicyNames) -> Callable[[str], Target]:
    kind = wording.kinds[number]
    if kind == "phone":
        return partial(parse_phone, markets=names.countries(markets_of(wording, number)))
    return {"domain": parse_domain, "url": parse_url, "handle": parse_handle}[kind]


def markets_of(wording: Wording, number: int) -> tuple[str, ...]:
    """The markets and groups that a material is for; none: all."""
    scope = wording.column("scope")[number]
    markets: tuple[str, ...] = scope.markets or wording.source.package.scope.markets
    return markets


def link_pairs(
    wording: Wording, claims: Claims, led: Mapping[int, Target], doubtful: Container[int] = ()
) -> Iterator[Pair]:
    """The links, handles and phones of a package that another of it swallows.

    `doubtful`: what may not stay as it is.
    """
    standing = wording.standing
    for small, candidates in _candidates(wording, led):
        for large in candidates:
            same = led[large] == led[small]
            if large in doubtful or not dominates(standing(large), standing(small), claims):
                continue
            mutual = same and dominates(standing(small), standing(large), claims)
            if mutual and wording.row(large) > wording.row(small):
                continue
            yield Pair(small, large, same)
            break


def _candidates(wording: Wording, led: Mapping[int, Target]) -> Iterator[tuple[int, list[int]]]:
    """Each target, and what hits wherever it does, in the order of rows."""
    numbers = sorted(led, key=wording.row)
    links = [n for n in numbers if wording.kinds[n] in LINKS]
    index = LinkIndex([led[n] for n in links])
    for small in links:
        target: DomainTarget | UrlTarget = led[small]
        path = target.path if isinstance(target, UrlTarget) else ""
        hit = [links[place] for place in index.find(Link(0, 0, target.host, path))]
        # Of sub-domains a url knows nothing.
        wide = [n for n in hit if isinstance(led[n], DomainTarget)]
        usable = wide if isinstance(target, DomainTarget) else hit
        yield small, [large for large in usable if large != small]
    by_target: dict[Target, list[int]] = {}
    for number in numbers:
        if wording.kinds[number] not in LINKS:
            by_target.setdefault(led[number], []).append(number)
    for some in by_target.values():
        for small in some if len(some) > 1 else ():
            yield small, [large for large in some if large != small]
