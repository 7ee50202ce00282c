"""Evaluations that were kept, and the gates that they are held to."""

from __future__ import annotations

import os
from functools import lru_cache
from pathlib import Path as FilePath
from typing import Any, Final

from pydantic import TypeAdapter, ValidationError
from pydantic_core import PydanticCustomError

from automod.errors import InputError, LoadError
from automod.model.evaluation import Evaluation
from automod.model.gates import Gates
from automod.model.scalars import parse_json, shown

from .faults import Faults, dotted_path, plain_path
from .files import MAX_YAML_BYTES, decode, read_bytes
from .written import validate
from .yaml_tree import read_tree

MAX_RUN_BYTES: Final = 2 * 1024 * 1024 * 1024
EVALUATION_SCHEMA: Final = 1
_PARTS: Final = ((str, int),)


def load_run(path: str | os.PathLike[str]) -> Evaluation:
    """An evaluation, as `Evaluation.to_dict` gives it, of a JSON file.

    Args:
        path: the file.

    Raises:
        InputError: it cannot be read, is of another schema, or is no evaluation.
    """
    name, faults = os.fspath(path), Faults()
    data = read_bytes(FilePath(path), name, MAX_RUN_BYTES, faults)
    decoded = None if data is None else decode(data, name, faults, windows=False)
    if decoded is None:
        raise InputError(str(faults.found[0]))
    try:
        found = parse_json(decoded.text)
    except PydanticCustomError as error:
        raise InputError(f"{name}: {error.message()}") from None
    if not isinstance(found, dict) or "slices" not in found:
        raise InputError(f"{name}: is no evaluation; write one with: automod eval -o run.json")
    if found.get("schema") != EVALUATION_SCHEMA or isinstance(found["schema"], bool):
        told = shown(found.get("schema"))
        raise InputError(
            f"{name}: is an evaluation of schema {told}; this automod reads {EVALUATION_SCHEMA}"
        )
    return _evaluation(found, name)


def _evaluation(found: dict[str, Any], name: str) -> Evaluation:
    try:
        return _adapter().validate_python(found)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = dotted_path(plain_path(first["loc"]))
        more = f" (and {error.error_count() - 1} more)" if error.error_count() > 1 else ""
        raise InputError(f"{name}: is no evaluation: {place}: {first['msg']}{more}") from None


@lru_cache(maxsize=1)
def _adapter() -> TypeAdapter[Evaluation]:
    return TypeAdapter(Evaluation)


def load_gates(path: str | os.PathLike[str]) -> Gates:
    """The gates of a YAML file.

    Args:
        path: the file, `gates.yaml` by custom.

    Raises:
        LoadError: every fault of the file, with its place.

    >>> import tempfile
    >>> file = FilePath(tempfile.mkdtemp()) / "gates.yaml"
    >>> _ = file.write_text("gates: [{name: all, recall: {low: 0.8}}]")
    >>> load_gates(file).gates[0].promises
    (Promise(measure='recall', bound='low', limit=0.8),)
    """
    name, faults = os.fspath(path), Faults()
    data = read_bytes(FilePath(path), name, MAX_YAML_BYTES, faults)
    decoded = None if data is None else decode(data, name, faults, windows=False)
    tree = None if decoded is None else read_tree(decoded.text, name, faults)
    if tree is None:
        raise LoadError(faults.found)
    found, read = validate(tree, Gates, faults, _PARTS)
    first: dict[str, int] = {}
    for number, gate in enumerate(() if found is None else found.gates):
        if gate.name in first:
            place = read.at(("gates", number, "name"))
            line = read.at(("gates", first[gate.name], "name")).line
            faults.add(place, f"a second gate {gate.name!r} (first in line {line})")
        first.setdefault(gate.name, number)
    if faults.found or found is None:
        raise LoadError(faults.found)
    return found
