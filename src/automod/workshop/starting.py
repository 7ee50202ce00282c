"""A package to begin with: it loads, its examples pass, and it waits for material."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final, Literal

from pydantic_core import PydanticCustomError

from automod.engine.reading import read_source
from automod.errors import InputError
from automod.load.faults import did_you_mean
from automod.load.ruleset import POLICIES
from automod.model.scalars import parse_code, parse_package_name

from .choices import Choices, choices_above, policies_above
from .formatting import format_yaml, table_text
from .key_order import PACKAGE
from .key_order import POLICIES as TABLE
from .yaml_layout import Layout

Form = Literal["xlsx", "yaml"]
MakeBook = Callable[[Mapping[str, Any], Choices], bytes]
"""Makes the bytes of a workbook of a package, and what there is to choose from."""

NEW_CODE: Final = "SCM.FRAUD"
"""The code of a package for which none is named, where there is no policy table yet."""
TABLE_FILE: Final = "terms.csv"


@dataclass(frozen=True, slots=True)
class Order:
    """What package is wanted."""

    folder: str
    owner: str
    on: date
    """The day from which its first version has its name."""
    name: str | None = None
    """None: as the folder is called."""
    policies: tuple[str, ...] = ()
    languages: tuple[str, ...] = ("en",)
    markets: tuple[str, ...] = ()
    form: Form = "xlsx"


@dataclass(frozen=True, slots=True)
class Started:
    """What was written."""

    package: Path
    """The file of the package."""
    sheet: Path
    """What is filled in: a workbook, or a table."""
    files: tuple[Path, ...]
    """All of them, in the order that they were written in."""
    rules: Path
    """The folder that holds the policy table, and so all that is loaded."""
    market: str = "SA"
    """One in which a text may be tried."""


_EXAMPLES: Final[Mapping[str, tuple[dict[str, str], dict[str, Any], dict[str, Any]]]] = {
    "en": (
        {"id": "sure-profit", "kind": "phrase", "value": "guaranteed profit"},
        {"text": "Guaranteed profit from day one", "hits": ["sure-profit"]},
        {"text": "Our profit grew by a tenth", "hits": []},
    ),
    "ar": (
        {"id": "sure-profit-ar", "kind": "phrase", "value": "ربح مضمون"},
        {"text": "ربح مضمون من اليوم الأول", "hits": ["sure-profit-ar"]},
        {"text": "زاد ربح الشركة هذا العام", "hits": []},
    ),
}
"""By language a material, a text that it hits, and one that it leaves alone."""

_SITE: Final = (
    {"id": "site", "kind": "domain", "value": "sure-profit.example.com"},
    {"text": "https://sure-profit.example.com/start", "hits": ["site"]},
    {"text": "https://profit.example.com/start", "hits": []},
)
"""For languages of which no phrase is at hand: a link is the same in all of them."""


def start(order: Order, make_book: MakeBook) -> Started:
    """Write a package into a folder that has none, and a policy table where there is none above it.

    What is written is loaded once; what does not load is taken away again. No file is ever
    written over.

    Args:
        order: what is wanted.
        make_book: makes a workbook; not asked where the form is YAML.

    Raises:
        InputError: the folder has a package, a name or a code is none, a market is not known.
    """
    found = policies_above(order.folder)
    choices = choices_above(order.folder)
    data = _package(order, _codes(order, found, choices))
    table = found or _home(order.folder) / POLICIES
    files = {} if found else {table: _policies(data["policy"])}
    if found is None:
        choices = Choices((), tuple(data["policy"]))
    files |= _files(order, data, choices, make_book)
    taken = [str(path) for path in files if path.exists()]
    if taken:
        raise InputError(f"{', '.join(taken)}: there already; nothing was written")
    _write(files, table)
    package = next(path for path in files if path != table)
    sheet = package if order.form == "xlsx" else package.with_name(TABLE_FILE)
    return Started(package, sheet, tuple(files), table.parent, (*order.markets, "SA")[0])


def _home(folder: str) -> Path:
    """The folder of the rules: that above the package's, unless it is where everything else is."""
    above = Path(folder).parent
    return Path(folder) if above.resolve() == Path.cwd() else above


