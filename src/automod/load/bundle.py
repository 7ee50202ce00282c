"""Bundles: one file that holds a whole ruleset, named by the ruleset's digest.

Two lines of JSON. The first says what the file is: the digest of the ruleset and the versions that
give it meaning, the automod that wrote it, and the SHA-256 of all else. The second is the canonical
JSON of the ruleset. It is plain, not compressed: the same ruleset gives the same bytes on every
machine, every byte is covered by a digest, and nothing unpacks to more than it is.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from automod.errors import InputError
from automod.model.canonical import (
    digest_canonical,
    encoded,
    read_canonical,
    remember_digest,
    to_canonical,
)
from automod.model.quick import nothing_collected
from automod.model.ruleset import Ruleset
from automod.version import UNICODE, __version__

from .files import why

SUFFIX: Final = ".automod"
SCHEMA: Final = 1
MAX_BYTES: Final = 2 * 1024 * 1024 * 1024

_NAME: Final = re.compile(r"sha256-([0-9a-f]{64})")
_MAX_HEADER: Final = 4_096
_KEYS: Final = frozenset({"bundle", "ruleset", "versions", "automod", "unicode", "file"})


@dataclass(frozen=True, slots=True)
class Bundle:
    """A ruleset as it was put away."""

    ruleset: Ruleset
    digest: str
    """Of the ruleset, as every decision made with it names it."""
    versions: Mapping[str, str]
    """Of folding and of what "matches" means, when it was put away."""
    automod: str
    """The version that wrote it."""
    unicode: str


def bundle_name(digest_: str) -> str:
    """The name of the file that holds the ruleset of a digest.

    >>> bundle_name("sha256:00ff")
    'sha256-00ff.automod'
    """
    return digest_.replace(":", "-", 1) + SUFFIX


def bundle_bytes(ruleset: Ruleset, versions: Mapping[str, str]) -> tuple[str, bytes]:
    """The digest of a ruleset, and the bytes of its bundle: the same ruleset, the same bytes.

    Args:
        ruleset: what is put away.
        versions: of folding and semantics, as the engine has them.

    >>> from automod.model.ruleset import PolicyTable
    >>> name, data = bundle_bytes(Ruleset((), PolicyTable({})), {"folding": "1"})
    >>> name[:7], data.count(10)
    ('sha256:', 2)
    """
    canonical = encoded(to_canonical(ruleset))
    found = digest_canonical(canonical, versions)
    header = {
        "bundle": SCHEMA, "ruleset": found, "versions": dict(versions), "automod": __version__,
        "unicode": UNICODE,
    }  # fmt: skip
    body = canonical + b"\n"
    return found, _line({**header, "file": _check(header, body)}) + body


def _line(header: Mapping[str, Any]) -> bytes:
    return json.dumps(header, sort_keys=True).encode() + b"\n"


def _check(header: Mapping[str, Any], body: bytes) -> str:
    """The SHA-256 of all that a file says, but of this itself."""
    found = hashlib.sha256(_line(header))
    found.update(body)
    return f"sha256:{found.hexdigest()}"


def read_bundle(path: str | Path) -> Bundle:
    """The ruleset of a bundle, once every byte of the file is known to be as it was written.

    The file's name is held to what it holds, where it is still of the form `sha256-….automod`.

    Raises:
        InputError: it cannot be read, is no bundle, or is not as it was written.
    """
    data = _bytes(Path(path))
    end = data.find(b"\n")
    first, body = data[: max(end, 0)], data[end + 1 :]
    del data
    header = None if end < 0 else _header(first, path)
    if header is None:
        raise InputError(f"{path}: is no bundle; write one with: automod bundle -r RULES -o DIR")
    if header["bundle"] != SCHEMA:
        told = f"is a bundle of schema {header['bundle']}; this automod reads {SCHEMA}"
        raise InputError(f"{path}: {told}")
    others = {key: value for key, value in header.items() if key != "file"}
    named = _NAME.fullmatch(Path(path).name.removesuffix(SUFFIX))
    if header["file"] != _check(others, body) or first + b"\n" != _line(header):
        raise InputError(f"{path}: was changed since it was written: its digest is another")
    if named is not None and header["ruleset"] != f"sha256:{named[1]}":
        raise InputError(f"{path}: holds another ruleset than it is named for: {header['ruleset']}")
    ruleset = _ruleset(body, header, path)
    versions = header["versions"], header["automod"], header["unicode"]
    return Bundle(ruleset, header["ruleset"], *versions)


def _bytes(path: Path) -> bytes:
    try:
        if path.stat().st_size > MAX_BYTES:
            raise InputError(f"{path}: is over {MAX_BYTES >> 30} GB, the most that a bundle holds")
        return path.read_bytes()
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {why(error)}") from error


def _header(line: bytes, path: str | Path) -> dict[str, Any] | None:
    """The first line; None where it is that of no bundle."""
    try:
        found = json.loads(line) if len(line) <= _MAX_HEADER else None
    except (ValueError, RecursionError):
        return None
    if not isinstance(found, dict) or "bundle" not in found:
        return None
    if found["bundle"] == SCHEMA:
        texts = [found.get(key) for key in _KEYS - {"bundle", "versions"}]
        versions = found.get("versions")
        texts += list(versions.values()) if isinstance(versions, dict) else [None]
        if found.keys() != _KEYS or not all(isinstance(text, str) for text in texts):
            raise InputError(f"{path}: was changed since it was written: its first line is none")
    return found


def _ruleset(body: bytes, header: Mapping[str, Any], path: str | Path) -> Ruleset:
    """The ruleset of the second line, which must have the digest that the first one says.

    That is the digest of the line if the line is canonical. Both are asked: another text of the
    same ruleset would have a digest that no other way to this ruleset leads to.
    """
    line = body[:-1]
    try:
        with nothing_collected():
            ruleset, same = read_canonical(line)
            same = same and body[-1:] == b"\n"
    except (ValueError, TypeError, AttributeError, RecursionError) as error:
        raise InputError(f"{path}: holds no ruleset: {error}") from error
    if not same or digest_canonical(line, header["versions"]) != header["ruleset"]:
        raise InputError(f"{path}: does not hold the ruleset that it says: {header['ruleset']}")
    remember_digest(ruleset, header["versions"], header["ruleset"])
    return ruleset
