"""Videos: the right pairs and only those, hashes against the reference, frames a second.

    python -m benchmarks.video [--rounds 3] [--no-record]

It needs the data folder. The five clips of `video_tmk` are one film: cut at its beginning by 0, 2.0
and 3.67 seconds, in grey, and under a large logo, so all twenty pairs are right. Wrong are parts of
that film against other parts of it, and the scenes of the data folder, each panned over for eight
seconds, against the film and each other.

Matrix products run in one thread here, as they do in the child process that decodes for automod:
the program starts itself anew with the variables that say so.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import permutations, product
from pathlib import Path
from statistics import mean
from typing import Any, Final

import av
import numpy as np
import numpy.typing as npt
from PIL import Image

from automod.match.videos import ClipMatch, match_clips
from automod.media.clip import (
    Clip,
    clip_of,
    clip_of_views,
    distinct,
    hash_video,
    views_of_sample_frame,
)
from automod.media.decode import Pixels
from automod.media.frames import Video, read_video
from automod.media.hexes import from_hex
from automod.media.pdq import pdq
from automod.media.sampling import DENSE, EVEN, Sampling, VideoFrame
from automod.media.views import Views, of_query
from automod.media.worker import Workers

from . import corpus, scenes
from .answers import WrongAnswerError
from .harness import Contender, Figure, Report, Times, at_least, begin, ratio, take_turns

CLIPS: Final = {
    "chair-19-sd-bar": 3.67,
    "chair-20-sd-bar": 2.0,
    "chair-22-sd-grey-bar": 0.0,
    "chair-22-with-large-logo-bar": 0.0,
    "chair-orig-22-sd-bar": 0.0,
}
"""Clip -> seconds of the film that are missing at its beginning."""

FILM: Final = "chair-orig-22-sd-bar"
LOGO: Final = "chair-22-with-large-logo-bar"
EVERY: Final = Sampling(per_second=1000, most=100_000, long_side=None)
BITS: Final = 10
"""A hash of quality 80 or more may be so far from the reference."""

PARTS: Final = ((0, 8), (8, 15), (15, 23))
"""Seconds of the film: no two have a picture in common."""

DRIFT: Final = 0.3
"""Seconds by which the place of a match may be wrong."""

SMALL: Final = {"OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}

Look = Callable[[Pixels], Any]


def are_here() -> bool:
    """Whether the clips are."""
    return path_of(FILM).exists()


def path_of(name: str) -> Path:
    """Where a clip lies."""
    return corpus.data_folder() / "video_tmk" / f"{name}.mp4"


# --- the reference ------------------------------------------------------------------------------


def reference(name: str) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.int64]]:
    """Hashes [n, 32] and qualities [n] of every frame, as vPDQ made them."""
    path = corpus.data_folder() / "video_tmk" / "vpdq-sample-hashes" / f"{name}.txt"
    rows = [line.split(",") for line in path.read_text("ascii").split()]
    return from_hex([row[2] for row in rows], 32), np.array([int(row[1]) for row in rows])


def distances_to_reference(report: Report) -> None:
    """Every frame of every clip, at full size."""
    apart: list[int] = []
    for name in CLIPS:
        hashes, quality = reference(name)
        with path_of(name).open("rb") as file:
            clip = clip_of(hash_video(file, sampling=EVERY))
        if len(clip) != len(hashes):
            raise WrongAnswerError(f"{name}: {len(clip)} frames, the reference has {len(hashes)}")
        bits = np.bitwise_count(clip.hashes ^ hashes).sum(axis=1, dtype=np.int64)
        apart += bits[quality >= 80].tolist()
    far = sum(bits > BITS for bits in apart)
    text = f"{max(apart)} bits at most, {mean(apart):.2f} in the mean, of {len(apart):,} frames"
    report.add(Figure("PDQ of every frame, to the reference", text, f"at most {BITS}", far == 0))


# --- pairs --------------------------------------------------------------------------------------


def cut(clip: Clip, first: float, last: float) -> Clip:
    """What is between two times."""
    rows = (clip.times >= first) & (clip.times < last)
    return Clip(clip.times[rows] - first, clip.hashes[rows], clip.quality[rows])


def described(match: ClipMatch | None) -> str:
    """Shares with their counts, and where it begins."""
    if match is None:
        return "not found"
    query, sample = 100 * match.query_share, 100 * match.sample_share
    return (
        f"{query:.0f} % of query ({match.query_found} of {match.query_frames}), "
        f"{sample:.0f} % of sample ({match.sample_found} of {match.sample_frames}), "
        f"{match.distance} bits"
    )


def in_place(match: ClipMatch | None, one: str, other: str) -> bool:
    """Whether it is found where it is."""
    if match is None:
        return False
    longest = max(match.segments, key=lambda segment: segment.end - segment.start)
    ahead = longest.sample_start + longest.sample_end - longest.start - longest.end
    return abs(ahead / 2 - CLIPS[one] + CLIPS[other]) <= DRIFT


def pairs(report: Report, queries: dict[str, Clip], samples: dict[str, Clip]) -> None:
    """The five against each other."""
    right = 0
    for one, other in permutations(CLIPS, 2):
        match = match_clips(queries[one], samples[other])
        good = in_place(match, one, other)
        right += good
        report.add(Figure(f"{one} in {other}", described(match), "found in its place", good))
    count = len(CLIPS) * (len(CLIPS) - 1)
    report.add(Figure("right pairs", f"{right} of {count}", f"{count}", right == count))


def panned(name: str) -> list[Image.Image]:
    """Eight seconds, ten frames each, in which a window of 60 % moves over a scene."""
    picture = scenes.scene(name).convert("L")
    wide, high = round(picture.width * 0.6), round(picture.height * 0.6)
    frames = []
    for step in range(80):
        left, top = (picture.width - wide) * step // 79, (picture.height - high) * step // 79
        frames.append(picture.crop((left, top, left + wide, top + high)))
    return frames


def filmed(pictures: list[Image.Image], step: int, look: Look) -> Video[Any]:
    """Ten frames a second, of which every so-manieth is looked at."""
    taken = range(0, len(pictures), step)
    frames = [VideoFrame(at / 10, False, look(np.asarray(pictures[at]))) for at in taken]
    return Video("mov", "none", *pictures[0].size, 0.0, len(pictures), tuple(frames), ())


@dataclass(frozen=True, slots=True)
class Scene:
    """What is compared: clips, and panned pictures, as queries and as samples."""

    queries: dict[str, Clip]
    samples: dict[str, Clip]
    asked: dict[str, Clip]
    known: dict[str, Clip]


def wrong_pairs(scene: Scene) -> Iterator[tuple[Clip, Clip]]:
    """Clips that have nothing to do with each other."""
    for one, other in product(scene.queries, scene.samples):
        for asked, known in permutations(PARTS, 2):
            first, second = CLIPS[one], CLIPS[other]
            yield (
                cut(scene.queries[one], asked[0] - first, asked[1] - first),
                cut(scene.samples[other], known[0] - second, known[1] - second),
            )
    yield from product(scene.asked.values(), scene.samples.values())
    yield from product(scene.queries.values(), scene.known.values())
    for (one, query), (other, sample) in product(scene.asked.items(), scene.known.items()):
        if one != other:
            yield query, sample


def false_matches(report: Report, name: str, scene: Scene) -> None:
    """What is found where nothing is."""
    found = [match_clips(*pair) is not None for pair in wrong_pairs(scene)]
    text = f"{sum(found)} of {len(found)} pairs"
    report.add(Figure(f"found where nothing is, by {name}", text, "0", not any(found)))


def by_pdq(queries: dict[str, Clip], samples: dict[str, Clip]) -> Scene:
    """All of it by PDQ of the whole."""
    films = {name: panned(name) for name in scenes.FILES}
    asked = {name: clip_of(filmed(film, 5, pdq)) for name, film in films.items()}
    known = {name: clip_of(filmed(film, 1, pdq)) for name, film in films.items()}
    return Scene(queries, samples, asked, known)


def by_views() -> Scene:
    """All of it by views, of two of the five clips."""
    films = {name: panned(name) for name in scenes.FILES}
    sample = views_of_sample_frame
    return Scene(
        {name: clip_of_views(_taken(name, EVEN, of_query)) for name in (FILM, LOGO)},
        {name: distinct(clip_of_views(_taken(name, DENSE, sample))) for name in (FILM, LOGO)},
        {n: clip_of_views(filmed(film, 5, of_query)) for n, film in films.items()},
        {n: distinct(clip_of_views(filmed(film, 1, sample))) for n, film in films.items()},
    )


# --- edits --------------------------------------------------------------------------------------


def _inset(pixels: Pixels, share: float) -> Pixels:
    down, across = (round(share * side) for side in pixels.shape)
    return pixels[down : len(pixels) - down, across : pixels.shape[1] - across]


def _framed(pixels: Pixels, top: int, side: int, shade: int) -> Pixels:
    return np.pad(pixels, ((top, top), (side, side)), constant_values=shade)


def _letterboxed(pixels: Pixels) -> Pixels:
    height, width = pixels.shape
    return _framed(pixels, 0, (height * 16 // 9 - width) // 2, 0)


def _under_banner(pixels: Pixels) -> Pixels:
    covered = pixels.copy()
    covered[round(0.8 * len(pixels)) :] = 40
    return covered


EDITS: Final[dict[str, Callable[[Pixels], Pixels]]] = {
    "as it is": lambda pixels: pixels,
    "border of 5 %": lambda pixels: _framed(pixels, len(pixels) // 20, len(pixels) // 20, 255),
    "border of 10 %": lambda pixels: _framed(pixels, len(pixels) // 10, len(pixels) // 10, 255),
    "letterboxed to 16:9": _letterboxed,
    "mirrored": lambda pixels: np.ascontiguousarray(pixels[:, ::-1]),
    "5 % cut off each side": lambda pixels: _inset(pixels, 0.05),
    "10 % cut off each side": lambda pixels: _inset(pixels, 0.1),
    "banner over 20 %": _under_banner,
}


def edits(report: Report) -> None:
    """The film, and the film under the logo, edited; by PDQ of the whole, and by views."""
    for name in (FILM, LOGO):
        original = _taken(FILM, DENSE, np.copy)
        whole, parts = distinct(_pdq(original)), distinct(_views(original, views_of_sample_frame))
        query = _taken(name, EVEN, np.copy)
        for label, edit in EDITS.items():
            changed = _seen(query, partial(_edited, edit))
            one = match_clips(_pdq(changed), whole)
            other = match_clips(_views(changed, of_query), parts)
            text = f"PDQ {_share(one)}, views {_share(other)} of the query"
            report.add(Figure(f"{name}: {label}", text))


def _edited(edit: Callable[[Pixels], Pixels], pixels: Pixels) -> Pixels:
    return np.ascontiguousarray(edit(pixels))


def _share(match: ClipMatch | None) -> str:
    return "none" if match is None else f"{100 * match.query_share:.0f} %"


def _taken(name: str, sampling: Sampling, look: Look) -> Video[Any]:
    with path_of(name).open("rb") as file:
        return read_video(file, look, sampling=sampling)


def _with(video: Video[Any], frames: list[VideoFrame[Any]]) -> Video[Any]:
    return Video(
        video.container, video.codec, video.width, video.height, video.seconds, video.decoded,
        tuple(frames), video.unseen,
    )  # fmt: skip


def _seen(video: Video[Any], look: Look) -> Video[Any]:
    frames = [VideoFrame(one.time, one.cut, look(one.seen)) for one in video.frames]
    return _with(video, frames)


def _pdq(video: Video[Any]) -> Clip:
    return clip_of(_seen(video, pdq))


def _views(video: Video[Any], look: Callable[[Pixels], Views]) -> Clip:
    return clip_of_views(_seen(video, look))


# --- speed --------------------------------------------------------------------------------------


def decode_only(data: Path) -> int:
    """Every frame decoded, in one thread, and nothing done with it."""
    with av.open(str(data), format="mov") as container:
        stream: Any = container.streams.video[0]
        stream.thread_type, stream.thread_count = "NONE", 1
        return sum(1 for _ in container.decode(stream))


def speed(report: Report, rounds: int) -> None:
    """Frames of the file that are done a second, as a share of those that are decoded a second."""
    path = path_of(FILM)
    frames = decode_only(path)

    def seen(sampling: Sampling, look: Look) -> Callable[[object], object]:
        return lambda _: _taken(FILM, sampling, look)

    ways: dict[str, Callable[[object], object]] = {
        "decode only": lambda _: decode_only(path),
        "2 frames a second, PDQ": seen(EVEN, pdq),
        "10 frames a second, PDQ": seen(DENSE, pdq),
        "2 frames a second, views": seen(EVEN, of_query),
        "every frame at full size, PDQ": seen(EVERY, pdq),
    }
    times = take_turns({name: Contender(lambda: None, way) for name, way in ways.items()}, rounds)
    _reported(report, times, frames)
    with Workers() as workers:
        child = take_turns(
            {
                "decode only": Contender(lambda: None, lambda _: decode_only(path)),
                "child": Contender(lambda: None, lambda _: workers.hashes(path)),
            },
            rounds,
        )
    report.raw["child"] = {name: one.wall for name, one in child.items()}
    got = ratio(child["decode only"].wall, child["child"].wall)
    report.add(Figure("2 frames a second, PDQ, in a child, by the clock", f"{got} times the rate"))


def _reported(report: Report, times: dict[str, Times], frames: int) -> None:
    report.raw["speed"] = {name: one.process for name, one in times.items()}
    base = times["decode only"].process
    rate = frames / sorted(base)[len(base) // 2]
    report.add(Figure("decode only", f"{rate:.0f} frames a second"))
    for name, one in times.items():
        if name == "decode only":
            continue
        got = ratio(base, one.process)
        if name == "2 frames a second, PDQ":
            report.add(at_least(name, got, 0.8, "times the rate of decoding"))
        else:
            report.add(Figure(name, f"{got} times the rate of decoding"))


def run(rounds: int) -> Report:
    """The whole benchmark."""
    report = begin("video", {"clips": len(CLIPS), "rounds": rounds, "av": av.__version__})
    distances_to_reference(report)
    queries = {name: clip_of(_hashed(name, EVEN)) for name in CLIPS}
    samples = {name: distinct(clip_of(_hashed(name, DENSE))) for name in CLIPS}
    pairs(report, queries, samples)
    false_matches(report, "PDQ", by_pdq(queries, samples))
    false_matches(report, "views", by_views())
    edits(report)
    speed(report, rounds)
    return report


def _hashed(name: str, sampling: Sampling) -> Video[Any]:
    with path_of(name).open("rb") as file:
        return hash_video(file, sampling=sampling)


def main() -> int:
    """Run it from the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--no-record", action="store_true")
    given = parser.parse_args()
    if not are_here():
        print("video: the data folder is not here (AUTOMOD_DATA)")
        return 0
    if not SMALL.items() <= os.environ.items():
        again = [sys.executable, "-m", "benchmarks.video", *sys.argv[1:]]
        return subprocess.run(again, env={**os.environ, **SMALL}, check=False).returncode
    report = run(given.rounds)
    if not given.no_record:
        report.write()
    return 0


if __name__ == "__main__":
    sys.exit(main())
