"""Samples of files by their content: worked out once, also where a folder keeps them for later."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Final

from automod.media.fingerprint import VERSION
from automod.model.ruleset import Sample

_KEPT: Final = ".json"


@dataclass(slots=True)
class SampleCache:
    """Samples by the SHA-256 of their files, their algorithm, and the version of both."""

    folder: Path | None = None
    """Where they are kept for the next time; None: nowhere."""
    held: dict[str, Sample] = field(default_factory=dict)

    def get(self, data: bytes, algorithm: str, make: Callable[[], Sample]) -> Sample:
        """The sample of a file, made where nobody has made it before.

        A file of the folder that is none of ours is as if it were not there, and a folder that
        cannot be written to keeps nothing.

        >>> cache = SampleCache()
        >>> made = [cache.get(b"a", "pdq", lambda: Sample("pdq", "1", "AA")) for _ in range(2)]
        >>> made[0] is made[1]
        True
        """
        key = f"{hashlib.sha256(data).hexdigest()}-{algorithm}-{VERSION}"
        found = self.held.get(key) or self._kept(key)
        if found is None:
            found = make()
            self._keep(key, found)
        self.held[key] = found
        return found

    def _kept(self, key: str) -> Sample | None:
        if self.folder is None:
            return None
        try:
            stored = json.loads((self.folder / f"{key}{_KEPT}").read_text("utf-8"))
            found = Sample(**stored)
        except (OSError, TypeError, ValueError):
            return None
        return found if found.version == VERSION and key.startswith(found.sha256 or "-") else None

    def _keep(self, key: str, sample: Sample) -> None:
        if self.folder is None:
            return
        with suppress(OSError):
            self.folder.mkdir(parents=True, exist_ok=True)
            partial = self.folder / f"{key}.{os.getpid()}.partial"
            partial.write_text(json.dumps(asdict(sample)), encoding="utf-8")
            partial.replace(self.folder / f"{key}{_KEPT}")
