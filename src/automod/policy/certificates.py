"""Whether a creative brings the certificate that a market asks for, and if not, what is wrong."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Final, NamedTuple

from ..model.facts import Certificate, Facts


class CertificateFault(NamedTuple):
    """Why no certificate will do: a reason's code and its values."""

    code: str
    values: Mapping[str, Any]


# The further down, the nearer to being right: of several certificates the nearest is the reason.
_ORDER: Final = (
    "certificate_missing",
    "certificate_wrong_market",
    "certificate_wrong_holder",
    "certificate_not_yet_valid",
    "certificate_expired",
)


def check_certificates(
    facts: Facts, code: str, lineage: frozenset[str], on: date
) -> CertificateFault | None:
    """None when a certificate meets the condition, else the fault of the one nearest to it.

    A certificate fits when it is for this code and what it states fits: a market that the
    creative's market is or lies in (one for US covers US-NV, one for GCC covers SA), the
    advertiser as holder, and dates, both ends included.

    >>> old = Certificate("GMB.REAL", market="NG", number="7", until=date(2026, 1, 1))
    >>> facts = Facts("c1", ("NG",), certificates=(old,))
    >>> check_certificates(facts, "GMB.REAL", frozenset({"NG"}), date(2026, 11, 20))
    CertificateFault(code='certificate_expired', values={'number': '7', 'until': '2026-01-01'})
    """
    nearest = CertificateFault("certificate_missing", {})
    for certificate in facts.certificates:
        if certificate.policy == code:
            fault = _fault(certificate, facts.advertiser, lineage, on)
            if fault is None:
                return None
            nearest = max(nearest, fault, key=_nearness)
    return nearest


def _fault(
    certificate: Certificate, advertiser: str | None, lineage: frozenset[str], on: date
) -> CertificateFault | None:
    stated = {} if certificate.number is None else {"number": certificate.number}
    if certificate.market is not None and certificate.market not in lineage:
        return CertificateFault("certificate_wrong_market", stated)
    if certificate.holder is not None and certificate.holder != advertiser:
        return CertificateFault("certificate_wrong_holder", stated)
    if certificate.from_ is not None and on < certificate.from_:
        valid = {**stated, "from": certificate.from_.isoformat()}
        return CertificateFault("certificate_not_yet_valid", valid)
    if certificate.until is not None and certificate.until < on:
        valid = {**stated, "until": certificate.until.isoformat()}
        return CertificateFault("certificate_expired", valid)
    return None


def _nearness(fault: CertificateFault) -> tuple[int, str, str]:
    # Whatever the order they came in, the same one is named: the last to expire, the last number.
    return _ORDER.index(fault.code), fault.values.get("until", ""), fault.values.get("number", "")
