"""Chunks to what processes make of them: in order, few in flight, and none lost when one dies.

`concurrent.futures` gives up all that is under way when a worker dies, does not say what it had,
and keeps threads, beside which a fork is not safe; `multiprocessing.Pool` waits for ever. So these
are the parts of `multiprocessing` that both are made of: a process and a pipe each, and one wait
for all pipes. The parent has no thread.
"""

from __future__ import annotations

import gc
import multiprocessing
import os
import signal
import sys
import threading
import traceback
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from functools import partial
from multiprocessing.connection import Connection, wait
from typing import Any, Final, Generic, Literal, TypeVar

from automod.errors import AutomodError, InputError

from .plan import Chunk

Result = TypeVar("Result")
Make = Callable[[Chunk], Result]

IN_FLIGHT: Final = 3
"""Chunks for each worker that are under way, or done and wait for an earlier one."""

_READY: Final = "ready"


class WorkerError(RuntimeError):
    """What a worker stumbled over is a bug; the message has its traceback."""


@dataclass(frozen=True, slots=True)
class _Died:
    code: int | None


class _Worker:
    """A process, and the chunk it has."""

    def __init__(self, context: Any, start: Callable[[], Any]) -> None:
        self.connection, theirs = context.Pipe()
        self.process = context.Process(
            target=_serve, args=(theirs, self.connection, start), daemon=True
        )
        self.chunk: Chunk | None = None
        with _no_interrupt():
            self.process.start()
        theirs.close()

    def send(self, chunk: Chunk) -> None:
        """Give it a chunk; whether it is alive shows when it answers."""
        self.chunk = chunk
        with suppress(BrokenPipeError, ConnectionResetError):
            self.connection.send(chunk)

    def answer(self) -> Any:
        """What it made; `_Died` where there is nobody to answer.

        Raises:
            AutomodError, WorkerError: what it raised.
        """
        self.chunk = None
        try:
            kind, value = self.connection.recv()
        except (EOFError, OSError):  # also in the middle of an answer
            self.process.join()
            return _Died(self.process.exitcode)
        if kind == "input":
            raise InputError(value)
        if kind == "bug":
            raise WorkerError(value)
        return value

    def end(self) -> None:
        """End it, whatever it does."""
        self.connection.close()
        self.process.kill()
        self.process.join()


class Pool(Generic[Result]):
    """Processes that make something of chunks.

    Args:
        start: called once in each process; what it returns is called with each chunk. Where
            processes cannot be forked it has to be picklable, and so has what is made.
        workers: how many processes.
        told: called with a sentence when one died.

    Where it is safe (Linux, no other thread) processes are forked, now: they share what was made
    before, an engine above all, with this one.
    """

    def __init__(
        self, start: Callable[[], Make[Result]], workers: int, told: Callable[[str], None]
    ) -> None:
        self._start, self._told = start, told
        self._most = workers * IN_FLIGHT
        # What is there stays: a collection in a worker would write into every page it shares.
        self._frozen = gc.get_freeze_count()
        gc.freeze()
        self._workers = [_Worker(_context(), start) for _ in range(workers)]
        for worker in self._workers:
            self._await(worker)

    def __enter__(self) -> Pool[Result]:
        return self

    def __exit__(self, *_: object) -> None:
        for worker in self._workers:
            worker.end()
        if not self._frozen:  # else somebody has more in mind
            gc.unfreeze()

    def _await(self, worker: _Worker) -> None:
        answer = worker.answer()
        if answer != _READY:
            raise InputError(f"a worker ended ({_ending(answer.code)}) before it was ready")

    def results(self, chunks: Iterable[Chunk]) -> Generator[list[Result], None, None]:
        """What is made of each chunk, in their order; of one that killed, piece by piece.

        A chunk that a worker died over is tried again in a new process, while no other works; one
        that kills again in halves, until the creative is found. That one is only read (`lost`).

        Raises:
            AutomodError, WorkerError: what reading the chunks, or a worker, raised; results of all
                chunks before come first where it is the reading.
        """
        queue = _Queue(iter(chunks))
        done: dict[int, list[Result]] = {}
        hurt: list[Chunk] = []
        following = 0
        while True:
            self._dispatch(queue, self._most - len(done) if not hurt else 0)
            while following in done:
                yield done.pop(following)
                following += 1
            busy = [one for one in self._workers if one.chunk is not None]
            if busy:
                queue.look_ahead(0 if hurt else len(self._workers))
                hurt += self._collect(busy, done)
            elif hurt:
                for chunk in sorted(hurt, key=lambda one: one.number):
                    done[chunk.number] = self._alone(chunk)
                hurt = []
            elif queue.ended:
                return queue.end()

    def _dispatch(self, queue: _Queue, room: int) -> None:
        busy = sum(one.chunk is not None for one in self._workers)
        for worker in self._workers:
            if worker.chunk is None and busy < room and (chunk := queue.next()) is not None:
                worker.send(chunk)
                busy += 1

    def _collect(self, busy: list[_Worker], done: dict[int, list[Result]]) -> list[Chunk]:
        """Take what is ready; the chunks that a worker died over."""
        hurt = []
        ready = wait([one.connection for one in busy])
        for worker in [one for one in busy if one.connection in ready]:
            chunk = worker.chunk
            answer = worker.answer()
            if chunk is not None and isinstance(answer, _Died):
                self._replace(worker)
                last = chunk.first + chunk.count - 1
                self._told(
                    f"a worker ended ({_ending(answer.code)}) among creatives "
                    f"{chunk.first:,} to {last:,}; they are tried again alone"
                )
                hurt.append(chunk)
            elif chunk is not None:
                done[chunk.number] = [answer]
        return hurt

    def _replace(self, worker: _Worker) -> _Worker:
        worker.end()
        place = self._workers.index(worker)
        self._workers[place] = _Worker(_context(), self._start)
        self._await(self._workers[place])
        return self._workers[place]

    def _alone(self, chunk: Chunk) -> list[Result]:
        answer = self._tried(chunk)
        if not isinstance(answer, _Died):
            return [answer]
        halves = chunk.halves()
        if halves is not None:
            return [*self._alone(halves[0]), *self._alone(halves[1])]
        return [self._lost(chunk)]

    def _lost(self, chunk: Chunk) -> Result:
        """What is made of the creative that kills; where reading it is what kills, unread."""
        self._told(f"the creative {chunk.first + chunk.range[0]:,} ends every worker")
        ways: tuple[Literal["crashed", "unread"], ...] = ("crashed", "unread")
        for lost in ways:
            answer = self._tried(replace(chunk, lost=lost))
            if not isinstance(answer, _Died):
                found: Result = answer
                return found
        raise WorkerError("a worker dies also over what it does not read")

    def _tried(self, chunk: Chunk) -> Any:
        worker = self._workers[0]
        worker.send(chunk)
        answer = worker.answer()
        if isinstance(answer, _Died):
            self._replace(worker)
        return answer


