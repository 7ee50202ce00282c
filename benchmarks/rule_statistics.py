"""The published statistics of somebody else's rules, printed again from their counts.

    python -m benchmarks.rule_statistics [--no-record]

SpamAssassin publishes with its rules what they did on its corpora: at every threshold how many
mails were rightly and wrongly stopped, and of every rule the share of spam and of other mail that
it hit. The evaluator is given the counts, and has to print every figure to the printed digit. Of a
rule only rates are printed, to four digits of a percent of a known number of mails: less than one
mail, so that the count is the whole number that gives the rate.

RANK and SCORE are left out: they are not measured but assigned. A rule without a hit tells nothing;
the file prints 0.500 for it, the evaluator says unknown.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import numpy as np

from automod.evaluate.measures import of_counts, total_cost_ratio
from automod.model.evaluation import Measures

from . import datasets
from .harness import Figure, Report, begin

COST: Final = 50
"""What a false alarm costs in TCR(l=50)."""
_HEAD: Final = re.compile(r"# SUMMARY for threshold (\S+):")
_NUMBER: Final = re.compile(r"-?\d+(?:\.\d+)?")


@dataclass(slots=True)
class Checked:
    """Printed figures, those that came out the same, and what was said of rules without a hit."""

    printed: int = 0
    same: int = 0
    apart: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    """Rules without a hit: the file prints 0.500."""

    def check(self, place: str, printed: Sequence[str], made: Sequence[str]) -> None:
        """Compare figures one by one."""
        for theirs, ours in zip(printed, made, strict=True):
            self.printed += 1
            self.same += theirs == ours
            if theirs != ours:
                self.apart.append(f"{place}: {theirs} is {ours} here")


def measures(tp: int, fp: int, fn: int, tn: int) -> Measures:
    """The evaluator's answer to four counts."""
    return of_counts(*np.array([[tp], [fp], [fn], [tn]]))[0]


def percent(value: float | None, digits: int) -> str:
    """A share as the file prints it."""
    return "unknown" if value is None else f"{value * 100:.{digits}f}"


# --- thresholds ---------------------------------------------------------------------------------


def check_thresholds(lines: Sequence[str], checked: Checked) -> int:
    """Every summary of a threshold; how many there are."""
    found = [at for at, line in enumerate(lines) if _HEAD.match(line)]
    for at in found:
        clean, caught, wrong, missed = (_counts(line) for line in lines[at + 1 : at + 5])
        made = measures(int(caught[0]), int(wrong[0]), int(missed[0]), int(clean[0]))
        cost = total_cost_ratio(made, COST)
        printed = [clean[1], caught[1], wrong[1], missed[1], *_counts(lines[at + 5])]
        checked.check(lines[at], printed, [
            percent(_rest(made.false_alarm_rate.value), 2), percent(made.recall.value, 2),
            percent(made.false_alarm_rate.value, 2), percent(_rest(made.recall.value), 2),
            "unknown" if cost is None else f"{cost:.6f}",
            percent(made.recall.value, 3), percent(made.precision.value, 3),
        ])  # fmt: skip
    return len(found)


def _counts(line: str) -> list[str]:
    return _NUMBER.findall(line.split(":", 1)[1])


def _rest(share: float | None) -> float | None:
    return None if share is None else 1 - share


# --- rules --------------------------------------------------------------------------------------


def check_rules(lines: Sequence[str], checked: Checked) -> int:
    """Every rule of the table; how many there are."""
    at = next(k for k, line in enumerate(lines) if line.startswith("OVERALL"))
    _, spam, ham, *_ = lines[at + 1].split()
    sizes = int(spam), int(ham)
    share = measures(*sizes, 0, 0).precision.value
    whole = [percent(share, 4), percent(_rest(share), 4), f"{share:.3f}"]
    checked.check("all messages", lines[at + 2].split()[1:4], whole)
    rules = list(_rules(lines[at + 3 :]))
    for name, printed in rules:
        spam_hits, ham_hits = (
            round(float(rate) / 100 * size) for rate, size in zip(printed[1:3], sizes, strict=True)
        )
        made = measures(spam_hits, ham_hits, sizes[0] - spam_hits, sizes[1] - ham_hits)
        known = slice(0, 4 if spam_hits + ham_hits else 3)
        checked.check(name, printed[known], _told(made)[known])
        if made.so.value is None:
            checked.unknown.append(f"{name}: the file prints {printed[3]}")
    return len(rules)


def _rules(lines: Sequence[str]) -> Iterator[tuple[str, list[str]]]:
    """Name and OVERALL, SPAM%, HAM%, S/O of every line up to the first empty one."""
    for line in lines:
        if not line.strip():
            return
        cells = line.split()
        yield cells[6], cells[:4]


def _told(made: Measures) -> list[str]:
    return [
        percent(made.rate.value, 3), percent(made.recall.value, 4),
        percent(made.false_alarm_rate.value, 4), _so(made),
    ]  # fmt: skip


def _so(made: Measures) -> str:
    return "unknown" if made.so.value is None else f"{made.so.value:.3f}"


# --- the report ---------------------------------------------------------------------------------


def check(path: Path) -> tuple[Checked, int, int]:
    """Every figure of a file of statistics; how many thresholds and rules it has."""
    lines = path.read_text(encoding="utf-8").splitlines()
    checked = Checked()
    return checked, check_thresholds(lines, checked), check_rules(lines, checked)


def main(arguments: Sequence[str] | None = None) -> Report:
    """Check everything and print what came out."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.rule_statistics")
    parser.add_argument("--no-record", action="store_true")
    asked = parser.parse_args(arguments)
    checked, thresholds, rules = check(datasets.rule_statistics())
    report = begin("rule_statistics", {"thresholds": thresholds, "rules": rules})
    report.add(
        Figure("printed figures that come out to the digit",
               f"{checked.same:,} of {checked.printed:,}", "all", checked.same == checked.printed),
        Figure("rules without a hit: unknown here, 0.500 in the file", f"{len(checked.unknown)}"),
    )  # fmt: skip
    for line in checked.apart[:20]:
        print(f"    {line}")
    for line in checked.unknown[:3]:
        print(f"    {line}")
    if not asked.no_record:
        report.write()
    return report


if __name__ == "__main__":
    main()
