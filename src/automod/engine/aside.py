"""Loading in a process of its own: `python -m automod.engine.aside`, started by `load_aside`.

Reading, checking and naming 100,000 materials is work of Python's that would stop every thread of
a service again and again, and it leaves the memory in pieces. What comes back is a bundle in a
folder that nobody else sees, or the faults as JSON.
"""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict
from pathlib import Path
from tempfile import mkdtemp
from typing import Any, Final

from automod.errors import AutomodError, Fault, InputError, LoadError, Location, MissingExtra
from automod.load.bundle import bundle_bytes
from automod.model.ruleset import Ruleset

from .compile import VERSIONS
from .reading import load_with_notes

MODULE: Final = "automod.engine.aside"
STEP: Final = 0.05
"""Seconds between two looks at whether the process is still wanted."""
_BUNDLE: Final = "ruleset.automod"
_REQUEST: Final = "request.json"
_ANSWER: Final = "answer.json"
_ERRORS: Final = "errors.txt"
_LAST: Final = 500
"""Characters of the last line that a broken process left."""


def load_aside(
    paths: Sequence[str],
    *,
    cache: str | None,
    require_approval: bool,
    wanted: Callable[[], bool],
) -> tuple[Ruleset, tuple[str, ...]]:
    """What `load_with_notes` returns, read by another process.

    Args:
        paths: as for `load`.
        cache: as for `load`.
        require_approval: as for `load`.
        wanted: asked again and again; once it says no, the process is ended.

    Raises:
        LoadError: as for `load`.
        InputError: as for `load`.
        MissingExtra: something in the files needs an extra.
        AutomodError: the process broke down, or is not wanted any more.
    """
    with _own_folder() as folder:
        request = {"paths": paths, "cache": cache, "require_approval": require_approval}
        _write(folder / _REQUEST, request)
        _run(folder, wanted)
        answer = json.loads((folder / _ANSWER).read_text("utf-8"))
        if "error" in answer:
            raise _error(answer["error"])
        ruleset, _ = load_with_notes(str(folder / _BUNDLE))
        return ruleset, tuple(answer["notes"])


@contextmanager
def _own_folder() -> Iterator[Path]:
    """A folder for as long as it is needed.

    Not a `TemporaryDirectory`: at exit that takes the folder away first, with a warning, and only
    then is the thread stopped that still loads from it. Somebody may have taken it away already.
    """
    folder = Path(mkdtemp(prefix="automod-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _run(folder: Path, wanted: Callable[[], bool]) -> None:
    errors = folder / _ERRORS
    with errors.open("wb") as told:
        # -P: a file in the current folder is not taken for a module of that name.
        process = subprocess.Popen(  # noqa: S603 - no shell, and the module is ours
            [sys.executable, "-P", "-m", MODULE, str(folder)],
            stdin=subprocess.DEVNULL, stdout=told, stderr=told,
        )  # fmt: skip
        try:
            while process.poll() is None and wanted():
                with suppress(subprocess.TimeoutExpired):
                    process.wait(STEP)
        finally:
            process.kill()
            code = process.wait()
    if code:
        lines = errors.read_text("utf-8", "replace").strip().splitlines() or ["it said nothing"]
        raise AutomodError(f"the process that loads ended with {code}: {lines[-1][:_LAST]}")


def _error(told: Mapping[str, Any]) -> AutomodError:
    """The error that the process met."""
    if "faults" in told:
        faults = [{**one, "location": Location(**one["location"])} for one in told["faults"]]
        return LoadError(Fault(**one) for one in faults)
    if "extra" in told:
        return MissingExtra(*told["extra"])
    return InputError(told["input"])


def answer(folder: Path) -> None:
    """Load what the request in a folder asks for, and leave there what came of it."""
    request = json.loads((folder / _REQUEST).read_text("utf-8"))
    try:
        ruleset, notes = load_with_notes(request.pop("paths"), **request)
    except LoadError as error:
        _write(folder / _ANSWER, {"error": {"faults": [asdict(one) for one in error.faults]}})
    except InputError as error:
        _write(folder / _ANSWER, {"error": {"input": str(error)}})
    except MissingExtra as error:
        _write(folder / _ANSWER, {"error": {"extra": error.args}})
    else:
        (folder / _BUNDLE).write_bytes(bundle_bytes(ruleset, VERSIONS)[1])
        _write(folder / _ANSWER, {"notes": notes})


def _write(path: Path, found: Mapping[str, Any]) -> None:
    # Names of files may hold what is no text; JSON escapes it.
    path.write_text(json.dumps(found), "utf-8")


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # an interrupt is the parent's to answer
    answer(Path(sys.argv[1]))
