"""Instances held by columns: they act as the tuple of them would."""

from __future__ import annotations

import pickle
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from automod.model.columns import Columns, column, joined, picked
from automod.model.ruleset import Example

ONES = tuple(Example(str(number), ("a",), None) for number in range(4))
SAME: Mapping[str, Any] = {"hits": ("a",), "known": None, "image": ""}


def columns() -> Columns[Example]:
    """ONES."""
    return Columns(Example, {"text": [one.text for one in ONES]}, SAME)


def test_they_are_the_instances() -> None:
    """Whole, one by one, from behind, in slices, and each the same object every time."""
    some = columns()
    assert some == ONES
    assert ONES == some
    assert list(some) == list(ONES)
    assert some[-1] == ONES[-1]
    assert some[1:3] == ONES[1:3]
    assert some[2] is some[2]
    assert len(some) == len(ONES)
    assert ONES[3] in some
    assert some != ONES[:3]
    assert some != (*ONES[:3], replace(ONES[3], text="x"))
    assert some != "0123"
    assert pickle.loads(pickle.dumps(some)) == ONES
    with pytest.raises(IndexError):
        some[4]


def test_others_at_some_places() -> None:
    """A field that all had alike becomes a column where one differs; the first stay as they are."""
    some = columns()
    other = replace(ONES[2], known="miss")
    assert some.replaced({2: other}) == (*ONES[:2], other, ONES[3])
    assert some.replaced({1: ONES[1]}).same == SAME
    assert some == ONES
    assert some.at([3, 0]) == (ONES[3], ONES[0])


def test_several_are_joined() -> None:
    """Columns, tuples and both; what all agree in stays said once."""
    some, other = (
        columns(),
        Columns(Example, {"text": ["x"]}, {"hits": (), "known": None, "image": ""}),
    )
    assert joined(Example, [some]) is some
    assert joined(Example, [some, some]).same == SAME
    both = joined(Example, [some, other])
    assert both == (*ONES, Example("x", ()))
    assert both.same == {"known": None, "image": ""}
    assert joined(Example, [ONES, some]) == ONES * 2
    assert joined(Example, []) == ()


@pytest.mark.parametrize("some", [ONES, columns()])
def test_one_field_is_read(some: Any) -> None:
    """Of a tuple and of columns alike."""
    assert list(column(some, "text")) == ["0", "1", "2", "3"]
    assert list(column(some, "hits")) == [("a",)] * 4
    assert picked(some, "text", {"3", "1", "7"}) == [ONES[1], ONES[3]]


@pytest.mark.parametrize(
    ("each", "same"),
    [
        ({"text": ["1"]}, {"hits": ()}),
        ({"text": ["1"]}, {"hits": (), "known": None, "image": "", "more": 1}),
        ({"text": ["1"], "hits": [()]}, {"hits": (), "known": None, "image": ""}),
        ({"text": ["1", "2"], "hits": [()]}, {"known": None, "image": ""}),
        ({}, {"text": "1", "hits": (), "known": None, "image": ""}),
    ],
)
def test_columns_are_the_fields(each: Mapping[str, Any], same: Mapping[str, Any]) -> None:
    """None missing, none twice, none more, all of one length."""
    with pytest.raises(ValueError, match="the columns"):
        Columns(Example, each, same)
