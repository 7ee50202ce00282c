"""Folders of files for the tests of the loaders, and what the loaders say of them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from automod.errors import LoadError
from automod.load.ruleset import load
from automod.model.ruleset import Package, Ruleset

Files = Mapping[str, str | bytes]

POLICIES: Final = """\
groups: {GCC: [SA, AE], MENA: [GCC, EG]}
markets: {US-NV: {parent: US}}
codes:
  GMB.REAL: {severity: high, default: {stance: prohibited, ground: platform}}
  KID.SAFE: {severity: critical, default: {stance: prohibited, ground: law}}
"""
HEAD: Final = "package: p\nversion: 2027.10\nowner: me\npolicy: [GMB.REAL]\n"
"""Four lines: what a test adds begins in line 5."""

CASINO: Final = (
    "materials: [{id: casino, kind: keyword, value: casino, weight: strong, tags: [t]}]\n"
)
CODE: Final = "codes: {A.B: {severity: low, default: {stance: prohibited, ground: law}}}\n"
KEYWORD: Final = "kind: keyword, value: casino, weight: strong"


def write(folder: Path, files: Files) -> Path:
    """A folder with these files, and a policy table unless they bring one."""
    for name, content in {"policies.yaml": POLICIES, **files}.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder


def faults_of(folder: Path, files: Files) -> list[str]:
    """What is wrong with these files, with places relative to the folder."""
    write(folder, files)
    try:
        load(folder)
    except LoadError as error:
        return [str(fault).replace(f"{folder}/", "") for fault in error.faults]
    return []


def ruleset_of(folder: Path, files: Files) -> Ruleset:
    """The ruleset of these files."""
    return load(write(folder, files))


def package_of(folder: Path, files: Files) -> Package:
    """The first package of these files."""
    return ruleset_of(folder, files).packages[0]


def table(rows: str | bytes, more: str = "") -> dict[str, str | bytes]:
    """A package with one table beside it."""
    return {"p.yaml": f"{HEAD}materials: [{{table: t.csv}}]\n{more}", "t.csv": rows}


def package(text: str) -> dict[str, str]:
    """One package; `text` begins in line 5."""
    return {"p.yaml": HEAD + text}


def material(text: str) -> dict[str, str]:
    """One package with one material, which lies in line 5, column 13."""
    return package(f"materials: [{{{text}}}]\n")


def policies(text: str) -> dict[str, str]:
    """A sound package and another policy table."""
    return {"p.yaml": HEAD.replace("policy: [GMB.REAL]\n", ""), "policies.yaml": text}


def override(text: str, head: str = "override: o\nby: me\nticket: T-1\n") -> dict[str, str]:
    """A sound package and one override; `text` begins in line 4."""
    return {"p.yaml": HEAD + CASINO, "overrides/o.yaml": head + text}
