"""Perceptual hashes: PDQ, pHash, dHash, and how they are written."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Final

import imagehash
import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from PIL import Image

import reference_media as reference
from automod.errors import MissingExtra
from automod.media import pdq as module
from automod.media.decode import decode
from automod.media.hexes import Hashes, from_hex, to_hex
from automod.media.pdq import (
    ORIENTATIONS,
    Floats,
    Luma,
    coefficients,
    dihedral,
    hash_coefficients,
    operator,
    pdq,
    pdq_planes,
    planes_of,
    quality,
)
from automod.media.phash import (
    OTHER_ALGORITHMS,
    OtherAlgorithm,
    dhash,
    other_hash,
    phash,
    phash_planes,
)
from shared_data import data

Bytes = npt.NDArray[np.uint8]

SEEDS = st.integers(0, 2**32 - 1)


def blobs(seed: int, height: int, width: int) -> Bytes:
    """A smooth picture: a few coarse random pixels, spread over the whole."""
    coarse = np.random.default_rng(seed).integers(0, 256, (9, 7), np.uint8)
    return np.asarray(Image.fromarray(coarse).resize((width, height), Image.Resampling.BICUBIC))


def distance(one: Hashes, other: Hashes) -> int:
    """The largest distance of hashes, row by row."""
    return int(np.bitwise_count(one ^ other).sum(axis=-1).max())


@pytest.mark.parametrize(
    ("height", "width"),
    [(5, 5), (5, 300), (63, 64), (64, 64), (65, 129), (128, 257), (200, 320), (384, 130)],
)
def test_pdq_is_the_reference(height: int, width: int) -> None:
    """Odd, even, cut and missing windows: the matrices give what the loops give."""
    luma = blobs(height * width, height, width)
    hashes, found = pdq(luma)
    expected, its_quality = reference.pdq(luma)
    assert distance(hashes, from_hex([expected], 32)) <= 2  # float against double
    assert abs(int(found[0]) - its_quality) <= 1


@pytest.mark.parametrize("length", [5, 63, 64, 65, 128, 129, 500, 1920])
def test_an_operator_is_the_filter(length: int) -> None:
    """The matrix of an axis is what the filter does to each unit vector; its rows sum to one."""
    places = [int((i + 0.5) * length / 64) for i in range(64)]
    for place in {0, length // 3, length - 1}:
        line = np.zeros(length)
        line[place] = 1.0
        twice = reference.box(
            reference.box(line, reference.window(length)), reference.window(length)
        )
        assert operator(length, length)[:, place] == pytest.approx(twice[places], abs=1e-6)
    assert operator(length, length).sum(axis=1) == pytest.approx(1.0, abs=1e-5)


@pytest.mark.parametrize(("length", "original"), [(64, 64), (64, 1920), (511, 512), (512, 5000)])
def test_a_reduced_axis_keeps_its_weight(length: int, original: int) -> None:
    """Each row of an operator is a mean, however far the axis was reduced."""
    assert operator(length, original).shape == (64, length)
    assert operator(length, original).sum(axis=1) == pytest.approx(1.0, abs=1e-5)


def test_an_axis_does_not_grow() -> None:
    """An original shorter than its reduction is a mistake of the caller."""
    with pytest.raises(ValueError, match="65 pixels cannot be a reduction of 64"):
        operator(65, 64)


@pytest.mark.parametrize("shape", [(4, 100), (100, 4), (1, 1)])
def test_the_smallest_images_have_no_hash(shape: tuple[int, int]) -> None:
    """Under five pixels the reference gives zero bits and quality zero."""
    hashes, found = pdq(np.full(shape, 77, np.uint8))
    assert not hashes.any() and found.tolist() == [0]


@pytest.mark.parametrize("value", [0, 1, 128, 255])
def test_a_flat_image_has_quality_zero(value: int) -> None:
    """There is nothing to hash in one colour."""
    assert pdq(np.full((90, 120), value, np.uint8)).quality.tolist() == [0]


def test_quality_counts_whole_percents() -> None:
    """A step of 51 is exactly 20 percent, one of 2.5 is none; 63 steps of 20, 64 times, over 90."""
    ramp = np.zeros((1, 64, 64), np.float32)
    ramp[0, :, 1::2] = 51
    small = ramp / 51 * np.float32(2.5)
    assert quality(np.concatenate([ramp, small])).tolist() == [100, 0]
    ramp[0, 3:] = 0
    assert quality(ramp).tolist() == [(63 * 3 + 32) * 20 // 90]


@given(SEEDS)
def test_a_batch_is_its_planes(seed: int) -> None:
    """Planes together have the hashes and qualities they have one by one."""
    planes = np.random.default_rng(seed).uniform(0, 255, (5, 64, 64)).astype(np.float32)
    together = pdq_planes(planes)
    alone = [pdq_planes(plane[None]) for plane in planes]
    assert distance(together.hashes, np.concatenate([one.hashes for one in alone])) <= 2
    assert together.quality.tolist() == [int(one.quality[0]) for one in alone]


def test_no_planes_have_no_hashes() -> None:
    """An empty batch is a batch."""
    assert pdq_planes(np.zeros((0, 64, 64), np.float32)).hashes.shape == (0, 32)
    assert dihedral(np.zeros((0, 16, 16), np.float32)).shape == (0, 8, 32)


TURNS: Final[dict[str, Callable[[Floats], Floats]]] = {
    "upright": lambda plane: plane,
    "rotate90": np.rot90,
    "rotate180": lambda plane: np.rot90(plane, 2),
    "rotate270": lambda plane: np.rot90(plane, 3),
    "flip_x": lambda plane: plane[::-1],
    "flip_y": lambda plane: plane[:, ::-1],
    "flip_plus": lambda plane: plane.T,
    "flip_minus": lambda plane: np.rot90(plane, 2).T,
}


@pytest.mark.parametrize("orientation", ORIENTATIONS)
def test_orientations_come_from_the_coefficients(orientation: str) -> None:
    """Hashing the turned picture gives what the coefficients of the upright one give."""
    plane = blobs(3, 64, 64).astype(np.float32)
    turned = np.ascontiguousarray(TURNS[orientation](plane))[None]
    eight = dihedral(coefficients(plane[None]))
    assert distance(eight[:, ORIENTATIONS.index(orientation)], pdq_planes(turned).hashes) <= 2


def test_a_part_is_hashed_as_an_image_of_its_own() -> None:
    """Planes of boxes are the planes of the parts cut out."""
    luma = blobs(8, 300, 400)
    boxes = [(0, 0, 400, 300), (13, 20, 213, 119), (13, 20, 400, 300)]
    hashes = pdq_planes(planes_of(luma, boxes)).hashes
    parts = [luma[top:bottom, left:right] for left, top, right, bottom in boxes]
    assert distance(hashes, np.concatenate([pdq(part).hashes for part in parts])) <= 2


def test_a_reduction_hardly_moves_the_hash() -> None:
    """Filters made for the original find its hash in a reduction to a quarter."""
    luma = blobs(5, 900, 1600)
    small = np.asarray(Image.fromarray(luma).resize((400, 225), Image.Resampling.BOX))
    assert distance(pdq(small, (1600, 900)).hashes, pdq(luma).hashes) <= 4


def test_half_of_the_bits_are_set() -> None:
    """The median halves the coefficients, so a hash of anything has 128 bits."""
    assert int(np.bitwise_count(pdq(blobs(1, 100, 100)).hashes).sum()) == 128


BRIDGE = {
    "bridge-1-original": "f8f8f0cee0f4e84d0e370a22028f67f0b36e2ed596623e1d33e6339c4e9c9b22",
    "bridge-2-rotate-90": "b0a10efd71cc3f429413d48d0ffffe12e34e0e17ada952a9d29684210aa9e5af",
    "bridge-3-rotate-180": "adad5a64b5a142e55362a09057dacd5ae63b847fc23794b766b319361fc93188",
    "bridge-4-rotate-270": "a5f4a457a48995e8c9065c275aaa5498b61ba4bdf8fcf80387c32f8b0bfc4f05",
    "bridge-5-flipx": "f8f80f31e0f417b00e37f5cd028f980fb36ed02a9662c1e233e6cc634e9c64dd",
    "bridge-6-flipy": "8dad2599b1a1bd1853625f6553da32a1e63b7280c2374b4866b366c91bc9ce77",
    "bridge-7-flip-plus-1": "f0a1f102f1dcc0bd9c5309720fff018de34ef1e8ada9a956d2967ade0ea91a50",
    "bridge-8-flip-minus-1": "a5f05ba8a4896a17c106a3da5aaaab07b61b5b42f8fc07fc83c3d0740bfcb0fa",
}
"""As the reference's documentation prints them (pdq/cpp/bin/README.md), in the order it turns."""


