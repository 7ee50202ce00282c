"""Why an engine decided as it did: the text folded step by step, and why a material did not hit."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from automod.model.columns import picked
from automod.model.decision import Decision
from automod.model.ruleset import Material
from automod.text.lexicon import Lexicon, wanted_of

from .derivation import TEXTUAL, Derivation, derivations
from .engine import Engine
from .intake import NotACreative, read
from .steps import Steps, steps
from .why_not import WhyNot, why_not


@dataclass(frozen=True, slots=True)
class Explanation:
    """How each field was folded, what was decided, and why one material did not count."""

    fields: tuple[Steps, ...]
    decision: Decision
    asked: WhyNot | None = None
    fault: str | None = None
    """Why it is no creative, where it is none."""
    how: tuple[Derivation, ...] = ()
    """The hits of keywords and phrases, taken apart."""


def fault_of(creative: Any) -> str | None:
    """Why something is no creative; None where it is one.

    >>> fault_of({"id": "c1", "colour": "red"})
    "unknown keys: 'colour'"
    """
    try:
        read(creative, 0)
    except NotACreative as error:
        return str(error)
    return None


def explain(
    engine: Engine, creative: Any, material: str | None = None, on: date | None = None
) -> Explanation:
    """How an engine reads a creative, and why one of its materials did not count.

    Args:
        engine: the compiled ruleset.
        creative: a dict or a `Creative`.
        material: the id of a material, rule or allow (`package/id`) that is asked about.
        on: the date to decide for.

    Raises:
        KeyError: the ruleset has nothing of that id.

    >>> from automod.engine.compile import compile
    >>> from automod.model.ruleset import PolicyTable, Ruleset
    >>> engine = compile(Ruleset((), PolicyTable({})))
    >>> creative = {"id": "c1", "markets": ["SA"], "text": {"body": "Free SPINS"}}
    >>> steps = explain(engine, creative).fields[0]
    >>> steps.safe, steps.words, [(one.original, one.fold) for one in steps.changes]
    ('free spins', ('free', 'spins'), [('F', 'case'), ('SPINS', 'case')])
    """
    decision = engine.decide(creative, on)
    try:
        intake = read(creative, 0)
    except NotACreative as error:
        return Explanation((), decision, fault=str(error))
    texts = dict(zip(intake.fields, intake.texts, strict=True))
    materials = _materials(engine, {*(hit.material for hit in decision.hits), material})
    lexicons = [Lexicon(wanted_of(one)) for one in _disguised(materials, decision, material)]
    fields = tuple(steps(field, text, lexicons) for field, text in texts.items())
    how = tuple(derivations(decision.hits, materials, texts))
    asked = None if material is None else why_not(engine, intake, creative, decision, material)
    return Explanation(fields, decision, asked, how=how)


def _materials(engine: Engine, names: Collection[str | None]) -> dict[str, Material]:
    """The materials of these ids, and those of allows."""
    found: dict[str, Material] = {}
    for package in engine.ruleset.packages:
        allowed = [replace(a.material, id=a.id) for a in package.allows if a.material is not None]
        found |= {
            one.id: one
            for part in (package.materials, allowed)
            for one in picked(part, "id", names)
        }
    return found


def _disguised(
    materials: Mapping[str, Material], decision: Decision, asked: str | None
) -> Iterator[Material]:
    """The materials whose words a disguise may hide: those found in one, and what is asked."""
    far = {hit.material for hit in decision.hits if hit.view in ("loose", "evasion")}
    for name, one in materials.items():
        if one.kind in TEXTUAL and (name in far or name == asked):
            yield one
