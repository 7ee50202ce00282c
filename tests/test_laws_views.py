"""The laws of matching in the looser views, on any materials and texts.

1. Loosening is idempotent; what a hit shows explains the hit.
2. Compiled = naive: over each stretch that explains itself lies a hit, and under each hit such one.
3. Adding a material never removes another's hit.
4. Texts side by side, in a batch or a creative, are found what they are found alone.
5. The order of materials changes nothing, nor does the back end.
6. The language that a creative declares changes no hit.

And: a looser view never loses a hit of a tighter one.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from hypothesis import example, given
from hypothesis import strategies as st

import reference
from automod.engine.compile import compile as compile_ruleset
from automod.match.sieve import FEWEST
from automod.match.spelling import spelling_of
from automod.model.ruleset import Material
from automod.model.vocabulary import View
from automod.text.evidence import explain
from automod.text.fold import FoldedText, fold
from automod.text.lexicon import wanted_of
from automod.text.loose import loose, loose_many
from automod.text.words import cores
from rulesets import BACKENDS, ON, Backend, creative, of
from strategies import far_batches, far_materials, far_scenes, far_texts, more
from test_views import ar, ev, lo, ph, sa, sw, tr

if TYPE_CHECKING:
    from random import Random

    from automod.engine.engine import Engine
    from automod.model.decision import Hit

Scene = tuple[tuple[Material, ...], str]
Batch = tuple[tuple[Material, ...], list[str]]
Seen = tuple[int, int | None, int | None, str | None, tuple[str, ...], float]
"""Number of the material, start, end, view, folds, confidence."""
VIEWS: Final[list[View]] = ["exact", "safe", "loose", "evasion"]
USUAL: Final = BACKENDS[0]


def engine(rules: Iterable[Material], backend: Backend = USUAL) -> Engine:
    """The materials, numbered in their order, compiled."""
    return compile_ruleset(of(rules), backend=backend)


def seen(hits: Iterable[Hit]) -> set[Seen]:
    """All that is said of hits but the field."""
    return {
        (
            int(hit.material.removeprefix("p/m")), hit.start, hit.end, hit.view, hit.folds,
            hit.confidence,
        )
        for hit in hits
    }  # fmt: skip


def found(rules: Iterable[Material], text: str, backend: Backend = USUAL) -> set[Seen]:
    """What is found of some materials in one text."""
    return seen(engine(rules, backend).scan(creative(text)))


# --- 1: folding and evidence ---------------------------------------------------------------------


@more(150)
@given(far_texts())
@example("ccca\u0336siiiino")
@example("مراهٮةةة")
@example("賭賭賭場かジか\u3099")
def test_loosening_is_idempotent(text: str) -> None:
    """Law 1: what is loosened stays as it is when it is loosened again."""
    once = loose(fold(text).text)

    assert once == loose(FoldedText(once))


@more(150)
@given(st.lists(far_texts(), max_size=6))
@example(["", "æther", "مراهنة", "été", ""])
@example(["e\u0301\u0336", "casino"])
def test_many_texts_are_loosened_as_each_alone(texts: list[str]) -> None:
    """Values are loosened in one pass: those with letters that vanish or become two as well."""
    folded = [fold(text.replace("\n", " ")).text for text in texts]

    assert loose_many(folded) == [loose(text) for text in folded]


@more(150)
@given(st.lists(far_texts(), max_size=6), st.booleans())
@example(["casino", "", "c++", " win big", "a  -  -  b", "_", "500ريال", "赌博!"], False)
@example(["مراهنة", "\u0336", "e\u0301\u0336 x", "ccc", ""], True)
def test_the_words_of_many_values_are_those_of_each_alone(texts: list[str], far: bool) -> None:
    """Values become patterns in one pass: what they are and which are odd does not hang on it."""
    alone = [cores([text]) for text in texts]
    folded, bare = [one[0] for one, _ in alone], [one[0] for _, one in alone]
    words = [loose(core) if far else core for core in bare]
    odd = [
        n
        for n, (value, core, word) in enumerate(zip(folded, bare, words, strict=True))
        if core != value or " " in core or not word
    ]

    made = spelling_of(texts, far=far)

    assert made.words == words
    assert made.before == {n: bare[n] for n, word in enumerate(words) if word != bare[n]}
    assert made.odd == odd


@more(150)
@given(far_scenes(longest=40))
@example(((sa("casino"), ev("casino")), "casinooo"))
@example(((ev("kasino", "word", "tr"),), "KAS\u0130NO kas\u0131no"))
def test_a_hit_explains_itself(scene: Scene) -> None:
    """Law 1: what a hit shows, asked again, has the view, the folds and the confidence of it."""
    rules, text = scene
    for hit in engine(rules).scan(creative(text)):
        assert hit.text is not None
        assert text[hit.start : hit.end] == hit.text
        one = rules[int(hit.material.removeprefix("p/m"))]
        assert hit.view in VIEWS[: VIEWS.index(one.view) + 1]
        assert (hit.view, hit.folds, hit.confidence) == explain(wanted_of(one), hit.text)


# --- 2: against the naive matcher ----------------------------------------------------------------


def hits_and_naive(one: Material, text: str) -> tuple[set[reference.Span], set[reference.Span]]:
    """Where the engine finds a material, and where the naive matcher does."""
    hits = {
        (start, end)
        for _, start, end, *_ in found([one], text)
        if start is not None and end is not None
    }
    return hits, reference.find_far(one, text)


@more(150)
@given(far_scenes(1, phrases=False, longest=25))
@example(((sa("casino"),), "casinooo"))
@example(((tr("kasino"),), "KAS\u0130NO kas\u0131no"))
@example(((ev("casino"),), "the sino-japanese cas ino"))
def test_keywords_are_the_naive_matcher(scene: Scene) -> None:
    """Law 2: each stretch that explains itself is under a hit, and each hit over such a one."""
    (one,), text = scene
    hits, naive = hits_and_naive(one, text)

    assert reference.uncovered(reference.sure(one, text, naive), hits) == set()
    assert reference.uncovered(reference.grounded(text, hits), naive) == set()


@more(60)
@given(far_scenes(1, longest=25))
@example(((ph("free casino", view="safe"),), "free casinooo"))
@example(((ph("free casino"),), "free c4sino"))
@example(((ev("free spins"),), "free spin.5 "))
@example(((ev("free spins"),), "free spin.$ "))
@example(((ev("free spins"),), "free spin-5 "))
@example(((ph("free casino", view="loose"),), "free     casino "))
@example(((ph("free casino", boundary="substring"),), "freeee casino "))
@example(((ev("pinjol", "inflected", "id"),), "pinjolوP\u0328ÍÑJOL\u0308و"))
@example(((ph("free casino"),), "free casino f\u200br\u200be\u200be "))
@example(((ph("ربح مضمون"),), "ربح 🇸🇦 م‿ض‿م‿و‿ن "))
@example(((ev("đánh bạc"),), "đánh   8ạc "))
@example(((ev("free spins"),), "fr3e    spins"))
@example(((ev("slots"),), "x  c s|0t5"))
@example(((ev("slots"),), "x c s|0t5"))
@example(((ev("asses"),), "win x  c a$$es now"))
@example(((ev("asses"),), "win @$ses c x now"))
@example(((ev("casino 赌博"),), "cas1no 赌博"))
@example(((ev("赌博 casino"),), "赌博  cas1no"))
@example(((ev("free spins"),), "free spin.\u0455 "))
def test_phrases_are_the_naive_matcher(scene: Scene) -> None:
    """Law 2, with phrases among the keywords."""
    (one,), text = scene
    hits, naive = hits_and_naive(one, text)

    assert reference.uncovered(reference.sure(one, text, naive), hits) == set()
    assert reference.uncovered(reference.grounded(text, hits), naive) == set()


# --- 3: overlapping ------------------------------------------------------------------------------


@more(150)
@given(far_scenes(longest=40), far_materials(2), st.sampled_from(BACKENDS))
@example(((ev("casino"), ev("bonus")), "c4sino b0nus"), (ev("casinobonus"),), USUAL)
@example(((sa("casino"),), "casinooo"), (ev("casino"),), USUAL)
@example(
    ((ev("займы"), ev("도박")), "з\u0303аймы\u0328\u202e도박 займы "),
    (ev("casino"), ph("free casino")),
    USUAL,
)
@example(
    ((ph("赌博 微信", boundary="substring", view="safe"),), "赌博微✱信"), (ev("casino"),), USUAL
)
@example(((ev("casino"),), "cas ino x"), (ev("inox"), ev("casinox")), USUAL)
def test_more_material_changes_no_hit(
    scene: Scene, added: tuple[Material, ...], backend: Backend
) -> None:
    """Law 3: with more materials the hits of the others are what they were."""
    rules, text = scene
    many = found(rules + added, text, backend)

    assert found(rules, text, backend) == {hit for hit in many if hit[0] < len(rules)}


# --- 4: side by side -----------------------------------------------------------------------------


@more(120)
@given(far_batches(), st.sampled_from(BACKENDS))
@example(((ev("casino"), ph("free casino")), ["cas", "ino"]), USUAL)
@example(((ev("casino"), ph("free casino")), ["free", "c4sino"]), USUAL)
@example(((ph("free casino", 1),), ["free", "free cas*ino"]), USUAL)
@example(((ev("casino"),), ["c-a-s-i-n-o", "c_a_s_i_n_o"]), USUAL)
@example(((ev("casino"),), ["c a s", "i n o"]), USUAL)
@example(((ev("casino"),), ["\u202eon", "is\u202cac"]), USUAL)
@example(((ev("casino"),), ["casi", "iiino"]), USUAL)
def test_texts_side_by_side_are_apart(batch: Batch, backend: Backend) -> None:
    """Law 4: creatives of a batch, and fields of a creative, have the hits that they have alone."""
    rules, texts = batch
    whole = engine(rules, backend)
    alone = [seen(whole.scan(creative(text))) for text in texts]
    decided = whole.decide_batch(
        [creative(text, id=f"c{n}") for n, text in enumerate(texts)], on=ON
    )
    fields = whole.scan(creative({f"f{n}": text for n, text in enumerate(texts)}))

    assert alone == [seen(decision.hits) for decision in decided]
    assert alone == [seen(hit for hit in fields if hit.field == f"f{n}") for n in range(len(texts))]


@more(60)
@given(far_scenes(longest=40))
@example(((sa("dược"), sa("được"), sa("duoc")), "dược được duoc đuọc"))
@example(((sa("dược phẩm"), ev("casino")), "dược phẩm, được phâm"))
@example(((sa("वफ़ा"), ev("casino")), "वफ़ा वफा"))
@example(((sa("500ريالًا"), ev("casino")), "500ريالًا 500 ريالا"))
@example(((sa("æther"), sa("aether"), ev("casino")), "aether æther ÆTHER"))
@example(((sa("été", "substring"), sa("dượ", "prefix"), ev("casino")), "bétéa dượca eteb được"))
def test_many_raw_matches_are_looked_at_as_few(scene: Scene) -> None:
    """Law 4: a text that comes often in a batch has each time the hits that it has alone."""
    rules, text = scene
    whole = engine(rules, USUAL)
    alone = seen(whole.scan(creative(text)))
    many = [creative(text, id=f"c{n}") for n in range(FEWEST)]

    assert all(seen(decision.hits) == alone for decision in whole.decide_batch(many, on=ON))


# --- 5: order ------------------------------------------------------------------------------------


@more(120)
@given(far_scenes(longest=40), st.randoms(use_true_random=False))
def test_order_of_materials_changes_nothing(scene: Scene, random: Random) -> None:
    """Law 5: materials in any order have the hits that they have in this one."""
    rules, text = scene
    order = random.sample(range(len(rules)), len(rules))
    shuffled = found([rules[n] for n in order], text)

    assert found(rules, text) == {(order[number], *rest) for number, *rest in shuffled}


@more(120)
@given(far_scenes(longest=40))
def test_both_back_ends_find_alike(scene: Scene) -> None:
    """The back end is no part of the answer."""
    rules, text = scene
    left, right = (found(rules, text, backend) for backend in BACKENDS)

    assert left == right


# --- 6: the language of the creative -------------------------------------------------------------


@more(100)
@given(far_scenes(longest=40), st.sampled_from(["ar", "en", "tr", "zh", "fa", "xx", ""]))
@example(((tr("kasino"), ev("kasino")), "kas\u0131no KAS\u0130NO"), "tr")
@example(((ar("ربح مضمون"),), "رٮح مضمون"), "fa")
def test_the_declared_language_changes_no_hit(scene: Scene, language: str) -> None:
    """Law 6: the language is the advertiser's word; it changes no hit."""
    rules, text = scene
    whole = engine(rules)
    silent = seen(whole.scan(creative(text)))

    assert silent == seen(whole.scan(creative(text, language=language)))


# --- looser views --------------------------------------------------------------------------------


@more(120)
@given(far_scenes(1, longest=40))
@example(((sw("casino"),), "casino kasino"))
@example(((lo("crème"),), "crème creme"))
@example(((ev("कर्ज़"),), "कर्ज\u0640\u093c"))
def test_a_looser_view_loses_no_hit(scene: Scene) -> None:
    """Whatever a tighter view finds, a looser one finds too, as the same.

    Where a zero width space stands in the text it may find it in part, as something else: a mark
    behind the space belongs to the letter before it, or is taken out, and the hit ends there.
    """
    (one,), text = scene
    by_view = [
        found([replace(one, view=view, swaps=one.swaps and view == "evasion")], text)
        for view in VIEWS
    ]

    for tighter, looser in pairwise(by_view):
        lost = tighter - looser
        if "\u200b" in text:
            lost = {hit for hit in lost if not any(overlap(hit, other) for other in looser)}
        assert lost == set()


def overlap(one: Seen, other: Seen) -> bool:
    """Whether two hits in one text share a character."""
    assert one[1] is not None and one[2] is not None
    assert other[1] is not None and other[2] is not None
    return one[1] < other[2] and other[1] < one[2]
