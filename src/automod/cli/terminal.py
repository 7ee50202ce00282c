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

    def end(self) -> None:
        """Say how many were not told."""
        if self.count > self.MOST and not self._quiet:
            say(f"… and {self.count - self.MOST:,} more that are no creatives")
