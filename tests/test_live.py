"""An engine that follows its files: every sort of edit arrives, and no broken one does."""

from __future__ import annotations

import asyncio
import gc
import os
import shutil
import subprocess
import sys
import threading
import weakref
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from multiprocessing import get_context
from pathlib import Path
from threading import Event
from typing import Any

import pytest

import automod
from automod.engine import alarms, aside
from automod.engine import live as module
from automod.engine.compile import VERSIONS
from automod.engine.live import Live, watch
from automod.load.bundle import bundle_bytes
from loading import CASINO, HEAD, override, table, write
from pictures import file_of, scene
from rulesets import creative
from videos import encoded, film

ROWS = "kind,value,weight\nkeyword,casino,strong\n"
MORE = ROWS + "keyword,jackpot,strong\n"
AD = creative("casino and jackpot", on="2026-11-20")


@pytest.fixture(autouse=True)
def _soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the system does not tell of is looked for soon."""
    monkeypatch.setattr(alarms, "RECHECK", 0.1)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Rules whose one package has a table."""
    return write(tmp_path / "rules", table(ROWS))


@pytest.fixture
def opened() -> Iterator[Callable[..., Live]]:
    """`watch`, in a thread unless told otherwise, closed when the test is over."""
    with ExitStack() as stack:

        def made(*paths: Any, **options: Any) -> Live:
            return stack.enter_context(watch(*paths, **{"loader": "thread", **options}))

        yield made


def served(live: Live) -> str:
    """The digest of what decides."""
    return live.decide(AD).ruleset


def digest_of(*paths: Path, **options: Any) -> str:
    """The digest of what lies there now."""
    return automod.compile(automod.load(*paths, **options)).digest


# --- edits ---------------------------------------------------------------------------------------


def _in_place(folder: Path) -> None:
    (folder / "t.csv").write_text(MORE)


def _appended(folder: Path) -> None:
    with (folder / "t.csv").open("a") as file:
        file.write("keyword,jackpot,strong\n")


def _renamed(folder: Path) -> None:
    beside = folder / ".t.csv.swp"
    beside.write_text(MORE)
    beside.replace(folder / "t.csv")


def _in_two_steps(folder: Path) -> None:
    """As an editor that empties the file and writes it later."""
    with (folder / "t.csv").open("w") as file:
        file.write(ROWS[:20])
        file.flush()
        os.fsync(file.fileno())
        file.write(MORE[20:])


def _as_vim_does(folder: Path) -> None:
    (folder / "t.csv").rename(folder / "t.csv~")
    (folder / "t.csv").write_text(MORE)
    (folder / "t.csv~").unlink()


def _same_size_and_time(folder: Path) -> None:
    path = folder / "t.csv"
    times = path.stat().st_atime_ns, path.stat().st_mtime_ns
    path.write_text(ROWS.replace("casino", "casini"))
    os.utime(path, ns=times)


def _new_package(folder: Path) -> None:
    (folder / "deeper").mkdir()
    (folder / "deeper" / "q.yaml").write_text(HEAD.replace("package: p", "package: q") + CASINO)


def _package_moved(folder: Path) -> None:
    (folder / "t.csv").write_text(MORE)
    (folder / "p.yaml").rename(folder / "renamed.yaml")


def _override(folder: Path) -> None:
    text = override("target: p\nset: {status: shadow}\nuntil: 2029-12-01\n")["overrides/o.yaml"]
    write(folder, {"overrides/o.yaml": text})


def _policies(folder: Path) -> None:
    path = folder / "policies.yaml"
    path.write_text(path.read_text() + "thresholds: {review: 0.4, act: 0.8}\n")


def _deleted_and_made_again(folder: Path) -> None:
    shutil.rmtree(folder)
    write(folder, table(MORE))


def _another_in_its_place(folder: Path) -> None:
    write(folder.with_name("new"), table(MORE))
    folder.rename(folder.with_name("old"))
    folder.with_name("new").rename(folder)


