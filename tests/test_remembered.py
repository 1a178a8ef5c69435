"""What was worked out is kept for the object that was asked about last."""

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
