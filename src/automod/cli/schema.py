"""`automod schema`: the JSON Schema of every format."""

from __future__ import annotations

import json
from pathlib import Path

import click

from .exits import YES, say

NAMES = (
    "package", "policies", "override", "creative", "decision", "hit_log", "case", "gates",
    "evaluation", "comparison", "lint", "backtest", "counters",
    "drift", "drift_watch",
)  # fmt: skip


@click.command()
@click.argument("name", required=False, type=click.Choice(NAMES))
@click.option("-o", "--output", metavar="DIR", help="Write NAME.schema.json files to this folder.")
def schema(name: str | None, output: str | None) -> int:
    """Print the JSON Schema of a format.

    Draft 2020-12. Without NAME: of all formats, by name.
    """
    from automod.model.schema import schema as schema_of

    found = {one: schema_of(one) for one in ([name] if name else NAMES)}
    if output is None:
        click.echo(_json(found[name] if name else found))
        return YES
    folder = Path(output)
    folder.mkdir(parents=True, exist_ok=True)
    for one, content in found.items():
        path = folder / f"{one}.schema.json"
        path.write_text(_json(content) + "\n", encoding="utf-8")
        say(f"wrote {path}")
    return YES


def _json(value: object) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False)
