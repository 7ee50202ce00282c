"""What is said below a scan, beside its counts: what changed, what was set aside, how fast."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from .labels import LANGS, Lang
from .plurals import counted
from .scan_run import Outcome

_WORDS: Final[dict[str, tuple[str, str]]] = {
    "changes": (
        "beside the earlier run: {unchanged} unchanged, {changed} changed, {new} new, {gone} gone",
        "مقارنةً بالتشغيل السابق: {unchanged} دون تغيير، {changed} تغيّر، {new} جديد، {gone} حُذف",
    ),
    "quarantined": ("set aside, with the reason: {many}, in {where}",
                    "وُضع جانبًا مع ذكر السبب: {many}، في {where}"),
    "resumed": ("done before, by the run that this one goes on with: {many}",
                "أُنجز قبل الاستئناف: {many}"),
    "rate": ("{many} in {seconds} s: {rate} a second",
             "{many} خلال {seconds} ثانية: {rate} في الثانية"),
}  # fmt: skip


def outcome_lines(
    outcome: Outcome, lang: Lang, *, quarantine: str | None = None, seconds: float | None = None
) -> Iterator[str]:
    """The sentences on what became of a scan.

    Args:
        outcome: what became of it.
        lang: the language of the sentences.
        quarantine: where that was put which is no creative.
        seconds: how long it took; left out, that is not said.

    >>> from .scan_output import Counts
    >>> outcome = Outcome(Counts(unchanged=8, changed=1, new=2), gone=3)
    >>> print(*outcome_lines(outcome, "en"))
    beside the earlier run: 8 unchanged, 1 changed, 2 new, 3 gone
    """
    counts = outcome.counts
    if outcome.resumed:
        yield _said("resumed", lang, many=counted("creatives", outcome.resumed, lang))
    if outcome.gone is not None:
        yield _said(
            "changes", lang, unchanged=f"{counts.unchanged:,}", changed=f"{counts.changed:,}",
            new=f"{counts.new:,}", gone=f"{outcome.gone:,}",
        )  # fmt: skip
    if quarantine is not None and counts.quarantined:
        many = counted("creatives", counts.quarantined, lang)
        yield _said("quarantined", lang, many=many, where=quarantine)
    if seconds is not None:
        made = counts.tally.creatives - outcome.resumed
        many, rate = counted("creatives", made, lang), f"{made / max(seconds, 1e-9):,.0f}"
        yield _said("rate", lang, many=many, seconds=f"{seconds:,.1f}", rate=rate)


def _said(key: str, lang: Lang, **values: str) -> str:
    return _WORDS[key][LANGS.index(lang)].format(**values)
