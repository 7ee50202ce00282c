"""The JSON of a decision as a pydantic model: what `model.decision` has, all of it and no more."""

from __future__ import annotations

from functools import lru_cache
from types import NoneType, UnionType
from typing import Annotated, Any, Union, get_args, get_origin, get_type_hints

from pydantic import BaseModel, ConfigDict, Field, PlainValidator, create_model

from .decision import Decision, Hit, MarketOutcome, NotEvaluated, Verdict
from .scalars import SchemaVersion, Written, parse_day, refuse, shown

_Share = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]


class _Form(Written):
    """Read as it is written: nothing is made of a text that should have been a number."""

    model_config = ConfigDict(strict=True)


@lru_cache(maxsize=1)
def decision_form() -> type[BaseModel]:
    """The model of a decision's JSON; it checks a dict, which is then used as it is.

    >>> form = decision_form()
    >>> form.model_validate(Decision("c1", 0, "2026-11-20", "sha256:0", "approve", {}).to_dict())
    Decision(schema_=1, engine={'automod': ...}, creative='c1', ...)
    """
    reason = create_model("Reason", __base__=_Form, code=(str, ...), values=(dict[str, Any], ...))
    verdict = _form(Verdict, score=_Share, threshold=_Share, reason=reason, because=list[_Number])
    hit = _form(
        Hit, n=_Number, start=_Number | None, end=_Number | None, parts=list[_Number],
        confidence=_Share, weight=_Share, box=_Box | None,
    )  # fmt: skip
    parts: dict[str, Any] = {
        "markets": _named(_form(MarketOutcome)), "verdicts": _list(verdict),
        "hits": _list(hit), "not_evaluated": _list(_form(NotEvaluated)),
        "index": _Number, "on": _DayText,
    }  # fmt: skip
    return create_model(
        "Decision", __base__=_Form, schema_=(SchemaVersion, Field(alias="schema")),
        engine=(dict[str, str], ...), **_fields(Decision, parts),
    )  # fmt: skip


def _form(part: type, **said: Any) -> Any:
    """The model of a dataclass; `said`: types that say more than its hints."""
    return create_model(part.__name__, __base__=_Form, **_fields(part, said))


def _fields(part: type, said: dict[str, Any]) -> dict[str, Any]:
    hints = {name: _in_json(hint) for name, hint in get_type_hints(part).items()}
    return {name: (hint, ...) for name, hint in {**hints, **said}.items()}


def _in_json(hint: Any) -> Any:
    """A type as JSON has it: tuples are lists there."""
    origin, within = get_origin(hint), get_args(hint)
    if origin is tuple:
        return _list(_in_json(within[0]))
    if origin in (Union, UnionType):
        return Union[tuple(None if one is NoneType else _in_json(one) for one in within)]  # noqa: UP007 - made here
    return hint


def _list(part: Any) -> Any:
    return list.__class_getitem__(part)


def _named(part: Any) -> Any:
    return dict.__class_getitem__((str, part))


_Number = Annotated[int, Field(ge=0)]
_Box = Annotated[list[int], Field(min_length=4, max_length=4)]


def _day_text(value: object) -> object:
    if isinstance(value, str) and parse_day(value).isoformat() == value:
        return value
    raise refuse(f"{shown(value)} is not a date", "write it as 2026-11-01")


_DayText = Annotated[str, PlainValidator(_day_text)]
