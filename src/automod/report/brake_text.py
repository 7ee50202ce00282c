"""What a brake found and did, in sentences and as JSON."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from math import log
from typing import Any, Final

from automod.monitor.brake import Over, Watched
from automod.workshop.switch_off import SwitchedOff

from .labels import LANGS, Lang
from .visible import isolated

_WORDS: Final[Mapping[str, tuple[str, str]]] = {
    "watched": (
        (
            "watched {materials} materials over {creatives} creatives, in windows: {windows}; the "
            "chance that any of them is a false alarm is at most {alpha}"
        ),
        (
            "رُوقبت المواد ({materials}) على {creatives} إعلان، والنوافذ: {windows}؛ واحتمال أن "
            "يكون أي منها إنذارًا كاذبًا لا يزيد على {alpha}"
        ),
    ),
    "over": (
        (
            "{target}: hit {hits} of {creatives} creatives ({rate}), and {expected} was the most "
            "to expect ({why}); evidence 10^{found}, needed 10^{needed}, in window {window}"
        ),
        (
            "{target}: أصابت {hits} من {creatives} إعلان ({rate})، وأقصى المتوقع {expected} "
            "({why})؛ الدليل \u200e10^{found} والمطلوب \u200e10^{needed}، في النافذة {window}"
        ),
    ),
    "written": ("its expected_rate", "معدلها المتوقع المكتوب"),
    "young": ("it is young", "لأنها جديدة"),
    "done": ("  switched to shadow {until}: {path}", "  صارت للمراقبة فقط {until}: {path}"),
    "dry": (
        "  would be switched to shadow {until}: {path} (nothing was written)",
        "  كانت ستصير للمراقبة فقط {until}: {path} (لم يُكتب شيء)",
    ),
    "until": ("until the end of {day} (UTC)", "حتى نهاية {day} (UTC)"),
    "off": ("  is in shadow already", "  هي للمراقبة فقط أصلًا"),
    "critical": (
        "  left on: its policy code is critical; --critical switches it off too",
        "  تُركت كما هي: رمز سياستها حرج؛ الخيار --critical يوقفها أيضًا",
    ),
    "too_many": (
        "  left on: this run switched off as many as it may (--at-most); look at the window first",
        "  تُركت كما هي: بلغ هذا التشغيل الحد الأقصى (--at-most)؛ افحص النافذة أولًا",
    ),
    "nothing": ("nothing hits more than expected", "لا شيء يصيب أكثر من المتوقع"),
    "no_window": (
        "there is no whole window of {window} creatives yet: nothing was judged",
        "لا توجد بعد نافذة كاملة من {window} إعلان: لم يُحكم على شيء",
    ),
    "others": (
        "left out: {count} creatives that other rules judged ({digests})",
        "لم تُحتسب: {count} إعلان حكمت فيها قواعد أخرى ({digests})",
    ),
    "again": ("to take it back: {command}", "للتراجع: {command}"),
}  # fmt: skip
"""Key -> English, Arabic. Behind Arabic a power would be laid out from its exponent on, but for the
mark before it (U+200E)."""

_SHORT: Final = len("sha256:") + 12


def brake_lines(
    found: Watched, done: Sequence[SwitchedOff], lang: Lang = "en", *, dry_run: bool = False
) -> Iterator[str]:
    """What was found, what was done about it, and how to take it back."""
    yield _word(
        "watched", lang, materials=f"{found.materials:,}", creatives=f"{found.creatives:,}",
        windows=f"{found.windows:,}", alpha=_percent(found.alpha),
    )  # fmt: skip
    if found.others:
        digests = ", ".join(isolated(one[:_SHORT]) for one in sorted(found.others))
        count = f"{sum(found.others.values()):,}"
        yield _word("others", lang, count=count, digests=digests)
    if not found.windows:
        yield _word("no_window", lang, window=f"{found.window:,}")
    elif not found.over:
        yield _word("nothing", lang)
    by_target = {one.override.target: one for one in done}
    for one in found.over:
        yield _over(one, found, lang)
        yield _what_was_done(one, by_target.get(one.target), lang, dry_run=dry_run)
    if not dry_run:
        for off in done:
            yield _word("again", lang, command=f"automod off --undo {off.override.id} -r RULES")


def brake_json(
    found: Watched, done: Sequence[SwitchedOff], ruleset: str, *, dry_run: bool
) -> dict[str, Any]:
    """The same, as JSON has it.

    Args:
        found: what was found.
        done: what was switched off, or would be.
        ruleset: the digest before.
        dry_run: whether nothing was written.
    """
    off = [
        {"target": one.override.target, "override": one.override.id, "file": str(one.path),
         "until": None if one.override.until is None else one.override.until.isoformat()}
        for one in done
    ]  # fmt: skip
    after = done[-1].after if done else ruleset
    return {
        "schema": 1, "dry_run": dry_run, "before": ruleset, "after": after,
        **found.to_dict(), "switched_off": off,
    }  # fmt: skip


def _over(one: Over, found: Watched, lang: Lang) -> str:
    return _word(
        "over", lang, target=isolated(one.target), hits=f"{one.hits:,}",
        creatives=f"{one.creatives:,}", rate=_percent(one.hits / one.creatives),
        expected=_percent(one.expected), why=_word(one.why, lang), window=one.window,
        found=f"{one.log_e / log(10):.1f}", needed=f"{found.log_threshold / log(10):.1f}",
    )  # fmt: skip


def _what_was_done(one: Over, off: SwitchedOff | None, lang: Lang, *, dry_run: bool) -> str:
    if one.left is not None:
        return _word(one.left, lang)
    if off is None or off.override.until is None:
        return ""
    until = _word("until", lang, day=isolated(off.override.until.isoformat()))
    return _word("dry" if dry_run else "done", lang, until=until, path=isolated(str(off.path)))


def _percent(share: float) -> str:
    return f"{100 * share:.3g} %"


def _word(key: str, lang: Lang, **values: object) -> str:
    return _WORDS[key][LANGS.index(lang)].format(**values)
