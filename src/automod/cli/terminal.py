"""What a long command shows while it works: a line on standard error, after two seconds."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from .exits import say

if TYPE_CHECKING:
    from rich.progress import Progress

PATIENCE: Final = 2.0
"""Seconds before somebody wonders whether it hangs."""


class Ticker:
    """Counts what is done; shows it once it takes long."""

    def __init__(self, progress: Progress | None) -> None:
        self._progress = progress
        self._since = time.monotonic()
        self._task = None if progress is None else progress.add_task("", total=None)

    def tick(self, done: int) -> None:
        """So many are done; costs next to nothing."""
        if self._progress is None or self._task is None or done % 64:
            return
        if time.monotonic() - self._since > PATIENCE:
            self._progress.start()
            self._progress.update(self._task, completed=done)


@contextmanager
def ticking(unit: str, *, enabled: bool) -> Iterator[Ticker]:
    """A progress line on standard error; none where that is no terminal."""
    if not enabled:
        yield Ticker(None)
        return
    from rich.console import Console
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    console = Console(stderr=True)
    if not console.is_terminal:
        yield Ticker(None)
        return
    columns = (SpinnerColumn(), TextColumn(f"{{task.completed:,.0f}} {unit}"), TimeElapsedColumn())
    progress = Progress(*columns, console=console, transient=True, refresh_per_second=5)
    try:
        yield Ticker(progress)
    finally:
        progress.stop()


class Gauge:
    """How much is done, how fast, and how long it will take; shown once it takes long.

    It draws when it is told of something and has no thread of its own: processes can be forked
    beside it.
    """

    OFTEN: Final = 0.2
    """Seconds between two drawings."""

    def __init__(self, progress: Progress | None, unit: str, total: int | None) -> None:
        self._progress, self._unit, self._total = progress, unit, total
        self._since = time.monotonic()
        self._drawn = self._since - self.OFTEN
        self._task = None if progress is None else progress.add_task("", total=total)
        self._done = self._made = self._weight = self._skipped = 0

    @property
    def seconds(self) -> float:
        """Since it began."""
        return time.monotonic() - self._since

    def add(self, count: int, weight: int, *, made: bool = True) -> None:
        """So many more are done, which stand for so much of the total.

        Args:
            count: of what is counted.
            weight: of the total.
            made: it took time; else it was done before.
        """
        self._done += count
        self._weight += weight
        self._made += count if made else 0
        self._skipped += 0 if made else weight
        now = time.monotonic()
        if self._progress is None or self._task is None or now < self._drawn + self.OFTEN:
            return
        if now - self._since > PATIENCE:
            self._drawn = now
            self._progress.start()
            told = self._told(now - self._since)
            self._progress.update(self._task, completed=self._weight, description=told)
            self._progress.refresh()

    def _told(self, seconds: float) -> str:
        told = f"{self._done:,} {self._unit}  {self._made / seconds:,.0f}/s"
        taken = self._weight - self._skipped
        if self._total is None or taken <= 0:
            return told
        left = seconds * max(self._total - self._weight, 0) / taken
        share = min(self._weight / max(self._total, 1), 1.0)
        return f"{told}  {share:.0%}  {_clock(left)} left"


def _clock(seconds: float) -> str:
    """A time as `2:05` or `1:02:05`.

    >>> _clock(125), _clock(3725)
    ('2:05', '1:02:05')
    """
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


@contextmanager
def gauging(unit: str, total: int | None, *, enabled: bool) -> Iterator[Gauge]:
    """A progress line on standard error with rate and time left; none where that is no terminal.

    Args:
        unit: what is counted.
        total: of what says how far it is; None: nobody knows.
        enabled: whether to show anything.
    """
    from rich.console import Console
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    console = Console(stderr=True)
    if not enabled or not console.is_terminal:
        yield Gauge(None, unit, total)
        return
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    progress = Progress(*columns, console=console, transient=True, auto_refresh=False)
    try:
        yield Gauge(progress, unit, total)
    finally:
        progress.stop()


class Complaints:
    """What was no creative, told as it comes: the first twenty, then how many more."""

    MOST: Final = 20
    LONGEST: Final = 300
    """Characters of one: it repeats what somebody sent."""

    def __init__(self, *, quiet: bool = False) -> None:
        self.count = 0
        self._quiet = quiet

    def add(self, complaint: Callable[[], str]) -> None:
        """Count one more; work out what it says only if it is told."""
        self.count += 1
        if self._quiet or self.count > self.MOST:
            return
        from automod.report.visible import shown

        told = shown(complaint())
        say(told if len(told) <= self.LONGEST else f"{told[: self.LONGEST - 1]}…")

    def more(self, count: int) -> None:
        """Count more of which nobody worked out what they say."""
        self.count += count

    def end(self) -> None:
        """Say how many were not told."""
        if self.count > self.MOST and not self._quiet:
            say(f"… and {self.count - self.MOST:,} more that are no creatives")
