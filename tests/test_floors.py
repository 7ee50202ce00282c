"""The shape of the library: floors, sizes, names, and what no module may do."""

import ast
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from types import FunctionType

import pytest

import automod

PACKAGE = Path(automod.__file__).parent
MODULES = sorted(PACKAGE.rglob("*.py"))
NAMES = [path.relative_to(PACKAGE).as_posix() for path in MODULES]

FLOORS = {
    "errors": 0, "version": 0,
    "model": 1,
    "text": 2, "media": 2, "policy": 2,
    "load": 3, "match": 3, "evaluate": 3,
    "engine": 4,
    "batch": 5,
    "workshop": 6, "monitor": 6,
    "report": 7,
    "cli": 8, "service": 8, "__main__": 8,
}  # fmt: skip
"""Part -> floor. A part imports from floors below it, or from itself."""

SEES_ONLY = {
    "policy": {"errors", "version", "model"},
    "evaluate": {"errors", "version", "model", "policy"},
}
"""Parts that see less than their floor would let them: judging knows no text and no files."""

VAGUE = {"utils", "util", "helpers", "helper", "common", "manager", "misc", "core", "base"}
NETWORK = {
    "aiohttp", "ftplib", "http", "httpx", "requests", "smtplib", "socket", "ssl", "urllib.request",
}  # fmt: skip
UNSAFE = {"pickle", "cPickle", "dill", "marshal", "shelve"}
CLOCKS = {
    "datetime.now", "datetime.utcnow", "datetime.today", "date.today", "time.time",
    "time.time_ns", "time.localtime", "time.gmtime", "time.strftime",
}  # fmt: skip
"""Calls that tell what time it is. A stop-watch (time.monotonic, time.perf_counter) is none."""

SURROUNDINGS = {"os.environ", "os.getenv", "os.environb"}

CLOCK_IS_READ_BY = {"engine/engine.py", "engine/live.py", "cli/clock.py"}
"""Where a clock may be read: today, when nobody said `on`; since when an engine is served, which no
decision depends on; and now, by the command line."""


DISTRIBUTIONS = {
    "PIL": "pillow",
    "ahocorasick": "pyahocorasick",
    "phonenumbers": "phonenumberslite",
    "pydantic_core": "pydantic",
    "vl_convert": "vl-convert-python",
    "xlsxwriter": "XlsxWriter",
    "yaml": "PyYAML",
    "zxingcpp": "zxing-cpp",
}
"""Imported name -> the distribution that brings it, where the two differ."""

BROUGHT = {"pyspark"}
"""What the user brings, in the version of the cluster: no extra of ours has it."""

FOR_SPARK = {"pandas"}
"""What PySpark imports and does not ask for; the extra `spark` does."""


@cache
def tree(name: str) -> ast.Module:
    """The syntax tree of a module of the package."""
    return ast.parse((PACKAGE / name).read_text(encoding="utf-8"))


def part_of(name: str) -> str:
    """`load/tables.py` -> `load`; `errors.py` -> `errors`."""
    return name.split("/", maxsplit=1)[0].removesuffix(".py")


def imports(name: str) -> Iterator[tuple[int, str]]:
    """Line and absolute dotted name of everything a module imports, late imports included.

    `from a import b` yields `a` only: whether b is a module cannot be told from the syntax, except
    from the package root, where it yields `automod` (and is a fault in any case).
    """
    package = ["automod", *name.split("/")[:-1]]
    for node in ast.walk(tree(name)):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            yield node.lineno, ".".join([*base, *([node.module] if node.module else [])])


def calls(name: str) -> Iterator[tuple[int, str]]:
    """Line and last two parts of the name of every call: `datetime.now`."""
    for node in ast.walk(tree(name)):
        if isinstance(node, ast.Call):
            yield node.lineno, ".".join(ast.unparse(node.func).split(".")[-2:])


def functions(name: str) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Every function and method of a module, at any depth."""
    for node in ast.walk(tree(name)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def for_types_alone(name: str) -> Iterator[ast.If]:
    """What a module does `if TYPE_CHECKING`: nothing, when it runs."""
    for node in ast.walk(tree(name)):
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            yield node


def code_lines(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines from `def` to the end, without decorators and docstring."""
    documented = ast.get_docstring(node) is not None
    text = node.body[0] if documented else None
    prose = text.end_lineno - text.lineno + 1 if text and text.end_lineno else 0
    return (node.end_lineno or node.lineno) - node.lineno + 1 - prose


@pytest.mark.parametrize("name", NAMES)
def test_every_module_belongs_to_a_part_of_the_house(name: str) -> None:
    """Every part stands on a floor; a new one is added to FLOORS with a reason."""
    assert name == "__init__.py" or part_of(name) in FLOORS


@pytest.mark.parametrize("name", [name for name in NAMES if name != "__init__.py"])
def test_imports_point_down(name: str) -> None:
    """A module imports only from floors below it, or from its own part; never the package root."""
    part = part_of(name)
    wrong = []
    for line, target in imports(name):
        if target.split(".")[0] != "automod":
            continue
        other = target.split(".")[1] if "." in target else "the package root"
        below = other in FLOORS and FLOORS[other] < FLOORS[part]
        seen = other in SEES_ONLY.get(part, FLOORS)
        if other != part and not (below and seen):
            wrong.append(f"{name}:{line} imports {other}")
    assert wrong == []


@pytest.mark.parametrize("name", NAMES)
def test_no_vague_names(name: str) -> None:
    """A module is named for what it holds; a folder with modules in it is a package."""
    assert VAGUE.isdisjoint(part.removesuffix(".py") for part in name.split("/"))
    assert (PACKAGE / name).with_name("__init__.py").exists()


