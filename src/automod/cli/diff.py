"""`automod diff`: what differs between two rulesets."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from .exits import NO, YES, say
from .options import (
    approval_option,
    format_of,
    format_option,
    lang_option,
    on_option,
    output_option,
    quiet_option,
    refuse_without_file,
    sample_cache,
)

if TYPE_CHECKING:
    from automod.model.ruleset import Ruleset
    from automod.workshop.ruleset_diff import Diff


@click.command()
@click.argument("old", metavar="OLD")
@click.argument("new", metavar="NEW")
@approval_option
@on_option
@click.option("--exit-code", is_flag=True, help="Exit 1 if anything differs.")
@format_option(["text", "json", "xlsx", "github"])
@output_option
@lang_option
@quiet_option
@click.option("-v", "--verbose", is_flag=True, help="Text: every change, however many.")
def diff(old: str, new: str, **options: Any) -> int:
    """Say what differs between two rulesets.

    OLD and NEW are folders, files or bundles. What is told is what they mean, not how they are
    written: which materials, rules, allows, overrides and rows of the policy table came, went or
    moved; which were loosened (more is let through: a lower weight, a tighter view, fewer markets,
    a wider allow) or tightened (more is stopped); and what is asked otherwise in which market.

    \b
    automod diff rules/ new-rules/
    automod diff store/sha256-….automod rules/ -o changes.xlsx
    """  # noqa: D301 - click keeps the lines after a backspace as they are
    from automod.report.diff_text import SUFFIXES
    from automod.workshop.ruleset_diff import ruleset_diff

    from .clock import now

    chosen = format_of(options["chosen"], options["output"], SUFFIXES)
    refuse_without_file(chosen, options["output"])
    before, after = (_load(path, options) for path in (old, new))
    found = ruleset_diff(before, after, options["on"] or now().date())
    _write(found, chosen, options)
    return NO if found and options["exit_code"] else YES


def _load(path: str, options: dict[str, Any]) -> Ruleset:
    from automod.engine.reading import load_with_notes

    # What another version meant is compared as it is written: nothing is decided here.
    ruleset, notes = load_with_notes(
        path, cache=sample_cache(), other_version=True,
        require_approval=options["require_approval"] and not path.endswith(".automod"),
    )  # fmt: skip
    if not options["quiet"]:
        say(*notes)
    return ruleset


def _write(found: Diff, chosen: str, options: dict[str, Any]) -> None:
    from automod.report.diff_text import diff_json, diff_markdown, diff_text, diff_xlsx
    from automod.report.target import placing, writing

    lang, output = options["lang"], options["output"]
    if chosen == "xlsx":
        data = diff_xlsx(found, lang)
        with placing(output) as partial:
            Path(partial).write_bytes(data)
        return
    with writing(output) as stream:
        if chosen == "json":
            stream.write(diff_json(found))
            return
        lines = (
            diff_markdown(found, lang)
            if chosen == "github"
            else diff_text(found, lang, detail=options["verbose"])
        )
        stream.writelines(f"{line}\n" for line in lines)
