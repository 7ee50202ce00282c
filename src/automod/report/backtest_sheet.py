"""The sheet of creatives that are decided otherwise, as a workbook that labellers fill in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from automod.workshop.backtest_review import Review
from automod.workshop.label_rows import Cell

from .backtest_words import word
from .label_sheet import Asked, how_rows, write_sheet
from .labels import Lang
from .labels import word as label


def write_review(path: str, review: Review, asked: Asked, rulesets: tuple[str, str]) -> None:
    """Write the sheet, with a second one that says from what it was drawn.

    Args:
        path: where it goes.
        review: what was drawn.
        asked: when and by which command; the language of its words.
        rulesets: the digests before and after.

    Raises:
        MissingExtra: the extra `analyst` is not installed.
        InputError: a sheet has no room for so many rows.
        OSError: the file cannot be written.
    """
    write_sheet(path, review.sheet, _about(review, asked, rulesets), asked)


def _about(review: Review, asked: Asked, rulesets: tuple[str, str]) -> Iterator[Sequence[Cell]]:
    lang: Lang = asked.lang
    yield from how_rows(lang)
    yield word("codes", lang), ", ".join(review.policies)
    yield word("population.rows", lang), review.population
    yield word("rows", lang), len(review.sheet.rows)
    yield word("seed", lang), str(review.seed)
    yield word("day", lang), asked.day.isoformat()
    yield word("ruleset.before", lang), rulesets[0]
    yield word("ruleset.after", lang), rulesets[1]
    yield word("command", lang), asked.command
    yield ()
    yield (
        word("stratum", lang), word("turn", lang), word("after", lang), "N", "n",
        word("probability", lang),
    )  # fmt: skip
    for part in review.parts:
        yield (
            str(part.place + 1), word(part.turn, lang), label(part.action, lang), part.population,
            part.drawn, part.probability,
        )  # fmt: skip
