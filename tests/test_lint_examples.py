"""Every check of the linter says what it means, and its files show it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from string import Formatter

import pytest

from automod.engine.reading import read_source
from automod.model.finding import Finding
from automod.workshop.lint.check import Check
from automod.workshop.lint.example_files import Sort, files_of, place_of, source_of
from automod.workshop.lint.registry import all_checks
from automod.workshop.lint.run import Linted, lint

ROOT = Path(__file__).parents[1]
ON = date(2026, 11, 20)
LANGUAGES = ("en", "ar")


def linted(check: Check, sort: Sort) -> Linted:
    """What is found in an example of a check."""
    source, baseline = source_of(check, sort)
    found = lint(source, ON, baseline=baseline)
    assert [(one.check.name, repr(one.error)) for one in found.broken] == []
    return found


def of(check: Check, found: Linted) -> list[Finding]:
    """Those that the check itself found."""
    return [one for one in found.findings if one.code == check.code]


every_check = pytest.mark.parametrize("check", all_checks(), ids=lambda check: check.name)


def test_codes_and_names_are_unique_and_of_one_form() -> None:
    """A code is AM and three digits; a name is words of lower case."""
    assert [one.code for one in all_checks()] == sorted({one.code for one in all_checks()})
    assert [one for one in all_checks() if not re.fullmatch(r"AM\d{3}", one.code)] == []
    assert [
        one for one in all_checks() if not re.fullmatch(r"[a-z0-9]+(_[a-z0-9]+)*", one.name)
    ] == []
    assert len(all_checks()) >= 30


@every_check
def test_a_check_is_told_in_both_languages(check: Check) -> None:
    """Title, reason and message are there in English and in Arabic, with the same blanks."""
    for words in (check.title, check.why, check.message):
        assert set(words) == set(LANGUAGES)
        assert all(text.strip() for text in words.values())
    assert re.search("[a-z]", check.title["en"])
    assert re.search("[a-z]", check.why["en"])
    assert re.search(r"[\u0600-\u06ff]", check.title["ar"])
    assert re.search(r"[\u0600-\u06ff]", check.why["ar"])
    said = [blanks(text) for text in check.message.values()]
    assert check.code < "AM2" or said[0] == said[1]


def blanks(text: str) -> set[str]:
    """The names of what a message has blanks for."""
    return {name.partition(".")[0] for _, name, _, _ in Formatter().parse(text) if name}


@every_check
def test_the_bad_file_is_found(check: Check) -> None:
    """At least once, and what is found fills every blank of the message."""
    found = of(check, linted(check, "bad"))
    assert found, place_of(check, "bad")
    for one in found:
        for text in check.message.values():
            said = text.format_map(dict(one.values))
            assert said.strip()
            assert "None" not in said
        assert one.location.file


@every_check
def test_the_good_file_is_not_found(check: Check) -> None:
    """Not of this check; and nothing else in it is above info."""
    found = linted(check, "good")
    assert files_of(check, "good")
    assert of(check, found) == []
    assert said(found) == []


def said(found: Linted) -> list[str]:
    """Findings above info, as a failing test shows them."""
    by_code: Mapping[str, Check] = {check.code: check for check in all_checks()}
    return [
        f"{one.location}: {one.code} {by_code[one.code].message['en'].format_map(dict(one.values))}"
        for one in found.findings
        if one.severity != "info"
    ]


def test_the_bundled_rulesets_are_clean() -> None:
    """No check above info fires on them."""
    found = lint(read_source(ROOT / "rulesets"), ON)
    assert [(one.check.name, repr(one.error)) for one in found.broken] == []
    assert said(found) == []
