"""Least privilege in numbers: pairs of an action and a resource, granted and needed."""

from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import TypeAlias

from stockade import catalogue
from stockade.analysis.facts import Facts
from stockade.analysis.least_privilege import Excess, Grant, Privileges
from stockade.analysis.least_privilege.judgement import privileges as worked_out
from stockade.model import Application, Function, expression
from stockade.model.report import Privilege

Pair: TypeAlias = tuple[str, str]
"""An action in lower case, and a resource as the template writes it."""


def privileges(app: Application, facts: Facts) -> Iterator[Privilege]:
    """Yield the numbers of each function whose needs and whose role are read.

    A grant of everything but some actions counts as one of every action there is.
    """
    known = worked_out(facts, app)
    for function in app.functions.values():
        if not known.judging.held(function).unknown:
            yield _privilege(function, known)


def _privilege(function: Function, known: Privileges) -> Privilege:
    needs, grants = known.needs[function.id], known.judging.held(function).grants
    needed = {(need.action.lower(), expression(need.resource)) for need in needs.needed}
    return Privilege(
        function=function.id,
        granted=len(set(_pairs(grants))),
        needed=len(needed),
        spare=len(set(_spare(known.excess(function)))),
        missing=len(known.missing(function)),
        complete=not needs.unknown,
    )


def _spare(excess: Iterable[Excess]) -> Iterator[Pair]:
    """Yield what is granted and serves no need: whole grants, and actions that patterns add."""
    for one in excess:
        used = {need.action.lower() for need in one.used}
        yield from (pair for pair in _pairs((one.grant,)) if pair[0] not in used)


def _pairs(grants: Iterable[Grant]) -> Iterator[Pair]:
    for grant in grants:
        resource = expression(grant.resource)
        yield from ((action, resource) for action in _actions(grant))


def _actions(grant: Grant) -> Iterable[str]:
    """Return the actions that a grant is about; one that the catalogue does not know counts."""
    return _matching("*" if grant.covers_rest else grant.action.lower())


@lru_cache(maxsize=1024)
def _matching(pattern: str) -> tuple[str, ...]:
    if "*" not in pattern and "?" not in pattern:
        return (pattern,)
    return catalogue.names(pattern) or (pattern,)
