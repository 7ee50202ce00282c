"""Risk material of analysts, compiled: judges ad creatives market by market, with evidence.

>>> import automod
>>> engine = automod.compile(automod.load("rulesets"))
>>> engine.decide({"id": "c1", "markets": ["SA"], "text": {"body": "صورة كبيرة"}}).action
'approve'

Everything is loaded on first use: the import itself costs a few milliseconds.
"""

import sys
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .engine.compile import compile as compile
    from .engine.engine import Engine as Engine
    from .engine.live import watch as watch
    from .engine.pictures import fingerprint as fingerprint
    from .engine.reading import load as load
    from .errors import AutomodError as AutomodError
    from .errors import CompileError as CompileError
    from .errors import Fault as Fault
    from .errors import InputError as InputError
    from .errors import LoadError as LoadError
    from .errors import Location as Location
    from .errors import MissingExtra as MissingExtra
    from .media.errors import MediaError as MediaError
    from .media.fingerprint import Fingerprint as Fingerprint
    from .model.decision import Decision as Decision
    from .model.decision import Hit as Hit
    from .model.decision import Verdict as Verdict
    from .model.ruleset import Ruleset as Ruleset
    from .policy.reasons import reason as reason
    from .text.views import fold as fold
    from .version import __version__ as __version__

__all__ = [
    "AutomodError",
    "CompileError",
    "Decision",
    "Engine",
    "Fault",
    "Fingerprint",
    "Hit",
    "InputError",
    "LoadError",
    "Location",
    "MediaError",
    "MissingExtra",
    "Ruleset",
    "Verdict",
    "__version__",
    "compile",
    "fingerprint",
    "fold",
    "load",
    "reason",
    "watch",
]

_HOME = {
    "AutomodError": ".errors",
    "CompileError": ".errors",
    "Decision": ".model.decision",
    "Engine": ".engine.engine",
    "Fault": ".errors",
    "Fingerprint": ".media.fingerprint",
    "Hit": ".model.decision",
    "InputError": ".errors",
    "LoadError": ".errors",
    "Location": ".errors",
    "MediaError": ".media.errors",
    "MissingExtra": ".errors",
    "Ruleset": ".model.ruleset",
    "Verdict": ".model.decision",
    "__version__": ".version",
    "compile": ".engine.compile",
    "fingerprint": ".engine.pictures",
    "fold": ".text.views",
    "load": ".engine.reading",
    "reason": ".policy.reasons",
    "watch": ".engine.live",
}


class _Root(ModuleType):
    """The package itself, which keeps a public function where a folder has the same name."""

    def __setattr__(self, name: str, value: object) -> None:
        # Importing automod.load.ruleset makes Python bind the folder `load` to the package, over
        # the function `automod.load`. The folder stays importable: it is found in sys.modules.
        if not (name in _HOME and isinstance(value, ModuleType)):
            super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Root


if not TYPE_CHECKING:  # a type checker that saw it would let every misspelt name pass

    def __getattr__(name: str) -> object:
        if name not in _HOME:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        value = getattr(import_module(_HOME[name], __name__), name)
        globals()[name] = value
        return value


def __dir__() -> list[str]:
    return __all__
