"""Ruleset to Engine."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final
from weakref import WeakValueDictionary

from automod.errors import CompileError
from automod.match.literals import Backend
from automod.model.canonical import (
    digest,
    digest_canonical,
    encoded,
    read_canonical,
    remember_digest,
)
from automod.model.columns import column
from automod.model.quick import nothing_collected
from automod.model.ruleset import Ruleset
from automod.text import language
from automod.version import UNICODE

from .engine import Engine

VERSIONS: Final = {"folding": f"3+unicode-{UNICODE}", "semantics": "8"}
"""Part of the digest: another folding or meaning of "matches" is another ruleset."""

# An unpickled engine is the one this process already has: workers get many pickles of one ruleset.
_ENGINES: WeakValueDictionary[tuple[str, Backend, frozenset[str] | None, bool], Engine] = (
    WeakValueDictionary()
)


def compile(  # noqa: A001 - the public verb of design: automod.compile
    ruleset: Ruleset,
    backend: Backend = "ahocorasick-rs",
    only: Iterable[str] | None = None,
    *,
    isolated: bool = False,
) -> Engine:
    """Compile a ruleset into an engine that scans and decides.

    Args:
        ruleset: what `automod.load` returned.
        backend: the literal matcher, `ahocorasick-rs` (scans fast) or `pyahocorasick`; the answers
            are the same.
        only: ids (`package/material`) of the materials to scan for; all when left out. Such an
            engine has a digest of its own, as its decisions rest on less.
        isolated: decode images in a child process with limits of time and memory, as videos always
            are: for files that nobody has opened before. The answers are the same.

    Raises:
        CompileError: an unknown back end, or `only` names what the ruleset does not have.
        MissingExtra: a material has `only_languages`, and the extra `languages` is not installed.
        ValueError: a material's value is none of its kind (a loaded ruleset has no such value).

    >>> from automod.model.ruleset import PolicyTable, Ruleset
    >>> compile(Ruleset((), PolicyTable({}))).scan({"id": "c1", "text": {"body": "hello"}})
    ()
    """
    chosen = None if only is None else _chosen(ruleset, only)
    if any(any(column(package.materials, "only_languages")) for package in ruleset.packages):
        # Now, not at the first hit that asks: workers would find out in the middle of the night.
        language.load_model()
    with nothing_collected():
        versions = VERSIONS if chosen is None else {**VERSIONS, "only": " ".join(sorted(chosen))}
        digest_ = digest(ruleset, versions)
        engine = Engine(ruleset, digest_, backend, chosen, isolated, _restore)
    _ENGINES[engine.digest, backend, chosen, isolated] = engine
    return engine


def _chosen(ruleset: Ruleset, only: Iterable[str]) -> frozenset[str]:
    if isinstance(only, str):
        raise CompileError(f"only is a list of ids, not {only!r}")
    chosen = frozenset(only)
    known = {name for package in ruleset.packages for name in column(package.materials, "id")}
    if not chosen <= known:
        missing = ", ".join(sorted(chosen - known))
        raise CompileError(f"the ruleset has no material {missing}")
    return chosen


def _restore(
    canonical: str, digest_: str, backend: Backend, only: frozenset[str] | None, isolated: bool
) -> Engine:
    held = _ENGINES.get((digest_, backend, only, isolated))
    if held is not None:
        return held
    with nothing_collected():
        data = encoded(canonical)
        ruleset, same = read_canonical(data)
        if same:
            remember_digest(ruleset, VERSIONS, digest_canonical(data, VERSIONS))
        return compile(ruleset, backend, only, isolated=isolated)
