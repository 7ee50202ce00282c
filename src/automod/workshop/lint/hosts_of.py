"""Hosts that materials name as a whole, and hosts that everybody knows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from importlib.resources import files

from automod.match.links import DomainTarget, UrlTarget, registrable

from .targets import LINKS, Target
from .wording import Wording


def bare_hosts(wording: Wording, led: Mapping[int, Target]) -> Iterator[tuple[int, str]]:
    """The domains, and the urls without a path, that count by themselves; each with its host."""
    for number, target in led.items():
        if wording.kinds[number] not in LINKS or not wording.counts(number):
            continue
        if isinstance(target, DomainTarget) or (isinstance(target, UrlTarget) and not target.path):
            yield number, target.host


def open_hosts(wording: Wording, led: Mapping[int, Target]) -> Iterator[tuple[int, str]]:
    """Those that are public suffixes, or known to everybody."""
    for number, host in bare_hosts(wording, led):
        if registrable(host) is None or is_well_known(host):
            yield number, host


def is_well_known(host: str) -> bool:
    """Whether everybody uses a host.

    >>> is_well_known("facebook.com"), is_well_known("bet365.com")
    (True, False)
    """
    return host in _well_known()


@lru_cache(maxsize=1)
def _well_known() -> frozenset[str]:
    text = files("automod.workshop.lint").joinpath("well_known_domains.txt").read_text("utf-8")
    return frozenset(line for line in text.split("\n") if line and not line.startswith("#"))