EDITS = [
    _in_place, _appended, _renamed, _in_two_steps, _as_vim_does, _same_size_and_time, _new_package,
    _package_moved, _override, _policies, _deleted_and_made_again, _another_in_its_place,
]  # fmt: skip


@pytest.mark.parametrize("poll", [None, 0.02], ids=["told", "polled"])
@pytest.mark.parametrize("edit", EDITS)
def test_an_edit_arrives(
    edit: Callable[[Path], None], poll: float | None, folder: Path, opened: Callable[..., Live]
) -> None:
    """Whatever changes the files, what they hold then is served, and one edit more as well."""
    live = opened(folder, poll=poll)
    first = served(live)
    edit(folder)
    assert live.wait_for(digest_of(folder)).digest == served(live) != first
    (folder / "t.csv").write_text(ROWS + "keyword,lottery,strong\n")
    assert live.wait_for(digest_of(folder)).digest == served(live)
    assert (live.status.stale, live.status.error, live.status.faults) == (False, None, ())


def test_a_change_behind_a_link_arrives(tmp_path: Path, opened: Callable[..., Live]) -> None:
    """Files that lead through a link `..data` change when the link does, as in Kubernetes."""
    first, second = write(tmp_path / "..1", table(ROWS)), write(tmp_path / "..2", table(MORE))
    (tmp_path / "..data").symlink_to(first.name)
    for name in ("policies.yaml", "p.yaml", "t.csv"):
        (tmp_path / name).symlink_to(Path("..data", name))
    live = opened(tmp_path)
    assert served(live) == digest_of(first)
    (tmp_path / "..data_tmp").symlink_to(second.name)
    (tmp_path / "..data_tmp").replace(tmp_path / "..data")
    assert live.wait_for(digest_of(second)).swaps == 1


def test_a_folder_behind_a_link_is_followed(tmp_path: Path, opened: Callable[..., Live]) -> None:
    """A link to a release is led elsewhere, and what changes there later arrives, too."""
    first, second = write(tmp_path / "1", table(ROWS)), write(tmp_path / "2", table(MORE))
    current = tmp_path / "current"
    current.symlink_to(first)
    live = opened(current)
    (tmp_path / "next").symlink_to(second)
    (tmp_path / "next").replace(current)
    live.wait_for(digest_of(second))
    _policies(second)
    assert live.wait_for(digest_of(second)).swaps == 2


def test_a_package_alone_is_followed_with_its_table(
    folder: Path, opened: Callable[..., Live]
) -> None:
    """Files given one by one change as those of a folder do."""
    given = folder / "p.yaml", folder / "policies.yaml"
    live = opened(*given)
    _renamed(folder)
    assert live.wait_for(digest_of(*given)).swaps == 1


@pytest.mark.parametrize("name", ["rules.automod", "current.automod"])
def test_a_bundle_is_followed(
    name: str, tmp_path: Path, folder: Path, opened: Callable[..., Live]
) -> None:
    """A bundle replaced by another, or a link led to another; the old one put back is served."""
    bundles = {}
    for rows in (ROWS, MORE):
        digest, data = bundle_bytes(automod.load(write(folder, table(rows))), VERSIONS)
        bundles[digest] = tmp_path / f"{digest.replace(':', '-')}.automod"
        bundles[digest].write_bytes(data)
    old, new = bundles

    def put(digest: str) -> None:
        beside = tmp_path / "beside.automod"
        if name == "current.automod":
            beside.symlink_to(bundles[digest])
        else:
            shutil.copyfile(bundles[digest], beside)
        beside.replace(tmp_path / name)

    put(old)
    live = opened(tmp_path / name)
    for digest in (new, old, new):
        put(digest)
        live.wait_for(digest)
        assert served(live) == digest


# --- broken edits --------------------------------------------------------------------------------


