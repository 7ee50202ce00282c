"""Many labelled cases as columns."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from .case import Case, Label
from .coded import Chained, Coded, Floats, Ints, Lists, numbered_on
from .facts import Certificate

ANYWHERE: Final = "*"
"""The market of a label that holds in every market."""

PRESENT: Final[Mapping[str, int]] = {"no": 0, "yes": 1, "unsure": 2}


class Permits(NamedTuple):
    """What of a creative may make risky content lawful: certificates, and whom it is shown to."""

    certificates: tuple[Certificate, ...] = ()
    min_age: int | None = None
    advertiser: str | None = None


@dataclass(frozen=True, slots=True)
class LabelRows:
    """One row for each label."""

    case: Ints
    policy: Coded[str]
    market: Coded[str]
    present: NDArray[np.int8]
    """0 no, 1 yes, 2 unsure."""
    by: Coded[str]
    on: NDArray[np.int32]
    """Proleptic Gregorian ordinal of the day, as `date.toordinal` gives it."""
    kind: Coded[str]


@dataclass(frozen=True, slots=True)
class CaseTable:
    """Cases as columns. `creatives` gives the creative of a case, by its number, as a dict.

    >>> table = case_table([Case.model_validate({"creative": {"id": "c1", "language": "ar"},
    ...     "judged": ["GMB.REAL"], "probability": 0.01})])
    >>> len(table), table.ids[0], table.language[0], table.probability.tolist()
    (1, 'c1', 'ar', [0.01])
    """

    ids: Sequence[str]
    language: Coded[str]
    labels: LabelRows
    judged: Lists
    """Numbers in `policies`."""
    policies: tuple[str, ...]
    probability: Floats
    """The chance to be drawn; NaN where it is not known."""
    volume: Floats
    """Impressions, or any other size; NaN where it is not known."""
    group: Coded[str]
    """Near-duplicates of each other share one; -1 where none is given."""
    permits: Coded[Permits]
    """-1 for a creative with neither certificates nor an age."""
    creatives: Sequence[Mapping[str, Any]]

    @classmethod
    def joined(cls, tables: Sequence[CaseTable]) -> CaseTable:
        """Tables one below the other.

        >>> one = case_table([Case.model_validate({"creative": {"id": "c1"}, "judged": ["A.B"]})])
        >>> len(CaseTable.joined([one, one]))
        2
        """
        if len(tables) == 1:
            return tables[0]
        policies = Coded.joined(
            [Coded(one.policies, one.judged.flat.astype(np.int32)) for one in tables]
        )
        starts = Lists.joined([one.judged for one in tables]).starts
        none = np.zeros(0, dtype=np.float64)
        return cls(
            ids=[name for one in tables for name in one.ids],
            language=Coded.joined([one.language for one in tables]),
            labels=_joined_labels(tables),
            judged=Lists(starts, policies.codes.astype(np.int64)), policies=policies.values,
            probability=np.concatenate([none, *(one.probability for one in tables)]),
            volume=np.concatenate([none, *(one.volume for one in tables)]),
            group=Coded.joined([one.group for one in tables]),
            permits=Coded.joined([one.permits for one in tables]),
            creatives=Chained(one.creatives for one in tables),
        )  # fmt: skip

    def __len__(self) -> int:
        return len(self.ids)


def _joined_labels(tables: Sequence[CaseTable]) -> LabelRows:
    some = [one.labels for one in tables]
    return LabelRows(
        numbered_on((one.labels.case, len(one)) for one in tables),
        Coded.joined([one.policy for one in some]),
        Coded.joined([one.market for one in some]),
        np.concatenate([np.zeros(0, dtype=np.int8), *(one.present for one in some)]),
        Coded.joined([one.by for one in some]),
        np.concatenate([np.zeros(0, dtype=np.int32), *(one.on for one in some)]),
        Coded.joined([one.kind for one in some]),
    )


def case_table(cases: Iterable[Case]) -> CaseTable:
    """The columns of cases."""
    held = list(cases)
    judged = [Coded.of(case.judged) for case in held]
    policies = tuple(dict.fromkeys(code for one in judged for code in one.values))
    place = {code: number for number, code in enumerate(policies)}
    return CaseTable(
        ids=[case.creative.id for case in held],
        language=Coded.of(case.creative.language for case in held),
        labels=_labels(held),
        judged=Lists.of([place[code] for code in one.values] for one in judged),
        policies=policies,
        probability=_floats(case.probability for case in held),
        volume=_floats(case.volume for case in held),
        group=Coded.of(case.group for case in held),
        permits=Coded.of(_permits(case) for case in held),
        creatives=[case.creative.as_dict() for case in held],
    )


def _permits(case: Case) -> Permits | None:
    creative = case.creative
    if not creative.certificates and creative.targeting.min_age is None:
        return None
    certificates = tuple(
        Certificate(one.policy, one.market, one.number, one.holder, one.from_, one.until)
        for one in creative.certificates
    )
    return Permits(certificates, creative.targeting.min_age, creative.advertiser)


def _labels(cases: Sequence[Case]) -> LabelRows:
    rows: list[Label] = [label for case in cases for label in case.labels]
    return LabelRows(
        np.repeat(np.arange(len(cases)), [len(case.labels) for case in cases]),
        Coded.of(row.policy for row in rows),
        Coded.of(row.market for row in rows),
        np.array([PRESENT[row.present] for row in rows], dtype=np.int8),
        Coded.of(row.by for row in rows),
        np.array([row.on.toordinal() for row in rows], dtype=np.int32),
        Coded.of(row.kind for row in rows),
    )


def _floats(values: Iterable[float | None]) -> Floats:
    return np.array([np.nan if one is None else one for one in values], dtype=np.float64)
