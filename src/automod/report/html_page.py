"""A page of HTML that needs nothing but itself: templates, style, a lock on the outside."""

from __future__ import annotations

import hashlib
import re
from base64 import b64encode
from collections.abc import Iterable, Mapping
from functools import cache, partial
from html import escape
from importlib.resources import files
from typing import Any, Final

from automod.errors import MissingExtra
from automod.model.evaluation import Warned

from .evaluation_words import (
    PASSED_SIGNS,
    POINT_SIGNS,
    axis_word,
    has_word,
    status_word,
    value_word,
    warning_count,
    warning_text,
    warning_title,
)
from .html_figures import decimal, interval, per_thousand, percent, score, thousands
from .html_words import page_word
from .labels import SIGNS, Lang
from .labels import word as label
from .visible import FSI, PDI, shown

RTL: Final = frozenset({"ar"})

_ISOLATE: Final = re.compile(f"{FSI}([^{FSI}{PDI}]*){PDI}")

_POLICY: Final = (
    "default-src 'none'; img-src data:; style-src '{style}'; script-src '{script}'; "
    "base-uri 'none'; form-action 'none'"
)
"""Nothing is fetched, nothing runs but what this page brings, nothing is sent."""


def page(template: str, lang: Lang, values: Mapping[str, Any]) -> str:
    """A template filled in, in one language.

    Every text that is put into it is escaped, and what would act in it (bidi controls, control
    characters, halves of characters) is made visible: only `Html` passes as it is.

    Args:
        template: its name in `templates/`.
        lang: the language of the page.
        values: what it shows, by name.

    Raises:
        MissingExtra: jinja2 is not installed.
    """
    css, js = _source("page.css"), _source("page.js")
    filled = {
        **_helpers(lang),
        "lang": lang, "dir": "rtl" if lang in RTL else "ltr",
        "css": Html(css), "js": Html(js),
        "csp": Html(_POLICY.format(style=_digest(css), script=_digest(js))),
        **values,
    }  # fmt: skip
    return str(_environment().get_template(template).render(filled))


@cache
def _environment() -> Any:
    try:
        from jinja2 import Environment, PackageLoader, StrictUndefined
    except ImportError:
        raise MissingExtra("report", needed_for="a report in HTML") from None
    return Environment(
        loader=PackageLoader(__package__, "templates"), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True, finalize=_finalized,
    )  # fmt: skip


@cache
def _source(name: str) -> str:
    return files(__package__).joinpath("templates", name).read_text(encoding="utf-8")


def _digest(text: str) -> str:
    """By what a content security policy knows a style or a script of the page itself."""
    return f"sha256-{b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


def _finalized(value: object) -> object:
    """A text as it may be shown; what is markup already, and what is no text, as it is."""
    if isinstance(value, str) and not hasattr(value, "__html__"):
        return shown(value)
    return value


# --- markup --------------------------------------------------------------------------------------


class Html(str):
    """Markup of ours, as jinja2 knows it: it is not escaped again."""

    __slots__ = ()

    def __html__(self) -> str:
        """The markup."""
        return str(self)


def markup(template: str, *values: object) -> Html:
    """A piece of markup of ours with texts put in, escaped and made visible.

    >>> markup("<b>{}</b>", "1 < 2"), markup("<p>{}</p>", markup("<br>"))
    ('<b>1 &lt; 2</b>', '<p><br></p>')
    """
    return Html(template.format(*map(_written, values)))


def together(parts: Iterable[Html], between: Html | None = None) -> Html:
    """Pieces of markup, one after the other."""
    return Html((between or "").join(parts))


def _written(value: object) -> str:
    known = getattr(value, "__html__", None)
    return escape(shown(str(value))) if known is None else str(known())


def done(text: str) -> Html:
    """A text in which what would act has been replaced already: it is escaped, and kept."""
    return Html(escape(text))


def ltr(text: object) -> Html:
    """A figure or a date, which runs from left to right whatever stands around it."""
    return markup('<bdi dir="ltr">{}</bdi>', text)


def bdi(text: object) -> Html:
    """A name from outside, in its own direction."""
    return markup("<bdi>{}</bdi>", text)


def code(text: object) -> Html:
    """An id or a digest."""
    return markup('<bdi class="code" dir="ltr">{}</bdi>', text)


def drawn(svg: str) -> Html:
    """A picture that `charts` drew: numbers and words of ours."""
    return Html(svg)


def isolates(text: str) -> Html:
    """A sentence of a catalogue, its isolates as elements: what is in them was made visible there.

    >>> isolates("\u20683\u2069 cases")
    '<bdi>3</bdi> cases'
    """
    parts = _ISOLATE.split(text)  # what is outside, what is inside, and so on
    return together(
        markup("<bdi>{}</bdi>" if n % 2 else "{}", part) for n, part in enumerate(parts)
    )


# --- words ---------------------------------------------------------------------------------------


def _helpers(lang: Lang) -> dict[str, Any]:
    """What templates may ask for."""

    def action_word(name: str) -> str:
        return label(name, lang) if name in SIGNS else name

    def measure_word(name: str) -> str:
        return page_word(name, lang) if has_word(name) else name

    def counted(warned: Warned) -> Html:
        return isolates(warning_count(warned, lang))

    return {
        "w": partial(page_word, lang=lang),
        "axis_word": partial(axis_word, lang=lang), "value_word": partial(value_word, lang=lang),
        "status_word": partial(status_word, lang=lang), "action_word": action_word,
        "measure_word": measure_word, "warning_title": partial(warning_title, lang=lang),
        "warning_text": partial(warning_text, lang=lang), "warning_count": counted,
        "signs": SIGNS, "point_signs": POINT_SIGNS, "passed_signs": PASSED_SIGNS,
        "percent": percent, "interval": interval, "thousands": thousands, "decimal": decimal,
        "per_thousand": per_thousand, "score": score, "ltr": ltr, "bdi": bdi, "done": done,
    }  # fmt: skip
