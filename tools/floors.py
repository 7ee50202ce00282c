"""Prints constraints with the oldest versions that pyproject.toml allows, of base and of extras.

Everything else, development tools above all, stays at the version of constraints.txt.
"""

import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[1]
FOLLOWS = {"pydantic_core"}
"""Each release of pydantic asks for one release of this."""
APART = {"spark"}
"""Extras that are installed into an environment of their own: `make spark`."""


def floors() -> list[str]:
    """The constraints, one a line."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    optional = project["optional-dependencies"].items()
    extras = [line for extra, lines in optional if extra not in APART for line in lines]
    needed = dict.fromkeys([*project["dependencies"], *extras])
    lowest = [line.replace(">=", "==") for line in needed]
    taken = {_name(line) for line in lowest} | FOLLOWS
    pinned = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    return lowest + [line for line in pinned if _name(line) not in taken]


def _name(line: str) -> str:
    name = line.split("==", maxsplit=1)[0]
    return name if name in FOLLOWS else name.lower().replace("_", "-")


if __name__ == "__main__":
    print("\n".join(floors()))
