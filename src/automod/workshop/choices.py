"""What a policy table offers to whoever writes a package: its markets and its codes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from automod.engine.reading import read_source
from automod.load.faults import Faults
from automod.load.files import MAX_YAML_BYTES, decode, read_bytes
from automod.load.ruleset import POLICIES
from automod.load.source import Source
from automod.load.yaml_tree import read_tree

_HIGHEST: Final = 3
"""Folders above a file in which a policy table is looked for."""


@dataclass(frozen=True, slots=True)
class Choices:
    """Names to choose from, in order."""

    markets: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()


def policies_above(*paths: str) -> Path | None:
    """The policy table nearest to some files: beside them, or in a folder above.

    >>> policies_above("rulesets/gambling/package.yaml").name
    'policies.yaml'
    """
    for path in paths:
        here = Path(path).absolute()
        for folder in [here, *here.parents][: _HIGHEST + 1]:
            if (folder / POLICIES).is_file():
                return _named(folder / POLICIES)
    return None


def read_with_table(*paths: str, cache: Path | None = None) -> tuple[Source, Path | None]:
    """What files hold; with the policy table nearest to them, where they have none themselves.

    Args:
        paths: folders and files.
        cache: as for `load`.

    Returns:
        What was read, and the policy table that was found above; None where none was needed, or
        there is none. Nothing else of its folder is read.

    >>> source, table = read_with_table("rulesets/contact")
    >>> table.name, [one.name for one in source.packages], source.faults
    ('policies.yaml', ['contact'], ())
    """
    source = read_source(*paths, cache=cache)
    if source.policies is not None or any(map(_has_table, paths)):
        return source, None
    found = policies_above(*paths)
    if found is None:
        return source, None
    return read_source(*paths, str(found), cache=cache), found


def table_note(table: Path) -> str:
    """What is said of a policy table that was found above what was asked for.

    >>> table_note(Path("rules/policies.yaml"))
    "rules/policies.yaml: is read as well; the packages beside it are, with '-r rules'"
    """
    return f"{table}: is read as well; the packages beside it are, with '-r {table.parent}'"


def _has_table(given: str) -> bool:
    path = Path(given)
    return any(path.rglob(POLICIES)) if path.is_dir() else path.name == POLICIES


def _named(path: Path) -> Path:
    """A path as people would write it: from where they are, if it is below."""
    return path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path


def choices_above(*paths: str) -> Choices:
    """What the policy table nearest to some files offers; nothing where there is none to read.

    >>> choices_above("tests/small_rulesets/gambling/package.yaml").codes
    ('CIR.EVADE', 'FIN.INV', 'GMB.REAL', 'SCM.FRAUD')
    """
    found = policies_above(*paths)
    faults = Faults()
    data = None if found is None else read_bytes(found, str(found), MAX_YAML_BYTES, faults)
    decoded = None if data is None else decode(data, str(found), faults, windows=False)
    tree = None if decoded is None else read_tree(decoded.text, str(found), faults)
    if tree is None or not isinstance(tree.data, dict):
        return Choices()
    codes = tree.data.get("codes")
    held = codes if isinstance(codes, dict) else {}
    return Choices(tuple(sorted(set(_markets(tree.data)))), tuple(sorted(held)))


def _markets(table: dict[str, Any]) -> Iterator[str]:
    """Groups and what is in them, sub-markets, and the markets of rows."""
    groups, markets = table.get("groups"), table.get("markets")
    for name, members in groups.items() if isinstance(groups, dict) else ():
        yield name
        yield from (
            (one for one in members if isinstance(one, str)) if isinstance(members, list) else ()
        )
    yield from markets if isinstance(markets, dict) else ()
    codes = table.get("codes")
    for code in codes.values() if isinstance(codes, dict) else ():
        rows = code.get("rows") if isinstance(code, dict) else None
        for row in rows if isinstance(rows, list) else ():
            if isinstance(row, dict) and isinstance(row.get("market"), str):
                yield row["market"]