@pytest.mark.parametrize("name", BRIDGE)
def test_the_published_hashes_are_found(name: str) -> None:
    """Within the 10 bits that the reference allows, from the file and from the upright picture."""
    published = from_hex([BRIDGE[name]], 32)
    folder = data("img_pdq") / "dih"
    luma = decode((folder / f"{name}.jpg").read_bytes()).frames[0].pixels
    upright = decode((folder / "bridge-1-original.jpg").read_bytes()).frames[0].pixels
    height, width = upright.shape
    eight = dihedral(coefficients(planes_of(upright, [(0, 0, width, height)])))
    assert distance(pdq(luma).hashes, published) <= 10
    assert distance(eight[:, list(BRIDGE).index(name)], published) <= 10


@pytest.mark.slow
@pytest.mark.parametrize(
    "name",
    [
        "chair-19-sd-bar", "chair-20-sd-bar", "chair-22-sd-grey-bar",
        "chair-22-with-large-logo-bar", "chair-orig-22-sd-bar",
    ],
)  # fmt: skip
def test_frames_of_the_sample_videos(name: str) -> None:
    """Every frame is within 10 bits of the reference's hash where that has quality 80 or more."""
    folder = data("video_tmk")
    av = pytest.importorskip("av")
    text = (folder / "vpdq-sample-hashes" / f"{name}.txt").read_text(encoding="ascii")
    rows = [line.split(",") for line in text.split()]
    with av.open(str(folder / f"{name}.mp4")) as video:
        found = [pdq(frame.to_ndarray(format="gray")) for frame in video.decode(video=0)]
    far = [
        (row[0], distance(one.hashes, from_hex([row[2]], 32)))
        for row, one in zip(rows, found, strict=True)
        if int(row[1]) >= 80
    ]
    assert max(bits for _, bits in far) <= 6
    assert [int(one.quality[0]) for one in found] == [int(row[1]) for row in rows]


