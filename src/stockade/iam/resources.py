"""Which resources a statement is about, prepared.

Follows "IAM JSON policy elements: Resource" and "IAM JSON policy elements: NotResource".
"""

from stockade.iam.arn import arn_like, arn_matcher, literal, start
from stockade.iam.pattern import Tokens, tokenize
from stockade.iam.policy import Statement
from stockade.iam.request import Request
from stockade.iam.symbolic import has_atom
from stockade.iam.truth import Truth, Unsure, join
from stockade.iam.variables import Pieces, has_variables, pieces, resolve, static

_BEFORE_RESOURCE = 5


def resource_pieces(pattern: str, *, variables: bool) -> Pieces:
    """Cut a resource pattern; variables count only after the fifth colon."""
    head = pattern.split(":", _BEFORE_RESOURCE)
    if not variables or "${" not in pattern or len(head) <= _BEFORE_RESOURCE:
        return _joined(tokenize(pattern), ())
    before = pattern[: len(pattern) - len(head[-1])]
    return _joined(tokenize(before), pieces(head[-1], wildcards=True))


class ResourceTest:
    """A `Resource` or `NotResource` element, prepared. `pad`: see `arn`."""

    __slots__ = (
        "_fixed",
        "_moving",
        "_opaque",
        "_pad",
        "_starts",
        "_tests",
        "_texts",
        "is_any",
        "negated",
    )

    def __init__(self, statement: Statement, *, variables: bool, pad: bool) -> None:
        listed = statement.resources
        self.negated = statement.not_resource
        self.is_any = listed is None or "*" in listed
        cut = [resource_pieces(one, variables=variables) for one in listed or ()]
        self._pad = pad
        self._moving = [one for one in cut if has_variables(one)]
        self._fixed = [static(one) for one in cut if not has_variables(one)]
        self._opaque = [p for p in self._fixed if has_atom(p)]
        plain = [pattern for pattern in self._fixed if pattern not in self._opaque]
        self._texts = frozenset(
            text
            for text in map(literal, plain)
            if text is not None and text.count(":") >= _BEFORE_RESOURCE
        )
        self._starts = tuple(begin for begin in map(start, plain) if begin)
        self._tests = [
            arn_matcher(pattern, pad=pad)
            for pattern in plain
            if literal(pattern) not in self._texts and not start(pattern)
        ]

    def matches(self, request: Request) -> Truth:
        """Whether the element, negation included, covers the request's resource."""
        found = self.is_any or self._lists(request)
        if self.negated:
            return not found if isinstance(found, bool) else found
        return found

    def _lists(self, request: Request) -> Truth:
        text = request.resource
        if text == "*":
            return False  # the literal "*" of an action without resource types: only `*` covers it
        if request.symbolic:
            return self._any_of([*self._fixed, *self._resolved(request)], text)
        if text in self._texts or (self._starts and text.startswith(self._starts)):
            return True
        for test in self._tests:
            if test(text):
                return True
        if self._opaque or self._moving:
            return self._any_of([*self._opaque, *self._resolved(request)], text)
        return False

    def _resolved(self, request: Request) -> list[Tokens | Unsure]:
        found = (resolve(one, request) for one in self._moving)
        return [one for one in found if one is not None]

    def _any_of(self, patterns: list[Tokens | Unsure], text: str) -> Truth:
        doubt: Unsure | None = None
        for pattern in patterns:
            result = (
                pattern if isinstance(pattern, Unsure) else arn_like(pattern, text, pad=self._pad)
            )
            if result is True:
                return True
            if isinstance(result, Unsure):
                doubt = join(doubt, result)
        return doubt or False


def _joined(head: Pieces, tail: Pieces) -> Pieces:
    if head and tail and isinstance(head[-1], str) and isinstance(tail[0], str):
        return (*head[:-1], head[-1] + tail[0], *tail[1:])
    return (*head, *tail)
