"""A handler that needs many steps is followed less closely, and to its end."""

from pathlib import Path

from one_function import application

from stockade.analysis.code.modules import ModuleCache
from stockade.analysis.interpreter.values import HeapObject, const
from stockade.analysis.run import Run, run_handler
from stockade.model import Map

DEPTH = 9
THREE_WAYS = "".join(
    f"def way{number}(held, found):\n"
    f"    way{number + 1}({{'a': held}}, found)\n"
    f"    way{number + 1}([held, {number}], found)\n"
    f"    return way{number + 1}({{'b': held, 'c': [held]}}, found)\n"
    for number in range(DEPTH)
)
"""Functions that call each other in so many ways that to follow each takes 3 ** DEPTH calls."""
MANY = f"{THREE_WAYS}def way{DEPTH}(held, found):\n    found['last'] = held\n    return held\n"
USED_UP = "    way0(event['path'], {})\n"


def ran(code: str, folder: Path) -> Run:
    """Run a handler whose file begins with functions that need many steps."""
    (folder / "app.py").write_text(f"import os\n{MANY}{code}")
    return run_handler(*application(folder, ("http-api",)), ModuleCache())


def harmed(run: Run) -> set[tuple[str, str]]:
    """Return the kinds of harm that were found, with the fields of the event that do it."""
    return {(hit.kind, hit.taint.data.field) for hit in run.hits}


def test_what_comes_after_much_else_is_reached(tmp_path: Path) -> None:
    """Functions that call each other in thousands of ways do not use up the steps of a handler."""
    handler = f"def handler(event, context):\n{USED_UP}    os.system(event['body'])\n"
    assert ("shell", "body") in harmed(ran(handler, tmp_path))


def test_it_is_told_that_calls_were_not_told_apart(tmp_path: Path) -> None:
    """A limit in the report names the handler, and a handler of few steps has none."""
    handler = f"def handler(event, context):\n{USED_UP}"
    (limit,) = ran(handler, tmp_path).unseen
    assert (limit.kind, limit.at.path) == ("limit", "app.py")
    assert "more than 8000 steps" in limit.why
    assert not ran("def handler(event, context):\n    pass\n", tmp_path).unseen


def test_data_that_is_new_to_a_function_is_followed_into_it(tmp_path: Path) -> None:
    """However many steps were taken: each field of the event that reaches a shell is found."""
    fields = [f"field{number}" for number in range(6)]
    calls = "".join(f"    run({{'it': event['{one}']}})\n" for one in fields)
    handler = (
        "def run(order):\n    os.system(order['it'])\n"
        f"def handler(event, context):\n{USED_UP}{calls}"
    )
    found = harmed(ran(handler, tmp_path))
    assert {("shell", one) for one in fields} <= found


def test_what_an_object_is_made_with_stays_in_it(tmp_path: Path) -> None:
    """Objects of one class that are made alike hold what they were given, each of them."""
    made = "".join(f"    order{number} = Order(event['body'])\n" for number in range(6))
    handler = (
        "class Order:\n    def __init__(self, text):\n        self.text = text\n"
        f"def handler(event, context):\n{USED_UP}{made}    os.system(order5.text)\n"
    )
    assert ("shell", "body") in harmed(ran(handler, tmp_path))


def test_what_was_checked_counts_as_checked(tmp_path: Path) -> None:
    """A function that stops at what is not allowed keeps the harm away, however often called."""
    checks = "    check(event['body'])\n" * 6
    handler = (
        "def check(text):\n    if text not in ('a', 'b'):\n        raise ValueError\n"
        f"def handler(event, context):\n{USED_UP}{checks}    os.system(event['body'])\n"
    )
    assert ("shell", "body") not in harmed(ran(handler, tmp_path))


def test_what_a_function_leaves_behind_sees_what_it_was_made_with(tmp_path: Path) -> None:
    """Variables end with their call, except those that a function made there still uses."""
    handler = (
        "def later(text):\n    kept = text\n    return lambda: os.system(kept)\n"
        "def handler(event, context):\n"
        "    run = later(event['body']) if event['a'] else later('ls')\n    run()\n"
    )
    assert ("shell", "body") in harmed(ran(handler, tmp_path))


def test_an_object_that_is_met_twice_is_told_once(tmp_path: Path) -> None:
    """Objects that refer to each other are not converted anew by every way to them."""
    handler = (
        "import boto3\ndef handler(event, context):\n    order = {'id': event['body']}\n"
        "    boto3.client('s3').put_object(Metadata={'first': order, 'second': order})\n"
    )
    (call,) = (one for one in ran(handler, tmp_path).calls if "put_object" in one.callee)
    told = call.arguments["Metadata"]
    assert isinstance(told, Map)
    assert told.entries["first"] is told.entries["second"]


def test_objects_that_hold_different_constants_have_different_hashes() -> None:
    """Else the rows of a large table would each be compared with all of the others."""
    rows = [HeapObject("map", {"price": const(number)}) for number in range(100)]
    assert len({hash(row) for row in rows}) == len(rows)
    assert hash(rows[1]) == hash(HeapObject("map", {"price": const(1)}))
