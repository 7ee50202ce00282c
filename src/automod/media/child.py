"""What runs in a child process: `python -m automod.media.child`, started by `media.worker`.

It reads requests from its standard input and writes answers to its standard output until the input
ends. It limits itself: address space, processor time of each request, no core dumps; where the
system has no such limits (Windows) the clock of `media.worker` is all there is.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Callable, Mapping
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO, Final

from automod.errors import MissingExtra

from .errors import TOO_LARGE, MediaError
from .messages import Message, receive, send
from .source import opened

Task = Callable[[BinaryIO, Mapping[str, Any]], Message]
"""An open file and keywords to an answer; it raises MediaError for what is wrong with the file."""


def serve(tasks: Mapping[str, Task], arguments: list[str]) -> None:
    """Answer requests until there are no more.

    A request has a `task`, `keywords` for it, and either a `path` or the bytes of the file as its
    only blob. An answer has `ok`, or `media` (code and message), or `extra` (its arguments).

    Args:
        tasks: by their names.
        arguments: of the command line; one, a JSON object with `memory` and `processor`: bytes
            above what the process takes when it starts, and seconds a request.
    """
    limits = json.loads(arguments[0])
    requests, answers = _pipes()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # an interrupt is the parent's to answer
    _limit_memory(limits["memory"])
    send(answers, {"ready": True})
    while True:
        try:
            request = receive(requests, sys.maxsize)
        except EOFError:
            return
        _limit_processor(limits["processor"])
        answer = _answer(tasks, request)
        del request
        send(answers, *answer)


def _pipes() -> tuple[BinaryIO, BinaryIO]:
    """Both ends; what a library prints goes to standard error from now on."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    return sys.stdin.buffer, answers


def _answer(tasks: Mapping[str, Task], request: Message) -> Message:
    head = request.head
    try:
        with _opened(head, request) as file:
            return tasks[head["task"]](file, head["keywords"])
    except MediaError as error:
        return Message({"media": [error.code, error.message]})
    except MissingExtra as error:
        return Message({"extra": [error.extra, error.needed_for]})
    except MemoryError:
        return Message({"media": [TOO_LARGE, "no memory for it"]})


def _opened(head: Mapping[str, Any], request: Message) -> BinaryIO:
    return opened(head["path"]) if "path" in head else BytesIO(request.blobs[0])


# --- limits -------------------------------------------------------------------------------------

_HERE: Final = Path("/proc/self/statm")
"""Pages of address space that are taken, where the system tells."""


def _limit_memory(most: int) -> None:
    if sys.platform == "win32":
        return
    import resource

    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    taken = 0
    if _HERE.exists():
        taken = int(_HERE.read_text("ascii").split()[0]) * resource.getpagesize()
    _lower(resource.RLIMIT_AS, taken + most)


def _limit_processor(seconds: int) -> None:
    """The limit counts from the start of the process, so it is set anew for each request."""
    if sys.platform == "win32":
        return
    import resource

    used = resource.getrusage(resource.RUSAGE_SELF)
    _lower(resource.RLIMIT_CPU, int(used.ru_utime + used.ru_stime) + 1 + seconds)


def _lower(limit: int, value: int) -> None:
    import resource

    hard = resource.getrlimit(limit)[1]
    if hard != resource.RLIM_INFINITY:
        value = min(value, hard)
    try:
        resource.setrlimit(limit, (value, hard))
    except (ValueError, OSError):
        return  # macOS knows RLIMIT_AS and does not take it


if __name__ == "__main__":
    # Before NumPy is loaded. The threads of its matrix products wait for each other longer than
    # the products of hashing take (65 ms instead of 0.5 between two frames), and take memory each.
    for _library in ("OPENBLAS", "MKL", "OMP"):
        os.putenv(f"{_library}_NUM_THREADS", "1")
    from .tasks import TASKS, load_all

    load_all()
    serve(TASKS, sys.argv[1:])
