"""The counts of the labelled ads, as README.md has them.

python -m benchmarks.accuracy.counts            # write them
python -m benchmarks.accuracy.counts --check    # fail if they are not current
"""

from __future__ import annotations

import json
import re
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
from benchmarks.pages import Part, keep

from automod.evaluate.agreement import cohen_kappa
from automod.model.case import Case

FOLDER: Final = Path(__file__).parent
README: Final = Part(
    FOLDER / "README.md", "<!-- counts: python -m benchmarks.accuracy.counts -->",
    "<!-- end of counts -->",
)  # fmt: skip
SORTS: Final = ("violation", "evasion", "near-miss", "clean")
HARMFUL: Final = frozenset({"violation", "evasion"})
READERS: Final = ("reader-1", "reader-2")
ARBITER: Final = "arbiter"

_REASON = re.compile(r"(violation|near-miss|clean|evasion)(?: \(([^()]+)\))?: (\S.*)")


class Reason(NamedTuple):
    """Why an ad is a case: its sort, the tricks of an evasion, and a sentence."""

    sort: str
    tricks: tuple[str, ...]
    why: str


def read(folder: Path = FOLDER / "cases") -> dict[str, list[Case]]:
    """The cases of each file, by the name of the file without its ending.

    Raises:
        ValidationError: a line is no case.
    """
    return {path.stem: _cases(path) for path in sorted(folder.glob("*.jsonl"))}


def _cases(path: Path) -> list[Case]:
    # Not splitlines: an ad may hold a line separator of Unicode.
    lines = path.read_text("utf-8").removesuffix("\n").split("\n")
    return [Case.model_validate(json.loads(line)) for line in lines]


def reason(case: Case) -> Reason:
    """What `x-reason` says: `evasion (leet, split words): a sentence`.

    Raises:
        ValueError: there is none, or it is written otherwise.
    """
    text = (case.model_extra or {}).get("x-reason", "")
    found = _REASON.fullmatch(text)
    if found is None:
        raise ValueError(f"{case.creative.id}: {text!r} is no reason")
    tricks = tuple(found[2].split(", ")) if found[2] else ()
    return Reason(found[1], tricks, found[3])


def said(case: Case, by: str) -> dict[str, bool]:
    """What one reader says of each code: whether it is present."""
    return {one.policy: one.present == "yes" for one in case.labels if one.by == by}


def settled(case: Case) -> dict[str, bool]:
    """What is held to be true: the arbiter's word where there is one, else both readers'."""
    first, second = (said(case, by) for by in READERS)
    return {code: first[code] for code in first if first[code] == second.get(code)} | said(
        case, ARBITER
    )


def tables(files: dict[str, list[Case]]) -> str:
    """All tables, as Markdown."""
    every = [case for cases in files.values() for case in cases]
    parts = [_sorts(files), _codes(every), _tricks(every), _agreement(every)]
    return "\n\n".join(parts)


def _table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(map(str, line))} |" for line in lines)


def _sorts(files: dict[str, list[Case]]) -> str:
    counts = {name: Counter(reason(one).sort for one in cases) for name, cases in files.items()}
    counts["all"] = sum(counts.values(), Counter())
    rows = []
    for name, found in counts.items():
        harmful = sum(found[sort] for sort in HARMFUL)
        total = found.total()
        share = f"{total - harmful} ({(total - harmful) / total:.1%})"
        rows.append([name, *(found[sort] for sort in SORTS), total, share])
    return _table(["file", *SORTS, "all", "harmless"], rows)


def _codes(cases: Sequence[Case]) -> str:
    languages = sorted({str(case.creative.language) for case in cases})
    found = Counter(
        (code, case.creative.language)
        for case in cases
        for code, yes in settled(case).items()
        if yes
    )
    judged = Counter(code for case in cases for code in case.judged)
    rows = []
    for code in sorted(judged):
        each = [found[code, language] for language in languages]
        rows.append([code, *each, sum(each), judged[code] - sum(each), len(cases) - judged[code]])
    return _table(["present", *languages, "all", "absent", "not judged"], rows)


def _tricks(cases: Sequence[Case]) -> str:
    found = Counter(trick for case in cases for trick in reason(case).tricks)
    rows = sorted(found.items(), key=lambda one: (-one[1], one[0]))
    return _table(["trick of an evasion", "cases"], rows)


def _kappa(found: Counter[tuple[bool, bool]]) -> str:
    """Cohen's kappa of two readers, with its 95 % interval."""
    kappa = cohen_kappa(np.array([[found[one, other] for other in (True, False)]
                                  for one in (True, False)]))  # fmt: skip
    if kappa is None:
        return "unknown"
    return f"{kappa.value:.3f} ({kappa.low:.3f}-{kappa.high:.3f})"


def _agreement(cases: Sequence[Case]) -> str:
    pairs: dict[str, list[tuple[bool, bool]]] = {}
    for case in cases:
        first, second = (said(case, by) for by in READERS)
        for code in case.judged:
            pairs.setdefault(code, []).append((first[code], second[code]))
    pairs = {code: pairs[code] for code in sorted(pairs)}
    pairs["all"] = [pair for each in pairs.values() for pair in each]
    rows = []
    for code, each in pairs.items():
        found = Counter(each)
        shown = _kappa(found)
        apart = found[True, False] + found[False, True]
        rows.append([code, found[True, True], found[False, False], apart, shown])
    return _table(["two readers", "both yes", "both no", "apart", "kappa (95 %)"], rows)


def main() -> int:
    """Write or check."""
    return keep([(README, tables(read()))], "benchmarks.accuracy.counts")


if __name__ == "__main__":
    sys.exit(main())
