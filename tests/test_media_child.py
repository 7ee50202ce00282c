"""Decoding in a child process: the same answers, and nothing a file does harms the next one."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

import videos
from automod.errors import MissingExtra
from automod.media.clip import clip_of, hash_video
from automod.media.decode import Budget, decode
from automod.media.errors import MediaError
from automod.media.film import seen_film
from automod.media.fingerprint import fingerprint_of_film
from automod.media.frames import VideoBudget, read_video
from automod.media.messages import BrokenMessageError, receive, send
from automod.media.sampling import Sampling
from automod.media.worker import Limits, Worker, Workers
from pictures import scene, with_code

LIMITS = Limits(seconds=20, processor=2, memory=256 << 20, answer=1 << 20)

unix = pytest.mark.skipif(sys.platform == "win32", reason="no limits but the clock")


@pytest.fixture(scope="module")
def workers() -> Iterator[Workers]:
    """One real child for all tests that only ask."""
    with Workers() as some:
        yield some


@pytest.fixture
def bad(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Worker]]:
    """Makes workers whose child misbehaves."""
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parent))
    made: list[Worker] = []

    def make(limits: Limits = LIMITS) -> Worker:
        made.append(Worker(limits, "bad_child"))
        return made[-1]

    yield make
    for worker in made:
        worker.close()


def ask(worker: Worker, how: str) -> dict[str, Any]:
    """What a bad child answers."""
    answer: dict[str, Any] = worker.ask("bad", how.encode("ascii"), {}).head
    return answer


def code_of(worker: Worker, how: str) -> str:
    """The code of what it did."""
    with pytest.raises(MediaError) as caught:
        ask(worker, how)
    return caught.value.code


def image() -> bytes:
    """A PNG with transparency."""
    out = BytesIO()
    Image.linear_gradient("L").convert("RGBA").save(out, "PNG")
    return out.getvalue()


def test_a_child_answers_as_the_parent_would(workers: Workers, tmp_path: Path) -> None:
    """Pixels, hashes and images are the same, from bytes and from a path."""
    file = videos.encoded(videos.film([1, 2], 20))
    path = tmp_path / "film.mp4"
    path.write_bytes(file)
    colour = Sampling(per_second=5, colour=True)

    for source in (file, path, str(path)):
        got = workers.pixels(source, sampling=colour)
        want = read_video(file, np.copy, sampling=colour)
        assert len(got.frames) == len(want.frames) > 3
        for one, other in zip(got.frames, want.frames, strict=True):
            assert (one.time, one.cut) == (other.time, other.cut)
            assert (one.seen == other.seen).all()
        assert (got.codec, got.width, got.height, got.seconds, got.decoded, got.unseen) == (
            want.codec, want.width, want.height, want.seconds, want.decoded, want.unseen,
        )  # fmt: skip
    clip, expected = clip_of(workers.hashes(file)), clip_of(hash_video(file))
    assert (clip.hashes == expected.hashes).all()
    assert (clip.quality == expected.quality).all()


def test_a_child_sees_films_as_the_parent_would(workers: Workers) -> None:
    """Views, all hashes, codes and the extent they are in."""
    coded = np.asarray(with_code(scene(1, (320, 240)), "https://casino-win.com"))
    file = videos.encoded([coded] * 20)
    got, want = workers.film(file), seen_film(BytesIO(file))
    assert fingerprint_of_film(got).to_json() == fingerprint_of_film(want).to_json()
    (frame, *_) = got.video.frames
    assert frame.seen.size == (320, 240)
    assert [code.text for code in frame.seen.codes] == ["https://casino-win.com"]


def test_a_child_tells_what_it_left_out(workers: Workers) -> None:
    """Of an animation, and in the fingerprint of one."""
    first, *rest = (scene(number, (64, 48)) for number in range(66))
    out = BytesIO()
    first.save(out, "PNG", save_all=True, append_images=rest)
    file = out.getvalue()
    assert workers.picture(file).left_out
    assert not workers.picture(file, budget=Budget(frames=66)).left_out
    assert workers.image(file).unseen == ("media.too_large",)


def test_a_child_decodes_images(workers: Workers) -> None:
    """As `decode` does."""
    got, want = workers.picture(image(), long_side=100), decode(image(), long_side=100)

    assert (got.format, got.width, got.height, got.total) == ("PNG", 256, 256, 1)
    assert [one.backdrop for one in got.frames] == [one.backdrop for one in want.frames]
    assert got.digest() == want.digest()


@pytest.mark.parametrize(
    ("file", "code"),
    [
        (b"", "media.missing"),
        (b"#EXTM3U", "media.unsupported"),
        (b"\x00\x00\x00\x18ftypisom", "media.damaged"),
        ("/no/such/film.mp4", "media.missing"),
        ("/", "media.missing"),
        ("/dev/zero", "media.missing"),
        ("nul\0byte", "media.missing"),
    ],
)
def test_what_is_wrong_with_a_file_is_told(workers: Workers, file: bytes | str, code: str) -> None:
    """A MediaError goes through the pipe; what is no file is missing, and never waited for."""
    with pytest.raises(MediaError) as caught:
        workers.hashes(file)

    assert caught.value.code == code
    assert caught.value.message


def test_too_many_bytes_are_not_even_sent(workers: Workers) -> None:
    """The budget is looked at first."""
    with pytest.raises(MediaError, match="9 bytes, at most 8"):
        workers.hashes(bytes(9), budget=VideoBudget(bytes=8))
    with pytest.raises(MediaError, match="9 bytes, at most 8"):
        workers.picture(bytes(9), budget=Budget(bytes=8))


def test_a_process_is_used_again(bad: Callable[..., Worker]) -> None:
    """One process for many files, faults of files included; another one after so many."""
    worker = bad(Limits(files=4))

    pids = [ask(worker, "who")["ok"]["pid"] for _ in range(2)]
    assert code_of(worker, "fault") == "media.damaged"
    pids.append(ask(worker, "who")["ok"]["pid"])
    assert len(set(pids)) == 1
    assert ask(worker, "who")["ok"]["pid"] != pids[0]


WAYS = [
    ("sleep", Limits(seconds=0.5), "media.timeout"),
    ("abort", LIMITS, "media.damaged"),
    ("exit", LIMITS, "media.damaged"),
    ("bug", LIMITS, "media.damaged"),
    ("promise", LIMITS, "media.damaged"),
]


@pytest.mark.parametrize(("how", "limits", "code"), WAYS)
def test_what_kills_a_child_does_not_harm_the_next_file(
    bad: Callable[..., Worker], how: str, limits: Limits, code: str
) -> None:
    """It is the fault of its own file, and the next one gets another process."""
    worker = bad(limits)
    before = ask(worker, "who")["ok"]["pid"]

    assert code_of(worker, how) == code

    assert ask(worker, "who")["ok"]["pid"] != before


@unix
@pytest.mark.parametrize(("how", "code"), [("spin", "media.timeout"), ("grow", "media.too_large")])
def test_the_system_limits_what_a_child_takes(
    bad: Callable[..., Worker], how: str, code: str
) -> None:
    """Processor time and memory."""
    worker = bad(Limits(seconds=60, processor=0, memory=LIMITS.memory))

    assert code_of(worker, how) == code
    assert "pid" in ask(worker, "who")["ok"]


@unix
def test_processor_time_is_counted_by_file(bad: Callable[..., Worker]) -> None:
    """A process that has worked for long may still take another file."""
    worker = bad(Limits(processor=1))
    until = time.monotonic() + 0.3

    while time.monotonic() < until:
        assert "pid" in ask(worker, "who")["ok"]
    assert ask(worker, "core")["ok"] == {"core": 0}


def test_what_a_library_prints_is_no_answer(bad: Callable[..., Worker]) -> None:
    """Standard output belongs to the messages alone."""
    assert ask(bad(), "print") == {"ok": {}}


def test_a_missing_extra_is_told(bad: Callable[..., Worker]) -> None:
    """The child lacks what the parent would lack."""
    with pytest.raises(MissingExtra, match=r"automod-ads\[video\]"):
        ask(bad(), "extra")


@pytest.mark.parametrize("how", ["nonsense", "broken", "print"])
def test_an_answer_that_makes_no_sense_is_a_damaged_file(
    how: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A child that was taken over can say anything; the next file gets another."""
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parent))

    with Workers(module="bad_child") as workers:
        with pytest.raises(MediaError, match="makes no sense") as caught:
            workers.hashes(how.encode("ascii"))
        assert caught.value.code == "media.damaged"
        with pytest.raises(MediaError, match="of the file"):
            workers.hashes(b"fault")