def images() -> list[Image.Image]:
    """Pictures of every mode that ImageHash may be given."""
    grey = Image.fromarray(blobs(2, 150, 220))
    colours = Image.merge("RGB", [Image.fromarray(blobs(k, 97, 61)) for k in (3, 4, 5)])
    clear = colours.copy()
    clear.putalpha(Image.fromarray(blobs(6, 97, 61)))
    return [
        grey, colours, clear, colours.convert("P"), colours.convert("CMYK"), grey.convert("1"),
        grey.convert("LA"), Image.new("RGB", (40, 30), "teal"), grey.resize((1, 1)),
        Image.linear_gradient("L"), Image.linear_gradient("L").rotate(90),
    ]  # fmt: skip


@pytest.mark.parametrize("image", images(), ids=lambda image: f"{image.mode}-{image.size[0]}")
def test_phash_and_dhash_are_those_of_imagehash(image: Image.Image) -> None:
    """Bit for bit, written alike."""
    assert to_hex(phash(image)) == [str(imagehash.phash(image))]
    assert to_hex(dhash(image)) == [str(imagehash.dhash(image))]


@pytest.mark.parametrize("folder", ["img_imagehash", "img_pdq", "img_skimage"])
def test_phash_and_dhash_of_photographs(folder: str) -> None:
    """Bit for bit, on every picture of the data."""
    files = sorted(data(folder).rglob("*.[pj][np]g"))
    for file in files:
        with Image.open(file) as image:
            image.load()
        assert to_hex(phash(image)) == [str(imagehash.phash(image))], file.name
        assert to_hex(dhash(image)) == [str(imagehash.dhash(image))], file.name
    assert files