class _Queue:
    """The chunks that come next, some of them read ahead; an error waits for its turn."""

    def __init__(self, chunks: Iterator[Chunk]) -> None:
        self._chunks = chunks
        self._ahead: deque[Chunk] = deque()
        self._error: AutomodError | None = None
        self.ended = False

    def look_ahead(self, count: int) -> None:
        """Have so many ready, while the workers work."""
        while not self.ended and len(self._ahead) < count:
            try:
                self._ahead.append(next(self._chunks))
            except StopIteration:
                self.ended = True
            except AutomodError as error:
                self._error, self.ended = error, True

    def next(self) -> Chunk | None:
        """The next chunk; None where there is none."""
        if not self._ahead:
            self.look_ahead(1)
        return self._ahead.popleft() if self._ahead else None

    def end(self) -> None:
        """Raise what ended it."""
        if self._error is not None:
            raise self._error


def _context() -> Any:
    """How processes are started: forked where nothing else of this one runs meanwhile."""
    alone = sys.platform == "linux" and threading.active_count() == 1
    return multiprocessing.get_context("fork" if alone else "spawn")


@contextmanager
def _no_interrupt() -> Iterator[None]:
    """Hold Ctrl-C back until a child has said that it does not listen to it."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _serve(connection: Connection, parents: Connection, start: Callable[[], Make[Any]]) -> None:
    """What a worker does until the parent is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent ends it, in its own time
    parents.close()
    with suppress(EOFError, BrokenPipeError, ConnectionResetError):
        make = _guarded(connection, start)
        if make is None:
            return
        connection.send(("made", _READY))
        while True:
            chunk = connection.recv()
            made = _guarded(connection, partial(make, chunk))
            if made is not None:
                connection.send(("made", made))


def _guarded(connection: Connection, work: Callable[[], Any]) -> Any:
    """What work returns; None where it raised, which the parent is told."""
    try:
        return work()
    except MemoryError:
        os._exit(1)  # as if the system had ended it: what it had is tried again alone
    except (AutomodError, OSError) as error:
        connection.send(("input", str(error)))
    except Exception:  # noqa: BLE001 - the parent raises it again
        connection.send(("bug", traceback.format_exc()))
    return None


def _ending(code: int | None) -> str:
    if code is not None and code < 0:
        with suppress(ValueError):
            return signal.Signals(-code).name
    return f"exit code {code}"
