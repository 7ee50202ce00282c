"""All checks there are: each module of `checks/`, and those that the frame itself makes."""

from __future__ import annotations

import pkgutil
from collections.abc import Iterable
from functools import lru_cache
from importlib import import_module
from typing import Final

from automod.load.faults import did_you_mean

from . import checks as folder
from .baseline import OVER, STALE
from .check import Check
from .ignores import REASONLESS, UNKNOWN, UNUSED
from .load_faults import OF_LOADING

OF_IGNORES: Final = (UNUSED, UNKNOWN, REASONLESS, STALE, OVER)
"""What the runner itself finds."""


@lru_cache(maxsize=1)
def all_checks() -> tuple[Check, ...]:
    """Every check, in order of the codes.

    Raises:
        ValueError: two have one code or one name, or a module has another name than its check.

    >>> check_of("unused_ignore") in all_checks()
    True
    """
    found = [*OF_LOADING, *_of_modules(), *OF_IGNORES]
    for what in ("code", "name"):
        names = [str(getattr(check, what)) for check in found]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise ValueError(f"two checks have the {what} {', '.join(twice)}")
    return tuple(sorted(found, key=lambda check: check.code))


def _of_modules() -> Iterable[Check]:
    """Those of the modules in `checks/`; what begins with an underscore is no check."""
    for module in sorted(pkgutil.iter_modules(folder.__path__), key=lambda one: one.name):
        if module.name.startswith("_"):
            continue
        check: Check = import_module(f"{folder.__name__}.{module.name}").CHECK
        if check.name != module.name:
            raise ValueError(f"{module.name}.py holds the check {check.name!r}")
        yield check


def check_of(name: str) -> Check:
    """A check by its code or its name.

    Raises:
        KeyError: there is none; the message has the nearest.

    >>> check_of("unused_ignore").code
    'AM901'
    """
    wanted = name.strip().replace("-", "_")
    for check in all_checks():
        if wanted.casefold() in (check.code.casefold(), check.name):
            return check
    known = [name for check in all_checks() for name in (check.code, check.name)]
    hint = did_you_mean(wanted, known)
    raise KeyError(f"there is no check {name!r}" + (f"; {hint}" if hint else ""))


def codes_of(names: Iterable[str]) -> frozenset[str]:
    """The codes that names mean: a code, the beginning of codes (`AM2`), or a name.

    Raises:
        KeyError: a name means none; the message has the nearest.

    >>> codes_of(["AM901"]), codes_of(["unused_ignore"]) <= codes_of(["AM9"])
    (frozenset({'AM901'}), True)
    """
    found: set[str] = set()
    for name in names:
        start = name.strip().upper()
        begun = {check.code for check in all_checks() if check.code.startswith(start)}
        is_start = start.startswith("AM") and len(start) > 2 and begun
        found |= begun if is_start else {check_of(name).code}
    return frozenset(found)