@pytest.mark.parametrize("loader", ["thread", "process"])
def test_a_broken_edit_keeps_the_old_engine_and_says_why(
    loader: str, folder: Path, opened: Callable[..., Live]
) -> None:
    """The faults are those of `load`, all of them; what is mended is served."""
    errors: list[Exception] = []
    swaps: list[tuple[str, str]] = []
    live = opened(
        folder, loader=loader, on_error=errors.append,
        on_swap=lambda old, new: swaps.append((old.digest, new.digest)),
    )  # fmt: skip
    first = live.engine
    (folder / "t.csv").write_text(MORE + "keywrod,x,strong\nkeyword,y,stronk\n")
    status = live.wait_for(attempts=1)
    with pytest.raises(automod.LoadError) as told:
        automod.load(folder)
    assert status.faults == told.value.faults
    assert len(status.faults) == 2
    assert errors == [status.error]
    assert status.stale and status.digest == first.digest
    assert live.engine is first
    (folder / "t.csv").write_text(MORE)
    status = live.wait_for(digest_of(folder))
    assert (status.stale, status.faults, status.swaps) == (False, (), 1)
    assert swaps == [(first.digest, status.digest)]
    assert len(errors) == 1


def test_a_folder_that_is_gone_keeps_the_old_engine(
    folder: Path, opened: Callable[..., Live]
) -> None:
    """Deleted files are a broken edit."""
    live = opened(folder)
    before = served(live)
    shutil.rmtree(folder)
    status = live.wait_for(attempts=1)
    assert status.stale and status.faults and served(live) == before
    write(folder, table(MORE))
    live.wait_for(digest_of(folder))


