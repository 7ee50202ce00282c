"""The score of a code: the formula, its laws, and the search against brute force."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import combinations
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from automod.policy import best_set as search
from automod.policy.score import Evidence, any_covered, combined, either_covers, score


def at(n: int, material: str, value: float, start: int, end: int, field: str = "body") -> Evidence:
    """A hit with a span."""
    return Evidence(n, material, value, field, start, end)


def rule(n: int, material: str, value: float, *parts: int) -> Evidence:
    """A fired rule."""
    return Evidence(n, material, value, parts=parts)


LONG = at(0, "p/long", 0.6, 0, 20)
A, B, C = at(1, "p/a", 0.5, 0, 5), at(2, "p/b", 0.5, 6, 10), at(3, "p/c", 0.3, 30, 40)

WIN_BIG = [at(0, "p/win-big", 0.6, 0, 7), at(1, "p/win", 0.5, 0, 3)]

TABLE: list[tuple[str, list[Evidence], dict[str, float], float]] = [
    ("nothing", [], {}, 0.0),
    ("one hit is its value", [A], {}, 0.5),
    ("two apart", [A, B], {}, 0.75),
    ("three apart", [A, B, C], {}, 0.825),
    ("a material counts once", [A, at(9, "p/a", 0.5, 50, 55)], {}, 0.5),
    ("by its largest value", [A, at(9, "p/a", 0.9, 50, 55)], {}, 0.9),
    ("the container is larger", [LONG, A], {}, 0.6),
    ("what it contains is larger together", [LONG, A, B], {}, 0.75),
    ("and others count beside it", [LONG, A, B, C], {}, 0.825),
    ("equal spans are the same letters", [A, at(9, "q/a", 0.4, 0, 5)], {}, 0.5),
    ("overlap is no containment", [A, at(9, "p/z", 0.5, 3, 9)], {}, 0.75),
    ("the same place of another field", [LONG, at(9, "p/a", 0.5, 0, 5, "title")], {}, 0.8),
    ("a free occurrence counts beside", [LONG, A, at(9, "p/a", 0.5, 50, 55)], {}, 0.8),
    ("with its largest value, free or not", [LONG, A, at(9, "p/a", 0.3, 50, 55)], {}, 0.8),
    ("a text", WIN_BIG, {}, 0.6),
    (
        "that repeats itself",
        [*WIN_BIG, at(2, "p/win-big", 0.6, 8, 15), at(3, "p/win", 0.5, 8, 11)],
        {},
        0.6,
    ),
    ("that says more the second time", [*WIN_BIG, at(3, "p/win", 0.5, 8, 11)], {}, 0.8),
    (
        "the same letters wherever they occur",
        [A, at(8, "q/a", 0.4, 0, 5), at(9, "q/a", 0.4, 50, 55), at(7, "p/a", 0.5, 50, 55)],
        {},
        0.5,
    ),
    (
        "all that one of them has is the same letters",
        [A, at(8, "q/a", 0.4, 0, 5), at(9, "q/a", 0.4, 50, 55)],
        {},
        0.5,
    ),
    (
        "covered here by one and there by another: any two of the three",
        [LONG, A, at(8, "p/tall", 0.4, 50, 70), at(9, "p/a", 0.5, 50, 55)],
        {},
        0.8,
    ),
    ("an occurrence of its own covers nobody", [LONG, A, at(9, "p/a", 0.5, 0, 9)], {}, 0.6),
    ("a rule and its parts: the larger", [rule(9, "p/rule", 0.7, 1, 2), A, B], {}, 0.75),
    ("a rule that is larger", [rule(9, "p/rule", 0.9, 1, 2), A, B], {}, 0.9),
    ("a rule beside what is no part", [rule(9, "p/rule", 0.9, 1), A, C], {}, 0.93),
    (
        "a rule and another occurrence of its part",
        [rule(9, "p/rule", 0.7, 1), A, at(8, "p/a", 0.5, 50, 55)],
        {},
        0.85,
    ),
    (
        "a rule over a rule",
        [rule(9, "p/rule", 0.6, 1, 2, 8), rule(8, "q/rule", 0.7, 1), A, B],
        {},
        0.85,
    ),
    (
        "rules that share a part",
        [rule(9, "p/rule", 0.5, 1, 2), rule(8, "q/rule", 0.5, 1), A],
        {},
        0.75,
    ),
    ("a rule whose parts weigh nothing", [rule(9, "p/rule", 0.9, 77)], {}, 0.9),
    (
        "media have no letters",
        [Evidence(0, "p/i", 0.5, "images[0]"), Evidence(1, "p/j", 0.5, "images[0]")],
        {},
        0.75,
    ),
    (
        "a cap bounds a group",
        [A._replace(group="p/g"), B._replace(group="p/g"), C],
        {"p/g": 0.6},
        0.72,
    ),
    ("a cap bounds one hit", [A._replace(group="p/g")], {"p/g": 0.4}, 0.4),
    ("a group without a cap", [A._replace(group="p/g"), B._replace(group="p/g")], {}, 0.75),
    (
        "the cap decides which set is best",
        [LONG, A._replace(group="p/g"), B._replace(group="p/g")],
        {"p/g": 0.55},
        0.6,
    ),
    (
        "half way goes up",
        [
            at(0, "p/1", 0.95, 0, 1),
            *(at(n, f"p/{n}", 0.3, 10 * n, 10 * n + 1) for n in (2, 3, 4)),
        ],
        {},
        0.9829,
    ),
]


@pytest.mark.parametrize(
    ("evidence", "caps", "expected"), [row[1:] for row in TABLE], ids=[row[0] for row in TABLE]
)
def test_table(evidence: list[Evidence], caps: dict[str, float], expected: float) -> None:
    """Each row of the table has its score, in any order of hits."""
    assert score(evidence, caps) == expected
    assert score(evidence[::-1], caps) == expected


@st.composite
def evidences(draw: st.DrawFn, size: int = 7) -> list[Evidence]:
    """Few places and few materials, so that nearly all share something; some rules."""
    found = []
    for n in range(draw(st.integers(1, size))):
        material = f"p/{draw(st.integers(0, 5))}"
        # A group goes with the material, as in a ruleset.
        group = {"0": "p/g", "1": "p/g", "2": "p/h"}.get(material[-1])
        value = draw(st.integers(1, 100)) / 100
        if draw(st.integers(0, 4)) == 0:
            parts = draw(st.frozensets(st.integers(0, size - 1), max_size=3)) - {n}
            found.append(Evidence(n, material, value, parts=tuple(sorted(parts)), group=group))
        else:
            start = draw(st.integers(0, 8))
            end = start + draw(st.integers(1, 6))
            field = draw(st.sampled_from(["body", "body", "title"]))
            found.append(Evidence(n, material, value, field, start, end, (), group))
    return found


CAPS = st.dictionaries(st.sampled_from(["p/g", "p/h"]), st.integers(0, 100).map(lambda c: c / 100))


def covers(a: Evidence, b: Evidence) -> bool:
    """Whether b is covered by a: the definition, word for word."""
    if a.start is None or a.end is None or b.start is None or b.end is None:
        return b.n in a.parts
    inside = a.field is not None and a.field == b.field and a.start <= b.start and b.end <= a.end
    return inside or b.n in a.parts


def contexts(evidence: Sequence[Evidence]) -> dict[str, set[frozenset[str]]]:
    """For each material, and each of its occurrences, the other materials that cover it."""
    found: dict[str, set[frozenset[str]]] = {}
    for hit in evidence:
        over = {other.material for other in evidence if covers(other, hit)}
        found.setdefault(hit.material, set()).add(frozenset(over - {hit.material}))
    return found


def admissible(chosen: Iterable[str], evidence: Sequence[Evidence]) -> bool:
    """Whether each material has an occurrence that no other of them covers."""
    chosen, over = set(chosen), contexts(evidence)
    return all(any(chosen.isdisjoint(context) for context in over[m]) for m in chosen)


def brute_force(evidence: Sequence[Evidence], caps: Mapping[str, float]) -> float:
    """The definition, word for word: every set of materials."""
    names = sorted({hit.material for hit in evidence})
    sets = (s for k in range(len(names) + 1) for s in combinations(names, k))
    return max(
        combined([hit for hit in evidence if hit.material in chosen], caps)
        for chosen in sets
        if admissible(chosen, evidence)
    )


def again(evidence: Sequence[Evidence], offset: int = 1_000) -> list[Evidence]:
    """What the same text says when it comes again, further on."""
    return [
        hit._replace(
            n=hit.n + offset,
            start=None if hit.start is None else hit.start + offset,
            end=None if hit.end is None else hit.end + offset,
            parts=tuple(part + offset for part in hit.parts),
        )
        for hit in evidence
    ]


@pytest.mark.parametrize("few", [0, 8], ids=["tree", "pairs"])
@pytest.mark.parametrize("tiny", [0, 3], ids=["search", "each"])
@given(evidence=evidences(size=12), caps=CAPS)
def test_search_equals_brute_force(
    evidence: list[Evidence], caps: dict[str, float], tiny: int, few: int
) -> None:
    """The score is the largest value of any admissible set, by every way of finding it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(search, "_TINY", tiny)
        patch.setattr(search, "_FEW", few)
        chosen = search.best_set(evidence, caps)
        result = score(evidence, caps)
    assert admissible({hit.material for hit in chosen}, evidence)
    assert combined(chosen, caps) == pytest.approx(brute_force(evidence, caps), abs=1e-11)
    assert result == pytest.approx(brute_force(evidence, caps), abs=5.1e-5)


