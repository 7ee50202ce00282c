"""The pictures of creatives, seen: a fingerprint of each, and the materials that it looks like."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from pathlib import Path
from typing import Any, Final

from automod.errors import MissingExtra
from automod.match.pictures import Pictures
from automod.media.containers import HEAD, container_of
from automod.media.decode import DEFAULT
from automod.media.errors import MediaError
from automod.media.fingerprint import (
    MAGIC,
    Fingerprint,
    fingerprint_of,
    fingerprint_of_film,
)
from automod.media.phash import OtherAlgorithm
from automod.media.worker import Workers
from automod.model.columns import column
from automod.model.ruleset import Material
from automod.model.vocabulary import MEDIA

from .evidence import Likeness
from .intake import OF_CODE, READ_OFF_CODES, Intake

MOST_BYTES: Final = DEFAULT.bytes
"""Bytes of an image file."""


class Viewer:
    """The compiled image materials, and how pictures come to them. Immutable."""

    def __init__(self, materials: Sequence[Material], *, finds_codes: bool, isolated: bool) -> None:
        """Compile them.

        Args:
            materials: of all kinds.
            finds_codes: whether a rule asks for codes in pictures.
            isolated: images are decoded in a child process too, as videos always are.
        """
        kinds = column(materials, "kind")
        seen = [number for number, kind in enumerate(kinds) if kind in MEDIA]
        self._pictures = Pictures({number: materials[number] for number in seen})
        self._opens = bool(seen) or finds_codes or not READ_OFF_CODES.isdisjoint(kinds)
        self._isolated = isolated
        self._workers = Workers()

    def look_at(self, intakes: Sequence[Intake]) -> dict[int, list[Likeness]]:
        """By place of the creative: what its pictures look like.

        What codes in them say becomes texts of the creative, what cannot be seen its fault. Where
        no material could match a picture, none is opened.
        """
        if not self._opens or not any(one.images or one.videos for one in intakes):
            return {}
        owners: list[tuple[int, str]] = []
        prints: list[Fingerprint] = []
        for place, intake in enumerate(intakes):
            for field, one in self._opened(intake):
                owners.append((place, field))
                prints.append(one)
        found: dict[int, list[Likeness]] = {}
        for match in self._pictures.search(prints):
            place, field = owners[match.query]
            found.setdefault(place, []).append(Likeness(field, *match[1:]))
        return found

    def _opened(self, intake: Intake) -> Iterator[tuple[str, Fingerprint]]:
        for field, media in (*intake.images, *intake.videos):
            try:
                one = self._taken_in(media, is_video=field.startswith("videos"))
            except MediaError as error:
                intake.faults.append((field, error.code))
                continue
            intake.faults += [(field, code) for code in one.unseen]
            if one.codes:
                intake.add_text(f"{OF_CODE}{field}", "\n".join(code.text for code in one.codes))
            yield field, one

    def _taken_in(self, media: Any, *, is_video: bool) -> Fingerprint:
        """The fingerprint of what stands for an image or a video in a creative.

        Raises:
            MediaError: it is neither a file that can be decoded nor a fingerprint of this version.
        """
        found = _stored(media)
        if found is None and is_video:
            found = _of_video(media, self._workers)
        elif found is None:
            found = self._of_image(media)
        if found.is_video != is_video:
            raise MediaError("media.unsupported", "an image among videos, or the other way round")
        if not (is_video or self._pictures.others <= found.others.keys()):
            missing = ", ".join(sorted(self._pictures.others - found.others.keys()))
            raise MediaError("fingerprint.version", f"it was made without {missing}")
        return found

    def _of_image(self, media: bytes | str | Path) -> Fingerprint:
        also = self._pictures.others
        if self._isolated:
            return self._workers.image(media, also=also)
        return fingerprint_of(media if isinstance(media, bytes) else _bytes_of(media), also)


def fingerprint(file: str | Path | bytes, also: Collection[OtherAlgorithm] = ()) -> Fingerprint:
    """Everything of an image or a video that matching needs; it depends on no material.

    Args:
        file: A path, or the bytes of a JPEG, PNG, WebP, GIF, AVIF, MP4, MOV, WebM or MKV file. A
            video is decoded in a process of its own, which is started for it.
        also: Hashes of an image that some package asks for: `ahash`, `whash`, `colorhash`.

    Raises:
        MediaError: the file is not there, is none of these, damaged, or over a limit.
        MissingExtra: it is a video, and the extra `video` is not installed; or `also` is given, and
            the extra `imagehash` is not.

    >>> from io import BytesIO
    >>> from PIL import Image
    >>> file = BytesIO()
    >>> Image.linear_gradient("L").save(file, "PNG")
    >>> fingerprint(file.getvalue()).size
    (256, 256)
    """
    head = file[:HEAD] if isinstance(file, bytes) else _bytes_of(file, HEAD)
    if container_of(head) is not None:
        with Workers() as workers:
            return fingerprint_of_film(workers.film(file))
    return fingerprint_of(file if isinstance(file, bytes) else _bytes_of(file), also)


def _stored(media: Any) -> Fingerprint | None:
    """The fingerprint that something is; None where it is a file.

    Raises:
        MediaError: it is neither, or a fingerprint of another version.
    """
    if isinstance(media, Fingerprint):
        return media
    if isinstance(media, dict):
        return Fingerprint.from_dict(media)
    if isinstance(media, bytes) and media.startswith(MAGIC):
        return Fingerprint.from_bytes(media)
    if isinstance(media, (str, Path, bytes)):
        return None
    kind = type(media).__name__
    raise MediaError("media.unsupported", f"{kind} is no path, bytes or fingerprint")


def _of_video(media: bytes | str | Path, workers: Workers) -> Fingerprint:
    try:
        return fingerprint_of_film(workers.film(media))
    except MissingExtra as error:
        raise MediaError("media.unsupported", str(error)) from None


def _bytes_of(file: str | Path, most: int | None = None) -> bytes:
    """The bytes of a file, or the first of them.

    Raises:
        MediaError: it cannot be read, or is too large.
    """
    try:
        with Path(file).open("rb") as stream:
            data = stream.read(MOST_BYTES + 1 if most is None else most)
    except (OSError, ValueError) as error:
        raise MediaError("media.missing", f"{str(file)!r} cannot be read: {error}") from error
    if len(data) > MOST_BYTES:
        raise MediaError("media.too_large", f"more than {MOST_BYTES // 2**20} MiB")
    return data
