"""Exit codes, one table for all commands, and what turns every way to end into one of them."""

from __future__ import annotations

import os
import sys
import tempfile
import traceback
from collections.abc import Sequence
from typing import Any, Final

import click

from automod.errors import AutomodError, LoadError

YES: Final = 0
"""It ran, and the answer is yes; a scan that found something too."""
NO: Final = 1
"""It ran, and the answer is no: what `--fail-on` named was reached."""
NOT_STARTED: Final = 2
"""It could not start: an option, a file, a ruleset that does not load."""
INCOMPLETE: Final = 3
"""It ran, and part of the input was not evaluated."""
BUG: Final = 70
"""Something that must not happen did; the traceback is in a file."""
INTERRUPTED: Final = 130
"""Somebody stopped it; what was written so far is in `*.partial`."""


class Commands(click.Group):
    """A group of commands whose every end is an exit code of the table."""

    def main(  # type: ignore[override]  # click's overloads say the same in more words
        self, args: Sequence[str] | None = None, standalone_mode: bool = True, **extra: Any
    ) -> Any:
        """Run a command, and leave with its exit code."""
        code = self._run(args, extra)
        if standalone_mode:
            sys.exit(code)
        return code

    def _run(self, args: Sequence[str] | None, extra: dict[str, Any]) -> int:
        try:
            return int(super().main(args, standalone_mode=False, **extra) or YES)
        except click.ClickException as error:
            error.show()
            return NOT_STARTED
        except (click.Abort, KeyboardInterrupt):
            say("interrupted")
            return INTERRUPTED

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; what it raises becomes a sentence on standard error."""
        try:
            return super().invoke(ctx)
        except (click.ClickException, click.Abort, click.exceptions.Exit, KeyboardInterrupt):
            raise
        except BrokenPipeError:
            # Whoever read the output has gone (`| head`): nobody is left to tell. Python would
            # complain once more while it flushes at its own end.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return INTERRUPTED
        except LoadError as error:
            say(*map(str, error.faults))
            return NOT_STARTED
        except (AutomodError, OSError) as error:
            say(_sentence(error))
            return NOT_STARTED
        except Exception:  # noqa: BLE001 - a bug must end in its exit code, whatever it is
            return _bug()


def _sentence(error: Exception) -> str:
    if isinstance(error, OSError) and error.strerror:
        return f"{error.filename or 'input or output'}: {error.strerror}"
    return str(error)


def _bug() -> int:
    """Put the traceback where it can be attached to a report; a user needs no page of it."""
    with tempfile.NamedTemporaryFile(
        "w", prefix="automod-bug-", suffix=".txt", delete=False, encoding="utf-8",
        errors="backslashreplace",
    ) as file:  # fmt: skip
        file.write(traceback.format_exc())
    last = traceback.format_exc().strip().splitlines()[-1]
    say(f"this is a bug in automod: {last}", f"the traceback is in {file.name}; please report it")
    return BUG


def say(*lines: str) -> None:
    """Lines for the person at the terminal: on standard error, never among results."""
    for line in lines:
        click.echo(line.encode("utf-8", "backslashreplace").decode(), err=True)