def test_a_half_written_bundle_is_waited_for(
    tmp_path: Path, folder: Path, opened: Callable[..., Live]
) -> None:
    """Half a bundle is refused and the old engine kept; the whole one is served."""
    path = tmp_path / "rules.automod"
    path.write_bytes(bundle_bytes(automod.load(folder), VERSIONS)[1])
    live = opened(path)
    digest, data = bundle_bytes(automod.load(write(folder, table(MORE))), VERSIONS)
    with path.open("wb") as file:
        file.write(data[: len(data) // 2])
        file.flush()
        status = live.wait_for(attempts=1)
        assert isinstance(status.error, automod.InputError)
        file.write(data[len(data) // 2 :])
    assert live.wait_for(digest).error is None


def test_files_that_change_while_they_are_read_are_read_again(
    folder: Path, monkeypatch: pytest.MonkeyPatch, opened: Callable[..., Live]
) -> None:
    """What came of half an edit is neither served nor told as a fault."""
    live = opened(folder, by_hand=True)
    read = module.Source.here
    states = iter([MORE, "", MORE])

    def meanwhile(source: module.Source) -> Any:
        try:
            return read(source)
        finally:
            if (state := next(states, None)) is not None:
                (folder / "t.csv").write_text(state + "\n")

    monkeypatch.setattr(module.Source, "here", meanwhile)
    monkeypatch.setattr(module, "MOST_TRIES", 4)
    status = live.reload()
    assert (status.attempts, status.swaps, status.error) == (1, 1, None)
    assert status.digest == digest_of(folder)


def test_files_that_never_hold_still_are_served_in_the_end(
    folder: Path, monkeypatch: pytest.MonkeyPatch, opened: Callable[..., Live]
) -> None:
    """After MOST_TRIES what was read is served, and what is written later loaded later."""
    live = opened(folder, by_hand=True)
    read, count = module.Source.here, 0

    def meanwhile(source: module.Source) -> Any:
        nonlocal count
        count += 1
        found = read(source)
        (folder / "t.csv").write_text(f"{ROWS}keyword,word{'x' * count},strong\n")
        return found

    monkeypatch.setattr(module.Source, "here", meanwhile)
    status = live.reload()
    assert (count, status.swaps, status.error) == (module.MOST_TRIES, 1, None)
    monkeypatch.setattr(module.Source, "here", read)
    assert live.reload().digest == digest_of(folder)


@pytest.mark.parametrize("error", [RuntimeError("no memory"), automod.MissingExtra("x", "y")])
def test_what_is_no_fault_of_the_files_is_tried_again(
    error: Exception, folder: Path, monkeypatch: pytest.MonkeyPatch, opened: Callable[..., Live]
) -> None:
    """A failure that another try may not meet is tried again by the clock, and told once."""
    errors: list[Exception] = []
    compiled, tries = module.Source.compiled, iter([error, error, None])

    def failing(source: module.Source, ruleset: Any) -> Any:
        met = next(tries, None)
        if met is not None:
            raise met
        return compiled(source, ruleset)

    live = opened(folder, poll=0.01, on_error=errors.append)
    monkeypatch.setattr(module, "RETRY", 0.01)
    monkeypatch.setattr(module.Source, "compiled", failing)
    _in_place(folder)
    status = live.wait_for(swaps=1)
    assert (status.attempts, status.error) == (3, None)
    assert errors == [error]


# --- what is the same, and what comes at once ----------------------------------------------------


def test_what_says_the_same_swaps_nothing(folder: Path, opened: Callable[..., Live]) -> None:
    """A comment is no change of rules: the engine stays the very same."""
    live = opened(folder)
    before = live.engine
    path = folder / "p.yaml"
    path.write_text("# a comment\n" + path.read_text())
    status = live.wait_for(attempts=1)
    assert live.engine is before
    assert (status.swaps, status.stale, status.loaded_at < status.tried_at) == (0, False, True)


def test_many_edits_are_one(folder: Path, opened: Callable[..., Live]) -> None:
    """What was edited while a swap was under way is loaded once: the last state wins."""
    entered, go = Event(), Event()

    def wait(_old: object, _new: object) -> None:
        entered.set()
        assert go.wait(60)

    live = opened(folder, on_swap=wait)
    for number in range(50):
        rows = f"{ROWS}keyword,word{'x' * number},strong\n"
        (folder / "t.csv").write_text(rows)
        if not number:
            assert entered.wait(60)
    go.set()
    status = live.wait_for(digest_of(folder))
    assert (status.swaps, status.attempts) == (2, 2)


def test_hidden_and_temporary_files_are_no_change(
    folder: Path, opened: Callable[..., Live]
) -> None:
    """Files that no loader reads wake it, and nothing is loaded."""
    live = opened(folder, poll=0.01)
    (folder / ".git").mkdir()
    for name in (".p.yaml.swp", "~$book.xlsx", "t.csv~", ".git/index"):
        (folder / name).write_text("x")
    _in_place(folder)
    assert live.wait_for(swaps=1).attempts == 1


# --- how it is asked for -------------------------------------------------------------------------


def test_options_of_loading_and_compiling_are_kept(
    folder: Path, opened: Callable[..., Live]
) -> None:
    """What is not approved stays shadow after an edit; the back end and isolation stay, too."""
    live = opened(folder, require_approval=True, backend="pyahocorasick", isolated=True)
    assert live.status.notes
    _in_place(folder)
    live.wait_for(digest_of(folder, require_approval=True))
    assert live.decide(AD).action == "approve"
    assert {hit.status for hit in live.decide(AD).hits} == {"shadow"}
    assert (live.engine.backend, live.engine.isolated) == ("pyahocorasick", True)


@pytest.mark.parametrize("loader", ["thread", "process"])
def test_a_cache_of_samples_among_the_rules_is_no_change(
    loader: str, folder: Path, opened: Callable[..., Live]
) -> None:
    """What loading keeps beside the rules does not make it load again."""
    live = opened(folder, cache=folder / "cache", loader=loader)
    picture = "materials: [{kind: image, file: s.png, weight: strong}]\n"
    write(folder, {"s.png": file_of(scene(1)), "q.yaml": HEAD.replace("p\n", "q\n", 1) + picture})
    live.wait_for(digest_of(folder))
    assert list((folder / "cache").iterdir())
    _in_place(folder)
    before = live.status.attempts
    live.wait_for(digest_of(folder))
    assert live.status.attempts - before <= 1


def test_by_hand_it_looks_only_when_told(folder: Path, opened: Callable[..., Live]) -> None:
    """Without any watching `reload` does it, until it is closed."""
    live = opened(folder, by_hand=True)
    before = live.engine
    _in_place(folder)
    assert live.engine is before
    assert live.reload().digest == digest_of(folder) == served(live)
    live.close()
    with pytest.raises(ValueError, match="closed"):
        live.reload()


def test_an_engine_that_is_given_decides_until_files_were_loaded(
    folder: Path, opened: Callable[..., Live]
) -> None:
    """It decides at once; where it is what the files hold, it stays, else it is replaced."""
    engine = automod.compile(automod.load(folder))
    live = opened(folder, engine=engine)
    assert live.engine is engine
    assert live.wait_for(attempts=1).swaps == 0
    assert live.engine is engine
    _in_place(folder)
    assert opened(folder, engine=engine).wait_for(swaps=1).digest == digest_of(folder)


def test_what_does_not_load_at_the_start_is_raised(tmp_path: Path) -> None:
    """As `load` raises it."""
    with pytest.raises(automod.LoadError, match="no such file or folder"):
        watch(tmp_path / "nothing")
    (tmp_path / "rules.automod").write_bytes(b"{}")
    with pytest.raises(automod.InputError, match="no bundle"):
        watch(tmp_path / "rules.automod", poll=1)


@pytest.mark.parametrize("poll", [0, -1, float("nan")])
def test_seconds_are_above_zero(poll: float, folder: Path) -> None:
    """No poll is no number of seconds."""
    with pytest.raises(ValueError, match="poll is"):
        watch(folder, poll=poll)


def test_without_the_extra_it_polls_or_says_so(
    folder: Path, monkeypatch: pytest.MonkeyPatch, opened: Callable[..., Live]
) -> None:
    """Only to be told of changes by the system needs another library."""
    monkeypatch.setitem(sys.modules, "watchfiles", None)
    with pytest.raises(automod.MissingExtra, match=r"automod-ads\[live\]"):
        watch(folder)
    live = opened(folder, poll=0.01)
    _in_place(folder)
    assert live.wait_for(digest_of(folder)).swaps == 1


def test_where_the_system_cannot_watch_it_looks_by_the_clock(
    folder: Path, monkeypatch: pytest.MonkeyPatch, opened: Callable[..., Live]
) -> None:
    """No watches left, or a library that fails: changes arrive all the same."""
    import watchfiles

    def fail(*_: object, **__: object) -> Iterator[object]:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(watchfiles, "watch", fail)
    live = opened(folder)
    _in_place(folder)
    assert live.wait_for(digest_of(folder)).swaps == 1


def test_waiting_ends(folder: Path, opened: Callable[..., Live]) -> None:
    """What does not come in time is told, with what is served and why."""
    live = opened(folder)
    (folder / "p.yaml").write_text("package: [")
    live.wait_for(attempts=1)
    with pytest.raises(TimeoutError, match=r"(?s)sha256:.*after 0 swaps.*p\.yaml"):
        live.wait_for("sha256:0", timeout=0)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_an_error_of_a_callback_does_not_end_the_watch(
    folder: Path, opened: Callable[..., Live]
) -> None:
    """What a caller's function raises is told as threads tell it; the next edit arrives."""

    def fail(*_: object) -> None:
        raise RuntimeError("not ours")

    live = opened(folder, on_swap=fail)
    _in_place(folder)
    live.wait_for(swaps=1)
    _policies(folder)
    live.wait_for(swaps=2)
    assert served(live) == digest_of(folder)


def test_an_error_of_a_callback_does_not_keep_a_forgotten_watch(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its frames hold the watch: nothing holds them once it was told."""
    monkeypatch.setattr(threading, "excepthook", lambda _: None)

    def fail(*_: object) -> None:
        raise RuntimeError("not ours")

    live = watch(folder, poll=0.01, loader="thread", on_swap=fail)
    _in_place(folder)
    live.wait_for(swaps=1)
    thread = next(one for one in threading.enumerate() if one.name == "automod-watch")
    gone = weakref.ref(live)
    del live
    thread.join(60)
    assert not thread.is_alive() and gone() is None


# --- loading aside -------------------------------------------------------------------------------


def _aside(*paths: Path, wanted: bool = True) -> automod.Ruleset:
    return aside.load_aside(
        [*map(str, paths)], cache=None, require_approval=False, wanted=lambda: wanted
    )[0]


def test_loading_aside_gives_the_same_ruleset(folder: Path) -> None:
    """Another process reads what this one would."""
    assert _aside(folder) == automod.load(folder)


def test_loading_aside_ends_with_its_errors(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Faults, input errors, a process that breaks down, and one that is not wanted any more."""
    (folder / "p.yaml").write_text("package: p\n")
    with pytest.raises(automod.LoadError) as told:
        _aside(folder)
    with pytest.raises(automod.LoadError) as here:
        automod.load(folder)
    assert told.value.faults == here.value.faults
    with pytest.raises(automod.InputError, match="given alone"):
        _aside(tmp_path / "a.automod", tmp_path)
    with pytest.raises(automod.AutomodError, match="ended with"):
        _aside(folder, wanted=False)
    monkeypatch.setattr(aside, "MODULE", "automod.nothing")
    with pytest.raises(automod.AutomodError, match=r"ended with 1: .*No module named"):
        _aside(folder)


# --- what is left behind -------------------------------------------------------------------------


def test_an_old_engine_is_let_go(folder: Path, opened: Callable[..., Live]) -> None:
    """Nothing holds an engine that was replaced: no collector is needed for it to go."""
    live = opened(folder, by_hand=True)
    live.decide(AD)
    old = weakref.ref(live.engine)
    gc.disable()
    try:
        (folder / "t.csv").write_text(ROWS + "keywrod,x,strong\n")
        assert live.reload().faults
        _in_place(folder)
        live.reload()
        assert old() is None
    finally:
        gc.enable()


def test_the_processes_of_an_old_engine_end(tmp_path: Path, opened: Callable[..., Live]) -> None:
    """A process that decoded media for an engine goes when the engine does."""
    data = encoded(film([1, 2]))
    media = "materials:\n  - {kind: video, file: v.mp4, weight: strong}\n"
    folder = write(tmp_path / "rules", {"p.yaml": HEAD + media, "v.mp4": data})
    live = opened(folder, by_hand=True)
    decision = live.decide({"id": "c", "markets": ["SA"], "videos": [data]})
    assert [hit.kind for hit in decision.hits] == ["video"]
    worker = live.engine._viewer._workers._idle.get()
    assert worker._process is not None
    process = worker._process._popen
    live.engine._viewer._workers._idle.put(worker)
    del worker
    assert process.poll() is None
    _policies(folder)
    assert live.reload().swaps == 1
    assert process.poll() is not None


def test_a_watch_that_nobody_holds_ends(folder: Path) -> None:
    """Forgotten without being closed, it leaves neither engine nor thread."""
    live = watch(folder, poll=0.01, loader="thread")
    _in_place(folder)
    live.wait_for(swaps=1)
    thread = next(one for one in threading.enumerate() if one.name == "automod-watch")
    gone = weakref.ref(live)
    del live
    thread.join(60)
    assert not thread.is_alive() and gone() is None


@pytest.mark.parametrize("end", ["", "live.close()\n"])
def test_a_program_ends_with_a_watch_in_it(end: str, folder: Path) -> None:
    """Closed or not, in the middle of a load or not, a program that watches ends as it should."""
    code = (
        "import sys, pathlib, automod\n"
        "live = automod.watch(sys.argv[1])\n"
        "pathlib.Path(sys.argv[1], 't.csv').write_text(sys.argv[2])\n" + end
    )
    ran = subprocess.run(
        [sys.executable, "-W", "error", "-c", code, str(folder), MORE],
        capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "", "")


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_a_fork_decides_and_watches_for_itself(folder: Path) -> None:
    """In a forked process the engine decides on; it loads by hand, or opens a watch of its own.

    The process that forks is new: in this one threads of other libraries may hold locks by now.
    """
    process = get_context("spawn").Process(target=_forks, args=(folder,))
    process.start()
    process.join(60)
    process.kill()
    assert process.exitcode == 0


def _forks(folder: Path) -> None:
    with watch(folder, loader="thread") as live:
        first = served(live)
        with live._turn, live._changed:  # as if it was in the middle of a load
            child = os.fork()
            if not child:
                code = 1
                try:
                    code = _in_a_fork(live, folder, first)
                finally:
                    os._exit(code)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
        assert live.wait_for(digest_of(folder)).digest != first


def _in_a_fork(live: Live, folder: Path, first: str) -> int:
    assert served(live) == first
    with watch(folder, engine=live.engine, loader="thread") as own:
        _in_place(folder)
        own.wait_for(swaps=1)
        assert live.reload().digest == own.status.digest == served(own)
    live.close()
    return 0


# --- under load ----------------------------------------------------------------------------------

BROKEN = "kind,value,weight\nkeywrod,x,y\n"


def _edit(folder: Path, live: Live, rounds: int) -> None:
    """Edit after edit, each fifth of them broken; each is served, or refused, before the next."""
    for number in range(rounds):
        before = live.status.attempts
        rows = ROWS.replace("strong", f"{0.2 + number % 7 / 10:.1f}")
        (folder / "t.csv").write_text(BROKEN if number % 5 == 4 else rows)
        live.wait_for(attempts=before + 1)


def _assert_whole(
    batches: list[list[automod.Decision]], engines: dict[str, automod.Engine], count: int
) -> None:
    """Each decision is that of the engine it names, and no batch has two of them."""
    assert sum(map(len, batches)) == count
    truth = {digest: engine.decide(AD).to_dict() for digest, engine in engines.items()}
    for batch in batches:
        assert len({one.ruleset for one in batch}) == 1
        for index, one in enumerate(batch):
            assert one.to_dict() == {**truth[one.ruleset], "index": index}
    assert len({one.action for batch in batches for one in batch}) > 1


def test_threads_see_one_ruleset_at_a_time(folder: Path, opened: Callable[..., Live]) -> None:
    """While rules are edited all the time no decision fails, is lost, or mixes two rulesets."""
    from concurrent.futures import ThreadPoolExecutor

    engines: dict[str, automod.Engine] = {}
    live = opened(folder, on_swap=lambda _, new: engines.setdefault(new.digest, new))
    engines[live.engine.digest] = live.engine
    over, asked = Event(), [0] * 4

    def serve(number: int) -> list[list[automod.Decision]]:
        batches = []
        while not over.is_set():
            size = asked[number] % 3
            batches.append(live.decide_batch([AD] * size) if size else [live.decide(AD)])
            asked[number] += size or 1
        return batches

    with ThreadPoolExecutor(4) as pool:
        serving = pool.map(serve, range(4))
        try:
            _edit(folder, live, 20)
        finally:
            over.set()
        batches = [batch for some in serving for batch in some]
    assert live.status.swaps > 10
    _assert_whole(batches, engines, sum(asked))


def test_tasks_see_one_ruleset_at_a_time(folder: Path, opened: Callable[..., Live]) -> None:
    """The same from asyncio, where each decision is made in a thread of its pool."""
    engines: dict[str, automod.Engine] = {}
    live = opened(folder, on_swap=lambda _, new: engines.setdefault(new.digest, new))
    engines[live.engine.digest] = live.engine
    made: list[list[automod.Decision]] = []
    asked = 0

    async def serve(over: asyncio.Event) -> None:
        nonlocal asked
        while not over.is_set():
            asked += 1
            made.append([await asyncio.to_thread(live.decide, AD)])

    async def main() -> None:
        over = asyncio.Event()
        serving = [asyncio.create_task(serve(over)) for _ in range(8)]
        try:
            await asyncio.to_thread(_edit, folder, live, 20)
        finally:
            over.set()
        await asyncio.gather(*serving)

    asyncio.run(main())
    assert live.status.swaps > 10
    _assert_whole(made, engines, asked)
