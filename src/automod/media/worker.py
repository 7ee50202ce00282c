"""Decoding in a child process that is killed at its limits: no file can harm the batch.

A child is started at its first file and used for the next ones; what kills it is told as the fault
of the file it had, and the next file gets a new one. It is another interpreter, not a fork: nothing
of the parent is copied, and nothing comes back but JSON and raw bytes. Where the system has no
limits for a process (Windows) only the time is limited.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import weakref
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from queue import LifoQueue
from threading import Timer
from typing import Any, BinaryIO, Final, Self, TypeVar, cast

from automod.errors import MissingExtra

from .decode import DEFAULT as PICTURE_BUDGET
from .decode import Budget, Picture, Pixels
from .errors import DAMAGED, TIMEOUT, TOO_LARGE, MediaError
from .film import Film
from .fingerprint import Fingerprint
from .frames import DEFAULT, Video, VideoBudget
from .messages import BrokenMessageError, Message, receive, send
from .pdq import Hashed
from .phash import OtherAlgorithm
from .sampling import DENSE, EVEN, Sampling
from .tasks import film_of, hashes_of, image_of, picture_of, pixels_of, views_of
from .views import Views

Answer = TypeVar("Answer")


@dataclass(frozen=True, slots=True)
class Limits:
    """What a child process may take."""

    seconds: float = 120.0
    """By the clock, a file."""
    processor: int = 90
    """Seconds of processor time, a file."""
    memory: int = 1 << 30
    """Bytes of address space above what the process takes when it starts."""
    answer: int = 1 << 29
    """Bytes of one answer."""
    start: float = 60.0
    """Seconds by the clock until the process is ready."""
    files: int = 1000
    """After so many a new process takes over: decoders leak."""


LIMITS: Final = Limits()
CHILD: Final = "automod.media.child"


class Worker:
    """One child process at a time; for one thread at a time (`Workers` is for many)."""

    def __init__(self, limits: Limits = LIMITS, module: str = CHILD) -> None:
        """Starts nothing yet.

        Args:
            limits: of the process.
            module: what it runs, a module that calls `media.child.serve`.
        """
        self._limits = limits
        self._module = module
        self._process: _Process | None = None

    def ask(self, task: str, file: bytes | str | Path, keywords: dict[str, Any]) -> Message:
        """The answer of the child.

        Raises:
            MediaError: what is wrong with the file, or `media.timeout`; a crash is
                `media.damaged`, too much memory `media.too_large`.
            MissingExtra: the child lacks an extra.
            RuntimeError: the process does not start.
        """
        process = self._started()
        head: dict[str, Any] = {"task": task, "keywords": keywords}
        blobs = [file] if isinstance(file, bytes) else []
        if not isinstance(file, bytes):
            head["path"] = str(file)
        answer = process.ask(head, blobs)
        if "media" in answer.head:
            raise MediaError(*answer.head["media"])
        if "extra" in answer.head:
            raise MissingExtra(*answer.head["extra"])
        return answer

    def _started(self) -> _Process:
        process = self._process
        if process is not None and not process.fit():
            process.end()
            process = None
        if process is None:
            process = self._process = _Process(self._limits, self._module)
        return process

    def close(self) -> None:
        """End the process; the next file starts another."""
        if self._process is not None:
            self._process.end()
            self._process = None


class Workers:
    """Children for any number of threads: each file gets one to itself.

    >>> with Workers(1) as workers:
    ...     workers.hashes(b"not a video")
    Traceback (most recent call last):
    automod.media.errors.MediaError: media.unsupported: the bytes begin 6e 6f 74 20 61 20 76 69
    """

    def __init__(self, most: int = 1, limits: Limits = LIMITS, module: str = CHILD) -> None:
        """Starts nothing yet.

        Args:
            most: processes at the same time; a thread that finds all of them busy waits.
            limits: of each of them.
            module: what they run.

        Raises:
            ValueError: `most` is under 1.
        """
        if most < 1:
            raise ValueError(f"{most} processes")
        self._most = most
        self._make: Callable[[], Worker] = partial(Worker, limits, module)
        self._refill()

    def _refill(self) -> None:
        self._owner = os.getpid()
        self._idle: LifoQueue[Worker] = LifoQueue()
        for _ in range(self._most):
            self._idle.put(self._make())

    def _taken(self) -> Worker:
        """A worker that is idle. After a fork others than those of the parent, busy or not."""
        if self._owner != os.getpid():
            self._refill()
        return self._idle.get()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the processes, once each of them is done with its file."""
        held = [self._taken() for _ in range(self._most)]
        for worker in held:
            worker.close()
            self._idle.put(worker)

    def pixels(
        self,
        file: bytes | str | Path,
        *,
        budget: VideoBudget = DEFAULT,
        sampling: Sampling = EVEN,
    ) -> Video[Pixels]:
        """The frames of a video.

        Args:
            file: its bytes, or its path, which the child opens.
            budget: as in `read_video`.
            sampling: as in `read_video`.

        Raises:
            MediaError: nothing of it can be seen; `media.timeout` if it took too long.
            MissingExtra: the extra `video` is not installed.
            RuntimeError: no child starts.
        """
        return self._of_video("pixels", file, budget, sampling, pixels_of)

    def hashes(
        self,
        file: bytes | str | Path,
        *,
        budget: VideoBudget = DEFAULT,
        sampling: Sampling = EVEN,
    ) -> Video[Hashed]:
        """The frames of a video as PDQ hashes; otherwise as `pixels`."""
        return self._of_video("hashes", file, budget, sampling, hashes_of)

    def views(
        self,
        file: bytes | str | Path,
        *,
        budget: VideoBudget = DEFAULT,
        sampling: Sampling = DENSE,
    ) -> Video[Views]:
        """The frames of a video that is looked for, in views; otherwise as `pixels`."""
        return self._of_video("views", file, budget, sampling, views_of)

    def film(
        self,
        file: bytes | str | Path,
        *,
        budget: VideoBudget = DEFAULT,
        sampling: Sampling = EVEN,
    ) -> Film:
        """A video in which others are looked for; otherwise as `pixels`."""
        return self._of_video("film", file, budget, sampling, film_of)

    def image(
        self, file: bytes | str | Path, *, also: Collection[OtherAlgorithm] = ()
    ) -> Fingerprint:
        """The fingerprint of an image, as `fingerprint_of` makes it; otherwise as `pixels`."""
        keywords = {"budget": asdict(PICTURE_BUDGET), "also": sorted(also)}
        return self._ask("image", file, keywords, image_of)

    def picture(
        self,
        file: bytes | str | Path,
        *,
        budget: Budget = PICTURE_BUDGET,
        long_side: int | None = None,
        colour: bool = False,
    ) -> Picture:
        """An image, as `decode` gives it; otherwise as `pixels`."""
        keywords = {"budget": asdict(budget), "long_side": long_side, "colour": colour}
        return self._ask("picture", file, keywords, picture_of)

    def _of_video(
        self,
        task: str,
        file: bytes | str | Path,
        budget: VideoBudget,
        sampling: Sampling,
        read: Callable[[Message], Answer],
    ) -> Answer:
        keywords = {"budget": asdict(budget), "sampling": asdict(sampling)}
        return self._ask(task, file, keywords, read)

    def _ask(
        self,
        task: str,
        file: bytes | str | Path,
        keywords: dict[str, Any],
        read: Callable[[Message], Answer],
    ) -> Answer:
        most = keywords["budget"]["bytes"]
        if isinstance(file, bytes) and len(file) > most:
            raise MediaError(TOO_LARGE, f"{len(file)} bytes, at most {most}")
        worker = self._taken()
        try:
            answer = worker.ask(task, file, keywords)
            try:
                return read(answer)
            except (KeyError, TypeError, ValueError) as error:
                worker.close()
                raise MediaError(DAMAGED, f"an answer that makes no sense: {error!r}") from None
        finally:
            self._idle.put(worker)


