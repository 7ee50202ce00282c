"""A child process that does everything a decoder must not: `python -m bad_child`."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Mapping
from typing import Any, BinaryIO, Final

import numpy as np

from automod.errors import MissingExtra
from automod.media.child import Task, serve
from automod.media.errors import MediaError
from automod.media.messages import Message


def bad_task(file: BinaryIO, keywords: Mapping[str, Any]) -> Message:
    """Do what the bytes say."""
    return WAYS[file.read().decode("ascii")]()


def _sleep() -> Message:
    time.sleep(60)
    return Message({"ok": {}})


def _spin() -> Message:
    while True:
        pass


def _abort() -> Message:
    os.abort()


def _exit() -> Message:
    os._exit(3)


def _grow() -> Message:
    return Message({"ok": {}}, (np.ones(1 << 31, np.uint8).tobytes(),))


def _print() -> Message:
    os.write(1, b"not a message")
    return Message({"ok": {}})


def _promise() -> Message:
    return Message({"ok": {}}, (bytes(2 << 20),))


def _nonsense() -> Message:
    return Message({"well": [1]})


def _broken() -> Message:
    return Message({"ok": {}, "frames": [[0]]}, (b"", b""))


def _fault() -> Message:
    raise MediaError("media.damaged", "of the file")


def _extra() -> Message:
    raise MissingExtra("video", "reading a video")


def _bug() -> Message:
    raise ZeroDivisionError


def _who() -> Message:
    return Message({"ok": {"pid": os.getpid(), "numpy": np.__version__}})


def _core() -> Message:
    if sys.platform == "win32":
        return Message({"ok": {"core": 0}})
    import resource

    return Message({"ok": {"core": resource.getrlimit(resource.RLIMIT_CORE)[0]}})


WAYS: Final = {
    "sleep": _sleep, "spin": _spin, "abort": _abort, "exit": _exit, "grow": _grow,
    "print": _print, "promise": _promise, "nonsense": _nonsense, "broken": _broken,
    "fault": _fault, "extra": _extra, "bug": _bug, "who": _who, "core": _core,
}  # fmt: skip
TASKS: Final[Mapping[str, Task]] = {"hashes": bad_task, "bad": bad_task}

if __name__ == "__main__":
    serve(TASKS, sys.argv[1:])
