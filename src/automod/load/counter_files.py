"""Files of counts, as `automod scan --counts` and services write them -> counters."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from pydantic import ValidationError
from pydantic_core import PydanticCustomError

from automod.errors import Location
from automod.model.counters import Counters, CountersForm
from automod.model.scalars import parse_json

from .faults import Faults, add_errors, dotted
from .files import read_bytes

_MOST: Final = 2**30
"""Bytes of a file."""


def read_counters(path: Path, name: str, faults: Faults) -> Counters | None:
    """The counters of a JSON file; None, and what is wrong with it, where it holds none.

    Args:
        path: the file.
        name: what it is called in faults.
        faults: takes every fault of it.
    """
    data = read_bytes(path, name, _MOST, faults)
    if data is None:
        return None
    try:
        form = CountersForm.model_validate(parse_json(data.decode("utf-8-sig")))
    except UnicodeDecodeError as error:
        faults.add(Location(name), f"byte {error.start} is not UTF-8")
    except PydanticCustomError as error:
        faults.add(Location(name), error.message())
    except ValidationError as error:
        add_errors(faults, error, CountersForm, dotted(Location(name)), frozenset())
    else:
        return Counters.of_form(form)
    return None
