"""Why an image was not evaluated: one exception, and a code out of a short list."""

from __future__ import annotations

from typing import Final, Literal

from automod.errors import AutomodError

MediaCode = Literal[
    "media.missing", "media.unsupported", "media.damaged", "media.too_large", "media.timeout",
    "media.no_decoder",
    "fingerprint.malformed", "fingerprint.version",
]  # fmt: skip

MISSING: Final = "media.missing"
"""There are no bytes: a download or an upload that failed, so trying again may help."""

UNSUPPORTED: Final = "media.unsupported"
"""The bytes begin like none of the formats that are read."""

DAMAGED: Final = "media.damaged"
"""The bytes begin like a known format and do not decode to the end."""

TOO_LARGE: Final = "media.too_large"
"""More bytes, pixels or frames than the budget allows."""

TIMEOUT: Final = "media.timeout"
"""Decoding took longer than its limit; on a machine that is less busy it may pass."""

NO_DECODER: Final = "media.no_decoder"
"""The process that decodes does not start, or an extra is missing: elsewhere it may pass."""

MALFORMED: Final = "fingerprint.malformed"
"""What was given is no fingerprint."""

VERSION_DIFFERS: Final = "fingerprint.version"
"""The fingerprint was made by another version, whose hashes are others."""


class MediaError(AutomodError):
    """Media that cannot be evaluated; `code` is one of the published codes.

    >>> str(MediaError(TOO_LARGE, "9 bytes, at most 8"))
    'media.too_large: 9 bytes, at most 8'
    """

    def __init__(self, code: MediaCode, message: str) -> None:
        self.code: MediaCode = code
        self.message = message
        super().__init__(code, message)

    def __str__(self) -> str:
        return f"{self.code}: {self.message}"
