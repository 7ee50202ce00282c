"""The closed lists of words that files, code and reports share."""

from __future__ import annotations

from typing import Final, Literal, get_args

Kind = Literal["keyword", "phrase", "regex", "domain", "url", "handle", "phone", "image", "video"]
View = Literal["exact", "safe", "loose", "evasion"]
Boundary = Literal["word", "inflected", "prefix", "substring"]
Status = Literal["draft", "shadow", "live", "retired"]
Stance = Literal["prohibited", "certificate", "age_gate", "limited", "allowed"]
Action = Literal["approve", "restrict", "review", "reject"]
Severity = Literal["low", "medium", "high", "critical"]
Ground = Literal["law", "platform"]
WhileReview = Literal["hold", "serve"]
Found = Literal["phone", "url", "handle", "code", "mixed_script", "obfuscation"]

KINDS: Final[tuple[Kind, ...]] = get_args(Kind)
VIEWS: Final[tuple[View, ...]] = get_args(View)
BOUNDARIES: Final[tuple[Boundary, ...]] = get_args(Boundary)
STATUSES: Final[tuple[Status, ...]] = get_args(Status)
STANCES: Final[tuple[Stance, ...]] = get_args(Stance)
ACTIONS: Final[tuple[Action, ...]] = get_args(Action)
SEVERITIES: Final[tuple[Severity, ...]] = get_args(Severity)
FOUNDS: Final[tuple[Found, ...]] = get_args(Found)

STATUS_RANK: Final[dict[Status, int]] = {"retired": 0, "draft": 1, "shadow": 2, "live": 3}
"""The less active of two statuses is the smaller."""

ACTION_RANK: Final[dict[Action, int]] = {action: rank for rank, action in enumerate(ACTIONS)}
"""`approve` < `restrict` < `review` < `reject`."""

VIEW_RANK: Final[dict[View, int]] = {view: rank for rank, view in enumerate(VIEWS)}
"""The tighter view is the smaller."""

BEYOND_SAFE: Final = frozenset[View](VIEWS[VIEW_RANK["safe"] + 1 :])
"""The views in which another word may turn out to be the material's: those that cost more."""

WEIGHTS: Final[dict[str, float]] = {
    "certain": 0.95, "strong": 0.9, "medium": 0.6, "weak": 0.3, "signal": 0.0,
}  # fmt: skip
"""What a named weight is worth."""

MEDIA: Final = frozenset[Kind]({"image", "video"})
"""The kinds that are found by what they look like."""

OF_MEDIA: Final = ("images[", "videos[")
"""How the fields of images and videos begin."""

NOT_EVALUATED: Final[dict[str, bool]] = {
    "creative.invalid": False,
    "creative.no_markets": False,
    "creative.unknown_market": False,
    "creative.too_many_fields": False,
    "creative.too_many_media": False,
    "text.not_text": False,
    "text.reserved_name": False,
    "text.malformed": False,
    "text.too_long": False,
    "text.too_many_hits": False,
    "text.too_disguised": False,
    "link.malformed": False,
    "regex.timeout": True,
    "media.missing": True,
    "media.unsupported": False,
    "media.damaged": False,
    "media.too_large": False,
    "media.timeout": True,
    "media.no_decoder": True,
    "fingerprint.malformed": False,
    "fingerprint.version": False,
    "engine.crashed": True,
}
"""The published codes of what was not evaluated, and whether trying again may help."""
