"""Pages with results in them, between two markers: made from what was measured."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple


class Part(NamedTuple):
    """Where results stand on a page: between the lines that begin and end them."""

    page: Path
    begin: str
    end: str

    def filled(self, results: str) -> str:
        """The page with these results in it.

        Raises:
            ValueError: the markers are not there.
        """
        before, begin, rest = self.page.read_text("utf-8").partition(self.begin)
        _, end, after = rest.partition(self.end)
        if not begin or not end:
            raise ValueError(f"{self.page} has no {self.begin} ... {self.end}")
        return "\n\n".join(one for one in (before + begin, results, end + after) if one)

    def is_current(self, results: str) -> bool:
        """Whether these results are what the page has."""
        return self.filled(results) == self.page.read_text("utf-8")


def keep(parts: Iterable[tuple[Part, str]], command: str) -> int:
    """Write results into their pages; with `--check` only say which pages are not current.

    Args:
        parts: where, and what.
        command: the module to run to mend them.

    Returns:
        1 if a page is not current, and was to be checked.
    """
    held = list(parts)
    if "--check" not in sys.argv[1:]:
        for part, results in held:
            part.page.write_text(part.filled(results), encoding="utf-8")
        return 0
    stale = [part.page for part, results in held if not part.is_current(results)]
    for page in stale:
        print(f"{page} is not current: run python -m {command}")
    return int(bool(stale))
