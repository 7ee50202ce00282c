"""The canonical form: one text for one content, and back without loss."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from automod.model.canonical import (
    digest,
    digest_canonical,
    encoded,
    from_canonical,
    is_canonical,
    read_canonical,
    remember_digest,
    to_canonical,
)
from automod.model.columns import Columns
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
from automod.model.vocabulary import VIEWS

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


@given(rulesets)
def test_the_digest_is_that_of_the_whole_text(ruleset: Ruleset) -> None:
    """It is worked out piece by piece, and the text is compared piece by piece: both are exact."""
    text = to_canonical(ruleset)
    back = from_canonical(text)
    versions = {"folding": "1"}
    assert digest(back, versions) == digest_canonical(encoded(text), versions)
    assert digest(ruleset, versions) == digest(back, versions)
    assert is_canonical(text, back)
    assert is_canonical(text, ruleset)
    assert not is_canonical(text + "}", back)
    assert not is_canonical(text[:-1], back)


def test_what_a_digest_is_remembered_by() -> None:
    """All but the columns of materials, which never change: another part is another ruleset."""
    columns = Columns(Material, {"id": ["p/a", "p/b"], "value": ["a", "b"]}, dict(
        kind="keyword", **{name: getattr(MATERIAL, name) for name in MATERIAL.__slots__
                           if name not in ("id", "value", "kind")}
    ))  # fmt: skip
    about = {"note": "one"}
    ruleset = replace(SMALL, packages=(replace(SMALL.packages[0], materials=columns, about=about),))
    found = digest(ruleset, {})
    assert (
        found == digest(replace(ruleset), {}) == digest(from_canonical(to_canonical(ruleset)), {})
    )
    about["note"] = "two"
    assert digest(ruleset, {}) != found
    about["note"] = "one"
    assert digest(replace(ruleset, policies=PolicyTable({}, review=0.3)), {}) != found
    other = replace(ruleset.packages[0], materials=columns.replaced({0: MATERIAL}))
    assert digest(replace(ruleset, packages=(other,)), {}) != found
    remember_digest(ruleset, {"folding": "9"}, "sha256:known")
    assert digest(ruleset, {"folding": "9"}) == "sha256:known"
    assert digest(ruleset, {}) == found


WRITTEN = to_canonical(SMALL)


@pytest.mark.parametrize(
    "other",
    [
        WRITTEN.replace(",", ", ", 1),
        WRITTEN.replace("{", "{ ", 1),
        WRITTEN.replace("casino", "\\u0063asino"),
        WRITTEN.replace("p/casino", "p\\/casino"),
        WRITTEN.replace("كازينو", "\\u0643ازينو"),
        WRITTEN.replace('"name":"p","owner":"me"', '"owner":"me","name":"p"'),
        WRITTEN.replace('"owner":"me"', '"owner":"you","owner":"me"'),
        WRITTEN.replace('"owner":"me"', '"owner":"me","status":"live"'),
        WRITTEN.replace('"owner":"me"', '"owner":"me","tags":[]'),
        WRITTEN.replace('"id":"p/casino"', '"id":["p/casino"]'),
        WRITTEN.replace('"kind":"keyword"', '"kind":"keyword","view":"safe"'),
        WRITTEN.replace('{"id":"p/casino"}', '{"id":"p/casino","view":"safe"}'),
        WRITTEN.replace("0.9", "0.90"),
        WRITTEN.replace("0.9", "9e-1"),
        WRITTEN + "\n",
    ],
)
def test_another_text_of_a_ruleset_is_not_canonical(other: str) -> None:
    """However it is written otherwise: of each ruleset one text is, and so one digest."""
    assert is_canonical(WRITTEN, from_canonical(WRITTEN))
    assert other != WRITTEN
    try:
        ruleset = from_canonical(other)
    except ValueError:
        return
    assert not is_canonical(other, ruleset)


def with_materials(written: str) -> str:
    """A canonical form whose one package has these materials."""
    package = f'{{"materials":{written},"name":"p","owner":"o","version":"1"}}'
    return f'{{"packages":[{package}],"policies":{{"codes":{{}}}}}}'


def by_json(data: bytes) -> tuple[Ruleset, bool]:
    """What `read_canonical` says, by the JSON of the whole."""
    text = data.decode("utf-8", "surrogatepass")
    ruleset = from_canonical(text)
    return ruleset, is_canonical(text, ruleset)


def told(read: Callable[[bytes], tuple[Ruleset, bool]], data: bytes) -> tuple[bool, str] | None:
    """All that is read, and whether it is canonical; None where it is no ruleset."""
    try:
        ruleset, canonical = read(data)
        materials = [[*package.materials] for package in ruleset.packages]
    except (ValueError, TypeError, AttributeError):
        return None
    return canonical, f"{ruleset} {materials}"


PIECES = [
    b"\\n", b"\\\\n", b"\\u0061", b'"', b'\\"', b",", b"]", b"[", b"],[", b"]]", b"{", b"}", b" ",
    b"0", b"1", b"null", b"[]", b'"id":', b'"id":0,', b'"each":{', b'"same":', b'},"same":', b"\n",
    b'"materials":{"each":{', b'"materials":{"each":{},"same":{}},', b"\xff", b"\xd9\x83", b"\x01",
]  # fmt: skip


@given(rulesets, st.lists(st.tuples(st.integers(0), st.integers(0, 8), st.sampled_from(PIECES))))
def test_cutting_columns_out_reads_what_json_reads(
    ruleset: Ruleset, changes: list[tuple[int, int, bytes]]
) -> None:
    """Whoever wrote it, and whatever is wrong with it: the short way and the long way agree."""
    data = encoded(to_canonical(ruleset))
    assert read_canonical(data) == (ruleset, True)
    for place, dropped, piece in changes:
        at = place % (len(data) + 1)
        data = data[:at] + piece + data[at + dropped :]
    assert told(read_canonical, data) == told(by_json, data)


TWO = encoded(with_materials(
    '{"each":{"id":"a\\nb","tags":[["p/x"],["p/y","p/z"]],"value":"1\\n2"},"same":{"kind":"keyword"}}'
))  # fmt: skip
FAKE = b'"about":{"materials":{"each":{"id":"a\\nb"},"same":{}}},"materials":'


@pytest.mark.parametrize(
    ("old", "new", "canonical"),
    [
        (b"", b"", True),
        (b'"materials":', FAKE, True),
        (b'"1\\n2"', b"5", None),
        (b'"1\\n2"', b"0", None),
        (b'"1\\n2"', b"2", None),
        (b'"1\\n2"', b'["1","2"]', False),
        (b'"1\\n2"', b'["1","2\\n3"]', True),
        (b'"1\\n2"', b'"1\\n\\u0032"', False),
        (b'"1\\n2"', b'"1\\n\\"2"', True),
        (b'"1\\n2"', b'"1\\\\n2"', None),
        (b'"1\\n2"', b'"1\\n1"', False),
        (b'"1\\n2"', b'"1\\n2","value":"1\\n2"', False),
        (b'"a\\nb"', b'"b\\na"', False),
        (b'"id":', b'"id" :', False),
        (b'["p/x"]', b'["p/x" ]', False),
        (b'["p/x"]', b'["\\u0070/x"]', False),
        (b'["p/x"]', b'["],[",""]', True),
        (b'["p/x"]', b"[]", True),
        (b'["p/y","p/z"]', b"[]", True),
        (b'["p/x"],["p/y","p/z"]', b'["p/x"],["p/x"]', False),
        (b'[["p/x"],["p/y","p/z"]]', b'"p\\nq"', False),
        (b'"kind":"keyword"', b'"kind":"keyword","view":"safe"', False),
        (b'"kind":"keyword"', b'"kind":"keyword","view":0', None),
    ],
)  # fmt: skip
def test_what_is_written_otherwise_is_left_to_the_long_way(
    old: bytes, new: bytes, canonical: bool | None
) -> None:
    """None: it is no ruleset, or one that nobody could have."""
    data = TWO.replace(old, new, 1) if old else TWO
    found = told(read_canonical, data)
    assert found == told(by_json, data)
    if canonical is not None:
        assert found is not None
        assert found[0] is canonical
        assert (encoded(to_canonical(read_canonical(data)[0])) == data) is canonical


def test_texts_that_come_again_are_held_once() -> None:
    """Of a column with few different values, and of tags; ids and values stay as they are."""
    some = tuple(
        replace(MATERIAL, id=f"p/{n:03}", value=f"word {n}", view=view, tags=(f"p/{view}",))
        for n, view in enumerate([*VIEWS[:2]] * 50)
    )
    ruleset = replace(SMALL, packages=(replace(SMALL.packages[0], materials=some),))
    back = from_canonical(to_canonical(ruleset))
    (package,) = back.packages
    assert isinstance(package.materials, Columns)
    for name in ("view", "tags"):
        assert len({id(value) for value in package.materials.column(name)}) == 2
    assert back == ruleset


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