def test_a_child_that_does_not_start_is_no_fault_of_a_file() -> None:
    """Nothing can be decoded, and that is no media code."""
    worker = Worker(module="no_such_module")

    with pytest.raises(RuntimeError, match="no process to decode media in: no_such_module ended"):
        worker.ask("hashes", b"", {})


def test_threads_share_the_workers() -> None:
    """Two children serve eight threads, each with its own answer."""
    files = [videos.encoded(videos.film([seed], 5)) for seed in range(8)]
    expected = [clip_of(hash_video(file)).hashes.tobytes() for file in files]

    with Workers(2) as workers, ThreadPoolExecutor(8) as pool:
        got = pool.map(lambda file: clip_of(workers.hashes(file)).hashes.tobytes(), files * 3)
        assert list(got) == expected * 3


def test_a_fork_gets_children_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two processes never read the answers of one child."""
    file = videos.encoded(videos.film([1], 5))
    with Workers() as workers:
        workers.hashes(file)
        here = workers._idle.queue[0]
        monkeypatch.setattr(os, "getpid", lambda: -1)
        workers.hashes(file)
        there = workers._idle.queue[0]
        assert there is not here
        workers.close()
        monkeypatch.undo()
        here.close()


def test_without_a_worker_nothing_works() -> None:
    """At least one."""
    with pytest.raises(ValueError, match="0 processes"):
        Workers(0)


@pytest.mark.parametrize(
    "data",
    [
        b"\xff\xff\xff\xff\x00\x00\x00\x00",
        b"\x02\x00\x00\x00\x00\x00\x00\x00[]",
        b"\x02\x00\x00\x00\x00\x00\x00\x00{]",
        b"\x02\x00\x00\x00\x01\x00\x00\x00\xff\x00\x00\x00\x00\x00\x00\x00{}",
    ],
)
def test_a_broken_message_is_no_message(data: bytes) -> None:
    """Lengths beyond the limits, and JSON that is none or no object."""
    with pytest.raises(BrokenMessageError):
        receive(BytesIO(data), 10)


def test_a_message_that_ends_early_is_an_end() -> None:
    """The other side is gone."""
    pipe = BytesIO()
    send(pipe, {"a": 1}, [b"abc", b""])
    for length in range(len(pipe.getvalue())):
        with pytest.raises(EOFError):
            receive(BytesIO(pipe.getvalue()[:length]), 10)
    assert receive(BytesIO(pipe.getvalue()), 3).blobs == (b"abc", b"")