@given(SEEDS, st.integers(1, 60), st.integers(1, 60))
def test_phash_is_that_of_imagehash_on_noise(seed: int, height: int, width: int) -> None:
    """Any image without coefficients that are equal on paper gives the same bits."""
    pixels = np.random.default_rng(seed).integers(0, 256, (height, width), np.uint8)
    image = Image.fromarray(pixels)
    assert to_hex(dhash(image)) == [str(imagehash.dhash(image))]
    if min(height, width) > 1:
        assert to_hex(phash(image)) == [str(imagehash.phash(image))]


@pytest.mark.parametrize("value", [0, 1, 200, 255])
def test_a_flat_plane_has_no_noise(value: int) -> None:
    """All that is above the median of zeros is the constant frequency, where there is one."""
    plane = np.full((1, 32, 32), value, np.uint8)
    assert to_hex(phash_planes(plane)) == ["8000000000000000" if value else "0" * 16]


@pytest.mark.parametrize(("algorithm", "digits"), [("ahash", 16), ("whash", 16), ("colorhash", 12)])
def test_other_hashes_come_from_imagehash(algorithm: OtherAlgorithm, digits: int) -> None:
    """The digits are those of ImageHash, led by zeros up to whole bytes."""
    image = images()[1]
    named = {"ahash": "average_hash"}.get(algorithm, algorithm)
    expected = str(getattr(imagehash, named)(image))
    assert to_hex(other_hash(image, algorithm)) == [expected.zfill(digits)]


@pytest.mark.parametrize("algorithm", OTHER_ALGORITHMS)
def test_without_the_extra_one_sentence_names_it(
    algorithm: OtherAlgorithm, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The error says what to install."""
    monkeypatch.setitem(sys.modules, "imagehash", None)
    with pytest.raises(MissingExtra, match=f"'{algorithm}' needs the extra 'imagehash'"):
        other_hash(images()[1], algorithm)


def test_another_algorithm_is_refused() -> None:
    """The message lists those there are."""
    with pytest.raises(ValueError, match="'md5' is none of ahash, whash, colorhash"):
        other_hash(images()[1], "md5")  # type: ignore[arg-type]


@given(st.lists(st.binary(min_size=32, max_size=32)))
def test_hexadecimal_there_and_back(rows: list[bytes]) -> None:
    """Digits become the hashes they came from."""
    hashes = np.frombuffer(b"".join(rows), np.uint8).reshape(len(rows), 32)
    assert (from_hex(to_hex(hashes), 32) == hashes).all()


@pytest.mark.parametrize(
    "text", ["", "ab", "0" * 63, "0" * 65, "g" * 64, " " * 64, "00 " * 21 + "0"]
)
def test_what_is_no_hash_is_named(text: str) -> None:
    """Length, letters and blanks are all refused."""
    with pytest.raises(ValueError, match="has to be 64 hexadecimal digits"):
        from_hex(["0" * 64, text], 32)


def test_the_first_bit_written_is_the_last_of_the_reference() -> None:
    """Bit 255 comes first, bit 0 last: one coefficient above the median at row 15, column 15."""
    values = np.zeros((2, 16, 16), np.float32)
    values[0, 15, 15] = values[1, 0, 0] = 1.0
    assert to_hex(hash_coefficients(values)) == ["8" + "0" * 63, "0" * 63 + "1"]


@given(SEEDS)
def test_pdq_of_noise_is_the_reference(seed: int) -> None:
    """Small noisy images as well: ranges, not shapes, decide the rounding."""
    generator = np.random.default_rng(seed)
    shape = tuple(generator.integers(5, 90, 2).tolist())
    # Enlarged by a whole factor, 8 or 16 pixels have coefficients that are 0 but for the rounding:
    # on which side of the median these lie, nothing in the picture says.
    assume({8, 16}.isdisjoint(shape))
    luma: Luma = generator.integers(0, 256, shape, np.uint8)
    expected, its_quality = reference.pdq(luma)
    assert distance(pdq(luma).hashes, from_hex([expected], 32)) <= 2
    assert abs(int(pdq(luma).quality[0]) - its_quality) <= 1


def test_operators_are_shared_and_cannot_be_written() -> None:
    """They are cached: one caller must not change what another gets."""
    matrix = module.operator(100, 200)
    assert matrix is module.operator(100, 200)
    with pytest.raises(ValueError, match="read-only"):
        matrix[0, 0] = 1.0
