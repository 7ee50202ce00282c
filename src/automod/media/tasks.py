"""What a child process can be asked for, and how its answers become data again."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from typing import Any, BinaryIO, Final

import numpy as np

from .child import Task
from .clip import hash_video, views_of_sample_frame
from .codes import Code
from .decode import Budget, Frame, Picture, Pixels, decode
from .film import Film, Scene, seen_film
from .fingerprint import Fingerprint, fingerprint_of
from .frames import Video, VideoBudget, read_video
from .messages import Blob, Message
from .pdq import Hashed, pdq
from .sampling import Sampling, VideoFrame
from .views import Views


def pixels_task(file: BinaryIO, keywords: Mapping[str, Any]) -> Message:
    """The frames of a video as pixels, one blob each."""
    budget, sampling = _settings(keywords)
    video = read_video(file, np.asarray, budget=budget, sampling=sampling)
    shapes = [frame.seen.shape for frame in video.frames]
    return Message(_head(video) | {"shapes": shapes}, tuple(_raw(f.seen) for f in video.frames))


def pixels_of(answer: Message) -> Video[Pixels]:
    """What `pixels_task` answered."""
    parts = zip(answer.blobs, answer.head["shapes"], strict=True)
    return _video(answer, [_array(blob, shape) for blob, shape in parts])


def hashes_task(file: BinaryIO, keywords: Mapping[str, Any]) -> Message:
    """The frames of a video as PDQ hashes: all hashes in one blob, all qualities in another."""
    budget, sampling = _settings(keywords)
    video = hash_video(file, budget=budget, sampling=sampling)
    hashes = np.concatenate([frame.seen.hashes for frame in video.frames])
    quality = np.concatenate([frame.seen.quality for frame in video.frames])
    return Message(_head(video), (hashes.tobytes(), quality.tobytes()))


def hashes_of(answer: Message) -> Video[Hashed]:
    """What `hashes_task` answered."""
    hashes, quality = (np.frombuffer(blob, np.uint8) for blob in answer.blobs)
    rows = hashes.reshape(len(quality), 1, 32)
    return _video(answer, [Hashed(*one) for one in zip(rows, quality[:, None], strict=True)])


def views_task(file: BinaryIO, keywords: Mapping[str, Any]) -> Message:
    """The frames of a video as views, packed, one blob each."""
    budget, sampling = _settings(keywords)
    video = read_video(file, views_of_sample_frame, budget=budget, sampling=sampling)
    return Message(_head(video), tuple(frame.seen.packed() for frame in video.frames))


def views_of(answer: Message) -> Video[Views]:
    """What `views_task` answered."""
    return _video(answer, [Views.unpacked(bytes(blob)) for blob in answer.blobs])


def film_task(file: BinaryIO, keywords: Mapping[str, Any]) -> Message:
    """The frames of a video as scenes: hashes and views of each in one blob, codes in the head."""
    budget, sampling = _settings(keywords)
    film = seen_film(file, budget=budget, sampling=sampling)
    scenes = [frame.seen for frame in film.video.frames]
    rest = [[one.size, one.codes] for one in scenes]
    more = {"sha256": film.sha256, "scenes": rest}
    blobs = tuple(b"".join(_packed(one)) for one in scenes)
    return Message(_head(film.video) | more, blobs)


def film_of(answer: Message) -> Film:
    """What `film_task` answered."""
    parts = zip(answer.blobs, answer.head["scenes"], strict=True)
    scenes = [_scene(bytes(blob), size, codes) for blob, (size, codes) in parts]
    return Film(_video(answer, scenes), str(answer.head["sha256"]))


def _packed(scene: Scene) -> tuple[bytes, ...]:
    hashes = (one.tobytes() for one in (scene.pdq, scene.phash, scene.dhash))
    return (*hashes, scene.views.packed())


def _scene(blob: bytes, size: list[int], codes: list[Any]) -> Scene:
    hashes = np.frombuffer(blob[:_HASHES], np.uint8)
    width, height = size
    return Scene(
        views=Views.unpacked(blob[_HASHES:]),
        pdq=hashes[:_EIGHT].reshape(8, 32),
        phash=hashes[_EIGHT : _EIGHT + 8].reshape(1, 8),
        dhash=hashes[_EIGHT + 8 :].reshape(1, 8),
        size=(width, height),
        codes=tuple(Code(name, text, tuple(box)) for name, text, box in codes),
    )


_EIGHT: Final = 8 * 32
"""Bytes of the PDQ of a frame, in all orientations."""
_HASHES: Final = _EIGHT + 2 * 8
"""With its pHash and its dHash."""


def image_task(file: BinaryIO, keywords: Mapping[str, Any]) -> Message:
    """The fingerprint of an image, as bytes."""
    data = file.read(Budget(**keywords["budget"]).bytes + 1)
    return Message({"ok": {}}, (fingerprint_of(data, keywords["also"]).to_bytes(),))


def image_of(answer: Message) -> Fingerprint:
    """What `image_task` answered."""
    return Fingerprint.from_bytes(bytes(answer.blobs[0]))


def picture_task(file: BinaryIO, keywords: Mapping[str, Any]) -> Message:
    """An image, its frames one blob each."""
    budget = Budget(**keywords["budget"])
    data = file.read(budget.bytes + 1)
    options = {key: keywords[key] for key in ("long_side", "colour")}
    picture = decode(data, budget=budget, **options)
    head = {
        "format": picture.format,
        "width": picture.width,
        "height": picture.height,
        "total": picture.total,
        "left_out": picture.left_out,
        "frames": [[one.number, one.backdrop, one.pixels.shape] for one in picture.frames],
    }
    return Message({"ok": head}, tuple(_raw(one.pixels) for one in picture.frames))


def picture_of(answer: Message) -> Picture:
    """What `picture_task` answered."""
    head = dict(answer.head["ok"])
    parts = zip(head.pop("frames"), answer.blobs, strict=True)
    frames = tuple(
        Frame(number, backdrop, _array(blob, shape)) for (number, backdrop, shape), blob in parts
    )
    return Picture(frames=frames, **head)


TASKS: Final[Mapping[str, Task]] = {
    "pixels": pixels_task,
    "hashes": hashes_task,
    "views": views_task,
    "film": film_task,
    "image": image_task,
    "picture": picture_task,
}
"""By the names that requests have."""


def load_all() -> None:
    """Load what is loaded late: under a limit of memory it may fail, or end the process."""
    pdq(np.zeros((64, 64), np.uint8))
    with suppress(ImportError):
        import av.video.reformatter  # noqa: F401


def _settings(keywords: Mapping[str, Any]) -> tuple[VideoBudget, Sampling]:
    return VideoBudget(**keywords["budget"]), Sampling(**keywords["sampling"])


def _head(video: Video[Any]) -> dict[str, Any]:
    return {
        "ok": {
            "container": video.container,
            "codec": video.codec,
            "width": video.width,
            "height": video.height,
            "seconds": video.seconds,
            "decoded": video.decoded,
            "unseen": video.unseen,
        },
        "frames": [[frame.time, frame.cut] for frame in video.frames],
    }


def _video(answer: Message, seen: list[Any]) -> Video[Any]:
    head = dict(answer.head["ok"])
    parts = zip(answer.head["frames"], seen, strict=True)
    frames = tuple(VideoFrame(time, cut, one) for (time, cut), one in parts)
    return Video(frames=frames, unseen=tuple(head.pop("unseen")), **head)


def _raw(pixels: Pixels) -> Blob:
    return np.ascontiguousarray(pixels).reshape(-1).data


def _array(blob: Blob, shape: tuple[int, ...]) -> Pixels:
    return np.frombuffer(blob, np.uint8).reshape(shape)
