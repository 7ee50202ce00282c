"""Which creatives a ramp lets in: a stable share of them, by their ids."""

from __future__ import annotations

from hashlib import blake2b
from typing import Final

_SIZE: Final = 8
"""Bytes of the hash that are looked at: a share is exact to one in 2^64."""


def is_in(salt: str, share: float, creative: str) -> bool:
    """Whether a creative is among the share of all creatives in which something is live.

    The answer depends on nothing else: not on a process, an order, a day or the ruleset. Who is in
    at 10 % is in at 20 %. Other salts choose other creatives, independently.

    Args:
        salt: what the ramp is written on: a package, `package/id`, `package/tag:NAME`.
        share: 0 (nobody) to 1 (everybody).
        creative: its id.

    >>> [share for share in (0.1, 0.2, 0.5, 1.0) if is_in("gambling-ar", share, "c3")]
    [0.2, 0.5, 1.0]
    >>> is_in("gambling-ar", 0.0, "c3")
    False

    Ids are put in order by a hash, which a salt makes another one for each rollout, and the first
    of them are taken. The hash: J.-P. Aumasson, S. Neves, Z. Wilcox-O'Hearn, C. Winnerlein, BLAKE2,
    ACNS 2013.
    """
    # An id may hold half a character, which no UTF-8 can; no salt holds a line break.
    text = f"{salt}\n{creative}".encode("utf-8", "surrogatepass")
    place = int.from_bytes(blake2b(text, digest_size=_SIZE).digest())
    # A float times a power of two is exact, and so is its comparison with a whole number.
    return place < share * float(1 << 8 * _SIZE)
