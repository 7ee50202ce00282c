"""A ruleset on labelled cases: groups of copies, and the material that could have hit."""

from __future__ import annotations

from automod.model.case_table import case_table
from automod.model.ruleset import Condition, Package, PolicyTable, Rule, Ruleset
from automod.workshop.accuracy import materials_of, with_groups
from test_evaluate import case


def test_a_group_that_is_found_has_a_name_that_nobody_gave() -> None:
    """Two were given names of the kind that are made up: the found ones have others."""
    cases = case_table([
        case("c1", group="~0"), case("c2", group="~~0"),
        case("c3", text={"body": "Fresh bread every morning, to your door"}),
        case("c4", text={"body": "Two chairs and a table, hardly used"}),
    ])  # fmt: skip
    found = with_groups(cases).group
    assert [found[row] for row in range(4)] == ["~0", "~~0", "~~~0", "~~~1"]


def test_a_rule_that_does_not_act_is_not_dead() -> None:
    """It was retired: that it hits nothing says nothing."""
    rules = tuple(
        Rule(f"p/{status}", Condition("found"), status=status)
        for status in ("live", "shadow", "retired")
    )
    package = Package("p", "1", "somebody", rules=rules)
    assert materials_of(Ruleset((package,), PolicyTable({}))) == ["p/live", "p/shadow"]
