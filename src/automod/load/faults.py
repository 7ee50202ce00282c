"""Faults: gathered over all files, and made of what pydantic says."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from difflib import get_close_matches
from functools import lru_cache
from typing import Any, Final, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from automod.errors import Fault, Location
from automod.model.scalars import FAULT, NO_KEY, shown

from .cell_words import WORDS_AR

Path = tuple[int | str, ...]
"""Where a value lies in what a file holds: keys and indices."""

_MOST_CHOICES = 400
_LONGEST_WORD = 60
_MOST_HINTED = 200


class Faults:
    """Gathers every fault, so that the first hides no other."""

    def __init__(self) -> None:
        self.found: list[Fault] = []

    @property
    def hinting(self) -> bool:
        """Whether a hint is still looked for: in a file with so many faults it costs too much."""
        return len(self.found) < _MOST_HINTED

    def add(
        self,
        place: Location,
        message: str,
        hint: str | None = None,
        near: tuple[str, Iterable[str]] | None = None,
        code: str = "",
    ) -> None:
        """Keep one more fault; `near` is a word and what it may have been meant for.

        `code` is what sort of fault it is, in a word: the linter tells of each sort why it matters.
        """
        if near is not None and self.hinting:
            hint = did_you_mean(*near) or hint
        self.found.append(Fault(place, message, hint or None, code))


def did_you_mean(word: str, choices: Iterable[str]) -> str | None:
    """A hint that names the choice `word` is nearest to, or None.

    >>> did_you_mean("keywrod", ["keyword", "phrase"])
    "did you mean 'keyword'?"
    """
    if len(word) > _LONGEST_WORD:
        return None
    near = _nearest(word, frozenset(choices))
    return None if near is None else f"did you mean {near!r}?"


@lru_cache(maxsize=4096)
def _nearest(word: str, choices: frozenset[str]) -> str | None:
    start = word.casefold()[:2]
    if len(choices) > _MOST_CHOICES:
        # Comparing with 100,000 ids takes a second a fault: look only at those that begin alike.
        alike = sorted(one for one in choices if one[:2].casefold() == start)
        choices = frozenset(alike[:_MOST_CHOICES])
    folded = {choice.casefold(): choice for choice in sorted(choices, reverse=True)}
    near = get_close_matches(word.casefold(), folded, n=1, cutoff=0.7)
    return folded[near[0]] if near else None


def reword(
    error: ErrorDetails, model: type[BaseModel], *, hinting: bool = True
) -> tuple[Path, bool, str, str | None]:
    """What pydantic says, in our words.

    Returns:
        The path it is about, whether it is about the key itself, the message, the hint.
    """
    path = plain_path(error["loc"])
    context = error.get("ctx", {})
    last = path[-1] if path else ""
    if error["type"] == FAULT:
        is_key = error["loc"][-1:] == ("[key]",)
        return _ours(path, is_key, context, model, hinting)
    if error["type"] == "extra_forbidden":
        return path, True, *_unknown(str(last), path[:-1], model, hinting)
    if error["type"] == "missing":
        return path[:-1], False, f"{str(last)!r} is missing", None
    return path, False, *_worded(error, str(last), context, hinting)


def _ours(
    path: Path, is_key: bool, context: dict[str, Any], model: type[BaseModel], hinting: bool
) -> tuple[Path, bool, str, str | None]:
    message, hint, key = context["message"], context["hint"] or None, context["key"]
    if message.endswith(NO_KEY):
        return path, True, *_unknown(str(path[-1]), path[:-1], model, hinting)
    return (*path, key) if key else path, is_key, message, hint


def plain_path(loc: tuple[int | str, ...]) -> Path:
    """A pydantic `loc` without the names of union members, which are in angle brackets."""
    return tuple(step for step in loc if not (isinstance(step, str) and _MEMBER.search(step)))


def dotted(place: Location) -> Callable[[Path, bool], Location]:
    """How JSON tells a place inside an object: the object's own, and the path as a header.

    >>> str(dotted(Location("cases.jsonl", 3))(("labels", 0, "by"), False))
    'cases.jsonl:3, column "labels[0].by"'
    """

    def at(path: Path, _is_key: bool) -> Location:
        return replace(place, header=dotted_path(path)) if path else place

    return at


def dotted_path(path: Path) -> str:
    """A path in one word.

    >>> dotted_path(("labels", 0, "by"))
    'labels[0].by'
    """
    steps = (f"[{step}]" if isinstance(step, int) else f".{step}" for step in path)
    return "".join(steps).removeprefix(".")


_MEMBER = re.compile(r"^<\w+>$|^\[key\]$")


def _unknown(key: str, path: Path, model: type[BaseModel], hinting: bool) -> tuple[str, str | None]:
    keys = keys_at(model, path)
    if key in keys:
        return (
            f"{shown(key)} cannot stand here",
            "a table stands alone; 'defaults' hold for its rows",
        )
    return f"{shown(key)} {NO_KEY}", did_you_mean(key, keys) if hinting else None


_ARTICLES = {
    "action": "an action",
    "present": "a label",
    "complete": "yes or no",
    "known": "one of the known words",
}
_SHAPES: dict[str, str] = {
    "tuple_type": "a list",
    "list_type": "a list",
    "dict_type": "a mapping of names to values",
    "model_type": "a mapping of keys to values",
    "model_attributes_type": "a mapping of keys to values",
    "string_type": "one text",
    "string_unicode": "text: it holds half a character (a lone surrogate)",
    "int_type": "a whole number",
    "float_type": "a number",
    "bool_type": "true or false",
}


def _worded(
    error: ErrorDetails, key: str, context: dict[str, Any], hinting: bool
) -> tuple[str, str | None]:
    kind, value = error["type"], shown(error["input"])
    if kind == "literal_error":
        choices = _choices(key, str(error["input"]), str(context["expected"]))
        named = _ARTICLES.get(key, f"a {key}")
        near = did_you_mean(str(error["input"]), choices) if hinting else None
        hint = near or f"one of: {', '.join(choices)}"
        return f"{value} is not {named}", hint
    if kind == "string_too_short":
        return f"{key!r} is empty", None
    if kind == "string_too_long":
        return f"{value} is longer than {context['max_length']} characters", None
    if kind in _SHAPES:
        return f"{value} is not {_SHAPES[kind]}", None
    return f"{value}: {error['msg'][:1].lower()}{error['msg'][1:]}", None


def _choices(key: str, written: str, expected: str) -> list[str]:
    """What may stand under a key, in the writer's language where it has words for it."""
    choices: list[str] = re.findall(r"'([^']*)'", expected)
    words = {} if written.isascii() else WORDS_AR.get(key, {})
    return [words.get(choice, choice) for choice in choices]


