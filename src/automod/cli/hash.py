"""`automod hash`: image files in, entries for a package out."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

import click

from .exits import INCOMPLETE, YES, say
from .options import output_option, quiet_option

if TYPE_CHECKING:
    from automod.workshop.hashing import Hashed, NotHashed

ALGORITHMS: Final = ("pdq", "phash", "dhash", "ahash", "whash", "colorhash")
FORMS: Final = ("yaml", "csv", "json", "pdq")


@click.command("hash")
@click.argument("files", nargs=-1, metavar="[FILE]...")
@click.option(
    "-a", "--algorithm", type=click.Choice(ALGORITHMS), default="pdq", show_default=True,
    help="Which hash; the last three need the extra 'imagehash'.",
)  # fmt: skip
@click.option(
    "--list", "lists", multiple=True, metavar="FILE",
    help="A list of PDQ hashes that others keep: lines 'pdq HASH', or a hash in a cell of a row.",
)  # fmt: skip
@click.option(
    "-r", "--rules", "rules", multiple=True, metavar="PATH",
    help="Packages whose images are wanted: with -f pdq a list of ours, for others.",
)  # fmt: skip
@click.option(
    "-f", "--format", "chosen", type=click.Choice(FORMS), default="yaml", show_default=True,
    help="Entries for 'materials:', a table, JSON, or lines 'pdq HASH'.",
)  # fmt: skip
@output_option
@quiet_option
def hash_(**options: Any) -> int:
    """Print entries for a package, ready to paste.

    FILE is an image (JPEG, PNG, WebP, GIF, AVIF) or a video (MP4, MOV, WebM, MKV). A file in which
    there is too little to see, or that cannot be read, makes no entry, and why is said on standard
    error. One hash finds a
    picture that was saved again. To find it cut, framed, mirrored or covered as well, put the file
    beside the package and write 'file:' instead of 'hash:'.

    \b
    automod hash banner.png
    automod hash samples/*.jpg -f csv -o images.csv
    automod hash --list shared.txt -f csv
    automod hash -r rules/ -f pdq
    """  # noqa: D301 - click keeps the lines after a backspace as they are
    from automod.report.hash_text import hash_text
    from automod.report.target import writing
    from automod.workshop.hashing import Hashed, side_by_side

    if not (options["files"] or options["lists"] or options["rules"]):
        raise click.UsageError("give a FILE, a --list or --rules")
    made = []
    for sample in _samples(options):
        made.append(sample)
        if not isinstance(sample, Hashed):
            say(f"{sample.source}: {sample.message}")
    entries = list(side_by_side(one for one in made if isinstance(one, Hashed)))
    found = [one for one in entries if isinstance(one, Hashed)]
    chosen, output = options["chosen"], options["output"]
    with writing(output, bom=chosen == "csv") as stream:
        stream.write(hash_text(found, chosen))
    if not options["quiet"]:
        say(*(f"{one.source}: {one.message}" for one in entries if not isinstance(one, Hashed)))
        if output is not None:
            say(f"{len(found)} written to {output}")
    return YES if all(isinstance(one, Hashed) for one in made) else INCOMPLETE


def _samples(options: dict[str, Any]) -> Iterator[Hashed | NotHashed]:
    """What files, lists and packages hold, in this order."""
    from automod.workshop.hashing import hash_files, hash_list, hashes_of

    yield from hash_files(options["files"], options["algorithm"])
    for name in options["lists"]:
        yield from hash_list(name)
    if options["rules"]:
        from automod.engine.reading import load

        yield from hashes_of(load(*options["rules"]))
