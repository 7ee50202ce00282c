"""`automod report`: a stored result in, a page out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from .compare import narrowed
from .eval import command_line
from .exits import YES
from .options import lang_option, output_option


@click.command()
@click.argument("run", metavar="RUN")
@click.option(
    "--statement",
    is_flag=True,
    help="A statement instead: definitions, period, sampling, counts, exclusions, agreement, "
    "digests, the command, and every counted case.",
)
@click.option(
    "--where", metavar="CONDITIONS",
    help="Only what fits: market=AE,policy=GMB.REAL; of market, policy and language.",
)  # fmt: skip
@click.option(
    "-r", "--rules", "rules", multiple=True, metavar="PATH",
    help="Rules whose policy table has the titles of codes; may be repeated.",
)  # fmt: skip
@click.option("--mask", is_flag=True, help="Hide phone numbers and handles in all texts.")
@click.option(
    "--baseline", metavar="RUN", help="An earlier result: what changed since is told as well."
)
@click.option("--images", metavar="FOLDER", help="Where pictures of ads lie; else beside RUN.")
@output_option
@lang_option
def report(run: str, **options: Any) -> int:
    """Write a page of a result that 'automod eval -o run.json' kept.

    One HTML file that needs no network, for the screen and for print, in English or Arabic.

    \b
    automod report run.json -o report.html
    automod report run.json --lang ar -o report.html
    automod report run.json --statement --where market=AE --mask -o statement.html
    """  # noqa: D301 - click keeps the lines after a backspace as they are
    from automod.evaluate.compare import compare
    from automod.load.runs import load_run
    from automod.report.evaluation_report import Form, Results, write_page

    evaluation = narrowed(load_run(run), options["where"])
    comparison = None
    if options["baseline"]:
        before = narrowed(load_run(options["baseline"]), options["where"])
        comparison = compare(before, evaluation)
    results = Results(evaluation, comparison)
    form = Form(
        "html", options["output"], options["lang"], titles=_titles(options["rules"], options),
        command=command_line(),
    )  # fmt: skip
    images = options["images"] or Path(run).parent
    write_page(results, form, statement=options["statement"], mask=options["mask"], images=images)
    return YES


def _titles(rules: tuple[str, ...], options: dict[str, Any]) -> dict[str, str]:
    """The titles of policy codes; a result keeps none."""
    from automod.engine.reading import load
    from automod.report.page import titles_of

    return titles_of(load(*rules).policies, options["lang"]) if rules else {}
