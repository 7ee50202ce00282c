"""Which entry of which file a place is in: what is faulty is told once, not by every check."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Iterable, Iterator

from automod.errors import Location
from automod.load.source import Source
from automod.load.yaml_tree import Node, Tree
from automod.model.finding import Finding

Entry = tuple[str, str, int, int]
"""File, sheet, and the line and column it begins at; a row of a table has no column."""

_WHOLE = -1


class Entries:
    """The entries of the files of a source: rows of tables, and parts of YAML files."""

    def __init__(self, source: Source) -> None:
        self._faults = source.faults
        trees = [one.file.read.tree for one in source.packages]
        trees += [read.tree for _, read in source.overrides]
        trees += [source.policies] if source.policies is not None else []
        # A sheet of a workbook has an entry in each row, like a table.
        self._trees = {tree.file: tree for tree in trees if isinstance(tree, Tree)}
        self._starts: dict[str, list[tuple[int, int]]] = {}

    def entry_of(self, place: Location) -> Entry:
        """The entry that a place is in."""
        if place.line is None:
            return place.file, place.sheet or "", _WHOLE, _WHOLE
        if place.file not in self._trees:
            return place.file, place.sheet or "", place.line, 0
        starts = self._starts_of(self._trees[place.file])
        at = bisect_right(starts, (place.line, place.column or 1)) - 1
        return place.file, "", *(starts[at] if at >= 0 else (0, 0))

    def _starts_of(self, tree: Tree) -> list[tuple[int, int]]:
        found = self._starts.get(tree.file)
        if found is None:
            found = self._starts[tree.file] = sorted(set(_begins(tree.root)))
        return found

    def without_second_causes(
        self, findings: Iterable[Finding], of_loading: Collection[str]
    ) -> Iterator[Finding]:
        """The findings but those in an entry that has a fault: mended, it may look otherwise."""
        faulty = {self.entry_of(fault.location) for fault in self._faults}
        whole = {entry[0] for entry in faulty if entry[2] == _WHOLE}
        for finding in findings:
            if finding.code in of_loading or not faulty:
                yield finding
            elif finding.location.file in whole:
                continue
            elif self.entry_of(finding.location) not in faulty:
                yield finding


def _begins(root: Node) -> Iterator[tuple[int, int]]:
    """Where the parts of a file begin: its keys, the entries of its lists, codes of a table."""
    if not isinstance(root.value, dict):
        return
    yield from root.keys.values()
    for below in root.value.values():
        if isinstance(below.value, list):
            yield from ((one.line, one.column) for one in below.value)
        elif isinstance(below.value, dict):
            yield from below.keys.values()
