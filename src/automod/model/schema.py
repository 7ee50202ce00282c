"""The published JSON Schema of every format, by name."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Final

from pydantic import BaseModel, TypeAdapter

from .backtest import Backtest
from .case import Case
from .comparison import Comparison
from .counters import CountersForm
from .creative import Creative
from .decision import SCHEMA, Decision
from .drift import Drift, DriftWatch
from .evaluation import Evaluation
from .gates import Gates
from .hitlog import HitRow
from .lint import Lint
from .override import Override
from .package import Package
from .policies import Policies

DRAFT: Final = "https://json-schema.org/draft/2020-12/schema"

_MODELS: Final[Mapping[str, type[BaseModel]]] = {
    "package": Package, "policies": Policies, "override": Override, "creative": Creative,
    "hit_log": HitRow, "case": Case, "gates": Gates,
    "counters": CountersForm,
}  # fmt: skip

SCHEMAS: Final[tuple[str, ...]] = (
    "package", "policies", "override", "creative", "decision", "hit_log", "case", "gates",
    "evaluation", "comparison", "lint", "backtest", "counters",
    "drift", "drift_watch",
)  # fmt: skip
"""The names `schema` knows."""


def schema(name: str) -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of a format; a new dict at each call.

    Raises:
        KeyError: `name` is none of `SCHEMAS`.

    >>> schema("override")["required"]
    ['override', 'target', 'set', 'by', 'ticket']
    """
    if name not in SCHEMAS:
        raise KeyError(name)
    found = _MODELS[name].model_json_schema() if name in _MODELS else _made(name)
    found["title"] = f"automod {name}, schema 1"
    _finish(found)
    if name == "creative":
        found["patternProperties"] = {"^x-": {}}
    if name in _FILES:
        _without_nulls(found)
    return {"$schema": DRAFT, **found}


_FILES: Final = ("package", "policies", "override", "gates")
"""What is read from files, where a null is a fault."""


@lru_cache
def _adapter(name: str) -> TypeAdapter[Any]:
    return TypeAdapter(_RESULTS[name])


_RESULTS: Final[Mapping[str, type]] = {
    "decision": Decision, "evaluation": Evaluation, "comparison": Comparison, "lint": Lint,
    "backtest": Backtest, "drift": Drift, "drift_watch": DriftWatch,
}  # fmt: skip
"""What the machine makes: dataclasses, every key of which is always there."""


def _made(name: str) -> dict[str, Any]:
    found = _adapter(name).json_schema(mode="serialization")
    if name == "decision":
        _as_written(found)
    for part in [found, *found["$defs"].values()]:
        if part.get("type") == "object":
            part["required"] = list(part["properties"])
            part["additionalProperties"] = False
    return found


def _as_written(found: dict[str, Any]) -> None:
    """The two keys that the JSON of a decision has beside its dataclass, and those of a reason."""
    engine = {"type": "object", "additionalProperties": {"type": "string"}}
    found["properties"] = {
        "schema": {"const": SCHEMA}, "engine": engine, **found["properties"],
    }  # fmt: skip
    found["$defs"]["Reason"]["properties"] = {
        "code": {"type": "string"}, "values": {"type": "object"},
    }  # fmt: skip


def _finish(part: Any) -> None:
    """Say `schema` is 1, let only `x-` names through where notes are, drop made-up titles."""
    if isinstance(part, list):
        for one in part:
            _finish(one)
    if not isinstance(part, dict):
        return
    properties = part.get("properties")
    if isinstance(properties, dict):
        if "schema" in properties:
            properties["schema"] = {"const": 1}
        for one in properties.values():
            one.pop("title", None)
        extra = part.get("additionalProperties")
        if isinstance(extra, dict) or extra is True:
            part["patternProperties"] = {"^x-": {}}
            part["additionalProperties"] = False
    for one in part.values():
        _finish(one)


def _without_nulls(part: Any) -> None:
    """Leave out `null` beside other types: a key that has no value is left out of the file."""
    below = part.values() if isinstance(part, dict) else part if isinstance(part, list) else ()
    for one in below:
        _without_nulls(one)
    if not isinstance(part, dict) or "anyOf" not in part:
        return
    types = [one for one in part["anyOf"] if one != {"type": "null"}]
    if len(types) < len(part["anyOf"]):
        part.pop("default", None)
        del part["anyOf"]
        part.update(types[0] if len(types) == 1 else {"anyOf": types})
