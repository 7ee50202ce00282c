"""Mending what can be mended without a decision: edits of findings, round by round."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from automod.errors import AutomodError
from automod.load.source import Source
from automod.model.finding import Edit, Finding
from automod.workshop.editing import edited, write_files
from automod.workshop.workbook_diff import workbook_differences

from .baseline import fingerprints
from .run import Linted

ROUNDS: Final = 5


class FixError(AutomodError):
    """Mending would have made an error; all files are as they were."""


@dataclass(frozen=True, slots=True)
class Fixed:
    """What was mended, and what is found now."""

    mended: tuple[Finding, ...]
    left: Linted
    before: Mapping[str, bytes]
    """The files that changed, as they were."""


def fix(read: Callable[[], Source], look: Callable[[Source], Linted]) -> Fixed:
    """Write the edits of all findings into their files, and look again until none is left.

    An edit that touches what another of the same round touches waits for the next; there are at
    most five rounds. Where an error appears that was not there before, all files are put back.

    Args:
        read: reads the files anew.
        look: lints what was read.

    Raises:
        FixError: an edit made a new error; nothing is changed.
        OSError: a file cannot be written.
    """
    source = read()
    found = first = look(source)
    before: dict[str, bytes] = {}
    try:
        for _ in range(ROUNDS):
            edits = list(apart(found.findings))
            new = edited(source, edits) if edits else {}
            if not new:
                break
            before |= {name: Path(name).read_bytes() for name in new if name not in before}
            write_files(new)
            source = read()
            found = look(source)
            _refuse_new_errors(first, found)
    except BaseException:
        write_files(before)
        raise
    return Fixed(tuple(gone(first.findings, found.findings)), found, before)


def apart(findings: Iterable[Finding]) -> Iterator[Edit]:
    """The edits that can be made at once: all of a finding, or none.

    >>> from automod.errors import Location
    >>> where, edit = Location("p.yaml", 1), Edit("p", (), "owner", "me")
    >>> one = Finding("AM001", "info", where, fix=(edit,))
    >>> len(list(apart([one, one])))
    1
    """
    keys: set[tuple[object, ...]] = set()
    entries: set[tuple[object, ...]] = set()
    whole: set[tuple[object, ...]] = set()
    for finding in findings:
        places = [(edit.package, edit.path) for edit in finding.fix]
        taken = any(
            (edit.package, edit.path, edit.key) in keys
            or place in whole
            or (edit.key is None and place in entries)
            for edit, place in zip(finding.fix, places, strict=True)
        )
        if taken:
            continue
        for edit, place in zip(finding.fix, places, strict=True):
            keys.add((*place, edit.key))
            entries.add(place)
            whole |= {place} if edit.key is None else set()
            yield edit


def gone(before: Iterable[Finding], after: Iterable[Finding]) -> Iterator[Finding]:
    """The findings that are not found any more."""
    there = set(fingerprints(after))
    several = list(before)
    marks = fingerprints(several)
    return (one for one, mark in zip(several, marks, strict=True) if mark not in there)


def _refuse_new_errors(before: Linted, after: Linted) -> None:
    known = set(fingerprints(before.findings))
    errors = [one for one in after.findings if one.severity == "error"]
    made = [
        one for one, mark in zip(errors, fingerprints(errors), strict=True) if mark not in known
    ]
    if made:
        raise FixError(
            f"{made[0].location}: mending would have made an error ({made[0].code}); "
            "all files are as they were"
        )


def differences(source: Source, findings: Iterable[Finding]) -> str:
    """What the first round of edits would change; nothing is written.

    Of a file of text it is a unified diff; of a workbook a line for each cell: before → after.

    Raises:
        OSError: a file cannot be read again.
    """
    edits = list(apart(findings))
    made = edited(source, edits) if edits else {}
    return "".join(_difference(name, data) for name, data in sorted(made.items()))


def _difference(name: str, new: bytes) -> str:
    old = Path(name).read_bytes()
    if name.lower().endswith(".xlsx"):
        told_ = "".join(f"{line}\n" for line in workbook_differences(name, old, new))
        return told_ or f"{name}: only its layout would change\n"
    if b"\0" in old + new:
        return f"binary file {name} would change\n"
    before, after = (
        data.decode("utf-8", "replace").splitlines(keepends=True) for data in (old, new)
    )
    told = difflib.unified_diff(before, after, name, name)
    return "".join(line if line.endswith("\n") else f"{line}\n" for line in told)
