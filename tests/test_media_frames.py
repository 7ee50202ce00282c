"""Frames of videos: which are taken, how they are shown, and what is wrong with a file."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from fractions import Fraction
from io import BytesIO
from random import Random
from typing import Any

import numpy as np
import pytest
from PIL.Image import fromarray

import videos
from automod.errors import MissingExtra
from automod.media.clip import clip_of, hash_video, views_of_sample_frame
from automod.media.containers import HEAD, container_of, cut_short
from automod.media.errors import MediaError
from automod.media.frames import Video, VideoBudget, read_video
from automod.media.hexes import from_hex
from automod.media.pdq import pdq
from automod.media.sample import of_video
from automod.media.sampling import DENSE, EVEN, Changes, Sampling
from automod.media.worker import Workers
from shared_data import data

KINDS = [
    ("mp4", "libx264", "mov", "h264"),
    ("mov", "libx264", "mov", "h264"),
    ("mp4", "mpeg4", "mov", "mpeg4"),
    ("matroska", "libx264", "matroska", "h264"),
    ("webm", "libvpx", "matroska", "vp8"),
    ("webm", "libvpx-vp9", "matroska", "vp9"),
]


def read(file: bytes, **changes: Any) -> Video[Any]:
    """All frames, as they are."""
    return read_video(file, np.copy, **changes)


def times(video: Video[Any], cut: bool = False) -> list[float]:
    """When the frames were taken, by time or at cuts."""
    return [round(frame.time, 2) for frame in video.frames if frame.cut == cut]


def code_of(file: bytes, budget: VideoBudget | None = None) -> str:
    """The code of what is wrong."""
    with pytest.raises(MediaError) as caught:
        read(file, budget=budget or VideoBudget())
    return caught.value.code


def like(one: Any, other: Any) -> bool:
    """Whether two pictures are one, but for what encoding did to them."""
    return one.shape == other.shape and float(np.abs(one - other.astype(int)).mean()) < 8


@pytest.mark.parametrize(("container", "codec", "name", "decoder"), KINDS)
def test_every_container_gives_two_frames_a_second(
    container: str, codec: str, name: str, decoder: str
) -> None:
    """At 0, 0.5, 1, ... seconds, whatever the container; and where the picture changes at once."""
    video = read(videos.encoded(videos.film([1, 2], 40), container, codec))

    assert (video.container, video.codec) == (name, decoder)
    assert (video.width, video.height, video.decoded) == (videos.WIDTH, videos.HEIGHT, 80)
    assert times(video) == [0, 0.5, 1, 1.5, 2, 2.5]
    assert times(video, cut=True) == pytest.approx([1.33], abs=0.01)
    assert video.seconds == pytest.approx(79 / 30, abs=0.01)
    assert video.unseen == ()


def test_frames_show_what_is_there_at_their_time() -> None:
    """Each frame is its scene, in colour, or as the luma of an image of it."""
    file = videos.encoded(videos.film([1, 2, 3], 30))

    video = read(file, sampling=Sampling(colour=True))
    grey = read(file)

    for frame in video.frames:
        assert like(frame.seen, videos.scene(1 + int(frame.time)))
    assert grey.frames[0].seen.shape == (videos.HEIGHT, videos.WIDTH)
    assert not grey.frames[0].seen.flags.writeable or grey.frames[0].seen.base is None


def test_a_moving_camera_is_no_cut() -> None:
    """What changes little by little is taken by time alone, but for the first step."""
    fast = times(read(videos.encoded(videos.panned(1, 60, 3))), cut=True)

    assert [time for time in fast if time > 0.1] == []


def test_a_picture_of_one_frame_is_seen() -> None:
    """A flash between two samples is a cut, and so is the return."""
    pictures = videos.film([1], 40)
    pictures[20] = videos.scene(2)

    video = read(videos.encoded(pictures))

    assert times(video, cut=True) == pytest.approx([20 / 30, 21 / 30], abs=0.01)


def test_a_long_video_has_no_more_frames_than_asked_for() -> None:
    """Every second frame goes when there are too many, again and again; the distance stays even."""
    file = videos.encoded(videos.panned(1, 300))

    video = read(file, sampling=Sampling(most=5))

    assert times(video) == [0, 2, 4, 6, 8]
    assert video.unseen == ("media.too_large",)


@pytest.mark.parametrize(
    ("sampling", "seconds", "step"), [(EVEN, 600, 0.5), (DENSE, 300, 0.1)], ids=["EVEN", "DENSE"]
)
def test_as_much_as_is_promised_is_taken(sampling: Sampling, seconds: int, step: float) -> None:
    """Two a second of ten minutes, ten of five: to the last; of more, not all was seen."""
    still = videos.scene(1, 32, 32)
    for more, unseen in ((0, ()), (1, ("media.too_large",))):
        count = round(seconds / step) + more
        at = [round(number * step * 1000) for number in range(count)]
        video = read(
            videos.encoded([still] * count, times=at),
            budget=VideoBudget(seconds=1e4),
            sampling=sampling,
        )
        assert video.unseen == unseen
        assert len(video.frames) == (count if not more else (count + 1) // 2)


def test_cuts_that_are_left_out_are_told() -> None:
    """A slide show of more pictures than there is room for."""
    file = videos.encoded(
        [videos.scene(number) for number in range(12)], times=[125 * at for at in range(12)]
    )
    wanted = Sampling(per_second=0.1, most=11)
    assert read(file, sampling=wanted).unseen == ()
    few = read(file, sampling=replace(wanted, most=10))
    assert few.unseen == ("media.too_large",)
    assert len(few.frames) == 7


def test_a_sample_that_is_too_long_is_refused_with_the_reason() -> None:
    """Frames of it that are not there are not found."""
    file = videos.encoded(videos.panned(1, 60))
    video = read_video(file, views_of_sample_frame, sampling=Sampling(per_second=10, most=9))
    with pytest.raises(ValueError, match=r"media\.too_large \(it may last 300 seconds\)"):
        of_video(video, file)


@pytest.mark.parametrize("degrees", [90, 180, 270, -1])
def test_frames_are_upright(degrees: int) -> None:
    """The display matrix is followed: turned by quarters, or mirrored."""
    file = videos.turned(videos.encoded(videos.film([1], 10)), degrees)

    video = read(file, sampling=Sampling(colour=True))

    picture = videos.scene(1)
    expected = picture[:, ::-1] if degrees == -1 else np.rot90(picture, -degrees // 90)
    assert like(video.frames[0].seen, expected)
    assert (video.height, video.width) == expected.shape[:2]


@pytest.mark.parametrize(
    ("aspect", "shown", "shape"),
    [(Fraction(2), (192, 64), (32, 96)), (Fraction(1, 2), (96, 128), (64, 48))],
)
def test_pixels_are_square(
    aspect: Fraction, shown: tuple[int, int], shape: tuple[int, int]
) -> None:
    """Wide pixels make a wide picture, high ones a high picture."""

    def change(stream: Any) -> None:
        stream.codec_context.sample_aspect_ratio = aspect

    video = read(videos.encoded(videos.film([1], 10), change=change))

    assert (video.width, video.height) == shown
    assert video.frames[0].seen.shape == shape


def test_frames_are_reduced() -> None:
    """The longer side is what was asked for; the shorter keeps what a hash needs."""
    wide = [videos.scene(1, 640, 320)] * 10

    video = read(videos.encoded(wide), sampling=Sampling(long_side=100))

    assert (video.width, video.height) == (640, 320)
    assert video.frames[0].seen.shape == (64, 100)


def test_times_of_a_variable_rate_are_those_of_the_frames() -> None:
    """A frame that stands for long is taken once, and others when they come."""
    file = videos.encoded(
        [videos.scene(seed) for seed in (1, 2, 3, 4)], "matroska", times=[0, 3000, 3040, 7000]
    )

    video = read(file)

    assert [round(frame.time, 2) for frame in video.frames] == [0, 3, 3.04, 7]


def test_a_video_without_duration_is_seen_all_the_same() -> None:
    """Where all times are alike, frames are taken by their number."""
    file = videos.timeless(videos.encoded(videos.panned(1, 200)))

    video = read(file)

    assert video.seconds < 0.1
    assert sum(not frame.cut for frame in video.frames) == 1 + (video.decoded - 1) // 65 > 1


def test_the_bytes_alone_decide(tmp_path: Any) -> None:
    """A file is what it begins with, whatever it is called."""
    path = tmp_path / "film.jpg"
    path.write_bytes(videos.encoded(videos.film([1], 10), "webm", "libvpx"))

    with path.open("rb") as file:
        assert read_video(file, np.copy).container == "matroska"


REFUSED = [
    (b"", "media.missing"),
    (b"#EXTM3U\n#EXTINF:10,\nhttp://example.org/a.ts\n", "media.unsupported"),
    (b"ffconcat version 1.0\nfile /etc/passwd\n", "media.unsupported"),
    (b"GIF89a and so on", "media.unsupported"),
    (b"RIFF\x00\x00\x00\x00AVI LIST", "media.unsupported"),
    (b"\x00\x00\x00\x1cftypavif\x00\x00\x00\x00", "media.unsupported"),
    (b"\x00\x00\x00\x18ftypisom\x00\x00\x00\x00", "media.damaged"),
    (b"\x00\x00\x00\x08moov", "media.unsupported"),
    (b"\x1aE\xdf\xa3\x80", "media.damaged"),
]


@pytest.mark.parametrize(("file", "code"), REFUSED)
def test_what_is_no_video_is_named(file: bytes, code: str) -> None:
    """Playlists, scripts, images and other containers are not opened."""
    assert code_of(file) == code


def test_a_video_without_a_picture_is_unsupported() -> None:
    """Sound alone has nothing to see."""
    assert code_of(videos.sound()) == "media.unsupported"


def test_a_codec_nobody_sends_is_unsupported() -> None:
    """Only the decoders of the list may run."""
    file = videos.encoded(videos.film([1], 5), "matroska", "ffv1")

    assert code_of(file) == "media.unsupported"


def test_a_budget_is_kept() -> None:
    """Too many bytes or pixels are refused; of too many frames or seconds the first are seen."""
    file = videos.encoded(videos.panned(1, 60))

    assert code_of(file, VideoBudget(bytes=100)) == "media.too_large"
    assert code_of(file, VideoBudget(pixels=videos.WIDTH * videos.HEIGHT - 1)) == "media.too_large"
    assert code_of(file, VideoBudget(streams=0)) == "media.too_large"
    few = read(file, budget=VideoBudget(frames=20))
    assert (few.decoded, few.unseen) == (20, ("media.too_large",))
    short = read(file, budget=VideoBudget(seconds=1))
    assert (times(short), short.unseen) == ([0, 0.5, 1], ("media.too_large",))


def test_a_second_moving_picture_is_told() -> None:
    """Only one is looked at, and nobody may take the other for clean."""
    import av

    out = BytesIO()
    with av.open(out, "w", format="matroska") as file:
        streams: list[Any] = [file.add_stream("libx264", rate=30) for _ in range(2)]
        for stream in streams:
            stream.width, stream.height, stream.pix_fmt = videos.WIDTH, videos.HEIGHT, "yuv420p"
        for stream in streams:
            frame = av.VideoFrame.from_ndarray(videos.scene(1), format="rgb24")
            file.mux(stream.encode(frame))
            file.mux(stream.encode(None))

    assert read(out.getvalue()).unseen == ("media.unsupported",)


@pytest.mark.parametrize(
    ("container", "flags"),
    [("mp4", "frag_keyframe+empty_moov"), ("matroska", ""), ("webm", "")],
)
def test_of_a_truncated_video_the_first_frames_are_seen(container: str, flags: str) -> None:
    """What is there gives its frames, and the rest is told to be missing."""
    codec = "libvpx" if container == "webm" else "libx264"
    pictures = videos.film([1, 2, 3, 4, 5, 6], 20)
    file = videos.encoded(pictures, container, codec, flags=flags)

    video = read(file[: len(file) * 7 // 10])

    assert video.unseen == ("media.damaged",)
    assert 20 < video.decoded < len(pictures)
    assert like(video.frames[0].seen, read(file).frames[0].seen)


def test_a_video_that_lost_its_end_with_the_tables_is_damaged() -> None:
    """An MP4 with its tables at the end is nothing without them."""
    file = videos.encoded(videos.film([1], 30))

    assert code_of(file[: file.index(b"moov")]) == "media.damaged"


@pytest.mark.parametrize(("container", "codec"), [(kind[0], kind[1]) for kind in KINDS])
def test_noise_is_a_media_error_or_a_video(container: str, codec: str) -> None:
    """Whatever is done to the bytes, no other exception comes out."""
    random = Random(container + codec)
    file = videos.encoded(videos.film([1, 2], 8), container, codec)
    for _ in range(40):
        noisy = bytearray(file)
        for _ in range(random.choice((1, 4, 30))):
            noisy[random.randrange(len(noisy))] = random.choice((0, 255, random.randrange(256)))
        with suppress(MediaError):
            assert read(bytes(noisy)).frames


def test_without_the_extra_it_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """One sentence says what to install."""
    monkeypatch.setitem(sys.modules, "av", None)

    with pytest.raises(MissingExtra, match=r"automod-ads\[video\]"):
        read(b"")


def test_other_files_are_never_opened() -> None:
    """A movie whose samples lie in another file shows nothing of it."""
    file = videos.encoded(videos.film([1], 10))
    at = file.index(b"url \x00\x00\x00\x01")

    elsewhere = read(file[: at + 7] + b"\x00" + file[at + 8 :])

    assert like(elsewhere.frames[0].seen, read(file).frames[0].seen)


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        (b"\x00\x00\x00\x14ftypqt  ", "mov"),
        (b"\x00\x00\x00\x08wide\x00\x00", "mov"),
        (b"\x1aE\xdf\xa3", "matroska"),
        (b"\x00\x00\x00\x18ftypheic", None),
        (b"", None),
    ],
)
def test_containers_by_their_first_bytes(head: bytes, expected: str | None) -> None:
    """Rows of first bytes."""
    assert container_of(head) == expected


def test_a_whole_matroska_file_is_not_cut_short() -> None:
    """Only one that is shorter than it says; a stream of unknown length never."""
    file = videos.encoded(videos.film([1], 10), "matroska")

    assert not cut_short(file[:HEAD], len(file))
    assert cut_short(file[:HEAD], len(file) - 1)
    assert not cut_short(b"\x1aE\xdf\xa3\x80\x18S\x80g\x01" + b"\xff" * 7, 20)


def test_changes_of_extent_are_cuts() -> None:
    """Another size is another picture."""
    changes = Changes()
    shapes: Sequence[tuple[int, int]] = [(4, 4), (4, 4), (4, 5)]

    assert [changes.at_once(np.zeros(shape, np.int16), 0.04) for shape in shapes] == [
        False,
        False,
        True,
    ]


def test_hashes_are_those_of_the_pixels() -> None:
    """`hash_video` is `read_video` and `pdq`, one after the other, of frames of one size."""
    file = videos.encoded(videos.film([1, 2], 20))

    clip = clip_of(hash_video(file))

    frames = read(file, sampling=Sampling(enlarged=True)).frames
    assert frames[0].seen.shape == (341, 512)
    assert clip.times.tolist() == [frame.time for frame in frames]
    hashed = [pdq(frame.seen) for frame in frames]
    assert (clip.hashes == np.concatenate([one.hashes for one in hashed])).all()
    assert (clip.quality == np.concatenate([one.quality for one in hashed])).all()


def test_every_frame_is_near_the_reference() -> None:
    """Within 10 bits of vPDQ, on every frame of a clip of 564."""
    folder = data("video_tmk")
    lines = (folder / "vpdq-sample-hashes" / "chair-19-sd-bar.txt").read_text("ascii").split()
    rows = [line.split(",") for line in lines]
    every = Sampling(per_second=1000, most=10_000, long_side=None)

    with Workers() as workers:
        clip = clip_of(workers.hashes(folder / "chair-19-sd-bar.mp4", sampling=every))

    assert clip.times == pytest.approx([float(row[3]) for row in rows], abs=0.001)
    apart = np.bitwise_count(clip.hashes ^ from_hex([row[2] for row in rows], 32)).sum(axis=1)
    assert int(apart.max()) <= 10
    assert [abs(int(a) - int(row[1])) <= 1 for a, row in zip(clip.quality, rows, strict=True)]


@pytest.mark.parametrize("colorspace", [1, 2, 5])
def test_luma_is_that_of_an_image_of_the_frame(colorspace: int) -> None:
    """Whatever the luma of the video is: BT.709 takes less of red and blue than images do."""

    def change(stream: Any) -> None:
        stream.codec_context.colorspace = colorspace

    file = videos.encoded(videos.film([1, 2], 10), change=change)

    colour = read(file, sampling=Sampling(colour=True)).frames
    for frame, other in zip(read(file).frames, colour, strict=True):
        luma = np.asarray(fromarray(other.seen).convert("L")).astype(int)
        assert int(np.abs(luma - frame.seen).max()) <= 12
        assert float(np.abs(luma - frame.seen).mean()) < 1.5
