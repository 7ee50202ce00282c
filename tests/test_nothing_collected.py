"""Holding the collector off, from many threads: who comes out last lets it go on."""

from __future__ import annotations

import gc
import multiprocessing
import os
import weakref
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from threading import Barrier, Thread

import pytest

from automod.model.quick import _HELD, nothing_collected


class Knot:
    """Garbage that only the collector finds."""

    def __init__(self) -> None:
        self.own = self


@pytest.fixture(autouse=True)
def _collecting() -> Iterator[None]:
    assert gc.isenabled()
    yield
    gc.enable()


def test_who_comes_out_first_does_not_let_it_go_on() -> None:
    """It stays off until all are out, in whatever order they come out."""
    first, second = ExitStack(), ExitStack()
    first.enter_context(nothing_collected())
    second.enter_context(nothing_collected())
    first.close()
    assert not gc.isenabled()
    second.close()
    assert gc.isenabled()


def test_it_stays_off_for_who_turned_it_off() -> None:
    """Where it was off before, nobody turns it on."""
    gc.disable()
    with nothing_collected(), nothing_collected():
        assert not gc.isenabled()
    assert not gc.isenabled()


def test_an_error_lets_it_go_on() -> None:
    """What goes wrong inside leaves it as it was."""
    with pytest.raises(ZeroDivisionError), nothing_collected():
        _ = 1 / 0
    assert gc.isenabled()


def test_it_is_on_after_any_number_of_threads() -> None:
    """Threads in any overlap: off while somebody is in, but for turns; on at the end."""

    def go(number: int) -> bool:
        off = True
        for _ in range(2_000):
            with nothing_collected(), _HELD._lock:  # with the lock nobody gives it a turn
                off = off and not gc.isenabled()
        return off

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(go, range(8)))
    assert gc.isenabled()


def test_overlapping_holders_still_let_garbage_be_found() -> None:
    """Where somebody is always in, the collector has its turn each time that somebody leaves."""
    knot = Knot()
    gone = weakref.ref(knot)
    del knot
    held = ExitStack()
    held.enter_context(nothing_collected())
    for _ in range(20):
        following = ExitStack()
        following.enter_context(nothing_collected())
        kept = [set[int]() for _ in range(1_000)]
        held.close()
        held = following
        del kept
    assert gone() is None
    held.close()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
@pytest.mark.filterwarnings("ignore:This process.*is multi-threaded:DeprecationWarning")
def test_a_fork_does_not_wait_for_threads_it_does_not_have() -> None:
    """A process that is forked while another thread holds the collector off has it on."""
    inside, over = Barrier(2), Barrier(2)

    def hold() -> None:
        with nothing_collected():
            inside.wait()
            over.wait()

    thread = Thread(target=hold)
    thread.start()
    inside.wait()
    context = multiprocessing.get_context("fork")
    answers = context.SimpleQueue()
    child = context.Process(target=_tell, args=(answers,))
    child.start()
    child.join()
    over.wait()
    thread.join()
    assert answers.get() == (True, False, True)
    assert gc.isenabled()


def _tell(answers: multiprocessing.SimpleQueue[tuple[bool, bool, bool]]) -> None:
    before = gc.isenabled()
    with nothing_collected():
        within = gc.isenabled()
    answers.put((before, within, gc.isenabled()))
