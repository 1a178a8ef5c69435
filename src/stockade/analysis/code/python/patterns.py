"""Lower the patterns of `match`: a test of the subject's parts, and the names they are given.

A part of the subject is the expression that reads it (`subject["key"]`, `subject[0]`,
`subject.name`), so that what a test finds out about a part holds where the part is used.
"""

import ast
from collections.abc import Callable
from typing import Any

from stockade.analysis.code import ir
from stockade.analysis.code.ir import Expression, Span
from stockade.analysis.code.python.expressions import expression
from stockade.analysis.code.python.scopes import Scope
from stockade.model.record import record

_SELF_MATCHING = frozenset(
    (
        "bool",
        "bytearray",
        "bytes",
        "dict",
        "float",
        "frozenset",
        "int",
        "list",
        "set",
        "str",
        "tuple",
    )
)
"""Classes whose one positional pattern is matched against the subject itself (PEP 634)."""


MAX_CHOICES = 16
"""From how many alternatives a name is taken as a choice that is followed."""


@record
class Matching:
    """What a pattern asks, and what it binds.

    `tests` all hold where the pattern matches; none means that it always does.
    """

    tests: list[Expression]
    bindings: list[ir.Assign]


def matching(pattern: ast.pattern, subject: Expression, scope: Scope) -> Matching:
    """Lower a pattern that is matched against `subject`."""
    return _PATTERNS[type(pattern)](pattern, subject, scope)


def conjunction(tests: list[Expression], span: Span) -> Expression:
    """Return the expression that is true where all tests are."""
    if len(tests) == 1:
        return tests[0]
    return ir.Logical("and", tuple(tests), span) if tests else ir.Const(value=True, span=span)


def _value(pattern: ast.MatchValue, subject: Expression, scope: Scope) -> Matching:
    wanted = expression(pattern.value, scope)
    return Matching([ir.Compare("==", subject, wanted, scope.span(pattern))], [])


def _singleton(pattern: ast.MatchSingleton, subject: Expression, scope: Scope) -> Matching:
    span = scope.span(pattern)
    return Matching([ir.Compare("is", subject, ir.Const(pattern.value, span), span)], [])


def _sequence(pattern: ast.MatchSequence, subject: Expression, scope: Scope) -> Matching:
    span = scope.span(pattern)
    stars = [i for i, part in enumerate(pattern.patterns) if isinstance(part, ast.MatchStar)]
    after = len(pattern.patterns) - stars[0] - 1 if stars else 0
    length = ir.Call(ir.Name("len", span), (ir.Argument(subject),), span)
    count = ir.Const(len(pattern.patterns) - len(stars), span)
    found = Matching([ir.Compare(">=" if stars else "==", length, count, span)], [])
    for place, part in enumerate(pattern.patterns):
        at = scope.span(part)
        if isinstance(part, ast.MatchStar):
            upper = ir.Const(-after, at) if after else None
            inner = _bind(part.name, ir.Slice(subject, ir.Const(place, at), upper, at), at, scope)
        else:
            index = place - len(pattern.patterns) if stars and place > stars[0] else place
            inner = matching(part, ir.Index(subject, ir.Const(index, at), at), scope)
        found = _both(found, inner)
    return found


def _mapping(pattern: ast.MatchMapping, subject: Expression, scope: Scope) -> Matching:
    span = scope.span(pattern)
    found = Matching([_isinstance(subject, ir.Name("dict", span), span)], [])
    for key_node, part in zip(pattern.keys, pattern.patterns, strict=True):
        key = expression(key_node, scope)
        present = Matching([ir.Compare("in", key, subject, key.span)], [])
        inner = matching(part, ir.Index(subject, key, scope.span(part)), scope)
        found = _both(_both(found, present), inner)
    return _both(found, _bind(pattern.rest, subject, span, scope))


def _class(pattern: ast.MatchClass, subject: Expression, scope: Scope) -> Matching:
    span = scope.span(pattern)
    wanted = expression(pattern.cls, scope)
    found = Matching([_isinstance(subject, wanted, span)], [])
    itself = isinstance(pattern.cls, ast.Name) and pattern.cls.id in _SELF_MATCHING
    for part in pattern.patterns:
        value = subject
        if not itself:
            value = ir.Opaque("a positional part of a class pattern", (subject,), span)
        found = _both(found, matching(part, value, scope))
    for name, part in zip(pattern.kwd_attrs, pattern.kwd_patterns, strict=True):
        value = ir.Attribute(subject, name, scope.span(part))
        found = _both(found, matching(part, value, scope))
    return found


def _as(pattern: ast.MatchAs, subject: Expression, scope: Scope) -> Matching:
    inner = matching(pattern.pattern, subject, scope) if pattern.pattern else Matching([], [])
    return _both(inner, _bind(pattern.name, subject, scope.span(pattern), scope))


def _or(pattern: ast.MatchOr, subject: Expression, scope: Scope) -> Matching:
    """Lower `a | b`: each name is bound to its part of the alternative that matches."""
    span = scope.span(pattern)
    found = [matching(part, subject, scope) for part in pattern.patterns]
    tests = [conjunction(each.tests, span) for each in found]
    parts: dict[str, list[tuple[Expression, ir.Assign]]] = {}
    for test, each in zip(tests, found, strict=True):
        for binding in each.bindings:
            for written in binding.targets:
                if isinstance(written, ir.NameTarget):
                    parts.setdefault(written.name, []).append((test, binding))
    bindings = [_either(choices, span) for choices in parts.values()]
    always = any(not each.tests for each in found)
    return Matching([] if always else [ir.Logical("or", tuple(tests), span)], bindings)


def _either(choices: list[tuple[Expression, ir.Assign]], span: Span) -> ir.Assign:
    if len(choices) > MAX_CHOICES:
        values = tuple(binding.value for _, binding in choices)
        return ir.Assign(choices[0][1].targets, ir.Opaque("one of many parts", values, span), span)
    value = choices[-1][1].value
    for test, binding in reversed(choices[:-1]):
        value = ir.Conditional(test, binding.value, value, span)
    return ir.Assign(choices[0][1].targets, value, span)


def _bind(name: str | None, part: Expression, span: Span, scope: Scope) -> Matching:
    if name is None:
        return Matching([], [])
    scope.bound.add(name)
    return Matching([], [ir.Assign((ir.NameTarget(name, span),), part, span)])


def _both(first: Matching, second: Matching) -> Matching:
    first.tests.extend(second.tests)
    first.bindings.extend(second.bindings)
    return first


def _isinstance(subject: Expression, wanted: Expression, span: Span) -> ir.Call:
    given = (ir.Argument(subject), ir.Argument(wanted))
    return ir.Call(ir.Name("isinstance", span), given, span)


_PATTERNS: dict[type[ast.pattern], Callable[[Any, Expression, Scope], Matching]] = {
    ast.MatchValue: _value,
    ast.MatchSingleton: _singleton,
    ast.MatchSequence: _sequence,
    ast.MatchMapping: _mapping,
    ast.MatchClass: _class,
    ast.MatchAs: _as,
    ast.MatchOr: _or,
}
