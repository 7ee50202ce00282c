"""The score of a code: the formula, its laws, and the search against brute force."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import combinations
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from automod.policy import best_set as search
from automod.policy.score import Evidence, combined, pair_shares, score, share_letters


def at(n: int, material: str, value: float, start: int, end: int, field: str = "body") -> Evidence:
    """A hit with a span."""
    return Evidence(n, material, value, field, start, end)


def rule(n: int, material: str, value: float, *parts: int) -> Evidence:
    """A fired rule."""
    return Evidence(n, material, value, parts=parts)


LONG = at(0, "p/long", 0.6, 0, 20)
A, B, C = at(1, "p/a", 0.5, 0, 5), at(2, "p/b", 0.5, 6, 10), at(3, "p/c", 0.3, 30, 40)

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
    ("a rule and its parts: the larger", [rule(9, "p/rule", 0.7, 1, 2), A, B], {}, 0.75),
    ("a rule that is larger", [rule(9, "p/rule", 0.9, 1, 2), A, B], {}, 0.9),
    ("a rule beside what is no part", [rule(9, "p/rule", 0.9, 1), A, C], {}, 0.93),
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


def admissible(chosen: Iterable[Evidence]) -> bool:
    """Whether no two of them share letters."""
    return not any(pair_shares(a, b) for a, b in combinations(chosen, 2))


def brute_force(evidence: Sequence[Evidence], caps: Mapping[str, float]) -> float:
    """The definition, word for word: every set."""
    sets = (s for k in range(len(evidence) + 1) for s in combinations(evidence, k))
    return max(combined(chosen, caps) for chosen in sets if admissible(chosen))


@given(evidences(), CAPS)
def test_search_equals_brute_force(evidence: list[Evidence], caps: dict[str, float]) -> None:
    """The score is the largest value of any admissible set."""
    chosen = search.best_set(evidence, caps)
    assert admissible(chosen)
    assert combined(chosen, caps) == pytest.approx(brute_force(evidence, caps), abs=1e-11)
    assert score(evidence, caps) == pytest.approx(brute_force(evidence, caps), abs=5.1e-5)


@given(evidences(), CAPS, st.randoms(use_true_random=False))
def test_order_changes_nothing(
    evidence: list[Evidence], caps: dict[str, float], random: Random
) -> None:
    """The score does not depend on the order in which hits come."""
    shuffled = list(evidence)
    random.shuffle(shuffled)
    assert score(shuffled, caps) == score(evidence, caps)


@given(evidences(size=9), CAPS)
def test_adding_never_lowers(evidence: list[Evidence], caps: dict[str, float]) -> None:
    """Adding evidence never lowers a score."""
    scores = [score(evidence[:k], caps) for k in range(len(evidence) + 1)]
    assert scores == sorted(scores)


@given(st.integers(1, 10_000).map(lambda v: v / 10_000))
def test_single_hit_is_its_value(value: float) -> None:
    """One hit scores its value."""
    assert score([at(0, "p/a", value, 0, 4)]) == value


@given(evidences())
def test_sharing_sweep_equals_pairs(evidence: list[Evidence]) -> None:
    """The sweep over sorted spans finds sharing exactly where a pair shares."""
    pairs = any(pair_shares(a, b) for a, b in combinations(evidence, 2))
    assert share_letters(evidence) == pairs


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


@pytest.mark.parametrize("shape", [nested, repeated, rules_over_everything])
@pytest.mark.parametrize("count", [300, 1_000])
def test_adversarial_input_stays_cheap(
    shape: Callable[[int], list[Evidence]], count: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However many hits share letters, the search looks at no more of them than its budget."""
    evidence = shape(count)
    looked = []
    chain = search.Line.chain

    def counted(line: search.Line, alive: Sequence[int]) -> list[int]:
        looked.append(len(alive))
        return chain(line, alive)

    monkeypatch.setattr(search.Line, "chain", counted)
    result = score(evidence, {})
    # Each component may be looked at twice before the budget counts, and once beyond it.
    assert sum(looked) <= search.BUDGET + 3 * count
    assert max(hit.value for hit in evidence) <= result <= 1.0


def test_nested_chain_is_exact() -> None:
    """Of hits nested like dolls one counts, however many they are."""
    assert score(nested(2_000)) == 0.3


def test_beyond_the_budget_the_best_so_far_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without any budget the answer is still an admissible set, and at least its largest value."""
    monkeypatch.setattr(search, "BUDGET", 0)
    big = at(0, "p/big", 0.9, 0, 200)
    small = [at(n, "p/small", 0.3, 10 * n, 10 * n + 5) for n in range(1, 11)]
    for evidence in (repeated(80), rules_over_everything(40), [big, *small]):
        chosen = search.best_set(evidence, {})
        assert admissible(chosen)
        assert combined(chosen) >= max(hit.value for hit in evidence)