def keys_at(model: type[BaseModel], path: Path) -> tuple[str, ...]:
    """The keys that may be written at a path inside what `model` reads."""
    models = {model}
    for step in path:
        models = set().union(*(_inside(one, step) for one in models))
    return tuple(sorted(
        field.alias or name for one in models for name, field in one.model_fields.items()
    ))  # fmt: skip


def _inside(model: type[BaseModel], step: int | str) -> set[type[BaseModel]]:
    if isinstance(step, int):
        return {model}
    for name, field in model.model_fields.items():
        if step == (field.alias or name):
            return _models_of(field.annotation)
    return {model}


def _models_of(hint: Any) -> set[type[BaseModel]]:
    """The models a type speaks of; a list of them or a mapping to them counts as them."""
    if isinstance(hint, type) and get_origin(hint) is None:
        return {hint} if issubclass(hint, BaseModel) else set()
    return set().union(*(_models_of(one) for one in get_args(hint)), set())


def _within(path: Path, above: Path) -> bool:
    return path[: len(above)] == above


def add_errors(
    faults: Faults,
    error: ValidationError,
    model: type[BaseModel],
    at: Callable[[Path, bool], Location],
    known: frozenset[Path] = frozenset(),
) -> None:
    """Keep what pydantic found, each at its place.

    Args:
        faults: Where they go.
        error: What validation raised.
        model: What it was validated as.
        at: The place of a path; of the key itself when the second argument is true.
        known: Paths that have a fault already: nothing is said of them twice.
    """
    for detail in error.errors(include_url=False):
        path = plain_path(detail["loc"])
        if any(_within(path, one) or _within(one, path) for one in known):
            continue
        place, is_key, message, hint = reword(detail, model, hinting=faults.hinting)
        sort = "unknown_key" if is_key else _SORTS.get(detail["type"], "bad_value")
        faults.add(at(place, is_key), message, hint, code=sort)


_SORTS: Final = {"missing": "missing"}
"""What sort of fault an error of pydantic is; any other is a value that its key does not take."""
