"""When to look whether files are as they were: what wakes a watch."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from threading import Event
from typing import Final

from automod.errors import MissingExtra
from automod.load.bundle import SUFFIX as BUNDLE
from automod.load.stamps import stamp_of

QUIET: Final = 50
"""Milliseconds without another change after which a burst of them is over."""
LONGEST: Final = 1_600
"""Milliseconds after which a burst is looked at that does not end."""
RECHECK: Final = 2.0
"""Seconds after which files are looked at though the system told of no change: it tells nothing of
a folder that was put in the place of another, of files behind links, or of most network mounts."""


def by_time(seconds: float, stop: Event) -> Iterator[None]:
    """Now, and every so many seconds until it is stopped."""
    yield
    while not stop.wait(seconds):
        yield


def by_events(paths: Sequence[str], stop: Event) -> Iterator[None]:
    """Now, and whenever the system tells of a change, until it is stopped.

    It wakes for any change and now and then for none: whoever is woken compares stamps.

    Raises:
        MissingExtra: the extra `live` is not installed.
    """
    try:
        from watchfiles import watch
    except ModuleNotFoundError as error:
        raise MissingExtra("live", "to be told of changes of files") from error
    yield
    while not stop.is_set():
        roots = _roots(paths)
        before = [stamp_of(one) for one in roots]
        try:
            changes = watch(
                *roots, watch_filter=None, debounce=LONGEST, step=QUIET, stop_event=stop,
                rust_timeout=round(RECHECK * 1_000), yield_on_timeout=True, raise_interrupt=False,
                ignore_permission_denied=True, recursive=_is_deep(paths),
            )  # fmt: skip
            for _ in changes:
                yield
                if [stamp_of(one) for one in roots] != before:
                    break  # another folder stands in its place: that is the one to watch
        except (OSError, RuntimeError):
            # A folder that is not there, or no watches left: by the clock, until it works again.
            stop.wait(RECHECK)
            yield


def _roots(paths: Sequence[str]) -> list[str]:
    """The folders to watch: a file is put in the place of another in its folder."""
    return [one if Path(one).is_dir() else str(Path(one).parent) for one in paths]


def _is_deep(paths: Sequence[str]) -> bool:
    """Whether what lies deeper counts: of a bundle it is the file alone."""
    return not all(one.endswith(BUNDLE) for one in paths)
