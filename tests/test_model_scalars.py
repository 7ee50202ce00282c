"""A written value is read by the type of its field, the same from YAML, a cell or JSON."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic_core import PydanticCustomError

from automod.model import scalars
from automod.model.markets import ISO_3166

Parser = Callable[[Any], object]

READ: list[tuple[Parser, object, object]] = [
    (scalars.parse_weight, "0.9", 0.9),
    (scalars.parse_weight, "0,9", 0.9),
    (scalars.parse_weight, "٠٫٩", 0.9),
    (scalars.parse_weight, "٠.٩", 0.9),
    (scalars.parse_weight, "۰٫۹", 0.9),
    (scalars.parse_weight, "90%", 0.9),
    (scalars.parse_weight, "90 %", 0.9),
    (scalars.parse_weight, "٩٠٪", 0.9),
    (scalars.parse_weight, ".9", 0.9),
    (scalars.parse_weight, " 1 ", 1.0),
    (scalars.parse_weight, "0", 0.0),
    (scalars.parse_weight, 0.25, 0.25),
    (scalars.parse_weight, 1, 1.0),
    (scalars.parse_weight, "certain", 0.95),
    (scalars.parse_weight, "strong", 0.9),
    (scalars.parse_weight, "medium", 0.6),
    (scalars.parse_weight, "weak", 0.3),
    (scalars.parse_weight, "signal", 0.0),
    (scalars.parse_count, "12", 12),
    (scalars.parse_count, "١٢", 12),
    (scalars.parse_count, "012", 12),
    (scalars.parse_count, 12, 12),
    (scalars.parse_day, "2026-11-01", date(2026, 11, 1)),
    (scalars.parse_day, "2026-1-2", date(2026, 1, 2)),
    (scalars.parse_day, "٢٠٢٦-١١-٠١", date(2026, 11, 1)),
    (scalars.parse_day, date(2026, 11, 1), date(2026, 11, 1)),
    (scalars.parse_flag, "true", True),
    (scalars.parse_flag, "Yes", True),
    (scalars.parse_flag, "FALSE", False),
    (scalars.parse_flag, "no", False),
    (scalars.parse_flag, True, True),
    (scalars.parse_texts, "a;b", ("a", "b")),
    (scalars.parse_texts, "a ؛ b ، c", ("a", "b", "c")),
    (scalars.parse_texts, "a, b", ("a, b",)),
    (scalars.parse_texts, "a;;b;", ("a", "b")),
    (scalars.parse_texts, "", ()),
    (scalars.parse_texts, ["a;b", " c "], ("a;b", "c")),
    (scalars.parse_texts, '["a;b", "c"]', ("a;b", "c")),
    (scalars.parse_names, "b;a;b", ("a", "b")),
    (scalars.parse_codes, "GMB.REAL ؛ FIN.INV", ("FIN.INV", "GMB.REAL")),
    (scalars.parse_tags, ["بيع", "cta-1"], ("cta-1", "بيع")),
    (scalars.parse_languages, "ar; zh-Hant-TW", ("ar", "zh-Hant-TW")),
    (scalars.parse_version, "2027.10", "2027.10"),
    (scalars.parse_id, "keyword-كازينو", "keyword-كازينو"),
    (scalars.parse_id, "007", "007"),
    (scalars.parse_market, "NO", "NO"),
    (scalars.parse_json, '{"a": [1, null]}', {"a": [1, None]}),
]

MIDNIGHT = datetime.fromisoformat("2026-11-01")

REFUSED: list[tuple[Parser, object, str]] = [
    (scalars.parse_number, "1e3", "'1e3' is not a number"),
    (scalars.parse_number, "-1", "'-1' is not a number"),
    (scalars.parse_number, "nan", "'nan' is not a number"),
    (scalars.parse_number, "1,000.5", "'1,000.5' is not a number"),
    (scalars.parse_number, "9" * 5_000, f"'{'9' * 58}…' is not a number"),
    (scalars.parse_number, True, "True is not a number"),
    (scalars.parse_number, None, "None is not a number"),
    (scalars.parse_share, "101%", "'101%' is not from 0 to 1"),
    (scalars.parse_share, float("nan"), "nan is not from 0 to 1"),
    (scalars.parse_weight, float("inf"), "inf is not a weight"),
    (scalars.parse_weight, [0.5], "[0.5] is not a weight"),
    (scalars.parse_count, "1.5", "'1.5' is not a whole number"),
    (scalars.parse_count, "9" * 5_000, f"'{'9' * 58}…' is not a whole number"),
    (scalars.parse_count, "²", "'²' is not a whole number"),
    (scalars.parse_count, -1, "-1 is not a whole number"),
    (scalars.parse_count, True, "True is not a whole number"),
    (scalars.parse_day, "2026-11-31", "'2026-11-31' is no day of the calendar"),
    (scalars.parse_day, "01.11.2026", "'01.11.2026' is not a date"),
    (scalars.parse_day, "2026-11-01T00:00", "'2026-11-01T00:00' is not a date"),
    (scalars.parse_day, MIDNIGHT, "datetime.datetime(2026, 11, 1, 0, 0) is not a date"),
    (scalars.parse_day, 20261101, "20261101 is not a date"),
    (scalars.parse_flag, "1", "'1' is neither true nor false"),
    (scalars.parse_flag, "on", "'on' is neither true nor false"),
    (scalars.parse_texts, 5, "5 is not a list"),
    (scalars.parse_texts, {"a": 1}, "{'a': 1} is not a list"),
    (scalars.parse_texts, ["a", 5], "5 in a list is not text"),
    (scalars.parse_texts, ["a", " "], "a list holds an empty text"),
    (scalars.parse_texts, ["\ud800"], "'\\ud800' holds half a character (a lone surrogate)"),
    (scalars.parse_texts, ["a" * 20_001], f"'{'a' * 58}…' is longer than 20000 characters"),
    (scalars.parse_code, "gmb.real", "'gmb.real' is not a policy code"),
    (scalars.parse_tags, "a b", "'a b' is not a tag"),
    (scalars.parse_tag_references, "a/b/c", "'a/b/c' is not a tag"),
    (scalars.parse_id, "a/b", "'a/b' is not an id"),
    (scalars.parse_id, "-a", "'-a' is not an id"),
    (scalars.parse_id, "a" * 101, f"'{'a' * 58}…' is not an id"),
    (scalars.parse_package_name, "Gambling", "'Gambling' is not a package name"),
    (scalars.parse_version, 2027.10, "2027.1 is not a version"),
    (scalars.parse_schema_version, "2", "schema 2 is not known"),
    (scalars.parse_json, "x", "'x' is not JSON: Expecting value: line 1 column 1 (char 0)"),
    (scalars.parse_json, '{"a": 1, "a": 2}', "the name 'a' is written twice in the JSON"),
    (scalars.parse_json, "NaN", "NaN is no number of JSON"),
    (scalars.parse_json, "[" * 100_000, f"'{'[' * 58}…' is not JSON: it cannot be read"),
]  # fmt: skip


@pytest.mark.parametrize(("parse", "written", "expected"), READ)
def test_a_value_is_read(parse: Parser, written: object, expected: object) -> None:
    """Each writing has this value, and values of JSON are taken as they are."""
    found = parse(written)
    assert found == expected
    assert type(found) is type(expected)


@pytest.mark.parametrize(("parse", "written", "message"), REFUSED)
def test_a_value_is_refused(parse: Parser, written: object, message: str) -> None:
    """What is no value of the type is refused with the value and what is wrong."""
    with pytest.raises(PydanticCustomError) as caught:
        parse(written)
    assert caught.value.message() == message


@given(st.decimals(min_value=0, max_value=1, places=3))
def test_every_writing_of_a_number_is_the_same_number(number: object) -> None:
    """A point, a comma, Arabic digits and a percent sign change nothing."""
    point = str(number)
    arabic = point.translate(str.maketrans("0123456789.", "٠١٢٣٤٥٦٧٨٩٫"))
    assert scalars.parse_weight(point) == float(point)
    assert scalars.parse_weight(point.replace(".", ",")) == float(point)
    assert scalars.parse_weight(arabic) == float(point)


@given(st.dates())
def test_every_day_is_read_back(day: date) -> None:
    """A date is read from its ISO form."""
    assert scalars.parse_day(day.isoformat()) == day


@given(st.one_of(st.text(), st.integers(), st.floats(), st.none(), st.lists(st.text())))
def test_parsers_fail_in_one_way(value: object) -> None:
    """Whatever comes in, a parser answers or refuses; it raises nothing else."""
    for parse in {parse for parse, _, _ in READ if parse is not scalars.parse_json}:
        try:
            found = parse(value)
        except PydanticCustomError:
            continue
        assert found is not None


@given(st.text())
def test_a_shown_value_is_short_and_printable(text: str) -> None:
    """What a fault quotes fits a line and hides nothing that cannot be seen."""
    shown = scalars.shown(text)
    assert shown.isprintable()
    assert len(shown) <= 12 * 62


def test_the_table_of_countries_is_whole() -> None:
    """ISO 3166-1 has 249 countries; names that people take for codes are none."""
    assert len(ISO_3166) == 249
    assert {"NO", "SA", "AE", "GB", "TW", "PS"} <= ISO_3166
    assert not {"UK", "EU", "XK", "AN", "MENA"} & ISO_3166
