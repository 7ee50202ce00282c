"""The canonical form: one text for one content, and back without loss."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from automod.model.canonical import digest, from_canonical, to_canonical
from automod.model.ruleset import (
    Allow,
    Condition,
    Example,
    Material,
    Override,
    Package,
    PolicyCode,
    PolicyTable,
    Row,
    Rule,
    Ruleset,
    Scope,
)

names = st.text("abcدح", min_size=1, max_size=3)
texts = st.text(max_size=6)
several = st.lists(names, max_size=2).map(tuple)
days = st.none() | st.dates()
weights = st.floats(0, 1)
statuses = st.sampled_from(["draft", "shadow", "live", "retired"])
notes = st.dictionaries(names, texts, max_size=2)
scopes = st.builds(Scope, several, several, days, days)
views = st.sampled_from(["exact", "safe", "loose", "evasion"])
kinds = st.sampled_from(["keyword", "phrase", "regex", "domain"])
boundaries = st.sampled_from(["word", "prefix", "substring"])
materials = st.builds(
    Material, id=names, kind=kinds, value=texts, weight=weights, policies=several, tags=several,
    group=st.none() | names, view=views, boundary=boundaries, gap=st.integers(0, 5),
    status=statuses, scope=scopes, about=notes,
)  # fmt: skip
leaves = st.builds(Condition, op=st.sampled_from(["material", "tag"]), name=names) | st.builds(
    Condition, op=st.just("advertiser"), values=several
)
conditions = st.recursive(
    leaves,
    lambda inside: st.builds(
        Condition, op=st.sampled_from(["all", "any", "none", "at_least"]),
        count=st.integers(0, 3), parts=st.lists(inside, max_size=3).map(tuple),
    ),
    max_leaves=5,
)  # fmt: skip
rules = st.builds(
    Rule, id=names, condition=conditions, weight=weights, policies=several, tags=several,
    group=st.none() | names, within=st.none() | st.integers(0, 9), same_field=st.booleans(),
    status=statuses, scope=scopes, about=notes,
)  # fmt: skip
allows = st.builds(
    Allow, id=names, material=st.none() | materials, advertisers=several, packages=several,
    policies=several, status=statuses, scope=scopes, about=notes,
)  # fmt: skip
known = st.sampled_from([None, "miss", "false_alarm"])
examples = st.builds(Example, text=texts, hits=several, known=known)


def by(key: str, strategy: st.SearchStrategy[object]) -> st.SearchStrategy[tuple[object, ...]]:
    """A few of these, sorted and each once, as a ruleset holds them."""
    found = st.lists(strategy, max_size=3, unique_by=lambda one: getattr(one, key))
    return found.map(lambda some: tuple(sorted(some, key=lambda one: str(getattr(one, key)))))


packages = st.builds(
    Package, name=names, version=texts, owner=texts, title=notes, policies=several,
    languages=several, status=statuses, scope=scopes, materials=by("id", materials),
    rules=by("id", rules), allows=by("id", allows),
    caps=st.dictionaries(names, weights, max_size=2),
    examples=st.lists(examples, max_size=2).map(tuple), about=notes,
)  # fmt: skip
overrides = st.builds(
    Override, id=names, target=names, by=names, ticket=names, markets=several,
    status=st.none() | statuses, weight=st.none() | weights, view=st.none() | views, from_=days,
    until=days, reason=texts,
)  # fmt: skip
stances = st.lists(st.sampled_from(["prohibited", "certificate", "allowed"]), max_size=2).map(tuple)
rows = st.builds(
    Row, id=names, market=st.none() | names, stances=stances,
    ground=st.sampled_from(["law", "platform"]), source=texts,
    min_age=st.none() | st.integers(0, 99),
    limits=several, from_=days, until=days, checked=days, note=texts,
)  # fmt: skip
codes = st.builds(
    PolicyCode, code=names, title=notes, severity=st.sampled_from(["low", "critical"]),
    default=rows,
    while_review=st.sampled_from(["hold", "serve"]), rows=by("id", rows),
)  # fmt: skip
tables = st.builds(
    PolicyTable, codes=st.dictionaries(names, codes, max_size=2),
    groups=st.dictionaries(names, several, max_size=2), parents=notes, review=weights, act=weights,
    not_evaluated=notes,
)  # fmt: skip
rulesets = st.builds(
    Ruleset, packages=by("name", packages), policies=tables, overrides=by("id", overrides)
)


@given(rulesets)
def test_the_way_there_and_back_loses_nothing(ruleset: Ruleset) -> None:
    """from_canonical is the exact inverse of to_canonical."""
    canonical = to_canonical(ruleset)
    back = from_canonical(canonical)
    assert back == ruleset
    assert to_canonical(back) == canonical


@given(rulesets)
def test_the_order_of_packages_materials_and_overrides_says_nothing(ruleset: Ruleset) -> None:
    """What is sorted by id may come in any order."""
    turned = replace(
        ruleset,
        packages=tuple(
            replace(one, materials=one.materials[::-1], rules=one.rules[::-1],
                    allows=one.allows[::-1])
            for one in reversed(ruleset.packages)
        ),
        overrides=ruleset.overrides[::-1],
    )  # fmt: skip
    assert to_canonical(turned) == to_canonical(ruleset)
    assert digest(turned, {}) == digest(ruleset, {})


MATERIAL = Material(id="p/casino", kind="keyword", value="كازينو", weight=0.9)
SMALL = Ruleset(
    packages=(Package("p", "1", "me", materials=(MATERIAL,), scope=Scope(from_=date(2026, 1, 2))),),
    policies=PolicyTable(codes={}),
)


def test_the_canonical_form_is_json_with_sorted_keys_and_without_defaults() -> None:
    """The text itself: it may not change without a reason, since every digest hangs on it."""
    assert to_canonical(SMALL) == (
        '{"packages":[{"materials":{"each":{"id":"p/casino"},"same":{"kind":"keyword",'
        '"value":"كازينو","weight":0.9}},"name":"p","owner":"me","scope":{"from_":"2026-01-02"},'
        '"version":"1"}],"policies":{"codes":{}}}'
    )


def test_materials_are_written_field_by_field() -> None:
    """What all agree in is there once, what is default in all not at all, the rest by column."""
    other = replace(MATERIAL, id="p/bet", value="bet", weight=0.0, group="p/g")
    package = replace(SMALL.packages[0], materials=(MATERIAL, other))
    written = json.loads(to_canonical(replace(SMALL, packages=(package,))))
    assert written["packages"][0]["materials"] == {
        "each": {
            "id": "p/bet\np/casino", "value": "bet\nكازينو", "weight": [0.0, 0.9],
            "group": ["p/g", None],
        },
        "same": {"kind": "keyword"},
    }  # fmt: skip


@pytest.mark.parametrize("values", [("a\nb", "c"), ("a", "b\nc"), ("\n", "")])
def test_line_breaks_in_values_are_values(values: tuple[str, str]) -> None:
    """A column is one text only where no text of it has lines of its own."""
    some = tuple(
        replace(MATERIAL, id=f"p/{number}", value=value) for number, value in enumerate(values)
    )
    ruleset = replace(SMALL, packages=(replace(SMALL.packages[0], materials=some),))
    back = from_canonical(to_canonical(ruleset))
    assert [one.value for one in back.packages[0].materials] == list(values)


def test_a_digest_is_of_the_content_and_of_the_versions() -> None:
    """Another weight or another folding table is another ruleset."""
    found = digest(SMALL, {"folding": "1"})
    assert found == "sha256:185fe09df52a69394a3578a0d44454e0ecf6b85e3b97ed63b74606a668005271"
    lighter = replace(MATERIAL, weight=0.8)
    other = replace(SMALL, packages=(replace(SMALL.packages[0], materials=(lighter,)),))
    assert digest(other, {"folding": "1"}) != found
    assert digest(SMALL, {"folding": "2"}) != found
    assert digest(SMALL, {"semantics": "1"}) != found


def test_half_a_character_has_a_digest_too() -> None:
    """A ruleset made by hand may hold a lone surrogate; it must not fail for that."""
    odd = replace(SMALL.packages[0], materials=(replace(MATERIAL, value="\ud800"),))
    ruleset = replace(SMALL, packages=(odd,))
    assert digest(ruleset, {}).startswith("sha256:")
    assert from_canonical(to_canonical(ruleset)) == ruleset


def test_no_materials_are_none_in_a_list_too() -> None:
    """A ruleset made by hand may hold lists: what they hold is its content."""
    package = SMALL.packages[0]
    empty = replace(SMALL, packages=(replace(package, materials=()),))
    listed = replace(SMALL, packages=(replace(package, materials=[]),))
    assert to_canonical(listed) == to_canonical(empty)


def with_materials(written: str) -> str:
    """A canonical form whose one package has these materials."""
    package = f'{{"materials":{written},"name":"p","owner":"o","version":"1"}}'
    return f'{{"packages":[{package}],"policies":{{"codes":{{}}}}}}'


@pytest.mark.parametrize(
    "text",
    [
        "", "[]", "5", "{}", '{"packages":[],"policies":5}', '"a"',
        with_materials("[]"),
        with_materials('{"each":{"id":["a"]},"same":{"kind":"keyword"}}'),
        with_materials('{"each":{"id":["a"],"value":["a","b"]},"same":{"kind":"keyword"}}'),
        with_materials('{"each":{"id":["a"],"value":["a"]},"same":{"kind":"keyword","x":1}}'),
        with_materials('{"each":{"id":["a"],"value":["a"]},"same":{"kind":"keyword","id":"a"}}'),
    ],
)  # fmt: skip
def test_what_is_no_canonical_form_is_a_value_error(text: str) -> None:
    """Whatever is wrong with it, the error is one."""
    with pytest.raises(ValueError, match=r"."):
        from_canonical(text)


def test_a_number_that_is_none_has_no_canonical_form() -> None:
    """NaN is no JSON."""
    bad = replace(SMALL, policies=PolicyTable(codes={}, review=float("nan")))
    with pytest.raises(ValueError, match="JSON"):
        json.loads(to_canonical(bad))
