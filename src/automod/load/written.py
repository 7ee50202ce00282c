"""Tree -> validated model, without what is faulty, so that one fault hides no other."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from pydantic import BaseModel, ValidationError

from automod.errors import Location

from .faults import Faults, Path, add_errors, plain_path

Model = TypeVar("Model", bound=BaseModel)

Pattern = tuple[type, ...]
"""A shape of paths: `(str, int)` is an entry of a list under a key."""


class Placed(Protocol):
    """What a file holds, and where each part of it lies: a YAML file, or sheets of a workbook."""

    @property
    def file(self) -> str:
        """The file's name."""

    @property
    def data(self) -> Any:
        """Texts, lists and mappings, for the models."""

    @property
    def broken(self) -> frozenset[Path]:
        """Paths that have a fault already."""

    def at(self, path: Path, is_key: bool = False) -> Location:
        """The place of a path (or of its key); of the nearest thing above it that exists."""


@dataclass(frozen=True, slots=True)
class Read:
    """What could be read of a file.

    `kept` has, for each list something was left out of, the original index of each entry that
    stayed; `dropped` has the paths that were left out.
    """

    tree: Placed
    kept: dict[Path, list[int]]
    dropped: frozenset[Path]

    def at(self, path: Path, is_key: bool = False) -> Location:
        """The place of a path of the validated model."""
        return self.tree.at(self.original(path), is_key)

    def original(self, path: Path) -> Path:
        """The path in the file of a path of the validated model."""
        original: list[int | str] = []
        for step in path:
            original.append(self._original(tuple(original), step))
        return tuple(original)

    def _original(self, above: Path, step: int | str) -> int | str:
        known = self.kept.get(above)
        if known is None or not isinstance(step, int) or step >= len(known):
            return step
        return known[step]


def validate(
    tree: Placed,
    model: type[Model],
    faults: Faults,
    parts: Iterable[Pattern] = (),
    stand_ins: Mapping[str, Any] | None = None,
) -> tuple[Model | None, Read]:
    """The model of a file; when it is faulty, the model of the rest of it.

    Args:
        tree: The file.
        model: What it is read as.
        faults: Where the faults go.
        parts: What may be left out alone, besides a key of the file: `(str, int)`, an entry.
        stand_ins: Values for keys that are required and missing or faulty.
    """
    whole = Read(tree, {}, frozenset())
    broken = set(tree.broken)
    try:
        found = model.model_validate(tree.data)
        if not broken:
            return found, whole
    except ValidationError as error:
        add_errors(faults, error, model, whole.at, tree.broken)
        broken |= {plain_path(detail["loc"]) for detail in error.errors(include_url=False)}
    return _rest(tree, model, broken, (*parts, (str,)), stand_ins or {})


def _rest(
    tree: Placed,
    model: type[Model],
    broken: set[Path],
    parts: tuple[Pattern, ...],
    stand_ins: Mapping[str, Any],
) -> tuple[Model | None, Read]:
    units = frozenset(_unit(path, parts) for path in broken)
    kept: dict[Path, list[int]] = {}
    data = _without(tree.data, (), units, kept)
    read = Read(tree, kept, units)
    if not isinstance(data, dict) or () in units:
        return None, read
    try:
        return model.model_validate({**stand_ins, **data}), read
    except ValidationError:
        return None, read


def _unit(path: Path, parts: tuple[Pattern, ...]) -> Path:
    """The smallest part around a path that may be left out; the whole file, if none may."""
    fits = [part for part in parts if _begins_like(path, part)]
    return path[: max(map(len, fits), default=0)]


def _begins_like(path: Path, part: Pattern) -> bool:
    return len(path) >= len(part) and all(map(isinstance, path, part))


def _without(data: Any, path: Path, units: frozenset[Path], kept: dict[Path, list[int]]) -> Any:
    if isinstance(data, dict):
        return {
            key: _without(value, (*path, key), units, kept)
            for key, value in data.items()
            if (*path, key) not in units
        }
    if isinstance(data, list):
        stay = [i for i in range(len(data)) if (*path, i) not in units]
        if len(stay) < len(data):
            kept[path] = stay
        return [_without(data[i], (*path, i), units, kept) for i in stay]
    return data
