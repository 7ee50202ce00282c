"""The bad and the good files of each check: they are shown, and the tests lint them."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Final, Literal

from automod.engine.reading import read_source
from automod.load.source import Source

from .baseline import Baseline, read_baseline
from .check import Check

Sort = Literal["bad", "good"]

FOLDER: Final = Path(__file__).with_name("examples")
POLICIES: Final = FOLDER / "policies.yaml"
"""The policy table of every example that brings none."""
DAY: Final = date(2026, 11, 20)
"""The examples are of this day: what is expired in one has ended before it."""

BASELINE: Final = ".automod-baseline.json"


def place_of(check: Check, sort: Sort) -> Path:
    """The example of a check: a package file, or a folder of files.

    >>> from .registry import check_of
    >>> place_of(check_of("AM901"), "bad").name
    'bad.yaml'
    """
    file = FOLDER / check.name / f"{sort}.yaml"
    return file if file.is_file() else FOLDER / check.name / sort


def files_of(check: Check, sort: Sort) -> tuple[Path, ...]:
    """The files of an example, in order of their names."""
    place = place_of(check, sort)
    if place.is_file():
        return (place,)
    return tuple(sorted(one for one in place.rglob("*") if one.is_file()))


def source_of(check: Check, sort: Sort) -> tuple[Source, Baseline | None]:
    """What an example holds, read with a policy table; and its baseline, where it has one."""
    place = place_of(check, sort)
    names = {one.name for one in files_of(check, sort)}
    # A folder that shows what is wrong with policy tables brings its own, or shows none.
    given = [place] if names & {"policies.yaml", "no-policies.txt"} else [place, POLICIES]
    baseline = read_baseline(place / BASELINE) if BASELINE in names else None
    return read_source(*given), baseline


def is_fixable(check: Check) -> bool:
    """Whether `--fix` mends what is found in the bad example: a person must decide on the rest."""
    from .run import lint  # the runner knows all checks, whose examples these are

    source, baseline = source_of(check, "bad")
    found = lint(source, DAY, select=[check.code], baseline=baseline).findings
    return any(one.fix for one in found if one.code == check.code)