@given(evidences(size=9), CAPS)
def test_a_text_that_repeats_itself(evidence: list[Evidence], caps: dict[str, float]) -> None:
    """Saying everything twice, or ten times, never changes a score."""
    twice = [*evidence, *again(evidence)]
    assert score(twice, caps) == score(evidence, caps)
    assert score([*evidence, *(hit for k in range(1, 10) for hit in again(evidence, 100 * k))],
                 caps) == score(evidence, caps)  # fmt: skip


@given(evidences(size=9), CAPS)
def test_a_rule_over_a_text_that_repeats_itself(
    evidence: list[Evidence], caps: dict[str, float]
) -> None:
    """Nor does it when a rule fires once, over both copies of its parts."""
    spans = [hit for hit in evidence if not hit.parts]
    rules = [hit for hit in evidence if hit.parts]
    wider = [hit._replace(parts=(*hit.parts, *(n + 1_000 for n in hit.parts))) for hit in rules]
    assert score([*spans, *again(spans), *wider], caps) == score(evidence, caps)


@given(evidences(), CAPS, st.randoms(use_true_random=False))
def test_order_changes_nothing(
    evidence: list[Evidence], caps: dict[str, float], random: Random
) -> None:
    """The score does not depend on the order in which hits come."""
    shuffled = list(evidence)
    random.shuffle(shuffled)
    assert score(shuffled, caps) == score(evidence, caps)