# --- one process --------------------------------------------------------------------------------


class _Process:
    """A child that is ready."""

    def __init__(self, limits: Limits, module: str) -> None:
        self._limits = limits
        self._owner = os.getpid()
        self._left = limits.files
        own = json.dumps({"memory": limits.memory, "processor": limits.processor})
        # -P: a file in the current folder is not taken for a module of that name.
        self._popen = subprocess.Popen(  # noqa: S603 - no shell, and the module is ours
            [sys.executable, "-P", "-m", module, own],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        self.end = weakref.finalize(self, _end, self._popen, self._owner)
        try:
            with self._within(limits.start):
                receive(self._answers, 0)
        except (EOFError, BrokenMessageError, OSError):
            self.end()
            code = self._popen.returncode
            raise RuntimeError(
                f"no process to decode media in: {module} ended with {code} before it was ready"
            ) from None
        except BaseException:
            self.end()
            raise

    @property
    def _answers(self) -> BinaryIO:
        return cast("BinaryIO", self._popen.stdout)

    def fit(self) -> bool:
        """Whether it can take another file. A fork does not talk to the child of its parent."""
        return self._owner == os.getpid() and self._left > 0 and self._popen.poll() is None

    def ask(self, head: dict[str, Any], blobs: list[bytes]) -> Message:
        """The answer to a request; whatever goes wrong ends the process."""
        self._left -= 1
        late: list[bool] = []
        try:
            with self._within(self._limits.seconds, late):
                send(cast("BinaryIO", self._popen.stdin), head, blobs)
                return receive(self._answers, self._limits.answer)
        except BrokenMessageError as error:
            self.end()
            raise MediaError(DAMAGED, f"an answer that makes no sense: {error}") from None
        except (EOFError, OSError):
            self._await_end()
            raise self._fault(bool(late)) from None
        except BaseException:
            self.end()
            raise
        finally:
            if late:  # killed in the moment it answered
                self.end()

    def _await_end(self) -> None:
        """It has closed its pipes; how it ends is its own fault, not ours."""
        with suppress(subprocess.TimeoutExpired):
            self._popen.wait(timeout=1)
        self.end()

    @contextmanager
    def _within(self, seconds: float, late: list[bool] | None = None) -> Iterator[None]:
        """Kill the process when the time is over: whoever waits for it finds it gone."""

        def kill() -> None:
            if late is not None:
                late.append(True)
            self._popen.kill()

        timer = Timer(seconds, kill)
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()

    def _fault(self, late: bool) -> MediaError:
        code = self._popen.returncode
        if late:
            return MediaError(TIMEOUT, f"more than {self._limits.seconds:g} seconds")
        if code == -getattr(signal, "SIGXCPU", 0):
            return MediaError(
                TIMEOUT, f"more than {self._limits.processor} seconds of processor time"
            )
        if code == -getattr(signal, "SIGKILL", 0):
            return MediaError(TOO_LARGE, "the system ended the decoder: no memory, most likely")
        return MediaError(DAMAGED, f"the decoder broke down ({_name(code)})")


def _name(code: int) -> str:
    try:
        return signal.Signals(-code).name
    except ValueError:
        return f"exit code {code}"


def _end(popen: subprocess.Popen[bytes], owner: int) -> None:
    """End a process and wait for it; a fork only lets go of the pipes."""
    if owner == os.getpid():
        popen.kill()
        popen.wait()
    else:
        popen.returncode = 0  # not its child: nothing to wait for
    for pipe in (popen.stdin, popen.stdout):
        try:
            if pipe is not None:
                pipe.close()
        except OSError:
            continue  # what was not written yet stays so
