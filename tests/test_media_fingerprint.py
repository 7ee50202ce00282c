"""Fingerprints as they are stored: they come back as they were, and anything else is refused."""

from __future__ import annotations

import base64
import json
import pickle
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import cache
from io import BytesIO
from typing import Any, Final

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from automod.match.pictures import Pictures
from automod.media.codes import Code
from automod.media.errors import MediaError
from automod.media.film import Film, Scene, scene_of
from automod.media.fingerprint import (
    MAGIC,
    MOST_CODES,
    VERSION,
    Fingerprint,
    fingerprint_of,
    fingerprint_of_film,
)
from automod.media.frames import Video
from automod.media.phash import dhash, phash
from automod.media.sample import of_file
from automod.media.sampling import VideoFrame
from automod.model.ruleset import Material
from pictures import file_of, scene, with_code

SIZE: Final = (160, 120)


def film_of(*scenes: Scene, times: tuple[float, ...] = (), width: int = 640) -> Film:
    """A video of which these were seen, half a second apart."""
    each = times or tuple(at / 2 for at in range(len(scenes)))
    frames = tuple(VideoFrame(at, False, one) for at, one in zip(each, scenes, strict=True))
    video = Video("mov", "h264", width, width * 3 // 4, each[-1], len(frames), frames, ())
    return Film(video, "ab" * 32)


def luma(number: int, size: tuple[int, int] = SIZE) -> Any:
    """A scene as the pixels of a frame."""
    return np.asarray(scene(number, size).convert("L"))


@cache
def image() -> Fingerprint:
    """That of an image with a code."""
    return fingerprint_of(file_of(with_code(scene(1), "https://casino-win.com")))


@cache
def video() -> Fingerprint:
    """That of a video of three frames, with a code."""
    coded = np.asarray(with_code(scene(3, SIZE), "WIFI:S:shop;;", 2).convert("L"))
    return fingerprint_of_film(film_of(*map(scene_of, (luma(1), luma(2), coded))))


# --- what is in it -------------------------------------------------------------------------------


@pytest.mark.parametrize("made", [image, video])
def test_a_fingerprint_comes_back_as_it_was(made: Callable[[], Fingerprint]) -> None:
    """Through JSON, bytes and pickle, its version too."""
    one = made()
    for again in (
        Fingerprint.from_dict(json.loads(one.to_json())),
        Fingerprint.from_bytes(one.to_bytes()),
        pickle.loads(pickle.dumps(one)),
    ):
        assert again.to_json() == one.to_json()
        assert (again.version, again.counts, again.times) == (VERSION, one.counts, one.times)


def test_the_version_of_an_unpickled_fingerprint_is_told() -> None:
    """It is a field, whatever this library's version is."""
    state = image().to_dict() | {"version": "0.9"}
    with pytest.raises(MediaError, match=r"fingerprint\.version: version '0\.9'"):
        Fingerprint.from_dict(state)
    old = replace(image(), version="0.9")
    assert pickle.loads(pickle.dumps(old)).version == "0.9"
    assert json.loads(old.to_json())["version"] == "0.9"
    with pytest.raises(MediaError, match=r"fingerprint\.version"):
        Fingerprint.from_bytes(old.to_bytes())


def test_a_video_has_hashes_of_64_bits_of_each_frame() -> None:
    """As an image of the frame has them."""
    made = video()
    for at, number in enumerate((1, 2)):
        frame = Image.fromarray(luma(number))
        assert (made.phash[at] == phash(frame)[0]).all()
        assert (made.dhash[at] == dhash(frame)[0]).all()
    assert made.phash.shape == made.dhash.shape == (3, 8)


def test_codes_of_a_video_lie_in_the_original() -> None:
    """A frame is reduced; the box is in pixels of the video."""
    reduced = scene_of(np.asarray(with_code(scene(3, SIZE), "a code", 2).convert("L")))
    (own,), (made,) = reduced.codes, fingerprint_of_film(film_of(reduced, width=640)).codes
    assert own.box[0] == pytest.approx(18, abs=3)
    assert made.box == tuple(4 * side for side in own.box)


def test_a_frame_before_the_first_is_at_its_time() -> None:
    """Times that go back are put in order, and none is below zero."""
    made = fingerprint_of_film(film_of(*map(scene_of, (luma(1), luma(2))), times=(0.0, -0.5)))
    assert made.times == (0.0, 0.0)
    assert Fingerprint.from_bytes(made.to_bytes()).to_json() == made.to_json()


def test_more_codes_than_are_kept_are_told() -> None:
    """The first so many, and that there are others."""
    one = scene_of(luma(1))
    codes = tuple(Code("QRCode", str(at), (0, 0, 9, 9)) for at in range(MOST_CODES + 1))
    made = fingerprint_of_film(film_of(replace(one, codes=codes)))
    assert (len(made.codes), made.unseen) == (MOST_CODES, ("media.too_large",))
    assert fingerprint_of_film(film_of(replace(one, codes=codes[1:] * 2))).unseen == ()
    assert Fingerprint.from_dict(made.to_dict()).codes == made.codes


def animation(count: int) -> bytes:
    """Scenes, one after the other."""
    first, *rest = (scene(number, SIZE) for number in range(count))
    out = BytesIO()
    first.save(out, "PNG", save_all=True, append_images=rest)
    return out.getvalue()


def test_an_animation_with_too_many_pictures_is_not_wholly_seen() -> None:
    """What is kept is compared, the rest is told."""
    assert fingerprint_of(animation(40)).unseen == ()
    made = fingerprint_of(animation(65))
    assert made.unseen == ("media.too_large",)
    assert len(made.counts) == len(made.phash) == 33
    assert Fingerprint.from_bytes(made.to_bytes()).unseen == made.unseen


# --- what is refused -----------------------------------------------------------------------------


def _array(rows: int, size: int) -> str:
    return base64.b64encode(bytes(rows * size)).decode()


NAMES: Final = ("views", "pdq", "phash", "dhash")

ROWS: Final[dict[str, dict[str, Any]]] = {
    "a size without end": {"size": [1e999, 360]},
    "a size of a thousand digits": {"size": [10**400, 360]},
    "a size below zero": {"size": [-5, 0]},
    "a size of nothing": {"size": [640, 0]},
    "a size that is true": {"size": [True, 360]},
    "a size with a fraction": {"size": [640.5, 360]},
    "a size of one number": {"size": [640]},
    "a quality without end": {"quality": 1e999},
    "a quality of more than 100": {"quality": 101},
    "a quality in words": {"quality": "80"},
    "a code without end": {"codes": [["QRCode", "a", [0, 0, 1e999, 9]]]},
    "a code that ends before it begins": {"codes": [["QRCode", "a", [9, 0, 5, 9]]]},
    "a code of three sides": {"codes": [["QRCode", "a", [0, 0, 9]]]},
    "a code that says nothing of a text": {"codes": [["QRCode", 5, [0, 0, 9, 9]]]},
    "a code that is too long": {"codes": [["QRCode", "a" * 8_193, [0, 0, 9, 9]]]},
    "a code of half a character": {"codes": [["QRCode", "\ud800", [0, 0, 9, 9]]]},
    "too many codes": {"codes": [["QRCode", "a", [0, 0, 9, 9]]] * (MOST_CODES + 1)},
    "codes that are none": {"codes": {}},
    "times of an image": {"times": [0.0, 1.0]},
    "a time that is no number": {"times": [float("nan")] * 3},
    "a time without end": {"times": [0.0, 0.5, float("inf")]},
    "a time that never comes": {"times": [0, 1e300, 1e301]},
    "times that go back": {"times": [0.0, 1.0, 0.5]},
    "times below zero": {"times": [-1.0, 0.0, 0.5]},
    "times that are true": {"times": [True, True, True]},
    "times in a text": {"times": "012"},
    "counts of other views": {"counts": [1, 1, 1]},
    "counts below zero": {"counts": [-1]},
    "counts of nothing": {"counts": []},
    "counts that are nothing": {"counts": None},
    "no frame at all": {"counts": [], "arrays": dict.fromkeys(NAMES, "")},
    "a digest that is none": {"sha256": "ab"},
    "a digest in capitals": {"sha256": "AB" * 32},
    "pixels that are none": {"pixels": 5},
    "a reason that is none": {"unseen": ["media.forgotten"]},
    "a reason given twice": {"unseen": ["media.damaged"] * 2},
    "a reason that is a list": {"unseen": [["media.damaged"]]},
    "a reason in a text": {"unseen": "media.damaged"},
}  # fmt: skip

ARRAYS: Final = {
    "one row of PDQ more": {"pdq": _array(9, 32)},
    "PDQ that is cut": {"pdq": _array(1, 31)},
    "twenty rows of pHash": {"phash": _array(20, 8)},
    "no pHash": {"phash": ""},
    "twenty rows of dHash": {"dhash": _array(20, 8)},
    "two rows of another": {"ahash": _array(2, 8)},
    "no row of another": {"ahash": ""},
    "an algorithm that is none": {"magic": _array(1, 8)},
    "a view without end": {"views": base64.b64encode(b"\xff" * 82).decode()},
}


def code_of(read: Callable[[Any], Fingerprint], data: Any) -> str:
    """The code of the refusal."""
    with pytest.raises(MediaError) as caught:
        read(data)
    assert len(str(caught.value)) < 300
    return caught.value.code


@pytest.mark.parametrize("change", [pytest.param(row, id=name) for name, row in ROWS.items()])
@pytest.mark.parametrize("made", [image, video])
def test_facts_that_are_amiss(made: Callable[[], Fingerprint], change: dict[str, Any]) -> None:
    """A dict with one of them is malformed, and so are the bytes."""
    whole = made()
    assert code_of(Fingerprint.from_dict, whole.to_dict() | change) == "fingerprint.malformed"
    if "arrays" not in change:
        assert code_of(Fingerprint.from_bytes, packed(whole, change)) == "fingerprint.malformed"


@pytest.mark.parametrize("change", [pytest.param(row, id=name) for name, row in ARRAYS.items()])
@pytest.mark.parametrize("made", [image, video])
def test_arrays_that_are_amiss(made: Callable[[], Fingerprint], change: dict[str, str]) -> None:
    """They would be read beyond their end, long after."""
    whole = made().to_dict()
    whole["arrays"] |= change
    assert code_of(Fingerprint.from_dict, whole) == "fingerprint.malformed"


def packed(whole: Fingerprint, change: dict[str, Any]) -> bytes:
    """The bytes of a fingerprint whose head says something else."""
    data = whole.to_bytes()
    at = len(MAGIC) + 4
    end = at + int.from_bytes(data[len(MAGIC) : at], "little")
    head = json.dumps(json.loads(data[at:end]) | change).encode()
    return MAGIC + len(head).to_bytes(4, "little") + head + data[end:]


def headed(head: bytes) -> bytes:
    """Bytes that begin as those of a fingerprint do."""
    return MAGIC + len(head).to_bytes(4, "little") + head


BYTES: Final = {
    "nothing": b"",
    "no fingerprint": b"\x89PNG\r\n\x1a\n",
    "only what they begin with": MAGIC,
    "a tower of brackets": headed(b"[" * 200_000),
    "a tower of objects": headed(b'{"a":' * 200_000),
    "a list": headed(b"[]"),
    "a number of digits without end": headed(b'{"automod":"fingerprint","version":' + b"9" * 9_999),
    "no text": headed(b"\xff\xfe"),
}


@pytest.mark.parametrize("data", [pytest.param(row, id=name) for name, row in BYTES.items()])
def test_bytes_that_are_none(data: bytes) -> None:
    """Whatever they are, they are malformed."""
    assert code_of(Fingerprint.from_bytes, data) == "fingerprint.malformed"


@pytest.mark.parametrize("size", [-1, True, 1.0, 10**30, "82", None])
def test_lengths_of_arrays_that_are_amiss(size: Any) -> None:
    """None of them is a place in the bytes."""
    lengths = {"views": size, "pdq": 256, "phash": 8, "dhash": 8}
    data = packed(image(), {"arrays": lengths})
    assert code_of(Fingerprint.from_bytes, data) == "fingerprint.malformed"


def test_bytes_behind_the_end() -> None:
    """A byte more is as wrong as a byte less."""
    data = image().to_bytes()
    assert code_of(Fingerprint.from_bytes, data + b"\0") == "fingerprint.malformed"
    assert code_of(Fingerprint.from_bytes, data[:-1]) == "fingerprint.malformed"


@pytest.mark.parametrize("version", [None, 1, [], "9" * 9_999, {"a": []}])
def test_versions_that_are_none(version: Any) -> None:
    """They are other versions."""
    stored = image().to_dict() | {"version": version}
    assert code_of(Fingerprint.from_dict, stored) == "fingerprint.version"


# --- laws ----------------------------------------------------------------------------------------


@cache
def compiled() -> Pictures:
    """One sample of a file, and one of each hash that was written down."""
    known = [of_file(file_of(scene(1)), name) for name in (None, "pdq", "phash", "dhash")]
    return Pictures(
        {at: Material(str(at), "image", "", 0.9, sample=one) for at, one in enumerate(known)}
    )


def leaves(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The path of everything in a value, of the value itself too."""
    yield path
    inner: Iterable[tuple[Any, Any]] = ()
    if isinstance(value, (dict, list)):
        inner = value.items() if isinstance(value, dict) else enumerate(value)
    for key, one in inner:
        yield from leaves(one, (*path, key))


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.sampled_from([0, 1, -1, 2**31, 2**63, 10**400, 1e300, float("nan"), float("inf")])
    | st.floats()
    | st.text(max_size=6)
    | st.integers(0, 3 * 82).map(lambda size: _array(size, 1)),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=3)
    ),
    max_leaves=8,
)


def changed(data: st.DataObject, whole: dict[str, Any]) -> Any:
    """A dict with something in it replaced, left out, cut or there twice."""
    path = data.draw(st.sampled_from(list(leaves(whole))))
    if not path:
        return data.draw(JSON)
    parent: Any = whole
    for key in path[:-1]:
        parent = parent[key]
    key, old = path[-1], parent[path[-1]]
    how = data.draw(st.sampled_from(["replace", "drop", "cut", "repeat"]))
    if how == "drop":
        del parent[key]
    elif how == "cut" and isinstance(old, (str, list)):
        parent[key] = old[: data.draw(st.integers(0, len(old)))]
    elif how == "repeat" and isinstance(old, (str, list)):
        parent[key] = old * 2
    else:
        parent[key] = data.draw(JSON)
    return whole


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.data(), st.sampled_from([image, video]), st.integers(1, 3))
def test_what_was_changed_is_refused_or_can_be_used(
    data: st.DataObject, made: Callable[[], Fingerprint], changes: int
) -> None:
    """Nothing but a MediaError comes out, or what every matcher takes and what comes back."""
    stored: Any = made().to_dict()
    for _ in range(changes):
        if isinstance(stored, dict):
            stored = changed(data, stored)
    try:
        one = Fingerprint.from_dict(stored)
    except MediaError:
        return
    assert list(Pictures({}).search([one])) == []
    list(compiled().search([one, image()]))
    assert not one.is_video or len(one.clip()) == len(one.views)
    assert Fingerprint.from_bytes(one.to_bytes()).to_json() == one.to_json()


@settings(deadline=None)
@given(st.sampled_from([image, video]), st.integers(0, 2**32 - 1), st.integers(1, 8))
def test_bytes_that_were_changed_are_refused_or_can_be_used(
    made: Callable[[], Fingerprint], seed: int, changes: int
) -> None:
    """The same of bytes."""
    rng = np.random.default_rng(seed)
    broken = np.frombuffer(made().to_bytes(), np.uint8).copy()
    broken[rng.integers(0, min(len(broken), 600), changes)] = rng.integers(32, 127, changes)
    try:
        one = Fingerprint.from_bytes(broken.tobytes())
    except MediaError:
        return
    list(compiled().search([one]))
    assert Fingerprint.from_bytes(one.to_bytes()).to_json() == one.to_json()
