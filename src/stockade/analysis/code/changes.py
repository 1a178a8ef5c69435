"""What an edit of a file changed of its code, function by function.

Who ran a file saw what its functions do where they were entered. An edit of another function, or
of a comment, leaves that as it was, on other lines perhaps.
"""

from collections.abc import Callable, Iterable
from operator import attrgetter
from typing import Any, Final

from stockade.analysis.code.ir import Code, Module, Span
from stockade.model.moves import Since
from stockade.model.record import fields

Pair = tuple[Code, Code]


class Changes:
    """A file before and after it was edited."""

    def __init__(self, before: Module, now: Module, since: Since) -> None:
        """`since` tells where the lines of the file went."""
        self._before = before
        self._now = now
        self._since = since
        self._down = before.file.first_line - 1
        self._lines: dict[int, int | None] = {}
        self._compared: dict[int, tuple[Pair, ...] | None] = {}
        self._inner: list[Pair] = []

    def are_of(self, before: Module, now: Module, since: Since) -> bool:
        """Tell whether it is these that were compared, and lines that went the same way."""
        path = self._before.file.path
        return self._before is before and self._now is now and self._since.went_as(since, path)

    def same(self, spans: Iterable[Span]) -> frozenset[Span] | None:
        """Return where the bodies are now that stood at `spans`, if they say what they said.

        Those around a body are among them, and the module's own. None if one says something else.
        Places that are lost are not looked at: who needs one knows that it is lost.
        """
        if self._before.unseen or self._now.unseen:
            return None
        wanted = frozenset(spans)
        found: set[Span] = set()
        waiting = [(self._before.code, self._now.code)]
        while waiting:
            before, now = waiting.pop()
            if before.span not in wanted:
                continue
            inner = self._within(before, now)
            if inner is None:
                return None
            found.add(now.span)
            waiting.extend(inner)
        return frozenset(found)

    def _within(self, before: Code, now: Code) -> tuple[Pair, ...] | None:
        """Return the functions within a function, each with what it is now; None if it differs."""
        if id(before) not in self._compared:
            self._inner = []
            try:
                is_same = self._alike(before.lowering.body(), now.lowering.body())
            except RecursionError:
                is_same = False
            self._compared[id(before)] = tuple(self._inner) if is_same else None
        return self._compared[id(before)]

    def _alike(self, before: Any, now: Any) -> bool:  # noqa: ANN401 - whatever code is made of
        kind = type(before)
        if kind is not type(now):
            return False
        compare = _COMPARED.get(kind) or _COMPARED.setdefault(kind, _comparing(kind))
        return compare(self, before, now)

    def _alike_code(self, before: Code, now: Code) -> bool:
        """Compare what is seen of a function from outside; its body is for who enters it."""
        self._inner.append((before, now))
        return (
            before.name == now.name
            and before.is_async == now.is_async
            and self._alike_span(before.span, now.span)
            and self._alike(before.parameters, now.parameters)
        )

    def _alike_span(self, before: Span, now: Span) -> bool:
        first, last = self._line(before.line), self._line(before.end_line)
        return (first is None or first == now.line) and (last is None or last == now.end_line)

    def _line(self, line: int) -> int | None:
        """Return where a line went; None if it is lost."""
        if line not in self._lines:
            went = self._since.line(self._before.file.path, line + self._down)
            self._lines[line] = None if went is None else went - self._down
        return self._lines[line]

    def _alike_items(self, before: tuple[Any, ...], now: tuple[Any, ...]) -> bool:
        return len(before) == len(now) and all(map(self._alike, before, now))


_Compare = Callable[[Changes, Any, Any], bool]


def _comparing(kind: type) -> _Compare:
    """Return what tells whether two pieces of code of a kind say the same."""
    names: tuple[str, ...] = tuple(fields(kind)) if hasattr(kind, "_fields") else ()
    if not names:
        return lambda _changes, before, now: bool(before == now)
    get: Callable[[object], Any] = attrgetter(*names)
    if len(names) == 1:
        return lambda changes, before, now: changes._alike(get(before), get(now))  # noqa: SLF001
    return lambda changes, before, now: all(
        map(changes._alike, get(before), get(now))  # noqa: SLF001 - one module
    )


_COMPARED: Final[dict[type, _Compare]] = {
    Code: Changes._alike_code,  # noqa: SLF001 - one module
    Span: Changes._alike_span,  # noqa: SLF001
    tuple: Changes._alike_items,  # noqa: SLF001
}
