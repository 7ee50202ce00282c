"""An engine that follows its files: compiled aside, swapped whole, kept where an edit is broken."""

from __future__ import annotations

import os
import threading
import traceback
import weakref
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from os import PathLike
from threading import Condition, Event, RLock, Thread
from time import monotonic
from typing import Any, Final, Literal, Self

from automod.errors import AutomodError, Fault, LoadError
from automod.load.bundle import SUFFIX as BUNDLE
from automod.load.ruleset import flat
from automod.load.stamps import Stamps, stamps_of
from automod.match.literals import Backend
from automod.model.canonical import digest
from automod.model.decision import Decision
from automod.model.ruleset import Ruleset

from .alarms import by_events, by_time
from .aside import load_aside
from .compile import VERSIONS, compile
from .engine import Engine
from .reading import Paths, load_with_notes

Loader = Literal["process", "thread"]

MOST_TRIES: Final = 3
"""Files that change while they are read are read again, so many times in all."""
RETRY: Final = 30.0
"""Seconds until something is tried again that failed for no fault of the files."""


@dataclass(frozen=True, slots=True)
class Status:
    """What a `Live` serves, and what came of the last change of its files."""

    digest: str
    """Of the engine that decides now."""
    loaded_at: datetime
    """When it began to decide, in UTC."""
    tried_at: datetime
    """When files were last loaded, whatever came of it."""
    swaps: int = 0
    """How many times another engine took over."""
    attempts: int = 0
    """How many times files were loaded since the first time, whatever came of it."""
    error: Exception | None = None
    """Why the last attempt failed; None where it did not."""
    stale: bool = False
    """Whether the files are others than those that are served, as far as is known by now."""
    notes: tuple[str, ...] = ()
    """What was guessed while loading what is served, and what approval held back."""

    @property
    def faults(self) -> tuple[Fault, ...]:
        """What is wrong in the files, each fault with its place; none where they load."""
        return self.error.faults if isinstance(self.error, LoadError) else ()


def watch(
    *paths: Paths,
    cache: str | PathLike[str] | None = None,
    require_approval: bool = False,
    backend: Backend = "ahocorasick-rs",
    isolated: bool = False,
    engine: Engine | None = None,
    poll: float | None = None,
    by_hand: bool = False,
    loader: Loader = "process",
    on_swap: Callable[[Engine, Engine], None] | None = None,
    on_error: Callable[[Exception], None] | None = None,
) -> Live:
    """An engine that follows folders and files, or a bundle, until it is closed.

    When they change they are loaded and compiled aside, and the new engine takes the place of the
    old one whole. Files that do not load change nothing: the old engine decides on, and
    `status.faults` says why.

    Args:
        paths: as for `load`.
        cache: as for `load`.
        require_approval: as for `load`.
        backend: as for `compile`.
        isolated: as for `compile`.
        engine: what decides until the files have been loaded for the first time, which then happens
            aside: a compiled engine that a process has from the one it was forked from. Left out,
            they are loaded and compiled now.
        poll: look every so many seconds, where the system tells nothing of changes (network
            mounts), or without the extra `live`.
        by_hand: never look; `reload` does.
        loader: read files in a `process` of their own, or in a `thread` of this one, which takes
            turns with those that decide. A bundle is always read in a thread.
        on_swap: called with the old and the new engine once the new one decides.
        on_error: called with the error when files do not load.

    Both are called in the thread that loads.

    Raises:
        LoadError: as for `load`.
        InputError: as for `load`.
        MissingExtra: the extra `live` is not installed, and neither `poll` nor `by_hand` is given.
        ValueError: `poll` is not above 0.

    >>> with watch("tests/small_rulesets", by_hand=True) as live:
    ...     live.decide({"id": "c1", "markets": ["SA"], "text": {"body": "صورة كبيرة"}}).action
    'approve'
    """
    if poll is not None and not poll > 0:
        raise ValueError(f"poll is {poll!r}; seconds above 0 are needed, or by_hand=True")
    kept = None if cache is None else os.fspath(cache)
    source = Source(tuple(flat(paths)), kept, require_approval, backend, isolated, loader)
    stop = Event()
    wakes = _wakes(source.paths, poll, by_hand=by_hand, stop=stop)
    live = Live(source, stop, engine, on_swap, on_error)
    if wakes is not None:
        live._start(wakes)  # noqa: SLF001 - of this module
    return live


def _wakes(
    paths: Sequence[str], poll: float | None, *, by_hand: bool, stop: Event
) -> Iterator[None] | None:
    """What wakes the thread; None where nothing does. The first wake has been."""
    if by_hand:
        return None
    wakes = by_events(paths, stop) if poll is None else by_time(poll, stop)
    next(wakes)  # so that a missing extra is told now
    return wakes