@given(evidences(size=9), CAPS, st.permutations(range(6)))
def test_adding_a_material_never_lowers(
    evidence: list[Evidence], caps: dict[str, float], order: list[int]
) -> None:
    """Adding a material, with all its occurrences, never lowers a score."""
    added = [{f"p/{m}" for m in order[:k]} for k in range(7)]
    scores = [score([hit for hit in evidence if hit.material in some], caps) for some in added]
    assert scores == sorted(scores)


@given(st.lists(st.integers(1, 99), min_size=1, max_size=8), st.integers(1, 99), st.booleans())
def test_the_larger_of_the_whole_and_its_parts(parts: list[int], whole: int, fired: bool) -> None:
    """A hit, or a rule, counts as the larger of its own value and what it covers, combined."""
    inside = [at(n, f"p/{n}", value / 100, 10 * n, 10 * n + 5) for n, value in enumerate(parts)]
    over = rule(99, "p/whole", whole / 100, *range(len(parts)))
    if not fired:
        over = at(99, "p/whole", whole / 100, 0, 100)
    assert score([*inside, over]) == max(whole / 100, score(inside))


@given(st.integers(1, 10_000).map(lambda v: v / 10_000))
def test_single_hit_is_its_value(value: float) -> None:
    """One hit scores its value."""
    assert score([at(0, "p/a", value, 0, 4)]) == value


@given(evidences(size=9))
def test_who_is_covered(evidence: list[Evidence]) -> None:
    """The quick question, for two and for many, is answered as the definition does."""
    pairs = list(combinations(evidence, 2))
    for a, b in pairs:
        assert either_covers(a, b) == either_covers(b, a) == (covers(a, b) or covers(b, a))
    assert any_covered(evidence) == any(either_covers(a, b) for a, b in pairs)


@given(evidences(size=30))
def test_contexts(evidence: list[Evidence]) -> None:
    """Contexts are the smallest sets of materials that cover an occurrence."""
    names = sorted({hit.material for hit in evidence})
    found = search._contexts(evidence, {name: i for i, name in enumerate(names)})
    for name, masks in zip(names, found, strict=True):
        sets = {frozenset(m for i, m in enumerate(names) if mask >> i & 1) for mask in masks}
        every = contexts(evidence)[name]
        assert sets == {one for one in every if not any(other < one for other in every)}