@pytest.mark.parametrize("name", NAMES)
def test_modules_and_functions_stay_short(name: str) -> None:
    """A module has at most 500 lines, a function at most 60 without its docstring (aim: 10)."""
    assert len((PACKAGE / name).read_text(encoding="utf-8").splitlines()) <= 500
    assert [node.name for node in functions(name) if code_lines(node) > 60] == []


def declared() -> dict[str, set[str]]:
    """The distributions that the base needs (under ""), and those that each extra brings."""
    project = tomllib.loads((PACKAGE.parents[1] / "pyproject.toml").read_text("utf-8"))["project"]
    lines = {"": project["dependencies"], **project["optional-dependencies"]}
    return {extra: {line.split(">=")[0] for line in some} for extra, some in lines.items()}


def distribution(module: str) -> str:
    """What brings a module."""
    return DISTRIBUTIONS.get(module, module.replace("_", "-"))


def foreign(targets: Iterator[tuple[int, str]]) -> set[str]:
    """The distributions that others made, of what is imported."""
    roots = {target.split(".")[0] for _, target in targets}
    return {distribution(root) for root in roots - set(sys.stdlib_module_names) - {"automod"}}


def test_what_is_imported_is_what_is_declared() -> None:
    """Every third-party import is declared, in the base or in an extra, and none for nothing."""
    imported = {one for name in NAMES for one in foreign(imports(name))}
    assert imported - BROUGHT == set().union(*declared().values()) - FOR_SPARK


def test_the_extra_all_is_all_of_them() -> None:
    """`all` brings what the others bring, and no extra what the base has."""
    extras = declared()
    base, everything = extras.pop(""), extras.pop("all")
    extras.pop("spark")  # its pandas is older than what everybody else may have
    assert everything == set().union(*extras.values())
    assert everything.isdisjoint(base)


@pytest.mark.parametrize("name", NAMES)
def test_what_an_extra_brings_is_imported_where_it_is_used(name: str) -> None:
    """Without it everything else works: no module asks for it when it is imported itself."""
    blocks = [*functions(name), *for_types_alone(name)]
    late = {line for one in blocks for line in range(one.lineno, (one.end_lineno or 0) + 1)}
    at_once = ((line, target) for line, target in imports(name) if line not in late)
    assert foreign(at_once).isdisjoint(declared()["all"])


@pytest.mark.parametrize("name", NAMES)
def test_nothing_dangerous(name: str) -> None:
    """No pickles, no eval or exec, no yaml.load, no network."""
    banned = NETWORK | UNSAFE
    imported = [
        (line, target)
        for line, target in imports(name)
        if target in banned or target.split(".")[0] in banned
    ]
    called = [
        (line, call)
        for line, call in calls(name)
        if call in {"eval", "exec", "yaml.load", "yaml.unsafe_load", "yaml.full_load", "os.system"}
    ]
    assert imported == []
    assert called == []


@pytest.mark.parametrize("name", NAMES)
def test_no_other_place_reads_a_clock(name: str) -> None:
    """A decision depends on its date, never on the time it was made at."""
    read = [(line, call) for line, call in calls(name) if call in CLOCKS]
    assert name in CLOCK_IS_READ_BY or read == []


@pytest.mark.parametrize(
    "name", [name for name in NAMES if part_of(name) not in {"cli", "service"}]
)
def test_only_the_rim_reads_the_environment(name: str) -> None:
    """What a decision is does not depend on environment variables."""
    read = [
        (node.lineno, ast.unparse(node))
        for node in ast.walk(tree(name))
        if isinstance(node, ast.Attribute) and ast.unparse(node) in SURROUNDINGS
    ]
    assert read == []


@pytest.mark.parametrize("name", sorted(set(automod.__all__) - {"__version__"}))
def test_public_names_are_documented(name: str) -> None:
    """Every root export has a docstring; every function among them has an example that runs."""
    public = getattr(automod, name)
    assert public.__doc__
    assert not isinstance(public, FunctionType) or ">>> " in public.__doc__


def test_the_root_lists_what_it_exports() -> None:
    """`__all__` is sorted, is what dir() shows, and each name resolves where it says it lives."""
    assert sorted(automod.__all__) == dir(automod)
    assert automod.__all__ == sorted(automod._HOME)
    assert [name for name in automod.__all__ if not hasattr(automod, name)] == []


def test_an_unknown_name_of_the_root_is_an_attribute_error() -> None:
    """The lazy root answers like any module: hasattr and copy.copy rely on it."""
    with pytest.raises(AttributeError, match="no attribute 'laod'"):
        automod.laod  # type: ignore[attr-defined]  # noqa: B018


@pytest.mark.parametrize(
    "first",
    [
        "import automod.load.ruleset",
        "from automod.load import ruleset",
        "import automod",
        "from automod import load",
    ],
)
def test_load_is_the_function_whatever_was_imported_first(first: str) -> None:
    """The folder `load` never takes the place of the function `automod.load`."""
    run_python(f"{first}; import automod, inspect; assert inspect.isfunction(automod.load)")


def test_importing_automod_loads_nothing_else() -> None:
    """`import automod` loads no third-party package, and no part of its own."""
    loaded = run_python(
        "import sys; before = set(sys.modules); import automod;"
        "print(*sorted(set(sys.modules) - before))"
    ).split()
    assert [name for name in loaded if name.split(".")[0] not in sys.stdlib_module_names] == [
        "automod"
    ]


def run_python(code: str) -> str:
    """What a new interpreter prints; the test fails when it fails."""
    ran = subprocess.run(
        [sys.executable, "-W", "error", "-c", code], capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stderr
    return ran.stdout