def _codes(order: Order, found: Path | None, choices: Choices) -> list[str]:
    """The codes of the package: those that were named and that there are."""
    codes = list(order.policies)
    for code in codes:
        try:
            parse_code(code)
        except PydanticCustomError as error:
            raise InputError(f"{error.message()}; {(error.context or {})['hint']}") from None
    if found is None:
        return codes or [NEW_CODE]
    known = ", ".join(choices.codes)
    if not codes:
        if len(choices.codes) == 1:
            return list(choices.codes)
        raise InputError(f"which policy code is it for? {found} has {known}")
    for code in codes:
        if code not in choices.codes:
            hint = did_you_mean(code, choices.codes) or f"it has {known}"
            raise InputError(f"{found} has no code {code!r}; {hint}")
    return codes


def _package(order: Order, codes: list[str]) -> dict[str, Any]:
    """The package as YAML has it."""
    name = order.name or re.sub(r"[\s_]+", "-", Path(order.folder).resolve().name.lower())
    try:
        parse_package_name(name)
    except PydanticCustomError as error:
        raise InputError(f"{error.message()}; give --name, as gambling-ar") from None
    known = [_EXAMPLES[one] for one in order.languages if one in _EXAMPLES] or [_SITE]
    title = name.replace("-", " ").capitalize()
    titles = {one: f"حزمة {name}" if one == "ar" else title for one in ("en", *order.languages)}
    data: dict[str, Any] = {
        "package": name, "version": f"{order.on.year}.{order.on.month}.1",
        "title": titles, "owner": order.owner, "policy": codes,
        "languages": list(order.languages), "markets": list(order.markets), "status": "live",
        "defaults": {"weight": "medium"},
        "materials": [one for one, _, _ in known],
        "examples": [text for _, hit, other in known for text in (hit, other)],
    }  # fmt: skip
    return {key: value for key, value in data.items() if value != []}


def _policies(codes: list[str]) -> bytes:
    """The least that a policy table says of some codes."""
    asked = {"severity": "high", "default": {"stance": "prohibited", "ground": "platform"}}
    text = Layout().file({"codes": dict.fromkeys(codes, asked)}, TABLE)
    head = (
        "# What law and platform policy ask, code by code; `rows` say it market by market.\n"
        "# Where no row speaks, the default holds. Somebody of your own has to confirm each.\n"
    )
    return format_yaml(head + text, TABLE).encode()


_HEAD: Final = """\
# The material is in {table}, one a row. Examples are tests: each must hit what it names, no more.
"""


def _files(
    order: Order, data: dict[str, Any], choices: Choices, make_book: MakeBook
) -> dict[Path, bytes]:
    folder = Path(order.folder)
    if order.form == "xlsx":
        return {folder / "package.xlsx": make_book(data, choices)}
    rows = data["materials"]
    columns = {key: [one[key] for one in rows] for key in ("id", "value", "kind")}
    columns |= {key: [""] * len(rows) for key in ("weight", "tags", "note")}
    text = Layout().file({**data, "materials": [{"table": TABLE_FILE}]}, PACKAGE)
    return {
        folder / "package.yaml": (_HEAD.format(table=TABLE_FILE) + text).encode(),
        folder / TABLE_FILE: table_text(columns).encode(),
    }


def _write(files: Mapping[Path, bytes], table: Path) -> None:
    """Write files that load; else none of them stays."""
    written: list[Path] = []
    made: list[Path] = []
    try:
        for path, data in files.items():
            missing = [one for one in (path.parent, *path.parent.parents) if not one.exists()]
            for folder in reversed(missing):
                folder.mkdir()
                made.append(folder)
            with path.open("xb") as stream:
                written.append(path)
                stream.write(data)
        loaded = {table, *(path for path in written if path.name != TABLE_FILE)}
        _refuse_faults(loaded)
    except BaseException:
        for path in written:
            path.unlink()
        for folder in reversed(made):
            folder.rmdir()
        raise


def _refuse_faults(paths: Iterable[Path]) -> None:
    faults = read_source([str(path) for path in sorted(paths)]).faults
    if faults:
        raise InputError("\n".join([*map(str, faults), "nothing was written"]))