@given(evidences())
def test_bounds(evidence: list[Evidence]) -> None:
    """A score is at least the largest value and at most what everything would add up to."""
    assert max(hit.value for hit in evidence) <= score(evidence) <= 1.0
    assert score(evidence) <= combined(evidence) + 5.1e-5


def nested(count: int) -> list[Evidence]:
    """Hits like dolls."""
    return [at(n, f"p/{n:04}", 0.3, n, 2 * count - n) for n in range(count)]


def repeated(count: int) -> list[Evidence]:
    """A phrase of three materials, each inside a longer one, again and again."""
    found = []
    for n in range(0, count, 4):
        for k, (start, end) in enumerate([(0, 30), (0, 9), (5, 14), (12, 28)]):
            found.append(at(n + k, f"p/{k}-{n % 7}", 0.2 + k / 10, 40 * n + start, 40 * n + end))
    return found


def rules_over_everything(count: int) -> list[Evidence]:
    """Words, and as many rules that all rest on many of them."""
    half = count // 2
    words = [at(n, f"p/{n % 9}", 0.3, n, n + 3 + n % 5) for n in range(half)]
    fired = [rule(half + n, f"p/r{n}", 0.4, *range(n % 7, half, 3)) for n in range(half)]
    return words + fired


def words_in_phrases(count: int) -> list[Evidence]:
    """A dozen words, each again and again in other phrases: no two occurrences alike."""
    random = Random(count)
    found = []
    for n in range(0, count, 3):
        found.append(at(n, f"p/w{random.randrange(12)}", 0.05, 100 * n + 20, 100 * n + 25))
        for k in (1, 2):
            start, end = random.randrange(20), random.randrange(26, 50)
            name = f"p/q{random.randrange(20)}"
            found.append(at(n + k, name, 0.06, 100 * n + start, 100 * n + end))
    return found


SHAPES = [nested, repeated, rules_over_everything, words_in_phrases]


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("count", [300, 1_000])
def test_adversarial_input_stays_cheap(shape: Callable[[int], list[Evidence]], count: int) -> None:
    """However many hits cover each other, the search looks at no more than its budget."""
    evidence = shape(count)
    one = search.Search(evidence, sorted({hit.material for hit in evidence}), {})
    one.best()
    # The first state of each component, and the last of all, are looked at whatever is left.
    assert one.budget >= -30 * count
    assert max(hit.value for hit in evidence) <= score(evidence) <= 1.0


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("budget", [0, 300, search.BUDGET])
def test_the_laws_hold_beyond_the_budget(
    shape: Callable[[int], list[Evidence]], budget: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However little is looked at: an admissible set, its largest value, no order, no repeats."""
    monkeypatch.setattr(search, "BUDGET", budget)
    evidence = shape(120)
    chosen = search.best_set(evidence, {})
    assert admissible({hit.material for hit in chosen}, evidence)
    assert combined(chosen) >= max(hit.value for hit in evidence)
    assert score(evidence[::-1]) == score(evidence)
    assert score([*evidence, *again(evidence, 1_000_000)]) == score(evidence)


def test_nested_chain_is_exact() -> None:
    """Of hits nested like dolls one counts, however many they are."""
    assert score(nested(2_000)) == 0.3


def heaviest_row(evidence: Sequence[Evidence]) -> float:
    """The best set of spans that occur once: none of them contains another."""
    best: list[tuple[Evidence, float]] = []
    spans = sorted(evidence, key=lambda hit: (hit.start or 0, -(hit.end or 0)))
    for hit in spans:
        rows = [open_ for last, open_ in best if not either_covers(last, hit)]
        best.append((hit, min(rows, default=1.0) * (1.0 - hit.value)))
    return 1.0 - min(open_ for _, open_ in best)


@pytest.mark.parametrize("longest", [5, 30, 300])
@pytest.mark.parametrize("seed", range(4))
def test_many_spans_that_occur_once_are_exact(seed: int, longest: int) -> None:
    """Hundreds of materials that occur once get the best set, however they are nested."""
    random = Random(seed)
    evidence = []
    for n in range(300):
        start = random.randrange(300)
        end = start + random.randint(1, longest)
        evidence.append(at(n, f"p/{n}", random.uniform(0.001, 0.05), start, end))
    assert combined(search.best_set(evidence, {})) == pytest.approx(heaviest_row(evidence))
