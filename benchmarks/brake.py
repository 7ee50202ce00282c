"""How often the brake is wrong, and how soon it is right, in simulation.

    python -m benchmarks.brake [--materials 20000] [--no-record]

Honest materials hit at exactly their expected rate, each 100 windows of 500 creatives long, and are
looked at after every one: the share that is ever told must be at most alpha. Beside it, what a test
for one look would do that is repeated after each window: a one-sided exact binomial test at alpha.

Planted ones hit several times as often as expected, or 20 % of all ads while they are young; told
is the share found in the first window, and the median window in which they are, where a hundred
thousand materials share one alpha of 5 %.
"""

from __future__ import annotations

import argparse
from typing import Final

import numpy as np
from scipy import stats  # type: ignore[import-untyped]

from automod.model.coded import Ints
from automod.monitor.brake import ALPHA
from automod.monitor.expected import YOUNG
from automod.monitor.judged import WINDOW
from automod.monitor.sequential import log_e, log_threshold

from .answers import WrongAnswerError
from .harness import Figure, Report, begin

SEED: Final = 20261122
WINDOWS: Final = 100
RATES: Final = (0.0005, 0.002, 0.02, 0.1)
TIMES: Final = (1.5, 2.0, 3.0, 5.0)
"""How many times the expected rate planted ones hit."""
TOGETHER: Final = 100_000
"""Materials that share one alpha."""


def hits_of(rate: float, materials: int) -> tuple[Ints, Ints]:
    """Hits and creatives so far, of each material after each window."""
    rng = np.random.default_rng((SEED, round(rate * 1e6)))
    hits = rng.binomial(WINDOW, rate, (materials, WINDOWS)).cumsum(axis=1)
    return hits, np.broadcast_to(WINDOW * np.arange(1, WINDOWS + 1), hits.shape)


def told(rate: float, expected: float, materials: int, tests: int) -> Ints:
    """Of each material the first window in which it is told, from 1; 0 where it never is."""
    hits, creatives = hits_of(rate, materials)
    found = log_e(hits.ravel(), creatives.ravel(), expected).reshape(hits.shape)
    over = found >= log_threshold(ALPHA, tests)
    return np.where(over.any(axis=1), over.argmax(axis=1) + 1, 0)


def false_alarms(report: Report, materials: int) -> None:
    """The share of honest materials that is ever told.

    Raises:
        WrongAnswerError: it is more than alpha, by more than chance.
    """
    for rate in RATES:
        wrong = int((told(rate, rate, materials, 1) > 0).sum())
        if stats.binomtest(wrong, materials, ALPHA, alternative="greater").pvalue < 1e-6:
            raise WrongAnswerError(f"{wrong} of {materials} honest materials at {rate} are told")
        hits, creatives = hits_of(rate, materials)
        naive = (stats.binom.sf(hits - 1, creatives, rate) <= ALPHA).any(axis=1).sum()
        report.raw[f"false alarms at {rate}"] = wrong
        report.add(
            Figure(
                f"expected {rate:.2%}: honest materials ever switched off in {WINDOWS} windows",
                f"{wrong:,} of {materials:,} ({wrong / materials:.2%})", f"at most {ALPHA:.0%}",
                wrong <= ALPHA * materials,
            ),
            Figure(
                f"expected {rate:.2%}: the same by a test for one look, after each window",
                f"{naive / materials:.1%}",
            ),
        )  # fmt: skip


def power(report: Report, materials: int) -> None:
    """How soon planted materials are told."""
    planted = told(0.2, YOUNG, materials, TOGETHER)
    first = int((planted == 1).sum())
    report.add(
        Figure(
            f"young, hits 20 % of ads: in shadow after one window, of {TOGETHER:,} watched",
            f"{first:,} of {materials:,}", f"all {materials:,}", first == materials,
        )
    )  # fmt: skip
    for times in TIMES:
        found = told(times * YOUNG, YOUNG, materials // 10, TOGETHER)
        share, mid = (found > 0).mean(), np.median(found[found > 0]) if found.any() else 0
        report.add(
            Figure(
                f"expected {YOUNG:.0%}, hits {times:g} times that: windows until it is told",
                f"median {mid:.0f} ({share:.1%} within {WINDOWS})",
            )
        )


def main() -> None:
    """Simulate, and write the record."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--materials", type=int, default=20_000)
    parser.add_argument("--no-record", action="store_true")
    asked = parser.parse_args()
    report = begin(
        "brake",
        {"honest materials": asked.materials, "windows": WINDOWS, "creatives of one": WINDOW,
         "alpha": ALPHA},
    )  # fmt: skip
    false_alarms(report, asked.materials)
    power(report, asked.materials)
    if not asked.no_record:
        report.write()


if __name__ == "__main__":
    main()