@dataclass(frozen=True, slots=True)
class Source:
    """Files, and how an engine is made of them."""

    paths: tuple[str, ...]
    cache: str | None = None
    require_approval: bool = False
    backend: Backend = "ahocorasick-rs"
    isolated: bool = False
    loader: Loader = "process"

    def stamps(self) -> Stamps:
        """The files as they are now."""
        return stamps_of(self.paths, besides=self.cache)

    def here(self) -> tuple[Ruleset, tuple[str, ...]]:
        """Ruleset and notes, read in this thread."""
        return load_with_notes(self.paths, cache=self.cache, require_approval=self.require_approval)

    def read(self, wanted: Callable[[], bool]) -> tuple[Ruleset, tuple[str, ...]]:
        """Ruleset and notes, read as this source is to be read."""
        if self.loader == "thread" or any(one.endswith(BUNDLE) for one in self.paths):
            return self.here()
        return load_aside(
            self.paths, cache=self.cache, require_approval=self.require_approval, wanted=wanted
        )

    def compiled(self, ruleset: Ruleset) -> Engine:
        """The engine of a ruleset."""
        return compile(ruleset, self.backend, isolated=self.isolated)


class Live:
    """The engine of files as they are now, made by `automod.watch`. Safe to share between threads.

    It is a context manager; once it is closed it decides on with the engine that it has.
    """

    def __init__(
        self,
        source: Source,
        stop: Event,
        engine: Engine | None = None,
        on_swap: Callable[[Engine, Engine], None] | None = None,
        on_error: Callable[[Exception], None] | None = None,
    ) -> None:
        self._source = source
        self._on_swap, self._on_error = on_swap, on_error
        self._stop = stop
        self._seen: Stamps | None = None
        """The files of the last attempt."""
        self._again_at: float | None = None
        """When to try again though no file changed."""
        self._new_locks()
        notes: tuple[str, ...] = ()
        if engine is None:
            self._seen = source.stamps()
            ruleset, notes = source.here()
            engine = source.compiled(ruleset)
        self._engine = engine
        now = datetime.now(UTC)
        self._status = Status(engine.digest, now, now, stale=self._seen is None, notes=notes)
        self._end: Callable[[], object] = stop.set
        _LIVES.add(self)

    def _new_locks(self) -> None:
        self._turn = RLock()  # one attempt at a time
        self._changed = Condition()  # of the status

    def _start(self, wakes: Iterator[None]) -> None:
        """Follow the files from now on."""
        follow = _follow, (weakref.ref(self), wakes)
        thread = Thread(target=follow[0], args=follow[1], name="automod-watch", daemon=True)
        # Also at exit: a thread that is inside a library when Python is gone breaks the process.
        self._end = weakref.finalize(self, _ended, self._stop, thread, os.getpid())
        thread.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Follow the files no longer; a load that is on its way is given up."""
        self._end()

    @property
    def engine(self) -> Engine:
        """The engine that decides now: for several calls that belong together, take it once."""
        return self._engine

    @property
    def status(self) -> Status:
        """What is served, and what came of the last change."""
        return self._status

    def decide(self, creative: Any, on: date | str | None = None) -> Decision:
        """`Engine.decide` of the engine that is served when it begins."""
        return self._engine.decide(creative, on)

    def decide_batch(
        self, creatives: Sequence[Any], on: date | str | None = None
    ) -> list[Decision]:
        """`Engine.decide_batch` of the engine that is served when it begins: one for all."""
        return self._engine.decide_batch(creatives, on)

    def reload(self) -> Status:
        """Load the files now, changed or not, and say what came of it.

        It waits for a load that is on its way. Where the files do not load nothing is raised: the
        status has the error.

        Raises:
            ValueError: it is closed.
        """
        if self._stop.is_set():
            raise ValueError("it is closed: it follows its files no longer")
        self._attempt()
        return self._status

    def wait_for(
        self,
        digest: str | None = None,
        *,
        swaps: int | None = None,
        attempts: int | None = None,
        timeout: float = 60.0,
    ) -> Status:
        """Wait until a digest is served, or so many swaps or attempts have been.

        Args:
            digest: of the ruleset.
            swaps: at least so many.
            attempts: at least so many, with whatever came of them.
            timeout: seconds.

        Raises:
            TimeoutError: it is not so in time; it says what is served and why.
        """

        def so() -> bool:
            now = self._status
            return (
                digest in (None, now.digest)
                and now.swaps >= (swaps or 0)
                and now.attempts >= (attempts or 0)
            )

        with self._changed:
            if self._changed.wait_for(so, timeout):
                return self._status
        now = self._status
        why = "" if now.error is None else f"; the last attempt failed: {now.error}"
        raise TimeoutError(
            f"after {timeout:g} seconds {now.digest} is served, after {now.swaps} swaps and "
            f"{now.attempts} attempts{why}"
        )

    def _look(self) -> None:
        """Load the files if they are others than the last time."""
        changed = self._source.stamps() != self._seen
        if changed or (self._again_at is not None and monotonic() >= self._again_at):
            self._tell(stale=True)
            self._attempt(again=not changed)

    def _attempt(self, *, again: bool = False) -> None:
        with self._turn:
            try:
                ruleset, notes = self._read()
                new = None
                if digest(ruleset, VERSIONS) != self._engine.digest:
                    new = self._source.compiled(ruleset)
            except Exception as error:  # noqa: BLE001 - whatever it is, the old engine decides on
                self._failed(error, again=again)
            else:
                self._again_at = None
                self._serve(new, notes)

    def _read(self) -> tuple[Ruleset, tuple[str, ...]]:
        """What the files hold, once they hold still for as long as it takes to read them."""
        for number in range(1, MOST_TRIES + 1):
            self._seen = self._source.stamps()
            try:
                found = self._source.read(self._wanted)
            except AutomodError:
                # Half of a file is no fault: somebody is writing it.
                if number == MOST_TRIES or self._source.stamps() == self._seen:
                    raise
                continue
            if self._source.stamps() == self._seen:
                break
        return found

    def _wanted(self) -> bool:
        return not self._stop.is_set()

    def _serve(self, new: Engine | None, notes: tuple[str, ...]) -> None:
        now, old = datetime.now(UTC), self._engine
        facts: dict[str, Any] = {"tried_at": now, "error": None, "stale": False, "notes": notes}
        if new is None:
            self._tell(attempts=self._status.attempts + 1, **facts)
            return
        facts |= {"digest": new.digest, "loaded_at": now, "swaps": self._status.swaps + 1}
        self._engine = new
        self._tell(attempts=self._status.attempts + 1, **facts)
        if self._on_swap is not None:
            self._on_swap(old, new)

    def _failed(self, error: Exception, *, again: bool) -> None:
        if self._stop.is_set():
            return
        self._again_at = None if _is_lasting(error) else monotonic() + RETRY
        _let_go(error)
        before, now, attempts = self._status.error, datetime.now(UTC), self._status.attempts + 1
        self._tell(tried_at=now, error=error, stale=True, attempts=attempts)
        known = again and str(before) == str(error)
        if self._on_error is not None and not known:
            self._on_error(error)

    def _tell(self, **facts: Any) -> None:
        with self._changed:
            self._status = replace(self._status, **facts)
            self._changed.notify_all()

    def _forked(self) -> None:
        """In a process that was forked no thread of this is left: nothing holds its locks."""
        self._new_locks()
        self._end = _nothing


def _is_lasting(error: Exception) -> bool:
    """Whether the same files would meet it again: not where they could not be read."""
    return isinstance(error, LoadError) and all(one.code != "file" for one in error.faults)


def _let_go(error: BaseException | None) -> None:
    """Let go of what the frames of an error hold: all that was loaded until then."""
    while error is not None:
        traceback.clear_frames(error.__traceback__)
        error = error.__cause__ or error.__context__


def _nothing() -> None:
    """What is left to end in a process that was forked."""


def _follow(ref: weakref.ref[Live], wakes: Iterator[None]) -> None:
    """Look at each wake, until it is stopped or nobody has it any more."""
    while True:
        live = ref()
        if live is None:
            return
        try:
            live._look()  # noqa: SLF001 - of this module
        except Exception as error:  # noqa: BLE001 - of a caller's function: the watch goes on
            # Held by no name: its frames hold the watch, which could never be let go.
            threading.excepthook(threading.ExceptHookArgs(_told(error)))
        del live
        if next(wakes, _OVER) is _OVER:
            return


def _told(error: Exception) -> tuple[Any, ...]:
    return type(error), error, error.__traceback__, threading.current_thread()


_OVER: Final = object()


def _ended(stop: Event, thread: Thread, owner: int) -> None:
    """Stop a thread and wait for it; in a fork there is none."""
    if owner != os.getpid():
        return
    stop.set()
    if thread is not threading.current_thread():
        thread.join()


_LIVES: Final[weakref.WeakSet[Live]] = weakref.WeakSet()


def _forked() -> None:
    for live in list(_LIVES):
        live._forked()  # noqa: SLF001 - of this module


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forked)
