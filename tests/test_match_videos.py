"""Clips against clips: what they have of each other, and when that is enough."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from itertools import permutations
from typing import Final

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL.Image import fromarray

import videos
from automod.match.videos import ClipMatch, Rule, Videos, match_clips
from automod.media.clip import Clip, clip_of, clip_of_views, distinct, hash_video
from automod.media.fingerprint import fingerprint_of_film
from automod.media.frames import read_video
from automod.media.sampling import DENSE
from automod.media.views import of_query
from automod.media.worker import Workers
from shared_data import data

Hashes = npt.NDArray[np.uint8]

SECONDS: Final = 20


def noise(count: int, seed: int) -> Hashes:
    """Hashes that have nothing in common."""
    return np.random.default_rng(seed).integers(0, 256, (count, 32), np.uint8)


def changed(hashes: Hashes, bits: int, seed: int = 0) -> Hashes:
    """So many bits of each hash turned."""
    random = np.random.default_rng(seed)
    turned = np.zeros((len(hashes), 256), np.uint8)
    for row in turned:
        row[random.choice(256, bits, replace=False)] = 1
    return hashes ^ np.packbits(turned, axis=1)


def clip(hashes: Hashes, per_second: float = 2, quality: Sequence[int] | int = 100) -> Clip:
    """Hashes at even times."""
    times = np.arange(len(hashes)) / per_second
    return Clip(times, hashes, np.full(len(hashes), quality, np.uint8))


def moving(seed: int, seconds: float = SECONDS, per_second: float = 10) -> Hashes:
    """Scenes of half a second, in which every frame is a few bits from the one before."""
    scenes = noise(int(seconds * 2) + 1, seed)
    count = int(seconds * per_second)
    numbers = (np.arange(count) / per_second * 2).astype(np.int64)
    return changed(scenes[numbers], 6, seed)


def at(hashes: Hashes, times: npt.NDArray[np.float64], per_second: float = 10) -> Hashes:
    """What a video of so many frames a second shows at these times."""
    shown: Hashes = hashes[(times * per_second + 1e-6).astype(np.int64)]
    return shown


FILM: Final = moving(1)
SAMPLE: Final = clip(FILM, 10)


def found(query: Clip, sample: Clip = SAMPLE) -> ClipMatch:
    """The match there has to be."""
    match = match_clips(query, sample)
    assert match is not None
    return match


def test_a_video_is_found_in_itself() -> None:
    """All of it, at its own times."""
    match = found(clip(FILM[::5]))

    assert match.query_share == 1.0
    assert match.sample_share > 0.98
    assert (match.start, match.end, match.distance) == (0.0, 19.5, 0)
    assert [segment.speed for segment in match.segments] == [1.0]


def test_a_part_is_found_with_its_times() -> None:
    """Four seconds of another film, then six of this one, from its eighth second."""
    query = clip(np.concatenate([moving(2, 4)[::5], FILM[80:140:5]]))

    match = found(query)

    assert (match.query_found, match.query_frames) == (12, 20)
    assert match.sample_share == pytest.approx(6 / SECONDS, abs=0.03)
    (segment,) = match.segments
    assert (segment.start, segment.end) == (4.0, 9.5)
    assert (segment.sample_start, segment.sample_end) == pytest.approx((8, 13.5), abs=0.1)


@pytest.mark.parametrize("speed", [0.55, 0.7, 0.9, 1.05, 1.25, 1.5, 1.9])
def test_a_change_of_speed_is_found(speed: float) -> None:
    """Slower and faster, and the match says how much."""
    times = np.arange(0, SECONDS / speed - 0.1, 0.5)

    match = found(clip(at(FILM, times * speed)))

    assert match.query_share > 0.9
    longest = max(match.segments, key=lambda segment: segment.end - segment.start)
    assert longest.speed == pytest.approx(speed, rel=0.03)


def test_what_lies_over_the_picture_is_seen_through_along_a_line() -> None:
    """Most frames are far beyond the radius; a few near ones say where to look."""
    hashes = changed(FILM[::5], 52)
    hashes[::9] = changed(FILM[::45], 20)

    match = found(clip(hashes))

    assert match.query_share > 0.95
    assert match.distance > Rule().radius


def test_pieces_in_another_order_are_found_one_by_one() -> None:
    """A video that was cut anew, with the times of each piece."""
    query = clip(np.concatenate([FILM[100:150:5], FILM[0:50:5], FILM[170:200:5]]))

    match = found(query)

    assert match.query_share == 1.0
    assert [round(one.sample_start) for one in match.segments] == [10, 0, 17]
    assert [one.start for one in match.segments] == [0.0, 5.0, 10.0]


def test_one_scene_proves_nothing_by_its_length() -> None:
    """Ten seconds of one still picture in a long film are one moment; so are two shots by turns."""
    still, other = noise(2, 7)
    long = moving(3, 60)[::5]
    by_turns = np.stack([still, other])[np.arange(20) % 2]

    for piece in (np.stack([still] * 20), by_turns):
        query = clip(np.concatenate([piece, long]))
        sample = clip(np.concatenate([moving(4, 60)[::5], piece]))
        assert match_clips(query, sample) is None


def test_a_still_that_is_half_of_a_video_is_enough() -> None:
    """Then little else is to be compared."""
    still = noise(1, 7)
    query = clip(np.concatenate([np.repeat(still, 20, axis=0), moving(3, 5)[::5]]))

    match = found(query, clip(still))

    assert (match.sample_share, match.moments) == (1.0, 1)
    assert (match.query_found, match.query_frames) == (20, 30)
    assert (match.start, match.end) == (0.0, 9.5)


def test_an_image_is_found_inside_a_video() -> None:
    """With the time at which it is shown."""
    hashes = FILM[::5].copy()
    image = noise(1, 8)
    hashes[14:17] = changed(np.repeat(image, 3, axis=0), 12)

    match = found(clip(hashes), clip(image))

    assert (match.query_found, match.sample_share) == (3, 1.0)
    assert (match.start, match.end) == (7.0, 8.0)


def test_a_frame_of_a_video_is_found_as_an_image() -> None:
    """The query is one frame, and all of it is in the sample."""
    match = found(clip(FILM[70:71]))

    assert (match.query_share, match.moments) == (1.0, 1)
    assert match.segments[0].sample_start == pytest.approx(7.0, abs=0.1)


def test_an_image_must_be_near_by_itself() -> None:
    """Beyond the radius there is no line that could speak for it."""
    image = noise(1, 8)

    assert match_clips(clip(changed(image, 31)), clip(image)) is not None
    assert match_clips(clip(changed(image, 32)), clip(image)) is None


def test_black_frames_count_for_nothing() -> None:
    """They are near each other in all videos, and neither found nor missed."""
    black = np.zeros((30, 32), np.uint8)
    quality = [0] * 30 + [100] * 20
    query = clip(np.concatenate([black, FILM[0:100:5]]), quality=quality)
    unrelated = clip(np.concatenate([black, moving(2, 10)[::5]]), quality=quality)

    assert match_clips(query, unrelated) is None
    assert match_clips(clip(black, quality=0), clip(black, quality=0)) is None
    assert (found(query).query_found, found(query).query_frames) == (20, 20)
    assert found(query).start == 15.0


def test_views_of_a_frame_are_one_frame() -> None:
    """A mirrored video is found by the mirrored view of its frames."""
    times = np.repeat(np.arange(40) / 2, 2)
    views = np.stack([FILM[::5], noise(40, 9)], axis=1).reshape(-1, 32)
    both = Clip(times, views, np.full(80, 100, np.uint8))

    match = found(both)

    assert (match.query_frames, match.query_share) == (40, 1.0)


def test_backwards_is_no_line() -> None:
    """What runs the other way is not found as moments in order, but as single frames."""
    match = found(clip(FILM[::-1][::5]))

    assert len(match.segments) > 1


def test_distinct_frames_keep_the_answer() -> None:
    """A sample without its repeated frames is found as before, with the same share of the query."""
    still = np.repeat(noise(4, 5), 50, axis=0)
    sample, query = clip(still, 10), clip(still[::5])

    assert len(distinct(sample)) == 4
    assert found(query, distinct(sample)).query_share == found(query, sample).query_share == 1.0


@given(st.integers(0, 10_000), st.integers(1, 60), st.integers(1, 60))
def test_unrelated_clips_do_not_match(seed: int, asked: int, known: int) -> None:
    """However long they are."""
    assert match_clips(clip(noise(asked, seed)), clip(noise(known, seed + 20_000))) is None


@given(
    st.integers(0, 10_000),
    st.lists(st.tuples(st.integers(0, 5), st.integers(0, 70)), min_size=1, max_size=12),
    st.lists(
        st.lists(st.tuples(st.integers(0, 5), st.integers(0, 40)), min_size=1, max_size=12),
        min_size=1,
        max_size=4,
    ),
)
def test_the_index_finds_what_comparing_all_finds(
    seed: int, asked: list[tuple[int, int]], known: list[list[tuple[int, int]]]
) -> None:
    """A search is `match_clips` of each sample; shares are at most 1, and times lie inside."""
    scenes = noise(6, seed)

    def made(rows: list[tuple[int, int]], more: int) -> Clip:
        hashes = [changed(scenes[[n]], bits, seed + more + i) for i, (n, bits) in enumerate(rows)]
        quality = [0 if bits == 13 else 100 for _, bits in rows]
        return clip(np.concatenate(hashes), quality=quality)

    query, samples = made(asked, 0), [made(rows, 100 * (n + 1)) for n, rows in enumerate(known)]

    each = ((number, match_clips(query, sample)) for number, sample in enumerate(samples))
    slow = [(number, match) for number, match in each if match is not None]

    assert Videos(samples).search(query) == slow
    for number, match in slow:
        assert 0 < match.query_found <= match.query_frames <= len(query)
        assert 0 < match.sample_found <= match.sample_frames <= len(samples[number])
        assert 0 <= match.start <= match.end <= query.times[-1]


def test_no_samples_and_no_frames_are_no_match() -> None:
    """Nothing is found in nothing."""
    nothing = clip(np.zeros((0, 32), np.uint8))

    assert Videos([]).search(SAMPLE) == []
    assert Videos([nothing]).search(SAMPLE) == []
    assert Videos([SAMPLE]).search(nothing) == []


@pytest.mark.parametrize(
    ("times", "rows"), [([0.0, 1.0], 1), ([1.0, 0.0], 2)], ids=["lengths", "order"]
)
def test_a_clip_is_checked(times: list[float], rows: int) -> None:
    """Lengths and order."""
    with pytest.raises(ValueError, match="clip"):
        Clip(np.array(times), np.zeros((rows, 32), np.uint8), np.zeros(rows, np.uint8))


def test_a_video_is_found_again_in_another_encoding() -> None:
    """Smaller, slower, in another container; and an unrelated one is not."""
    pictures = [videos.scene(seed, 320, 200) for seed in range(12) for _ in range(15)]
    sample = clip_of(hash_video(videos.encoded(pictures), sampling=DENSE))
    small = [np.asarray(fromarray(one).resize((240, 150))) for one in pictures[60:]]
    part = clip_of(hash_video(videos.encoded(small, "matroska")))
    other = clip_of(hash_video(videos.encoded(videos.film(range(50, 62), 15))))

    match = found(part, sample)

    assert match.query_share > 0.8
    assert match.segments[0].sample_start == pytest.approx(2.0, abs=0.3)
    assert match_clips(other, sample) is None


def test_a_bordered_and_mirrored_video_is_found_by_its_views() -> None:
    """Where the whole frame has another hash, a part of it has the same."""
    scenes = [videos.scene(seed, 320, 200) for seed in range(6)]
    others = [videos.scene(seed, 320, 200) for seed in range(50, 56)]
    framed = [
        np.pad(one[:, ::-1], ((20, 20), (20, 20), (0, 0)), constant_values=255) for one in scenes
    ]
    with Workers() as workers:
        sample = clip_of_views(workers.views(film(scenes)))
        query = fingerprint_of_film(workers.film(film(framed))).clip()
        unrelated = fingerprint_of_film(workers.film(film(others))).clip()
        here = clip_of_views(read_video(film(framed), of_query))

    assert (query.hashes == here.hashes).all()
    assert (query.times == here.times).all()
    assert found(query, distinct(sample)).query_share > 0.8
    assert match_clips(unrelated, sample) is None
    whole = clip_of(hash_video(film(scenes), sampling=DENSE))
    assert match_clips(clip_of(hash_video(film(framed))), whole) is None


def film(pictures: Sequence[videos.Picture]) -> bytes:
    """Half a second of each."""
    return videos.encoded([one for picture in pictures for one in [picture] * 15])


# --- the clips of the data folder ---------------------------------------------------------------

CLIPS: Final = (
    "chair-19-sd-bar", "chair-20-sd-bar", "chair-22-sd-grey-bar", "chair-22-with-large-logo-bar",
    "chair-orig-22-sd-bar",
)  # fmt: skip
BEGINS: Final = dict(zip(CLIPS, (3.67, 2.0, 0.0, 0.0, 0.0), strict=True))
"""Seconds that are missing at the beginning: all five are one film, cut at its begin."""


@cache
def clips() -> tuple[dict[str, Clip], dict[str, Clip]]:
    """The five as queries and as samples."""
    folder = data("video_tmk")
    with Workers() as workers:
        asked = {name: clip_of(workers.hashes(folder / f"{name}.mp4")) for name in CLIPS}
        dense = {
            name: distinct(clip_of(workers.hashes(folder / f"{name}.mp4", sampling=DENSE)))
            for name in CLIPS
        }
    return asked, dense


@pytest.mark.parametrize(("one", "other"), [*permutations(CLIPS, 2)])
def test_all_five_clips_are_one_film(one: str, other: str) -> None:
    """Cut, in grey, under a large logo: each is found in each, at the right time."""
    asked, dense = clips()

    match = found(asked[one], dense[other])

    assert match.query_share > (0.5 if "logo" in one + other else 0.75)
    longest = max(match.segments, key=lambda segment: segment.end - segment.start)
    ahead = longest.sample_start + longest.sample_end - longest.start - longest.end
    assert ahead / 2 == pytest.approx(BEGINS[one] - BEGINS[other], abs=0.3)
    assert longest.speed == pytest.approx(1, abs=0.03)


def test_parts_of_a_film_are_not_each_other() -> None:
    """The same chair from elsewhere is another picture."""
    asked, dense = clips()
    name = CLIPS[-1]
    for first, last, least, most in [(0, 8, 8, 15), (0, 8, 15, 23), (8, 15, 0, 8), (15, 23, 0, 15)]:
        query, sample = asked[name], dense[name]
        some, others = (
            Clip(whole.times[rows], whole.hashes[rows], whole.quality[rows])
            for whole, rows in (
                (query, (query.times >= first) & (query.times < last)),
                (sample, (sample.times >= least) & (sample.times < most)),
            )
        )
        assert match_clips(some, others) is None
