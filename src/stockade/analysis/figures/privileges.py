"""Least privilege in numbers: pairs of an action and a resource, granted and needed."""

from collections.abc import Iterable, Iterator
from typing import TypeAlias

from stockade import catalogue
from stockade.analysis.facts import Facts
from stockade.analysis.least_privilege import Excess, Grant, Judgement, judge
from stockade.analysis.permissions import needs
from stockade.model import Application, expression
from stockade.model.report import Privilege

Pair: TypeAlias = tuple[str, str]
"""An action in lower case, and a resource as the template writes it."""


def privileges(app: Application, facts: Facts) -> Iterator[Privilege]:
    """Yield the numbers of each function whose needs and whose role are read.

    A grant of everything but some actions counts as one of every action there is.
    """
    for one in judge(app, needs(app, facts)):
        if not one.granted.unknown:
            yield _privilege(one)


def _privilege(one: Judgement) -> Privilege:
    needed = {(need.action.lower(), expression(need.resource)) for need in one.needed}
    return Privilege(
        function=one.function,
        granted=len(set(_pairs(one.granted.grants))),
        needed=len(needed),
        spare=len(set(_spare(one.excess))),
        missing=len(one.missing),
        complete=one.complete,
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


def _actions(grant: Grant) -> Iterator[str]:
    """Yield the actions that a grant is about; one that the catalogue does not know counts."""
    pattern = "*" if grant.covers_rest else grant.action
    found = catalogue.expand(pattern)
    if isinstance(found, catalogue.Missing) or not found:
        yield pattern.lower()
    else:
        yield from (action.full_name.lower() for action in found)
