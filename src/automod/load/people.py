"""Names as people write them: whether two are one person's."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from automod.text.views import fold

_BETWEEN_NAMES: Final = re.compile(r"[;,،؛&+|/\n]|(?i:\s(?:and|و)\s)")
_BEHIND_NAME: Final = re.compile(r"(?<=\w)\s*[(@<].*", re.DOTALL)


def same_person(one: str, other: str) -> bool:
    """Whether two names are one person's, however they are spelt; a text may name several.

    >>> same_person("O. Haddad", "o_haddad@example.com"), same_person("nadia", "omar; Nadia")
    (True, True)
    """
    return not people(one).isdisjoint(people(other))


@lru_cache(maxsize=1_024)
def people(names: str) -> frozenset[str]:
    """The people that a text names, each by the letters and digits of the name alone.

    Folded as an ad is: neither case, spaces and points nor letters that look alike make of one
    person two. Where that makes one of two, somebody else must approve: the milder mistake.

    >>> sorted(people("O. Haddad, Nadia"))
    ['nadia', 'ohaddad']
    """
    found = (_letters(one) for one in _BETWEEN_NAMES.split(names))
    return frozenset(filter(None, found))


def _letters(name: str) -> str:
    # What follows in brackets, or as an address, is not the name.
    bare = _BEHIND_NAME.sub("", name.strip().lstrip("@"))
    folded = fold(bare, "evasion").text
    return "".join(filter(str.isalnum, folded)) or name.strip()
