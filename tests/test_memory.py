"""What one scan worked out is used by the next, as long as nothing it was made of has changed."""

from collections.abc import Hashable

import pytest

from stockade.model.asked import Asked, Changed
from stockade.model.memory import Memory


def asked(*paths: str, listed: str | None = None) -> Asked:
    """Return questions about paths, and for what a folder holds."""
    made = Asked()
    made.paths.update(paths)
    made.listed.update(() if listed is None else (listed,))
    return made


class Work:
    """Counts how often it is done, and asks about one path."""

    def __init__(self, path: str = "a.py") -> None:
        self.path = path
        self.done = 0

    def __call__(self, questions: Asked) -> int:
        """Return how often this was done by now."""
        questions.paths.add(self.path)
        self.done += 1
        return self.done


class Thing:
    """Is told from others by identity."""


def test_what_is_made_of_the_same_is_made_once() -> None:
    """Under the same name, of the same things, the same result is recalled."""
    memory, work = Memory(), Work()

    assert [memory.recall("x", (1,), work), memory.recall("x", (1,), work)] == [1, 1]
    assert memory.recall("x", (2,), work) == 2
    assert memory.recall("y", (2,), work) == 3


def test_a_change_forgets_what_asked_about_it() -> None:
    """A result is dropped when a file that it was made of says something else."""
    memory, work, other = Memory(), Work("a.py"), Work("b.py")
    for _ in range(2):
        memory.recall("a", (), work)
        memory.recall("b", (), other)
        memory.forget(Changed(contents=frozenset({"a.py"})))

    assert (work.done, other.done) == (2, 1)


def test_whoever_asked_only_what_is_there_is_not_touched_by_what_it_says() -> None:
    """A file that says something else is still there; one that goes is not."""
    memory, done = Memory(), []

    def look(questions: Asked) -> None:
        questions.places.add("a.py")
        done.append("a.py")

    for changed in (
        Changed(contents=frozenset({"a.py"})),
        Changed(contents=frozenset({"a.py"}), places=frozenset({"a.py"})),
    ):
        memory.recall("a", (), look)
        memory.forget(changed)
    memory.recall("a", (), look)

    assert len(done) == 2


def test_what_says_the_same_stays_the_same_object() -> None:
    """Work that is done again may come to the old result, and what hangs on that is not done."""
    memory, work = Memory(), Work()

    def read(questions: Asked) -> Thing:
        questions.paths.add("b.py")
        return Thing()

    for _ in range(3):
        thing = memory.recall("x", (), read, settle=lambda old, _new: old)
        memory.recall("y", (thing,), work)
        memory.forget(Changed(contents=frozenset({"b.py"})))

    assert work.done == 1


def test_what_was_asked_of_others_is_asked_again() -> None:
    """A result holds while its questions have the answers that they had."""
    memory, answers, done = Memory(), {"q": 1}, []

    class Answers:
        shared: Asked | None = None

        def answer(self, question: Hashable) -> object:
            return answers[str(question)]

    def work(questions: Asked) -> int:
        questions.answers["q"] = answers["q"]
        done.append("q")
        return answers["q"]

    def recalled() -> int:
        return memory.recall("x", (), work, ask=Answers())

    assert [recalled(), recalled()] == [1, 1]
    answers["q"] = 2
    assert [recalled(), recalled()] == [2, 2]
    assert len(done) == 2


def test_results_hang_on_those_they_were_made_of() -> None:
    """What another result asked about counts for the one that was made of it."""
    memory, inner = Memory(), Work()

    def outer(_questions: Asked) -> int:
        return memory.recall("inner", (), inner)

    assert memory.recall("outer", (), outer) == 1
    memory.forget(Changed(contents=frozenset({"a.py"})))
    assert memory.recall("outer", (), outer) == 2


def test_what_is_in_use_through_another_result_is_kept() -> None:
    """A result that was not asked for itself stays, as long as one that was made of it does."""
    memory, inner = Memory(), Work()

    def outer(_questions: Asked) -> int:
        return memory.recall("inner", (), inner)

    for _ in range(3):
        memory.recall("outer", (), outer)
        memory.forget_unused()
    memory.recall("inner", (), inner)

    assert inner.done == 1


def test_what_is_not_used_any_more_is_dropped() -> None:
    """However often names change, what is remembered does not grow without end."""
    memory, first = Memory(), Work()
    memory.recall("first", (), first)
    memory.forget_unused()
    for number in range(40):
        memory.recall(("other", number), (), Work())
    memory.forget_unused()

    memory.recall("first", (), first)
    assert first.done == 2


def test_a_memory_that_keeps_nothing_works_each_time() -> None:
    """For a single scan nothing is held longer than its user holds it."""
    memory, work = Memory(keeps=False), Work()

    assert [memory.recall("x", (), work), memory.recall("x", (), work)] == [1, 2]


def test_work_that_fails_is_done_again() -> None:
    """An error is raised each time, and leaves nothing behind."""
    memory = Memory()

    def fail(_questions: Asked) -> int:
        raise KeyError

    for _ in range(2):
        with pytest.raises(KeyError):
            memory.recall("x", (), fail)
    assert memory.recall("x", (), Work()) == 1


@pytest.mark.parametrize(
    ("questions", "place", "touched"),
    [
        (asked("a/b.py"), "a/b.py", True),
        (asked("a/b.py"), "a", True),
        (asked("a/b.py"), "a/b.py/c", False),
        (asked("a/b.py"), "a/b", False),
        (asked("ab.py"), "a", False),
        (asked(listed="a"), "a/new.py", True),
        (asked(listed="a"), "a", True),
        (asked(listed="a/b"), "a", True),
        (asked(listed="a"), "ab/new.py", False),
        (asked(listed=""), "anything", True),
        (asked(), "anything", False),
    ],
)
def test_what_comes_and_goes_touches_those_that_looked(
    questions: Asked, place: str, *, touched: bool
) -> None:
    """A path counts for whoever asked about it, about what is in it, or for a list it is in."""
    assert questions.is_moved_by({place}) is touched
