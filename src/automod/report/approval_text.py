"""What an approval did, and where a ruleset was put away, in a few lines."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from automod.workshop.approving import Approved, by_sort
from automod.workshop.bundling import Bundled

from .labels import Lang
from .visible import FSI, PDI

_WORDS: Final[Mapping[Lang, Mapping[str, str]]] = {
    "en": {
        "signed": "{package}: {by} signed for {parts}; as approved before: {kept}",
        "nothing": "{package}: nothing to sign, all of it is approved as it is",
        "dropped": "{package}: {count} approved before and gone: {names}",
        "fault": "{package}: what was approved before does not count: {fault}",
        "wrote": "wrote {files}",
        "record": "this records who approved; it does not prove it",
        "own": "{location}: {by} had added {id}; somebody else must approve it",
        "refused": "{package}: not approved, nothing was written: {count} added by {by}",
        "bundled": "{path}: {size} bytes",
        "there": "{path}: was there already, as it is",
        "materials": "materials: {n}", "rules": "rules: {n}", "allow": "allows: {n}",
        "package": "the package's own frame",
        "more": " and {n} more",
    },
    "ar": {
        "signed": "{package}: وقّع {by} على {parts}؛ وما بقي على موافقة سابقة: {kept}",
        "nothing": "{package}: لا جديد للتوقيع",
        "dropped": "{package}: {count} كان موافَقًا عليه ولم يعد موجودًا: {names}",
        "fault": "{package}: الموافقة السابقة لا تُحتسب: {fault}",
        "wrote": "كُتب {files}",
        "record": "هذا سجلّ لمن وافق، وليس إثباتًا لهويته",
        "own": "{location}: {id} أضافه {by} نفسه، فلا بد أن يوافق عليه شخص آخر",
        "refused": "{package}: لم تتم الموافقة ولم يُكتب شيء: عدد ما أضافه {by} هو {count}",
        "bundled": "{path}: {size} بايت",
        "there": "{path}: موجود من قبل كما هو",
        "materials": "المواد: {n}", "rules": "القواعد: {n}", "allow": "السماح: {n}",
        "package": "إطار الحزمة نفسها",
        "more": " و{n} غيرها",
    },
}  # fmt: skip
MOST: Final = 10


def approved_text(done: Approved, by: str, lang: Lang = "en") -> Iterator[str]:
    """What was signed for, or whose own work stands against it."""
    words = _Words(lang)
    if done.fault:
        yield words("fault", package=done.package, fault=done.fault)
    if done.own:
        for one in done.own:
            yield words("own", location=one.location, by=by, id=one.id)
        yield words("refused", package=done.package, count=len(done.own), by=by)
        return
    if not done.files:
        yield words("nothing", package=done.package)
        return
    if done.dropped:
        names = words.listed(done.dropped[:MOST])
        if len(done.dropped) > MOST:
            names += words("more", n=len(done.dropped) - MOST)
        yield words("dropped", package=done.package, count=len(done.dropped), names=names)
    sorts = [words(sort, n=f"{n:,}") for sort, n in by_sort(done.signed).items()]
    parts = words.listed(sorts) or "0"
    yield words("signed", package=done.package, parts=parts, by=by, kept=f"{done.kept:,}")
    yield words("wrote", files=words.listed(done.files))
    yield words("record")


def bundled_text(done: Bundled, lang: Lang = "en") -> str:
    """Where a ruleset was put."""
    key = "bundled" if done.new else "there"
    return _Words(lang)(key, path=done.path, size=f"{done.size:,}")


class _Words:
    """Sentences of a language; in Arabic ones each value keeps its own direction."""

    def __init__(self, lang: Lang) -> None:
        self._words, self._apart = _WORDS[lang], lang == "ar"

    def listed(self, some: Iterable[str]) -> str:
        """Several, one after the other."""
        return ("، " if self._apart else ", ").join(some)

    def __call__(self, key: str, **values: object) -> str:
        told = {
            name: f"{FSI}{value}{PDI}" if self._apart else value for name, value in values.items()
        }
        return self._words[key].format(**told)
