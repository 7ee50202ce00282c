"""`automod`: the entry point, and the list of commands."""

from __future__ import annotations

import click

from automod.version import __version__

from .approve import approve
from .backtest import backtest
from .bundle import bundle
from .compare import compare
from .convert import convert
from .diff import diff
from .doctor import doctor
from .drift import drift
from .eval import eval_
from .exits import Commands
from .explain import explain
from .fmt import fmt
from .hash import hash_
from .hits import hits
from .init import init
from .label import label
from .lint import lint
from .monitor import monitor
from .off import off
from .report import report
from .scan import scan
from .schema import schema
from .show import show
from .test import examine

SETTINGS = {"help_option_names": ["-h", "--help"], "max_content_width": 100}


@click.group(cls=Commands, context_settings=SETTINGS)
@click.version_option(__version__, prog_name="automod", message="%(prog)s %(version)s")
def main() -> None:
    """Judge ads with the risk material of analysts, market by market, with evidence.

    \b
    Exit codes, the same for every command:
      0    the answer is yes (a scan that found something, too)
      1    the answer is no: what --fail-on named was reached
      2    could not start: an option, a file, a ruleset that does not load
      3    incomplete: part of the input was not evaluated (wins over 1)
      70   a bug in automod; the traceback is in a file
      130  interrupted; what was written so far is in *.partial
    """  # noqa: D301 - click keeps the lines after a backspace as they are


for command in (
    init, scan, explain, show, fmt, convert, examine, off, monitor, lint, diff, approve, bundle,
    hits, drift,
    eval_, compare, backtest, label, report, hash_,
    schema, doctor,
):  # fmt: skip
    main.add_command(command)
