"""The wheel works where there is no source tree and no development tool."""

import json
import os
import subprocess
import sys
import venv
import zipfile
from email.parser import Parser
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(600),
    # One worker has them all, so that the wheel is built and installed once.
    pytest.mark.xdist_group("wheel"),
]

SNIPPET = """
from importlib.resources import files
import automod

demo = files("automod") / "demo"
engine = automod.compile(automod.load(str(demo / "rulesets")))
clean = engine.decide({"id": "c1", "markets": ["SA"], "text": {"body": "صورة كبيرة"}})
body = "كـــازينو: اربح فلوس حقيقية"
risky = engine.decide({"id": "c2", "markets": ["SA"], "text": {"body": body}})
assert clean.action == "approve", clean
assert risky.action == "reject", risky
print(automod.__version__, automod.__file__)
"""


def run(*command: str | Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    """The command, run where nothing but what is installed can be imported."""
    surroundings = {
        name: value for name, value in os.environ.items() if not name.startswith("PYTHON")
    }
    surroundings["PYTHONUTF8"] = "1"
    return subprocess.run(
        [str(word) for word in command],
        cwd=cwd, env=surroundings, capture_output=True, text=True, check=False,
    )  # fmt: skip


def succeed(*command: str | Path, cwd: Path) -> str:
    """What the command prints; the test fails, with both its streams, when it fails."""
    ran = run(*command, cwd=cwd)
    assert ran.returncode == 0, f"{command}\n{ran.stdout}\n{ran.stderr}"
    return ran.stdout


def python_of(version: str) -> Path | None:
    """A CPython of this version on this machine: on the path, or one of pyenv's."""
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
    on_path = [Path(folder) for folder in os.environ["PATH"].split(os.pathsep)]
    candidates = [folder / f"python{version}" for folder in on_path]
    candidates += [home / "bin" / f"python{version}" for home in sorted(pyenv.glob(f"{version}.*"))]
    for candidate in candidates:
        if candidate.exists() and "shims" not in candidate.parts:
            return candidate
    return None


def install(wheel: Path, home: Path, python: Path | None) -> Path:
    """A new environment with the wheel and what it depends on; its folder of programs."""
    if python is None:
        venv.create(home, with_pip=True)
    else:
        succeed(python, "-m", "venv", home, cwd=home.parent)
    programs = home / "bin"
    succeed(
        programs / "python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check",
        "--constraint", ROOT / "constraints.txt", wheel, cwd=home.parent,
    )  # fmt: skip
    return programs


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from the source distribution: what the first lacks, the second lacks."""
    target = tmp_path_factory.mktemp("dist")
    succeed(sys.executable, "-m", "build", "--no-isolation", "--outdir", target, ROOT, cwd=target)
    (built,) = target.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def programs(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The programs of an environment that has the wheel and no development tool."""
    return install(wheel, tmp_path_factory.mktemp("wheel") / "venv", None)


def test_the_wheel_holds_the_package_and_nothing_else(wheel: Path) -> None:
    """Code, tables, types, demo and licences are in; tests, docs and tools are not."""
    names = zipfile.ZipFile(wheel).namelist()
    sources = {
        f"automod/{path.relative_to(ROOT / 'src/automod').as_posix()}"
        for path in (ROOT / "src/automod").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    rulesets = {
        f"automod/demo/{path.relative_to(ROOT).as_posix()}"
        for path in (ROOT / "rulesets").rglob("*")
        if path.is_file()
    }
    assert {name for name in names if ".dist-info/" not in name} == sources | rulesets
    assert {name.rsplit("/", 1)[-1] for name in names} >= {"LICENSE", "NOTICE", "py.typed"}


def test_the_metadata_says_what_is_needed(wheel: Path) -> None:
    """Name, licence, Python versions, extras, and a floor for each dependency."""
    archive = zipfile.ZipFile(wheel)
    (name,) = (name for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
    metadata = Parser().parsestr(archive.read(name).decode())
    needed = metadata.get_all("Requires-Dist", [])
    assert metadata["Name"] == "automod-ads"
    assert metadata["License-Expression"] == "Apache-2.0"
    assert metadata["Requires-Python"] == ">=3.11"
    assert needed
    assert [line for line in needed if ">=" not in line] == []
    extras = {
        "all", "analyst", "arabic", "arrow", "imagehash", "languages", "live", "report", "spark",
        "video",
    }  # fmt: skip
    assert extras == set(metadata.get_all("Provides-Extra", []))


def test_no_development_tool_is_needed(programs: Path, tmp_path: Path) -> None:
    """What is tested below stands on the base dependencies alone."""
    listed = succeed(programs / "python", "-m", "pip", "list", "--format=freeze", cwd=tmp_path)
    installed = {line.split("==")[0].lower() for line in listed.splitlines()}
    assert installed.isdisjoint(
        {"pytest", "hypothesis", "mypy", "ruff", "wordfreq", "pyarabic", "py3langid"}
    )
    assert "automod-ads" in installed


def test_the_library_works_as_installed(programs: Path, tmp_path: Path) -> None:
    """Load, compile and decide, with the bundled rulesets."""
    printed = succeed(programs / "python", "-c", SNIPPET, cwd=tmp_path)
    assert str(ROOT / "src") not in printed
    assert str(programs.parent) in printed


def test_doctor_finds_nothing_missing(programs: Path, tmp_path: Path) -> None:
    """`automod doctor` says yes on a fresh installation."""
    assert "everything works" in succeed(programs / "automod", "doctor", cwd=tmp_path)


def scan_the_demo(programs: Path, folder: Path) -> list[str]:
    """The decisions on the bundled creatives, one line of JSON each."""
    demo = succeed(
        programs / "python", "-c",
        "from importlib.resources import files; print(files('automod') / 'demo')", cwd=folder,
    ).strip()  # fmt: skip
    return succeed(
        programs / "automod", "scan", f"{demo}/creatives.jsonl", "-r", f"{demo}/rulesets",
        "-f", "jsonl", cwd=folder,
    ).splitlines()  # fmt: skip


def test_scan_works_as_installed(programs: Path, tmp_path: Path) -> None:
    """Every bundled creative has its decision, and some are stopped."""
    creatives = (ROOT / "src/automod/demo/creatives.jsonl").read_text("utf-8").splitlines()
    decisions = [json.loads(line) for line in scan_the_demo(programs, tmp_path)]
    assert [one["creative"] for one in decisions] == [json.loads(one)["id"] for one in creatives]
    assert {one["action"] for one in decisions} >= {"approve", "review", "reject"}


@pytest.mark.parametrize("version", ["3.12", "3.13"])
def test_other_pythons_decide_the_same(
    version: str, wheel: Path, programs: Path, tmp_path: Path
) -> None:
    """Every Python that the classifiers name, where this machine has it, to the byte."""
    python = python_of(version)
    if python is None:
        pytest.skip(f"no CPython {version} on this machine")
    others = install(wheel, tmp_path / "venv", python)
    assert "everything works" in succeed(others / "automod", "doctor", cwd=tmp_path)
    succeed(others / "python", "-W", "error", "-c", SNIPPET, cwd=tmp_path)
    assert scan_the_demo(others, tmp_path) == scan_the_demo(programs, tmp_path)
