"""Workbooks of creatives that no spreadsheet made, and cells that are no plain ones."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Any, Final

import openpyxl
import pytest
from openpyxl.worksheet.formula import ArrayFormula, DataTableFormula

from automod.batch.sources import Misread, read_all
from automod.errors import InputError
from automod.load.kept_rows import Rowed

HEAD: Final = ("id", "text.body", "Campaign")


def sheet(path: Path, *row: Any) -> Path:
    """A workbook with one row below its header."""
    book = openpyxl.Workbook()
    active: Any = book.active
    active.append(HEAD)
    for column, cell in enumerate(row, 1):
        active.cell(2, column).value = cell
    book.save(path)
    return path


@pytest.mark.parametrize(
    ("formula", "text"),
    [
        pytest.param("=A2", "=A2", id="of one cell"),
        pytest.param(ArrayFormula("C2:C2", "=SUM(1)"), "=SUM(1)", id="over several cells"),
        pytest.param(DataTableFormula("C2:C2"), "=", id="of a data table"),
    ],
)
def test_a_formula_is_kept_as_its_text(tmp_path: Path, formula: object, text: str) -> None:
    """Of whatever sort it is; where it would be judged, the row cannot be read."""
    kept = sheet(tmp_path / "kept.xlsx", "a", "casino", formula)
    judged = sheet(tmp_path / "judged.xlsx", "a", formula, "x")

    (one,) = read_all([("kept.xlsx", str(kept))])
    (other,) = read_all([("judged.xlsx", str(judged))])

    assert isinstance(one, Rowed)
    assert one.row.cells == ("a", "casino", text)
    assert isinstance(other, Misread)
    assert 'B2, column "text.body": holds a formula' in str(other)


def test_a_row_that_says_it_is_far_below_is_refused(tmp_path: Path) -> None:
    """A row says its own number: the blank ones above two billion are not gone through."""
    whole, far = sheet(tmp_path / "ads.xlsx", "a", "casino", "x"), tmp_path / "far.xlsx"
    row = b'<row r="2000000000"><c r="A2000000000"><v>1</v></c></row></sheetData>'
    with zipfile.ZipFile(whole) as old, zipfile.ZipFile(far, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name).replace(b"</sheetData>", row))

    with pytest.raises(InputError, match="has more than 1048576 rows"):
        list(read_all([("far.xlsx", str(far))]))
