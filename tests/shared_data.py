"""Where the data lies that others made: beside the repository, or where AUTOMOD_DATA says."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
DATA = Path(os.environ.get("AUTOMOD_DATA", ROOT.parent / "shared" / "data"))


def data(name: str) -> Path:
    """A file or folder of the data, or a skip that names it."""
    return present(DATA / name)


def suite(name: str) -> Path:
    """A file of the suites, which lie beside the data, or a skip that names it."""
    return present(DATA.parent / "suites" / name)


def present(path: Path) -> Path:
    """The path, or a skip of the test that asked for it."""
    if not path.exists():
        pytest.skip(f"not here: {path} (set AUTOMOD_DATA to the folder of data)")
    return path
