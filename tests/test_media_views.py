"""Views: boxes in which a picture may lie, hashes of boxes, and what turns do to them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageFilter

from automod.media import views
from automod.media.boxes import SMALLEST, WHOLE, Box, find_boxes
from automod.media.codes import MOST_CODES, read_codes
from automod.media.spectrum import ORIENTATIONS, hashed, oriented, spectra
from automod.media.views import Views, of_query, of_sample
from pictures import HEIGHT, WIDTH, framed, scene, with_code

Luma = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.float32]

TURNS: dict[str, Callable[[Any], Any]] = {
    "": lambda one: one,
    "mirrored": lambda one: one[:, ::-1],
    "flipped": lambda one: one[::-1],
    "turned 180": lambda one: one[::-1, ::-1],
    "transposed": lambda one: one.T,
    "turned 90": np.rot90,
    "turned 270": lambda one: np.rot90(one, -1),
    "transversed": lambda one: one[::-1, ::-1].T,
}


def luma(picture: Image.Image) -> Luma:
    """Its grey levels."""
    return np.asarray(picture.convert("L"))


# --- hashes of boxes -----------------------------------------------------------------------------


def naive(values: Floats, box: Box, count: int) -> npt.NDArray[np.float64]:
    """The cosines of a box, each the sum over a hundred points a pixel."""
    height, width = values.shape
    fine = 40

    def waves(first: float, last: float, length: int) -> npt.NDArray[np.float64]:
        places = (np.arange(length * fine) + 0.5) / (length * fine)
        inside = (places - first) / (last - first)
        there = (inside >= 0) & (inside <= 1)
        frequency = np.arange(1, count + 1)[:, None]
        wave = np.where(there, np.cos(np.pi * frequency * inside), 0) / (last - first)
        summed: npt.NDArray[np.float64] = wave.reshape(count, length, fine).sum(axis=2)
        return summed * np.pi / (length * fine)

    left, top, right, bottom = box
    down, across = waves(top, bottom, height), waves(left, right, width)
    found: npt.NDArray[np.float64] = down @ values @ across.T
    return found


@given(
    st.integers(0, 1_000),
    st.tuples(*[st.floats(0, 0.4)] * 2, *[st.floats(0.6, 1)] * 2),
    st.sampled_from([(30, 40), (64, 64), (17, 90)]),
)
def test_cosines_are_integrals_over_the_box(number: int, box: Box, size: tuple[int, int]) -> None:
    """Wherever the box begins, also within a pixel; and of its quarters."""
    values = np.random.default_rng(number).uniform(0, 255, size).astype(np.float32)
    found = spectra(values, np.array([box], np.float32))
    assert np.abs(found.whole[0] - naive(values, box, 16)).max() < 4.0
    left, top, right, bottom = box
    across, down = (left + right) / 2, (top + bottom) / 2
    quarters = [
        (left, top, across, down), (across, top, right, down),
        (left, down, across, bottom), (across, down, right, bottom),
    ]  # fmt: skip
    for quarter, own in zip(quarters, found.quarters[0], strict=True):
        # A quarter of a box holds a quarter of its waves.
        assert np.abs(own - naive(values, quarter, 8) / 4).max() < 4.0


@pytest.mark.parametrize("turn", range(8), ids=lambda one: ORIENTATIONS[one] or "as it is")
def test_a_turn_of_the_cosines_is_a_turn_of_the_picture(turn: int) -> None:
    """Each of the eight orientations, by its name."""
    values = np.random.default_rng(5).uniform(0, 255, (90, 120)).astype(np.float32)
    whole = np.array([WHOLE], np.float32)
    turned = np.ascontiguousarray(TURNS[ORIENTATIONS[turn]](values))
    expected = spectra(turned, whole).whole
    assert np.allclose(oriented(spectra(values, whole).whole, turn), expected, atol=0.5)


def test_a_hash_is_half_ones() -> None:
    """Bits are above the median or not; of nothing there are no hashes."""
    values = np.random.default_rng(0).normal(size=(5, 16, 16)).astype(np.float32)
    assert np.bitwise_count(hashed(values)).sum(axis=1).tolist() == [128] * 5
    assert hashed(values[:0]).shape == (0, 32)


# --- boxes ---------------------------------------------------------------------------------------


def gradient(size: tuple[int, int]) -> Image.Image:
    """From black to white, from top to bottom."""
    return Image.linear_gradient("L").resize(size).convert("RGB")


def blurred(size: tuple[int, int]) -> Image.Image:
    """The first scene, out of focus."""
    return scene(1).resize(size).filter(ImageFilter.GaussianBlur(25))


def pasted(ground: Image.Image, at: tuple[int, int]) -> Image.Image:
    """The first scene somewhere on a ground."""
    ground.paste(scene(1), at)
    return ground


BOXES: list[tuple[str, Image.Image, tuple[int, int]]] = [
    ("border", framed(scene(1), 40), (40, 40)),
    ("coloured border", framed(scene(1), 25, "navy"), (25, 25)),
    ("gradient", pasted(gradient((600, 500)), (60, 70)), (60, 70)),
    ("blur-fill", pasted(blurred((WIDTH, 854)), (0, 247)), (0, 247)),
    ("in another picture", pasted(scene(7, (800, 700)).copy(), (200, 150)), (200, 150)),
]


@pytest.mark.parametrize(("picture", "at"), [pytest.param(p, a, id=i) for i, p, a in BOXES])
def test_a_picture_in_a_picture_is_a_box(picture: Image.Image, at: tuple[int, int]) -> None:
    """One of the boxes is where it lies, within a hundredth of the whole."""
    width, height = picture.size
    left, top = at
    wanted = left / width, top / height, (left + WIDTH) / width, (top + HEIGHT) / height
    values = views._reduced(luma(picture), 384).astype(np.float32)
    found = find_boxes(values, 5)
    assert min(max(abs(a - b) for a, b in zip(box, wanted, strict=True)) for box in found) < 0.012


@given(st.integers(0, 10_000), st.integers(1, 40), st.integers(1, 40), st.sampled_from([2, 255]))
def test_boxes_lie_within_and_differ(number: int, height: int, width: int, levels: int) -> None:
    """Of any picture, however small; the first is the whole."""
    rng = np.random.default_rng(number)
    found = find_boxes(rng.integers(0, levels, (height, width)).astype(np.float32), 5)
    assert found[0] == WHOLE
    assert len(found) <= 6
    assert len(set(found)) == len(found)
    for left, top, right, bottom in found:
        assert 0 <= left <= right - SMALLEST + 1e-9 <= 1
        assert 0 <= top <= bottom - SMALLEST + 1e-9 <= 1


# --- views ---------------------------------------------------------------------------------------


def apart(query: Views, sample: Views) -> int:
    """The least distance of two views."""
    return int(np.bitwise_count(query.hashes[:, None] ^ sample.hashes[None]).sum(axis=2).min())


@pytest.mark.parametrize("turn", ORIENTATIONS, ids=lambda one: one or "as it is")
def test_a_sample_is_found_in_every_orientation(turn: str) -> None:
    """And the view says which it is."""
    sample, query = of_sample(luma(scene(1))), of_query(TURNS[turn](luma(scene(1))))
    near = np.bitwise_count(query.hashes[:, None] ^ sample.hashes[None]).sum(axis=2)
    found = int(sample.orientations[int(near.min(axis=0).argmin())])
    assert near.min() <= 4
    assert ORIENTATIONS[found] == turn


@pytest.mark.parametrize("number", range(2, 12))
def test_other_scenes_are_far(number: int) -> None:
    """Further than anybody looks."""
    assert apart(of_query(luma(scene(number))), of_sample(luma(scene(1)))) > 60


@given(st.integers(0, 10_000), st.integers(1, 300), st.integers(1, 300))
def test_views_of_anything(number: int, height: int, width: int) -> None:
    """Any size has views or none, and they survive being packed."""
    picture = np.random.default_rng(number).integers(0, 256, (height, width), np.uint8)
    for made in (of_query(picture), of_sample(picture)):
        again = Views.unpacked(made.packed())
        for one, other in (
            (made.boxes, again.boxes),
            (made.hashes, again.hashes),
            (made.checks, again.checks),
            (made.orientations, again.orientations),
            (made.detail, again.detail),
        ):
            assert np.array_equal(one, other)
    assert len(of_query(picture)) <= 45


def test_a_flat_picture_has_no_views() -> None:
    """There is nothing to tell it by."""
    assert len(of_query(np.full((300, 400), 200, np.uint8))) == 0
    assert len(of_sample(np.full((300, 400), 200, np.uint8))) == 0


@pytest.mark.parametrize("data", [b"abc", b"\0" * 82, b"\xff" * 82])
def test_what_is_packed_is_checked(data: bytes) -> None:
    """A wrong length, a box without an area, an orientation that is none."""
    with pytest.raises(ValueError, match=r"view|reshape"):
        Views.unpacked(data)


# --- codes ---------------------------------------------------------------------------------------


def test_codes_light_on_dark_and_several() -> None:
    """From top to bottom."""
    first = with_code(scene(3), "https://a.example")
    second = Image.eval(with_code(scene(4), "https://b.example"), lambda level: 255 - level)
    both = Image.new("RGB", (WIDTH, 2 * HEIGHT))
    both.paste(first, (0, 0))
    both.paste(second, (0, HEIGHT))
    found = read_codes(luma(both))
    assert [(one.format, one.text) for one in found] == [
        ("QRCode", "https://a.example"), ("QRCode", "https://b.example"),
    ]  # fmt: skip
    (left, top, right, bottom), _ = (one.box for one in found)
    assert 0 <= left < 40
    assert 0 <= top < 40
    assert left < right < 160
    assert top < bottom < 160


def test_no_more_codes_than_there_is_room_for() -> None:
    """A sheet of codes is cut."""
    sheet = Image.new("RGB", (5 * 120, 5 * 120), "white")
    for number in range(25):
        code = with_code(Image.new("RGB", (120, 120), "white"), f"code {number}", scale=2)
        sheet.paste(code, (number % 5 * 120, number // 5 * 120))
    assert len(read_codes(luma(sheet))) == MOST_CODES


@given(st.integers(0, 10_000), st.integers(1, 60), st.integers(1, 60))
def test_noise_has_no_codes(number: int, height: int, width: int) -> None:
    """And breaks nothing, however small."""
    noise = np.random.default_rng(number).integers(0, 256, (height, width), np.uint8)
    assert read_codes(noise) == ()
