"""Folders and files -> Ruleset."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from automod.errors import LoadError, Location
from automod.model.override import Override
from automod.model.package import Package
from automod.model.quick import nothing_collected
from automod.model.ruleset import Material, PolicyTable, Ruleset

from .assemble import assemble
from .bundle import SUFFIX as BUNDLE
from .entries import Check, Known, PackageFile
from .faults import Faults, did_you_mean
from .files import MAX_YAML_BYTES, beside, decode, read_bytes
from .held_back import approved_only, told
from .package_book import is_package, read_package_book
from .package_file import NAMELESS, read_package
from .policy_table import UNKNOWN_NAMES, PolicyNames, read_policies
from .sample_cache import SampleCache
from .source import PackageSource, Source
from .workbooks import look_into
from .written import Read, validate
from .yaml_tree import Tree, read_tree

PathLike = str | os.PathLike[str]

POLICIES: Final = "policies.yaml"
OVERRIDES: Final = "overrides"
_SUFFIXES: Final = (".yaml", ".yml")
_WORKBOOK: Final = ".xlsx"
IN_USE: Final = "~$"
"""How the name of the file begins that Excel keeps beside a workbook that is open."""
_NO_TABLE: Final = (PolicyTable(codes={}), UNKNOWN_NAMES)


def accept(_material: Material, _countries: tuple[str, ...]) -> str | None:
    """The check of values that finds nothing wrong; what matches knows better.

    >>> accept(Material("p/m", "domain", "example.com"), ())
    """
    return None


def load(*paths: PathLike | Iterable[PathLike], check: Check = accept) -> Ruleset:
    """The ruleset of some folders and files.

    In a folder, `policies.yaml` is the policy table, files under `overrides/` are overrides, and
    other YAML files with a `package` key are packages, like workbooks with a sheet `package`.

    Args:
        paths: Folders and files.
        check: Called with each material that is no keyword, and the countries it acts in; what it
            returns is a fault at the material's value.

    Raises:
        LoadError: something in the files is wrong; it carries every fault of every file.

    >>> import tempfile, pathlib
    >>> folder = pathlib.Path(tempfile.mkdtemp())
    >>> _ = (folder / "policies.yaml").write_text(
    ...     "codes: {GMB.REAL: {severity: high, default: {stance: prohibited, ground: platform}}}")
    >>> _ = (folder / "gambling.yaml").write_text(
    ...     "{package: gambling, version: 1, owner: me, policy: GMB.REAL,"
    ...     " materials: [{kind: keyword, value: casino, weight: strong}]}")
    >>> [material.id for material in load(folder).packages[0].materials]
    ['gambling/keyword-casino']
    """
    return load_with_notes(*paths, check=check)[0]


def load_with_notes(
    *paths: PathLike | Iterable[PathLike],
    check: Check = accept,
    cache: PathLike | None = None,
    require_approval: bool = False,
) -> tuple[Ruleset, tuple[str, ...]]:
    """The ruleset, and what was guessed on the way: encodings, delimiters, files left out.

    Args:
        paths: as for `load`.
        check: as for `load`.
        cache: a folder that keeps the hashes of images and videos by their content.
        require_approval: only what an approval covers is live; the rest is shadow, and told.

    Raises:
        LoadError: something in the files is wrong; it carries every fault of every file.
    """
    with nothing_collected():
        # What was read is let go on the way out: the collector need not walk over all of it.
        source = read_source(*paths, check=check, cache=cache)
        if source.faults:
            raise LoadError(source.faults)
        if not require_approval:
            return source.ruleset, source.notes
        ruleset, held = approved_only(source)
        return ruleset, (*source.notes, *told(held))


def read_source(
    *paths: PathLike | Iterable[PathLike], check: Check = accept, cache: PathLike | None = None
) -> Source:
    """All that some folders and files hold, with every fault and the place of everything.

    Args:
        paths: as for `load`.
        check: as for `load`.
        cache: a folder that keeps the hashes of images and videos by their content.
    """
    faults = Faults()
    samples = SampleCache(None if cache is None else Path(cache))
    read = _Reading(faults)
    # A workbook may be the table of a package: which ones are is known after all YAML files.
    files = list(_files(flat(paths), faults))
    for name, path, inside in sorted(files, key=lambda one: _is_workbook(one[1])):
        read.take(name, path, inside)
    return read.source([name for name, _, _ in files], check, samples)


def flat(paths: Iterable[PathLike | Iterable[PathLike]]) -> Iterator[str]:
    """Paths, some of which may be given as lists of paths, one by one."""
    for one in paths:
        if isinstance(one, (str, os.PathLike)):
            yield os.fspath(one)
        else:
            yield from (os.fspath(path) for path in one)


def _files(paths: Iterable[str], faults: Faults) -> Iterator[tuple[str, Path, bool]]:
    """Every YAML file and workbook once: its name, its path, and whether a folder was given."""
    seen: set[Path] = set()
    asked = False
    for given in paths:
        asked = True
        for name, inside in _below(given, faults):
            path = Path(name)
            key = path.resolve()
            if key not in seen:
                seen.add(key)
                yield name, path, inside
    if not asked:
        faults.add(Location("."), "no folder and no file was given", code="nothing")


def _below(given: str, faults: Faults) -> list[tuple[str, bool]]:
    try:
        path = Path(given)
        if not path.is_dir():
            if not path.exists():
                faults.add(Location(given), "there is no such file or folder", code="file")
                return []
            if given.endswith(BUNDLE):
                message = "is a bundle: there are no files in it to look at or to change"
                faults.add(Location(given), message, "name the folder that it was made of")
                return []
            return [(given, False)]
        return sorted((name, True) for name in _walk(given))
    except ValueError as error:
        faults.add(Location(repr(given)), f"is not a path: {error}", code="file")
        return []


def _walk(folder: str) -> Iterator[str]:
    for at, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in files:
            is_read = name.endswith(_SUFFIXES) or name.lower().endswith(_WORKBOOK)
            if is_read and not name.startswith((".", IN_USE)):
                yield str(Path(at, name))


@dataclass(slots=True)
class _Reading:
    """Reads file after file, and keeps what each holds."""

    faults: Faults
    notes: list[str] = field(default_factory=list)
    packages: list[tuple[PackageFile, Known]] = field(default_factory=list)
    overrides: list[tuple[Override, Read]] = field(default_factory=list)
    table: tuple[PolicyTable, PolicyNames] | None = None
    policies: Tree | None = None
    table_file: str | None = None
    blind: bool = False
    """Whether a file was too broken to tell which package it holds."""
    named: set[Path] = field(default_factory=set)
    """The tables of packages."""

    def take(self, name: str, path: Path, inside: bool) -> None:
        """Read one file for what it is."""
        if _is_workbook(path):
            self._workbook(name, path, inside)
            return
        tree = self._tree(name, path)
        sort = _sort(path, inside, tree)
        if sort == "policies":
            self._policies(name, tree)
        elif tree is None:
            self.blind = self.blind or sort != "override"
        elif sort == "override":
            self._override(tree)
        elif sort == "package":
            self._package(tree, path)
        else:
            self.notes.append(f"{name}: left out, it has no 'package' key")

    def _tree(self, name: str, path: Path) -> Tree | None:
        data = read_bytes(path, name, MAX_YAML_BYTES, self.faults)
        decoded = None if data is None else decode(data, name, self.faults, windows=False)
        tree = None if decoded is None else read_tree(decoded.text, name, self.faults)
        if tree is not None and not isinstance(tree.data, dict):
            self.faults.add(tree.at(()), "the file is no mapping of keys to values", code="yaml")
            return None
        return tree

    def _policies(self, name: str, tree: Tree | None) -> None:
        if self.table_file is not None:
            message = f"a second policy table (the first is {self.table_file})"
            self.faults.add(Location(name), message, "exactly one in all", code="second")
            return
        self.table_file = name
        self.policies = tree
        self.table = None if tree is None else read_policies(tree, self.faults)

    def _override(self, tree: Tree) -> None:
        override, read = validate(tree, Override, self.faults)
        if override is not None and not read.dropped:
            self.overrides.append((override, read))

    def _workbook(self, name: str, path: Path, inside: bool) -> None:
        if path.resolve() in self.named:
            return
        parts = look_into(path, name, self.faults)
        if parts is None:
            self.blind = True
        elif path.parent.name == OVERRIDES:
            hint = "write it as YAML"
            self.faults.add(Location(name), "an override is no workbook", hint, code="unsupported")
        elif is_package(parts):
            self._keep(*read_package_book(path, name, parts, self.faults, self.notes))
        elif inside:
            self.notes.append(f"{name}: left out, it has no 'package' sheet")
        else:
            hint = "a workbook of a package has one, of keys and values"
            self.faults.add(Location(name), "has no 'package' sheet", hint, code="table")
            self.blind = True

    def _package(self, tree: Tree, path: Path) -> None:
        self.named |= set(_tables(tree, path))
        self._keep(*read_package(tree, path, self.faults, self.notes))

    def _keep(self, package: PackageFile | None, ghost: Known) -> None:
        if package is None or package.name == NAMELESS:
            self.blind = True
        if package is None:
            return
        first = next((one for one, _ in self.packages if one.name == package.name), None)
        if first is not None and package.name != NAMELESS:
            message = f"a second package {package.name!r} (the first is in {first.read.tree.file})"
            self.faults.add(package.read.at(("package",)), message, code="second")
            return
        self.packages.append((package, ghost))

    def source(self, files: Sequence[str], check: Check, samples: SampleCache) -> Source:
        """What all files make together; `files`: their names, in their order."""
        order = {name: number for number, name in enumerate(files)}
        self.packages.sort(key=lambda one: order[one[0].read.tree.file])
        if self.table_file is None and not self.faults.found:
            self.faults.add(
                Location(POLICIES),
                "no policy table was found",
                "exactly one in all",
                code="nothing",
            )
        if not self.packages and not self.faults.found:
            self.faults.add(Location("."), "no package was found", code="nothing")
        table = self.table or _NO_TABLE
        made = assemble(
            self.packages, table, self.overrides, self.blind, check, samples, self.faults
        )
        packages = tuple(
            PackageSource(
                one.setting.file, one.setting.known, made.packages[one.setting.package.package],
                one.materials, one.rows, one.order,
            )
            for one in made.parts
        )  # fmt: skip
        return Source(
            made.ruleset, tuple(self.faults.found), tuple(self.notes), packages,
            tuple(self.overrides), self.policies,
        )  # fmt: skip


def _is_workbook(path: Path) -> bool:
    return path.suffix.lower() == _WORKBOOK


def _tables(tree: Tree, path: Path) -> Iterator[Path]:
    """The files that a package names as tables, also where it is faulty."""
    listed = tree.data.get("materials")
    entries = listed if isinstance(listed, list) else []
    for entry in entries:
        table = entry.get("table") if isinstance(entry, dict) else None
        if isinstance(table, str):
            yield beside(path.resolve().parent, table)[0]


_PACKAGE_KEYS: Final = frozenset(
    field.alias or name for name, field in Package.model_fields.items()
) - {"schema", "title", "status", "from", "until", "note", "source"}  # fmt: skip


def _sort(path: Path, inside: bool, tree: Tree | None) -> str:
    """What a file is: by its name in a folder, by its keys when it was given by itself."""
    keys: Sequence[str] = list(tree.data) if tree is not None else []
    if path.name in (POLICIES, "policies.yml"):
        return "policies"
    if path.parent.name == OVERRIDES or (not inside and "override" in keys):
        return "override"
    if not inside and "package" not in keys and "codes" in keys:
        return "policies"
    # A package with a misspelt 'package' key must not be left out without a word.
    if not inside or tree is None or _PACKAGE_KEYS & set(keys):
        return "package"
    near = any(did_you_mean(key, ["package"]) for key in keys)
    return "package" if near else "other"
