"""Answers are computed once, whoever asks at the same time, and only so many are kept."""

from __future__ import annotations

import threading

from workbench.worker.answers import Answers


def test_two_who_ask_the_same_at_once_let_it_be_computed_once():
    answers, begun, gate, made, got = Answers(), threading.Event(), threading.Event(), [], []

    def make():
        made.append(1)
        begun.set()
        assert gate.wait(30)
        return "found"

    threads = [threading.Thread(target=lambda: got.append(answers.of("x", None, make))) for _ in range(2)]
    for thread in threads:
        thread.start()
    assert begun.wait(30)
    gate.set()
    for thread in threads:
        thread.join(30)
    assert made == [1] and got == ["found", "found"]


def test_what_was_asked_for_longest_ago_goes_first():
    answers = Answers(most=2)
    for what in ("a", "b", "a", "c"):
        answers.of(what, None, lambda what=what: what)
    assert answers.of("a", None, lambda: "anew") == "a"
    assert answers.of("b", None, lambda: "anew") == "anew"
