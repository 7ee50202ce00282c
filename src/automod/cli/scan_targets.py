"""What `automod scan` reads and writes, checked as far as it can be before anything is loaded."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from automod.errors import InputError

from .exits import say
from .options import format_of, refuse_without_file, text_creative

if TYPE_CHECKING:
    from automod.batch.plan import Cut

Options = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Targets:
    """What is read, and where the results go."""

    sources: tuple[tuple[str, Any], ...]
    creative: dict[str, Any] | None
    """Of `--text`, in place of sources."""
    format: str
    output: str | None
    folder: str | None
    """`output`, where it is a folder."""
    hits_format: str | None
    objects: bool
    """Results are laid out from the decisions themselves."""
    cut: Cut

    def size(self) -> int | None:
        """The bytes of all that is read; None where nobody knows."""
        from automod.batch.inputs import size_of

        return None if self.creative is not None else size_of(self.sources)


def targets_of(inputs: tuple[str, ...], options: Options) -> Targets:
    """What is read, and where the results go.

    Raises:
        click.UsageError: options that do not go together.
        InputError: a file is not there.
        MissingExtra: a format needs an extra that is not installed.
    """
    creative = _creative(inputs, options)
    output = options["output"]
    folder = output if output is not None and _is_folder(output) else None
    if folder is None:
        chosen, hits = _of_files(options)
    else:
        chosen, hits = _of_parts(folder, inputs, options)
    _check_extras(chosen, hits)
    named = _named(options)
    _refuse_earlier(options["only_changed"], named)
    sources = tuple(_sources(inputs, named, options["quiet"]))
    objects, cut = _manner(chosen, folder, sources, options)
    return Targets(sources, creative, chosen, output, folder, hits, objects, cut)


def _creative(inputs: tuple[str, ...], options: Options) -> dict[str, Any] | None:
    text = options["text"]
    if bool(inputs) == (text is not None):
        raise click.UsageError("give either INPUT or --text (INPUT - is standard input)")
    if text is not None and not options["markets"]:
        raise click.UsageError("--text needs --market: what is risky depends on where it runs")
    if text is None and (options["markets"] or options["language"]):
        raise click.UsageError("--market and --language go with --text; files have their own")
    if text is None:
        return None
    return text_creative(text, options["markets"], options["language"])


def _is_folder(path: str) -> bool:
    return path.endswith(("/", os.sep)) or Path(path).is_dir()


def _of_files(options: Options) -> tuple[str, str | None]:
    """The formats of decisions and of hits, where each is one file."""
    from automod.report.hit_log import SUFFIXES as HITS
    from automod.report.scan_report import SUFFIXES

    output, hits = options["output"], options["hits"]
    chosen = format_of(options["chosen"], output, SUFFIXES)
    refuse_without_file(chosen, output)
    for name in ("resume", "part_size"):
        if options[name]:
            flag = f"--{name.replace('_', '-')}"
            raise click.UsageError(f"{flag} needs -o FOLDER/, which is filled with parts")
    if options["hits_text"] and hits is None:
        raise click.UsageError("--hits-text goes with --hits")
    if hits is not None and not hits.lower().endswith(tuple(HITS)):
        raise click.UsageError(f"--hits {hits}: the suffix is none of {', '.join(HITS)}")
    return chosen, None if hits is None else format_of(None, hits, HITS)


def _of_parts(folder: str, inputs: tuple[str, ...], options: Options) -> tuple[str, str | None]:
    """The formats of decisions and of hits, where both are in parts."""
    from automod.report.hit_log import SUFFIXES as HITS
    from automod.report.scan_output import FOLDER_FORMATS

    if options["text"] is not None:
        raise click.UsageError("--text has one decision; -o names a file")
    chosen = options["chosen"] or ("parquet" if find_spec("pyarrow") else "jsonl")
    if chosen not in FOLDER_FORMATS:
        raise click.UsageError(f"-o {folder}: parts are one of {', '.join(FOLDER_FORMATS)}")
    if options["quarantine"] is not None:
        raise click.UsageError("--quarantine goes with a file; beside parts it always is")
    if options["resume"] and "-" in inputs:
        raise click.UsageError("--resume needs files: standard input cannot be read again")
    hits = options["hits"]
    if options["hits_text"] and hits is None:
        raise click.UsageError("--hits-text goes with --hits")
    if hits is not None and hits.lower().endswith(tuple(HITS)):
        raise click.UsageError(f"--hits {hits}: beside parts it is a folder")
    if hits is not None and Path(folder).resolve() in (Path(hits).resolve(), *_above(hits)):
        told = "its files would be read as decisions"
        raise click.UsageError(f"--hits {hits} lies in -o {folder}: {told}; give another folder")
    return chosen, None if hits is None else "parquet" if chosen == "parquet" else "jsonl"


def _above(path: str) -> Iterable[Path]:
    return Path(path).resolve().parents


def _check_extras(chosen: str, hits: str | None) -> None:
    if chosen == "xlsx":
        from automod.report.decision_book import check_writer

        check_writer()
    if "parquet" in (chosen, hits):
        from automod.model.arrow import arrow

        arrow("writing Parquet")


def _named(options: Options) -> dict[str, Path]:
    """The files and folders that are written, by their options; each is another.

    Raises:
        click.UsageError: two are one.
    """
    flags = {"output": "-o", "hits": "--hits", "quarantine": "--quarantine", "counts": "--counts"}
    found: dict[str, Path] = {}
    for key, flag in flags.items():
        if options[key] is None:
            continue
        place = Path(options[key]).resolve()
        for other, known in found.items():
            if known == place and not place.is_dir() and not options[key].endswith(("/", os.sep)):
                raise click.UsageError(f"{other} and {flag} name the same file")
        found[flag] = place
    return found


def _refuse_earlier(earlier: str | None, targets: Mapping[str, Path]) -> None:
    """Decisions that others are to differ from are not written over: the rest would be gone.

    Raises:
        click.UsageError: they would be.
    """
    for flag, target in targets.items():
        if earlier is not None and target == Path(earlier).resolve():
            raise click.UsageError(f"{flag} would write over --only-changed {earlier}")


def _sources(
    inputs: tuple[str, ...], targets: Mapping[str, Path], quiet: bool
) -> Iterator[tuple[str, Any]]:
    """Names and what to read; every file is there, and none is about to be written over.

    Raises:
        InputError: a file is not there.
        click.UsageError: standard input twice, or an output that is an input.
    """
    if inputs.count("-") > 1:
        raise click.UsageError("standard input (-) can be read only once")
    for name in inputs:
        if name == "-":
            yield "standard input", sys.stdin.buffer
            continue
        path = Path(name)
        if not path.exists():
            raise InputError(f"{name}: there is no such file")
        for one in _files(name, targets, quiet) if path.is_dir() else [name]:
            for flag, target in targets.items():
                if target == Path(one).resolve():
                    raise click.UsageError(f"{flag} {target.name} would write over an INPUT")
            yield one, one


def _files(name: str, targets: Mapping[str, Path], quiet: bool) -> list[str]:
    """The files of a folder, into which no parts are written: they would be read as ads.

    Raises:
        InputError: there are none.
        click.UsageError: parts are written into it.
    """
    from automod.batch.inputs import files_of

    folder = Path(name).resolve()
    for flag, target in targets.items():
        if target == folder or (folder in target.parents and not target.suffix):
            raise click.UsageError(f"{flag} {target.name} lies in INPUT {name}")
    return files_of(name, None if quiet else say)


def _manner(
    chosen: str, folder: str | None, sources: tuple[tuple[str, Any], ...], options: Options
) -> tuple[bool, Cut]:
    """Whether results are laid out from decisions, and how large the chunks are."""
    from automod.batch.inputs import sort_of
    from automod.batch.plan import PART, Cut
    from automod.report.scan_run import PLAIN

    if folder is not None:
        return False, Cut.for_parts(options["part_size"] or PART)
    asked = ("workers", "quarantine", "only_changed", "counts")
    if any(options[name] is not None for name in asked):
        return chosen in PLAIN, Cut()
    if chosen == "parquet" and sources and all(sort_of(one) == "parquet" for _, one in sources):
        return False, Cut()
    return True, Cut.for_stream()
