"""Conditions over hits: the table, the laws, and the sliding window against every choice."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, product
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from automod.engine.rules import Judge, fire
from automod.model.facts import Facts
from automod.model.ruleset import Condition, Rule, Scope

TAGS = {
    "p/a": frozenset({"p/t"}),
    "p/b": frozenset({"p/t", "p/u"}),
    "p/fired": frozenset({"p/t"}),
}


@dataclass(frozen=True)
class Seen:
    """A hit as far as rules look at it; one word is ten code points."""

    material: str
    field: str | None = "body"
    start: int | None = 0
    end: int | None = 9
    kind: str = "keyword"


def word_at(field: str, offset: int) -> int:
    """Word numbers for texts in which every word is ten code points long."""
    return offset // 10


def hit(
    material: str, word: int, words: int = 1, field: str = "body", kind: str = "keyword"
) -> Seen:
    """A hit from one word on, so many words long."""
    return Seen(material, field, 10 * word, 10 * (word + words) - 1, kind)


def material(name: str) -> Condition:
    """A leaf."""
    return Condition("material", f"p/{name}")


def tag(name: str) -> Condition:
    """A leaf."""
    return Condition("tag", f"p/{name}")


def found(name: str) -> Condition:
    """A leaf."""
    return Condition("found", name)


def all_(*parts: Condition) -> Condition:
    """A node."""
    return Condition("all", parts=parts)


def any_(*parts: Condition) -> Condition:
    """A node."""
    return Condition("any", parts=parts)


def none(*parts: Condition) -> Condition:
    """A node."""
    return Condition("none", parts=parts)


def at_least(count: int, *parts: Condition) -> Condition:
    """A node."""
    return Condition("at_least", count=count, parts=parts)


A, B, C, D = material("a"), material("b"), material("c"), material("d")
LICENSED = Condition("advertiser", values=("adv-1",))
GAMES = Condition("attribute", "vertical", ("games", "true", "18"))
FACTS = Facts("c1", (), "adv-1", attributes={"vertical": "games"})
NOBODY = Facts("c2", ())

a, b, c = hit("p/a", 0), hit("p/b", 3), hit("p/c", 20)

PLAIN: list[tuple[str, Condition, list[Seen], Facts, tuple[int, ...] | None]] = [
    ("a material", A, [b, a], NOBODY, (1,)),
    ("no such material", A, [b], NOBODY, None),
    ("every occurrence is a part", A, [a, b, hit("p/a", 9)], NOBODY, (0, 2)),
    ("a tag", tag("t"), [a, b, c], NOBODY, (0, 1)),
    ("a tag of one", tag("u"), [a, b, c], NOBODY, (1,)),
    ("a phone found", found("phone"), [hit("found/phone", 0, kind="found")], NOBODY, (0,)),
    ("a listed phone is found", found("phone"), [hit("p/x", 0, kind="phone")], NOBODY, (0,)),
    ("a listed domain is found", found("url"), [hit("p/x", 0, kind="domain")], NOBODY, (0,)),
    ("a listed url is found", found("url"), [hit("p/x", 0, kind="url")], NOBODY, (0,)),
    ("a listed handle is found", found("handle"), [hit("p/x", 0, kind="handle")], NOBODY, (0,)),
    ("a keyword is no phone", found("phone"), [a], NOBODY, None),
    ("an advertiser", LICENSED, [a], FACTS, ()),
    ("another advertiser", LICENSED, [a], NOBODY, None),
    ("an attribute", GAMES, [], FACTS, ()),
    ("a missing attribute", GAMES, [], NOBODY, None),
    ("a boolean attribute", GAMES, [], Facts("c", (), attributes={"vertical": True}), ()),
    ("a number as attribute", GAMES, [], Facts("c", (), attributes={"vertical": 18}), ()),
    ("a list as attribute", GAMES, [], Facts("c", (), attributes={"vertical": ["x", "games"]}), ()),
    ("null is no attribute", GAMES, [], Facts("c", (), attributes={"vertical": None}), None),
    ("all", all_(A, B), [a, b, c], NOBODY, (0, 1)),
    ("all, but one is absent", all_(A, D), [a, b], NOBODY, None),
    ("any rests on the branches that hold", any_(A, all_(B, D)), [a, b], NOBODY, (0,)),
    ("none", all_(A, none(B)), [a, c], NOBODY, (0,)),
    ("none, but it is there", all_(A, none(B)), [a, b], NOBODY, None),
    ("none of a fact", all_(A, none(LICENSED)), [a], FACTS, None),
    ("none alone rests on nothing", none(A), [b], NOBODY, ()),
    ("at least two", at_least(2, A, B, D), [a, b], NOBODY, (0, 1)),
    ("at least two, only one", at_least(2, A, B, D), [a, c], NOBODY, None),
    ("two occurrences are one part", at_least(2, A, B), [a, a], NOBODY, None),
    ("a part written twice is one part", at_least(2, A, A), [a], NOBODY, None),
    ("one hit, two parts", at_least(2, A, tag("t")), [a], NOBODY, (0,)),
    ("a fired rule is a hit", tag("t"), [Seen("p/fired", None, None, None, "rule")], NOBODY, (0,)),
]


@pytest.mark.parametrize(
    ("condition", "hits", "facts", "expected"),
    [row[1:] for row in PLAIN],
    ids=[r[0] for r in PLAIN],
)
def test_plain(
    condition: Condition, hits: list[Seen], facts: Facts, expected: tuple[int, ...] | None
) -> None:
    """A condition without distance holds as its words say, and rests on the hits listed."""
    assert fire(Rule("p/r", condition), hits, facts, TAGS, word_at) == expected


fired = Seen("p/fired", None, None, None, "rule")
other = hit("p/b", 0, field="title")

SAME_FIELD: list[tuple[str, Condition, list[Seen], tuple[int, ...] | None]] = [
    ("one field", all_(A, B), [a, b], (0, 1)),
    ("two fields", all_(A, B), [a, other], None),
    ("only the field that fulfils it", all_(A, B), [a, b, hit("p/a", 0, field="title")], (0, 1)),
    ("none is about that field", all_(A, none(B)), [a, other], (0,)),
    ("none in that field", all_(A, none(B)), [a, b, other], None),
    ("a fired rule is in every field", all_(tag("t"), C), [fired, c], (0, 1)),
    ("an image has a field", all_(A, B), [a, Seen("p/b", "body", None, None)], (0, 1)),
]


@pytest.mark.parametrize(
    ("condition", "hits", "expected"), [r[1:] for r in SAME_FIELD], ids=[r[0] for r in SAME_FIELD]
)
def test_same_field(
    condition: Condition, hits: list[Seen], expected: tuple[int, ...] | None
) -> None:
    """With `same_field` the condition holds in one field alone."""
    assert fire(Rule("p/r", condition, same_field=True), hits, NOBODY, TAGS, word_at) == expected


WITHIN: list[tuple[str, int, Condition, list[Seen], tuple[int, ...] | None]] = [
    ("neighbours are 1 apart", 1, all_(A, B), [hit("p/a", 4), hit("p/b", 5)], (0, 1)),
    ("one between is 2", 1, all_(A, B), [hit("p/a", 4), hit("p/b", 6)], None),
    ("the order does not matter", 2, all_(A, B), [hit("p/a", 6), hit("p/b", 4)], (0, 1)),
    ("from the last word to the first", 1, all_(A, B), [hit("p/a", 0, 9), hit("p/b", 9)], (0, 1)),
    ("the outer two decide", 4, all_(A, B, C), [a, b, hit("p/c", 4)], (0, 1, 2)),
    ("the outer two are too far", 3, all_(A, B, C), [a, b, hit("p/c", 4)], None),
    ("another field is never near", 9, all_(A, B), [a, other], None),
    ("a later pair", 1, all_(A, B), [a, b, hit("p/a", 4)], (1, 2)),
    ("any may take the far one", 3, any_(all_(A, C), all_(A, B)), [a, b, c], (0, 1)),
    ("none far away", 3, all_(A, B, none(C)), [a, b, c], (0, 1)),
    ("none near", 3, all_(A, B, none(C)), [a, b, hit("p/c", 5)], None),
    ("none near one of them only", 3, all_(A, B, none(C)), [a, b, hit("p/c", 6)], None),
    ("none just far enough", 3, all_(A, B, none(C)), [a, b, hit("p/c", 7)], (0, 1)),
    ("none in between", 2, all_(A, B, none(C)), [a, hit("p/b", 2), hit("p/c", 1)], None),
    ("none elsewhere spares the pair here", 1, all_(A, B, none(C)),
     [a, hit("p/b", 1), hit("p/a", 30), hit("p/b", 31), hit("p/c", 32)], (0, 1)),
    ("none of two of which one is near", 3, all_(A, none(all_(B, C))), [a, b, c], (0,)),
    ("none of two near", 3, all_(A, none(all_(B, C))), [a, b, hit("p/c", 2)], None),
    ("none in an any is about all", 3, any_(all_(A, D), none(C)), [a, c], None),
    ("a fired rule is near everything", 1, all_(tag("t"), C), [fired, c], (0, 1)),
    ("an image is near nothing", 9, all_(A, B), [a, Seen("p/b", "body", None, None)], None),
]  # fmt: skip


@pytest.mark.parametrize(
    ("words", "condition", "hits", "expected"), [r[1:] for r in WITHIN], ids=[r[0] for r in WITHIN]
)
def test_within(
    words: int, condition: Condition, hits: list[Seen], expected: tuple[int, ...] | None
) -> None:
    """With `within` the condition holds in a stretch of a field, and rests on what lies there."""
    assert fire(Rule("p/r", condition, within=words), hits, NOBODY, TAGS, word_at) == expected


def test_within_none_of_a_fact() -> None:
    """A fact under `none` is near everything."""
    rule = Rule("p/r", all_(A, B, none(LICENSED)), within=5)
    assert fire(rule, [a, b], NOBODY, TAGS, word_at) == (0, 1)
    assert fire(rule, [a, b], FACTS, TAGS, word_at) is None


def test_fields_of_a_rule() -> None:
    """A rule with `fields` sees only hits of those fields."""
    rule = Rule("p/r", tag("t"), scope=Scope(fields=("ocr",)))
    hits = [a, hit("p/b", 0, field="ocr:images[0]")]
    assert fire(rule, hits, NOBODY, TAGS, word_at) == (1,)
    assert Judge(rule).shares(hits, TAGS) == (1,)


LEAVES = st.sampled_from([A, B, C, tag("t"), tag("u"), LICENSED])
CONDITIONS = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=3).map(lambda parts: all_(*parts)),
        st.lists(inner, min_size=1, max_size=3).map(lambda parts: any_(*parts)),
        st.lists(inner, min_size=1, max_size=2).map(lambda parts: none(*parts)),
        st.lists(inner, min_size=1, max_size=3).map(lambda parts: at_least(2, *parts)),
        st.tuples(inner, inner, inner).map(lambda p: all_(p[0], p[1], none(p[2]))),
    ),
    max_leaves=6,
)
HITS = st.lists(
    st.builds(
        hit,
        st.sampled_from(["p/a", "p/b", "p/c"]),
        st.integers(0, 9),
        st.integers(1, 3),
        st.sampled_from(["body", "body", "title"]),
    ),
    max_size=6,
)
SOMEBODY = st.sampled_from([FACTS, NOBODY])

Chosen = frozenset[int]
Guards = tuple[tuple[Condition, Chosen], ...]
Choice = tuple[Chosen, Guards]


def satisfies(leaf: Condition, one: Seen, facts: Facts) -> bool:
    """Whether a hit satisfies a leaf."""
    if leaf.op == "material":
        return one.material == leaf.name
    return leaf.op == "tag" and leaf.name in TAGS.get(one.material, frozenset())


def plain(node: Condition, near: Sequence[Seen], away: Sequence[Seen], facts: Facts) -> bool:
    """Truth by the definition; what is under a `none` is looked for in `away`."""
    parts = list(dict.fromkeys(node.parts))
    if node.op == "none":
        return not any(plain(part, away, away, facts) for part in parts)
    if parts:
        need = {"all": len(parts), "any": 1, "at_least": node.count}[node.op]
        return sum(plain(part, near, away, facts) for part in parts) >= need
    if node.op == "advertiser":
        return facts.advertiser in node.values
    return any(satisfies(node, one, facts) for one in near)


def asks_for_hits(node: Condition) -> bool:
    """Whether it has a leaf that wants a hit."""
    if not node.parts:
        return node.op != "advertiser"
    return node.op != "none" and any(asks_for_hits(part) for part in node.parts)


def choices(node: Condition, hits: Sequence[Seen], facts: Facts) -> Iterator[Choice]:
    """Every way to fulfil a condition: one hit for each leaf needed, and what guards which."""
    parts = list(dict.fromkeys(node.parts))
    if not parts:
        if node.op == "advertiser":
            yield from [(frozenset(), ())] if facts.advertiser in node.values else []
        else:
            yield from (
                (frozenset({n}), ()) for n, one in enumerate(hits) if satisfies(node, one, facts)
            )
    elif node.op == "none":
        if plain(node, hits, hits, facts):
            yield frozenset(), ()
    else:
        beside = [p for p in parts if p.op == "none"] if node.op == "all" else []
        beside = beside if asks_for_hits(node) else []
        wanted = [part for part in parts if part not in beside]
        need = {"all": len(wanted), "any": 1, "at_least": node.count}[node.op]
        for some in combinations(wanted, need):
            for ways in product(*(list(choices(part, hits, facts)) for part in some)):
                chosen = frozenset[int]().union(*(way[0] for way in ways))
                guards = tuple(guard for way in ways for guard in way[1])
                yield chosen, guards + tuple((part, chosen) for part in beside)


def satisfiable(node: Condition, facts: Facts, *, wanted: bool) -> bool:
    """Truth by facts, where hits are as they should be: there if wanted, absent if forbidden."""
    parts = list(dict.fromkeys(node.parts))
    if node.op == "none":
        return not any(satisfiable(part, facts, wanted=not wanted) for part in parts)
    if parts:
        need = {"all": len(parts), "any": 1, "at_least": node.count}[node.op]
        return sum(satisfiable(part, facts, wanted=wanted) for part in parts) >= need
    return facts.advertiser in node.values if node.op == "advertiser" else wanted


def near(one: Seen, other: Seen, words: int) -> bool:
    """Whether two hits lie at most so many words apart."""
    if one.field != other.field:
        return False
    return first(other) - last(one) <= words and first(one) - last(other) <= words


def first(one: Seen) -> int:
    """Its first word."""
    return word_at("", one.start or 0)


def last(one: Seen) -> int:
    """Its last word."""
    return word_at("", (one.end or 1) - 1)


def fits(choice: Choice, hits: Sequence[Seen], facts: Facts, words: int) -> bool:
    """Whether a choice lies near enough together, with nothing forbidden near."""
    chosen = [hits[n] for n in choice[0]]
    if len({one.field for one in chosen}) > 1:
        return False
    if chosen and max(map(first, chosen)) - min(map(last, chosen)) > words:
        return False
    for guard, guarded in choice[1]:
        around = [[other for other in hits if near(hits[n], other, words)] for n in guarded]
        if not chosen:
            around = [list(hits)]
        if not all(plain(guard, some, some, facts) for some in around):
            return False
        if not around and not satisfiable(guard, facts, wanted=True):
            return False
    return True


@given(CONDITIONS, HITS, SOMEBODY, st.integers(0, 6))
def test_window_equals_every_choice(
    condition: Condition, hits: list[Seen], facts: Facts, words: int
) -> None:
    """A rule with `within` fires, and rests on, what some choice of hits fulfils."""
    fulfilling = [c for c in choices(condition, hits, facts) if fits(c, hits, facts, words)]
    expected = tuple(sorted(frozenset[int]().union(*(chosen for chosen, _ in fulfilling))))
    result = fire(Rule("p/r", condition, within=words), hits, facts, TAGS, word_at)
    assert result == (expected if fulfilling else None)


@given(CONDITIONS, HITS, SOMEBODY)
def test_truth_equals_definition(condition: Condition, hits: list[Seen], facts: Facts) -> None:
    """Plain and same-field rules fire exactly where the definition says."""
    result = fire(Rule("p/r", condition), hits, facts, TAGS, word_at)
    assert (result is not None) == plain(condition, hits, hits, facts)
    asked = [one for one in hits if any(satisfies(leaf, one, facts) for leaf in leaves(condition))]
    scenes = [[one for one in asked if one.field == field] for field in ("body", "title")]
    expected = any(plain(condition, some, some, facts) for some in scenes if some)
    expected = expected or plain(condition, [], hits, facts)
    result = fire(Rule("p/r", condition, same_field=True), hits, facts, TAGS, word_at)
    assert (result is not None) == expected


def leaves(condition: Condition) -> Iterator[Condition]:
    """The leaves of a condition."""
    if not condition.parts:
        yield condition
    for part in condition.parts:
        yield from leaves(part)


def without_none(condition: Condition) -> bool:
    """Whether a condition forbids nothing."""
    return condition.op != "none" and all(without_none(part) for part in condition.parts)


MODES: list[dict[str, int | bool]] = [{}, {"same_field": True}, {"within": 2}]


def rule_of(condition: Condition, mode: Mapping[str, int | bool]) -> Rule:
    """A rule in one of the modes."""
    within = mode.get("within")
    return Rule("p/r", condition, within=within, same_field=bool(mode.get("same_field")))


@given(CONDITIONS.filter(without_none), HITS, SOMEBODY, st.sampled_from(MODES))
def test_more_hits_never_stop_a_rule(
    condition: Condition, hits: list[Seen], facts: Facts, mode: dict[str, int | bool]
) -> None:
    """Without `none`, a further hit neither stops a rule nor takes a part from it."""
    rule = rule_of(condition, mode)
    for count in range(len(hits)):
        before = fire(rule, hits[:count], facts, TAGS, word_at)
        after = fire(rule, hits[: count + 1], facts, TAGS, word_at)
        assert before is None or (after is not None and set(before) <= set(after))


@given(CONDITIONS, HITS, SOMEBODY, st.sampled_from(MODES))
def test_parts_are_among_what_is_shared(
    condition: Condition, hits: list[Seen], facts: Facts, mode: dict[str, int | bool]
) -> None:
    """`shares` holds every part, and another hit changes nothing about the others in it."""
    rule = rule_of(condition, mode)
    shared = Judge(rule).shares(hits, TAGS)
    assert set(fire(rule, hits, facts, TAGS, word_at) or ()) <= set(shared)
    assert set(Judge(rule).shares(hits[:-1], TAGS)) == set(shared) - {len(hits) - 1}


@given(CONDITIONS, HITS, SOMEBODY, st.sampled_from(MODES), st.randoms(use_true_random=False))
def test_order_of_hits_changes_nothing(
    condition: Condition,
    hits: list[Seen],
    facts: Facts,
    mode: dict[str, int | bool],
    random: Random,
) -> None:
    """A rule fires on a set of hits, in whatever order they come."""
    order = list(range(len(hits)))
    random.shuffle(order)
    rule = rule_of(condition, mode)
    before = fire(rule, hits, facts, TAGS, word_at)
    after = fire(rule, [hits[n] for n in order], facts, TAGS, word_at)
    assert before == (None if after is None else tuple(sorted(order[n] for n in after)))


def test_many_hits_end() -> None:
    """Thousands of hits in one field are judged, where choices would be without number."""
    names = ["p/a", "p/b", "p/c"]
    hits = [hit(names[n % 3], n // 4, 1 + n % 5) for n in range(3_000)]
    condition = all_(A, B, C, any_(tag("t"), tag("u")), none(all_(D, A)))
    parts = fire(Rule("p/r", condition, within=40), hits, NOBODY, TAGS, word_at)
    assert parts == tuple(range(3_000))
