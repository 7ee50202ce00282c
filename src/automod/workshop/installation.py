"""What is installed here, and whether it is enough."""

from __future__ import annotations

import platform
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from importlib.metadata import PackageNotFoundError, requires, version
from typing import Final

from automod.version import UNICODE, __version__

DISTRIBUTION: Final = "automod-ads"

# What needs each, as a person would say it: the first question when one is missing.
NEEDED: Final[dict[str, tuple[str, str]]] = {
    "ahocorasick-rs": ("ahocorasick_rs", "literal matching"),
    "click": ("click", "this command line"),
    "idna": ("idna", "international domain names"),
    "numpy": ("numpy", "folding"),
    "phonenumberslite": ("phonenumbers", "phone numbers"),
    "publicsuffixlist": ("publicsuffixlist", "registrable domains"),
    "pyahocorasick": ("ahocorasick", "literal matching, second back end"),
    "pydantic": ("pydantic", "reading files"),
    "PyYAML": ("yaml", "reading packages"),
    "regex": ("regex", "patterns"),
    "rich": ("rich", "reports on a terminal"),
}
"""Distribution -> the module it brings, and what that is for."""


@dataclass(frozen=True, slots=True)
class Part:
    """One thing that is looked at: its version, or why it is not there."""

    name: str
    purpose: str
    found: str | None
    needed: bool = True
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class Installation:
    """All parts; `ok` when nothing that is needed is missing or broken."""

    parts: tuple[Part, ...]

    @property
    def ok(self) -> bool:
        """Whether everything that is needed works."""
        return all(part.problem is None or not part.needed for part in self.parts)


def installation() -> Installation:
    """What is installed: versions, back ends tried out, extras present or missing.

    >>> installation().ok
    True
    """
    return Installation((*_ground(), *map(_dependency, NEEDED), *_backends(), *_extras()))


def _ground() -> Iterator[Part]:
    supported = sys.version_info >= (3, 11)
    yield Part("automod", "this library", __version__)
    problem = None if supported else "automod needs Python 3.11 or newer"
    yield Part("Python", platform.platform(), platform.python_version(), problem=problem)
    yield Part("Unicode", "folding tables", UNICODE)


def _dependency(name: str) -> Part:
    module, purpose = NEEDED[name]
    try:
        import_module(module)
        return Part(name, purpose, version(name))
    except PackageNotFoundError:
        return Part(name, purpose, "unknown version")
    except ImportError as error:
        return Part(name, purpose, None, problem=f"cannot be imported: {error}")


def _backends() -> Iterator[Part]:
    """Each back end of literal matching, made to find something."""
    from automod.match.literals import BACKENDS, build
    from automod.text.fold import FoldedText

    pattern, text = FoldedText(" casino "), FoldedText(" the casino ")

    for backend in BACKENDS:
        try:
            found = build([pattern], backend)(text)
            problem = None if found else "finds nothing"
        except Exception as error:  # noqa: BLE001 - whatever is wrong with it is the answer
            problem = f"{type(error).__name__}: {error}"
        yield Part(
            f"back end {backend}", "tried out", None if problem else "works", problem=problem
        )


def _extras() -> Iterator[Part]:
    """The extras that the installed distribution names, and what each is missing."""
    wanted: dict[str, list[str]] = {}
    try:
        lines = requires(DISTRIBUTION) or []
    except PackageNotFoundError:
        return
    for line in lines:
        requirement, _, marker = line.partition(";")
        if "extra" in marker:
            extra = marker.split("extra")[1].strip(" =\"')(")
            wanted.setdefault(extra, []).append(requirement.strip())
    for extra, requirements in sorted(wanted.items()):
        missing = [one for one in map(_distribution, requirements) if not _is_installed(one)]
        problem = f"missing: {', '.join(missing)}" if missing else None
        found = None if missing else "present"
        yield Part(f"extra {extra}", "optional", found, needed=False, problem=problem)


def _distribution(requirement: str) -> str:
    end = next((k for k, char in enumerate(requirement) if char in " <>=!~[("), len(requirement))
    return requirement[:end]


def _is_installed(name: str) -> bool:
    try:
        version(name)
    except PackageNotFoundError:
        return False
    return True
