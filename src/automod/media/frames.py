"""A video to upright frames at chosen times, within a budget.

PyAV gets the bytes and nothing else: the demuxer is named, whatever else a file asks for (a part
in another file, an address, a playlist) is refused, and only the decoders of `DECODERS` may run.
What a time limit must stop belongs into a child process (`media.child`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from io import SEEK_END, BytesIO
from types import ModuleType
from typing import Any, BinaryIO, Final, Generic

from automod.errors import MissingExtra

from .containers import HEAD, ContainerName, container_of, cut_short
from .decode import Pixels
from .display import Display
from .errors import DAMAGED, MISSING, TOO_LARGE, UNSUPPORTED, MediaCode, MediaError
from .sampling import EVEN, Sampling, Seen, Taker, VideoFrame

DECODERS: Final = ("h264", "hevc", "libdav1d", "av1", "vp8", "vp9", "mpeg4", "prores", "mjpeg")
"""What ads are made of. FFmpeg has hundreds more, for formats that nobody sends."""

_REFUSED: Final = "none"
"""A protocol that does not exist: nothing is opened by name."""

_DEMUXERS: Final = "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm"


@dataclass(frozen=True, slots=True)
class VideoBudget:
    """What decoding one video may cost."""

    bytes: int = 256 << 20
    """Of the file."""
    pixels: int = 36_864 * 256
    """Of a frame as it is coded: the largest of H.264 up to level 5.2; 4096 by 2304."""
    seconds: float = 600.0
    """Of the video; what comes later is not seen."""
    frames: int = 40_000
    """Decoded; what comes later is not seen."""
    streams: int = 16
    """Of all kinds, in one file."""


DEFAULT: Final = VideoBudget()


@dataclass(frozen=True, slots=True)
class Video(Generic[Seen]):
    """What was seen of a video."""

    container: ContainerName
    codec: str
    width: int
    """As it is shown: upright, with square pixels."""
    height: int
    seconds: float
    """Time of the last frame that was decoded."""
    decoded: int
    """Frames decoded, taken or not."""
    frames: tuple[VideoFrame[Seen], ...]
    """In the order of the video, at least one."""
    unseen: tuple[MediaCode, ...]
    """Why not all of it was seen; empty: it was. What is here is never to be read as clean."""


def read_video(
    file: bytes | BinaryIO,
    look: Callable[[Pixels], Seen],
    *,
    budget: VideoBudget = DEFAULT,
    sampling: Sampling = EVEN,
) -> Video[Seen]:
    """What `look` makes of the frames of an MP4, MOV, WebM or MKV.

    Args:
        file: the bytes, or a binary file that can be searched; they alone decide what it is.
        look: gets the pixels of a frame, read-only, upright and with square pixels, shape
            (height, width), or (height, width, 3) with `sampling.colour`.
        budget: what is refused, or not seen.
        sampling: which frames are taken.

    Raises:
        MediaError: nothing of it can be seen; no other exception is raised for the bytes.
        MissingExtra: the extra `video` is not installed.

    >>> read_video(b"#EXTM3U and an address", len)
    Traceback (most recent call last):
    automod.media.errors.MediaError: media.unsupported: the bytes begin 23 45 58 54 4d 33 55 20
    """
    av = _av()
    stream = BytesIO(file) if isinstance(file, bytes) else file
    name, cut = _recognised(stream, budget)
    try:
        with _opened(av, stream, name, budget) as container:
            return _read(container, name, Taker(look, sampling), budget, cut)
    except MemoryError:
        raise MediaError(TOO_LARGE, f"{name}: no memory for it") from None
    except av.FFmpegError as error:
        raise MediaError(DAMAGED, f"{name}: {error.strerror}") from None


def _av() -> ModuleType:
    try:
        import av
    except ImportError:
        raise MissingExtra("video", "reading a video") from None
    return av


def _recognised(stream: BinaryIO, budget: VideoBudget) -> tuple[ContainerName, bool]:
    """The container, and whether the file ends before its end."""
    size = stream.seek(0, SEEK_END)
    stream.seek(0)
    if not size:
        raise MediaError(MISSING, "there are no bytes")
    if size > budget.bytes:
        raise MediaError(TOO_LARGE, f"{size} bytes, at most {budget.bytes}")
    head = stream.read(HEAD)
    stream.seek(0)
    name = container_of(head)
    if name is None:
        raise MediaError(UNSUPPORTED, f"the bytes begin {head[:8].hex(' ')}")
    return name, cut_short(head, size)


def _opened(av: Any, stream: BinaryIO, name: ContainerName, budget: VideoBudget) -> Any:
    """The open container, with nothing decoded but what tells the extent of a frame."""
    options = {
        "codec_whitelist": ",".join(DECODERS),
        "format_whitelist": _DEMUXERS,
        "protocol_whitelist": _REFUSED,
        "max_pixels": str(budget.pixels),
        "max_streams": str(budget.streams),
    }
    return av.open(stream, format=name, options=options, io_open=_refuse, metadata_errors="replace")


def _refuse(address: str, *_: object) -> Any:
    """Nothing that a file names is opened."""
    raise MediaError(UNSUPPORTED, f"it asks for {address!r}")


def _read(
    container: Any, name: ContainerName, taker: Taker[Seen], budget: VideoBudget, cut: bool
) -> Video[Seen]:
    stream, others = _chosen(container, budget)
    _within(name, stream, budget)
    display = Display(stream.sample_aspect_ratio)
    progress = _Progress()
    if cut:
        progress.faults.add(DAMAGED)
    if others:
        progress.faults.add(UNSUPPORTED)
    width = height = 0
    for frame in _decoded(container, stream, budget, progress):
        if not width:
            width, height = display.extent(frame)
        taker.offer(frame, progress.time, display)
    if not taker.frames:
        raise MediaError(DAMAGED, f"{name}: no frame of it can be decoded")
    if taker.thinned:
        progress.faults.add(TOO_LARGE)
    return Video(
        container=name,
        codec=str(stream.codec_context.name),
        width=width,
        height=height,
        seconds=progress.time,
        decoded=progress.decoded,
        frames=taker.result(),
        unseen=tuple(sorted(progress.faults)),
    )


def _chosen(container: Any, budget: VideoBudget) -> tuple[Any, bool]:
    """The video stream that players show, and whether there are others that nobody looks at."""
    if len(container.streams) > budget.streams:
        raise MediaError(TOO_LARGE, f"{len(container.streams)} streams, at most {budget.streams}")
    cover = _cover()
    moving = [one for one in container.streams.video if not one.disposition & cover]
    if not moving:
        raise MediaError(UNSUPPORTED, "there is no moving picture in it")
    preferred = [one for one in moving if one.disposition & type(cover).default]
    return (preferred or moving)[0], len(moving) > 1


def _cover() -> Any:
    from av.stream import Disposition

    return Disposition.attached_pic


def _within(name: ContainerName, stream: Any, budget: VideoBudget) -> None:
    """Refuse from the header what is too large or nothing that is decoded here."""
    context = stream.codec_context
    if context is None or context.codec.name not in DECODERS:
        what = "an unknown codec" if context is None else context.codec.name
        raise MediaError(UNSUPPORTED, f"{name}: {what}")
    pixels = context.width * context.height
    if pixels > budget.pixels:
        extent = f"{context.width} by {context.height} pixels"
        raise MediaError(TOO_LARGE, f"{name}: {extent}, at most {budget.pixels} in all")
    # Its own threads would cost memory for each, and make an answer depend on their number.
    context.thread_type = "NONE"
    context.thread_count = 1
    context.options = {"max_pixels": str(budget.pixels)}


# --- decoding -----------------------------------------------------------------------------------


@dataclass(slots=True)
class _Progress:
    """How far decoding has come."""

    decoded: int = 0
    first: float | None = None
    time: float = 0.0
    """Of the last frame, in seconds since the first."""
    faults: set[MediaCode] = field(default_factory=set)

    def pass_to(self, frame: Any) -> None:
        """Count a frame, and tell its time."""
        self.decoded += 1
        ticks = frame.pts if frame.pts is not None else frame.dts
        if ticks is None or frame.time_base is None:
            return
        time = float(ticks * frame.time_base)
        if self.first is None:
            self.first = time
        self.time = time - self.first
        if frame.is_corrupt:
            self.faults.add(DAMAGED)


def _decoded(
    container: Any, stream: Any, budget: VideoBudget, progress: _Progress
) -> Iterator[Any]:
    """The frames in the order they are shown; what cannot be decoded is passed over."""
    for packet in _packets(container, stream, budget, progress):
        try:
            frames = packet.decode()
        except MemoryError:
            raise
        except Exception:  # noqa: BLE001 - decoders fail in every way there is
            progress.faults.add(DAMAGED)
            continue
        for frame in frames:
            before = progress.time
            progress.pass_to(frame)
            if progress.time > budget.seconds or progress.decoded > budget.frames:
                progress.faults.add(TOO_LARGE)
                progress.decoded, progress.time = progress.decoded - 1, before
                return
            yield frame


def _packets(
    container: Any, stream: Any, budget: VideoBudget, progress: _Progress
) -> Iterator[Any]:
    """The packets of a stream, as far as they can be read."""
    packets = container.demux(stream)
    # The tables of a file may name the same bytes any number of times.
    for _ in range(2 * budget.frames):
        try:
            packet = next(packets, None)
        except MemoryError:
            raise
        except Exception:  # noqa: BLE001 - demuxers fail in every way there is
            progress.faults.add(DAMAGED)
            return
        if packet is None:
            return
        if packet.is_corrupt:
            progress.faults.add(DAMAGED)
        yield packet
    progress.faults.add(TOO_LARGE)
