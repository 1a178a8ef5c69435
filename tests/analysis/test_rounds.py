"""A loop is run until what it reads is settled, and not once more."""

from pathlib import Path

import pytest
from one_function import application

from stockade.analysis.code import ir
from stockade.analysis.code.modules import ModuleCache
from stockade.analysis.interpreter.machine import Interpreter
from stockade.analysis.interpreter.values import Val
from stockade.analysis.run import run_handler

ONCE = {
    "what it writes is not read": "    for name in names:\n        use(name)",
    "what it writes is read after it was written": (
        "    for name in names:\n        if name:\n            kind = 1\n"
        "        else:\n            kind = 2\n        use(kind)"
    ),
    "what a function of its own holds is not read": (
        "    for name in names:\n        if name:\n            tag(1)\n        use(name)\n\n"
        "def tag(number):\n    text = number\n    return 1"
    ),
    "it is always left": "    for name in names:\n        use(name)\n        return name",
}
TWICE = {
    "it reads what it wrote": (
        "    last = ''\n    for name in names:\n        use(last)\n        last = name"
    ),
    "it adds to a list": "    for name in names:\n        use(name); found.append(name)",
}
THREE_TIMES = {
    "a number is counted": "    for name in names:\n        use(name); count += 1",
    "data goes a longer way each time": (
        "    text = names\n    for one in 'ab':\n        use(one); text = clean(text)"
    ),
}


def rounds(body: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> int:
    """Return how often a handler's loop calls `use`."""
    code = (
        f"def handler(event, context):\n    names, found, count = event['body'], [], 0\n{body}\n"
    )
    (folder / "app.py").write_text(code)
    seen = []
    evaluate = Interpreter.evaluate

    def noted(self: Interpreter, expression: ir.Expression) -> Val:
        seen.append(getattr(expression, "name", ""))
        return evaluate(self, expression)

    monkeypatch.setattr(Interpreter, "evaluate", noted)
    run_handler(*application(folder, ("http-api",)), ModuleCache())
    return seen.count("use")


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        *((body, 1) for body in ONCE.values()),
        *((body, 2) for body in TWICE.values()),
        *((body, 3) for body in THREE_TIMES.values()),
    ],
    ids=[*ONCE, *TWICE, *THREE_TIMES],
)
def test_a_loop_is_run_until_what_it_reads_is_settled(
    body: str, expected: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A loop whose last round left nothing new of what it reads is not run again."""
    assert rounds(body, tmp_path, monkeypatch) == expected
