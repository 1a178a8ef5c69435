"""What was worked out is kept for the object that was asked about last."""

from stockade.model.asked import Changed, noted
from stockade.model.memory import Memory
from stockade.model.remembered import remembered


def test_the_same_object_is_looked_at_once() -> None:
    """Asked again about the same object, nothing is worked out anew; another object is another."""
    looked_at: list[dict[str, int]] = []

    @remembered
    def total(numbers: dict[str, int]) -> int:
        looked_at.append(numbers)
        return sum(numbers.values())

    first, equal = {"a": 1, "b": 2}, {"a": 1, "b": 2}

    assert [total(first), total(first), total(equal), total(equal)] == [3, 3, 3, 3]
    assert [id(one) for one in looked_at] == [id(first), id(equal)]


def test_who_is_given_what_was_kept_has_asked_what_was_asked_for_it() -> None:
    """A file that was read for another's sake is noted for whoever uses what came of it."""

    @remembered
    def read(path: list[str]) -> int:
        if (asked := noted()) is not None:
            asked.paths.update(path)
        return len(path)

    memory, about = Memory(), ["a.py"]
    read(about)
    for _ in range(2):
        for name in ("one", "other"):
            memory.recall(name, (), lambda _: read(about))
        memory.forget(Changed(contents=frozenset({"a.py"})))

    done: list[str] = []
    memory.recall("one", (), lambda _: done.append("one"))
    memory.recall("other", (), lambda _: done.append("other"))
    assert done == ["one", "other"]
