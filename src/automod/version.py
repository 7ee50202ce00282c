"""The version of the library, and of the Unicode data its folding tables are made from."""

from __future__ import annotations

from typing import Final

__version__ = "0.1.0"

UNICODE: Final = "15.0"
"""The version of the Unicode Character Database behind `text/tables`."""
