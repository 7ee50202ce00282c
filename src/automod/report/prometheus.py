"""Counters as Prometheus reads them: its text exposition format."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from automod.model.counters import EVERYWHERE, Counters
from automod.model.vocabulary import ACTIONS

MOST: Final = 10_000
"""Series of hits, beyond which they are told by package, and then in all markets together."""
CONTENT_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"
"""The header `Content-Type` of an answer with it."""

Labels = tuple[str, ...]

_HELP: Final[Mapping[str, tuple[str, Labels]]] = {
    "automod_creatives_total": ("Creatives judged, each once.", ("ruleset",)),
    "automod_incomplete_total": (
        "Creatives of which something was not evaluated, each once.", ("ruleset",),
    ),
    "automod_actions_total": ("Creatives by their strictest action.", ("action",)),
    "automod_market_creatives_total": ("Creatives judged, once in each market.", ("market",)),
    "automod_market_incomplete_total": (
        "Creatives of which something was not evaluated, by market.", ("market",),
    ),
    "automod_market_actions_total": ("Creatives by action, by market.", ("market", "action")),
    "automod_hits_total": (
        "Creatives that a material hit, each once.", ("package", "material", "status"),
    ),
    "automod_market_hits_total": (
        "Creatives that a material hit, once in each market.",
        ("package", "material", "market", "status"),
    ),
}  # fmt: skip
"""Name -> what it says, and its labels: no text of an ad, no id of a creative."""


def prometheus_text(counters: Counters, most: int = MOST) -> str:
    r"""The counters of a process, all days together.

    Args:
        counters: as they are now.
        most: series of a kind of hits; where there are more, the label `material` is empty, and
            where there are still more, `market` as well.

    >>> print(prometheus_text(Counters()).splitlines()[0])
    # HELP automod_creatives_total Creatives judged, each once.

    Prometheus, Exposition formats, version 0.0.4.
    """
    held = counters.snapshot()
    series = {**_judged(held), **_hits(held, most)}
    return "".join(line + "\n" for name in _HELP for line in _lines(name, series[name]))


def _judged(held: Counters) -> dict[str, dict[Labels, int]]:
    found: dict[str, dict[Labels, int]] = {name: {} for name in _HELP}
    for (ruleset, _, market), (creatives, incomplete, *actions) in held.judged.items():
        whole = market == EVERYWHERE
        kind, label = ("automod", (ruleset,)) if whole else ("automod_market", (market,))
        _add(found[f"{kind}_creatives_total"], label, creatives)
        _add(found[f"{kind}_incomplete_total"], label, incomplete)
        for action, n in zip(ACTIONS, actions, strict=True):
            by = (action,) if whole else (market, action)
            _add(found[f"{kind}_actions_total"], by, n)
    return found


def _hits(held: Counters, most: int) -> dict[str, dict[Labels, int]]:
    whole: dict[Labels, int] = {}
    apart: dict[Labels, int] = {}
    for (_, _, market, material, _, status), n in held.hits.items():
        package = material.partition("/")[0]
        if market == EVERYWHERE:
            _add(whole, (package, material, status), n)
        else:
            _add(apart, (package, material, market, status), n)
    return {
        "automod_hits_total": _bounded(whole, most, (1,)),
        "automod_market_hits_total": _bounded(apart, most, (1, 2)),
    }


def _bounded(series: dict[Labels, int], most: int, without: Iterable[int]) -> dict[Labels, int]:
    """Labels left empty one after the other, until there are few enough.

    All of a label, and not the smallest series: a counter that comes and goes with its size would
    seem to fall.
    """
    for place in without:
        if len(series) <= most:
            break
        summed: dict[Labels, int] = {}
        for labels, n in series.items():
            _add(summed, (*labels[:place], "", *labels[place + 1 :]), n)
        series = summed
    return series


def _add(counts: dict[Labels, int], labels: Labels, n: int) -> None:
    counts[labels] = counts.get(labels, 0) + n


def _lines(name: str, series: Mapping[Labels, int]) -> Iterator[str]:
    told, labels = _HELP[name]
    yield f"# HELP {name} {told}"
    yield f"# TYPE {name} counter"
    for values in sorted(series):
        pairs = zip(labels, values, strict=True)
        inside = ",".join(f'{label}="{escaped(value)}"' for label, value in pairs)
        yield f"{name}{{{inside}}} {series[values]}"


def escaped(value: str) -> str:
    r"""The value of a label as the format asks for it.

    >>> print(escaped('a "b" \\ c'))
    a \"b\" \\ c
    """
    text = value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    # Half a character, which no UTF-8 can hold.
    return text.encode("utf-8", "backslashreplace").decode()
