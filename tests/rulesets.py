"""Small rulesets built by hand, for tests that are about matching and not about files."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final, Literal, get_args

from automod.model.ruleset import Material, Package, PolicyCode, PolicyTable, Row, Ruleset
from automod.model.vocabulary import Boundary, Kind, View

if TYPE_CHECKING:
    from automod.engine.engine import Engine
    from automod.model.decision import Hit

Backend = Literal["ahocorasick-rs", "pyahocorasick"]
BACKENDS: Final[tuple[Backend, ...]] = get_args(Backend)
CODE: Final = "GMB.REAL"
OTHER: Final = "WGT.PROD"
ON: Final = "2026-11-20"
"""The day on which every test decides."""


def code(name: str) -> PolicyCode:
    """A policy code that is prohibited everywhere."""
    default = Row(id=f"{name}/default", market=None, stances=("prohibited",), ground="platform")
    return PolicyCode(name, {"en": name}, "high", default)


TABLE: Final = PolicyTable(codes={CODE: code(CODE), OTHER: code(OTHER)})


def material(
    value: str, kind: Kind = "keyword", boundary: Boundary = "word", *,
    name: str = "p/m", gap: int = 0, view: View = "safe", weight: float = 0.6,
) -> Material:  # fmt: skip
    """A material of the package `p`, acting everywhere."""
    return Material(
        id=name,
        kind=kind,
        value=value,
        boundary=boundary,
        gap=gap,
        view=view,
        weight=weight,
        policies=(CODE,),
    )


def package(materials: Iterable[Material], name: str = "p") -> Package:
    """A package of one code."""
    ordered = tuple(sorted(materials, key=lambda m: m.id))
    return Package(name=name, version="1", owner="tests", policies=(CODE,), materials=ordered)


def ruleset(*packages: Package) -> Ruleset:
    """Packages with the small policy table."""
    return Ruleset(packages=tuple(sorted(packages, key=lambda p: p.name)), policies=TABLE)


def of(materials: Iterable[Material]) -> Ruleset:
    """A ruleset of one package `p`; materials without an id of their own are numbered."""
    numbered = [
        replace(m, id=f"p/m{index:04}") if m.id == "p/m" else m for index, m in enumerate(materials)
    ]
    return ruleset(package(numbered))


def engine(materials: tuple[Material, ...], backend: Backend) -> Engine:
    """The compiled engine of a few materials; rows that share materials share it."""
    from automod.engine.compile import compile

    key = (repr(materials), backend)
    if key not in _ENGINES:
        _ENGINES[key] = compile(of(materials), backend=backend)
    return _ENGINES[key]


_ENGINES: dict[tuple[str, str], Engine] = {}


def creative(text: str | dict[str, Any], **more: Any) -> dict[str, Any]:
    """A creative with one text field `body`, in one market, as callers pass it."""
    fields = text if isinstance(text, dict) else {"body": text}
    return {"id": "c1", "markets": ["SA"], "text": fields} | more


def places(hits: Iterable[Hit]) -> set[tuple[str, int | None, int | None]]:
    """Where the materials hit: (material, start, end)."""
    return {(hit.material, hit.start, hit.end) for hit in hits}
