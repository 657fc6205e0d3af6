"""The rows of a run on a terminal: one for each take under way, none for what is over."""

import itertools
from dataclasses import replace

import pytest
from rich.console import Console
from rich.progress import Progress

from renderer.cli.progress import Bars, Lines
from renderer.render.outcome import News, Notice


def notice(news: News, number: int, task: str = "t1") -> Notice:
    return Notice(news=news, address="reef/gate", number=number, task_uuid=task, done=1, total=1)


@pytest.fixture
def bars() -> Bars:
    return Bars(Progress(console=Console(quiet=True)), 4)


def rows(bars: Bars) -> list[str]:
    return [task.description for task in bars.progress.tasks if task.description != "all takes"]


@pytest.mark.parametrize("order", list(itertools.permutations((1, 2, 3))))
def test_a_take_that_is_done_has_no_row_while_others_of_its_task_run(
    bars: Bars, order: tuple[int, ...]
) -> None:
    left = {1, 2, 3}
    for number in order:
        for one in (1, 2, 3):  # a poll tells of the task, and so of every take of it
            bars(notice(News.RUNNING, one))
        assert sorted(rows(bars)) == [f"reef/gate#{one}" for one in sorted(left)]
        bars(notice(News.DOWNLOADING, number))
        bars(notice(News.RECORDED, number))
        left.remove(number)
        assert sorted(rows(bars)) == [f"reef/gate#{one}" for one in sorted(left)]
    for one in (1, 2, 3):
        bars(notice(News.RUNNING, one))
    assert rows(bars) == []
    assert bars.lines.done == 3


def test_a_take_that_was_recorded_under_another_number_leaves_no_row(bars: Bars) -> None:
    bars(notice(News.RUNNING, 1))
    bars(notice(News.RECORDED, 7))
    bars(notice(News.RUNNING, 1))

    assert rows(bars) == []


def test_another_attempt_of_a_take_has_a_row_again(bars: Bars) -> None:
    bars(notice(News.RUNNING, 1))
    bars(notice(News.FAILED, 1))
    bars(notice(News.RUNNING, 1, task="t2"))

    assert rows(bars) == ["reef/gate#1"]


def test_why_a_take_waits_is_said_once_until_the_reason_changes() -> None:
    said: list[str] = []
    lines = Lines(2, said.append)
    for text in ("rate limit", "rate limit", "no answer", "no answer", "rate limit"):
        lines(replace(notice(News.WAITING, 1), text=text))
    lines(replace(notice(News.WAITING, 2), text="rate limit"))

    assert [line.split("  ")[1] for line in said] == [
        "rate limit",
        "no answer",
        "rate limit",
        "rate limit",
    ]
