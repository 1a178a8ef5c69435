"""What stockade believes about an application, as tables: for rule authors and the curious."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TypeAlias

from stockade.analysis.facts import Facts
from stockade.model import (
    Application,
    AttachedPolicy,
    Authorizer,
    EventSource,
    Exposure,
    Function,
    Location,
    Map,
    Unknown,
    Unseen,
    Value,
    alternatives,
    constant,
    expression,
    items,
)
from stockade.model.record import record
from stockade.reports.words import code, place

Row: TypeAlias = Mapping[str, str | int | list[str]]
"""One line of a table, by column, in the order of the columns."""

Rows: TypeAlias = Callable[[Application, Facts], Iterable[Row]]


def functions(app: Application, _facts: Facts) -> Iterator[Row]:
    """Yield each function: its code, what invokes it and its role."""
    for function in app.functions.values():
        sources = app.event_sources_of(function.id)
        yield {
            "function": function.id,
            "runtime": _known(function.runtime),
            "handler": _handler(function),
            "invoked by": sorted({source.type.value for source in sources}),
            "role": _known(function.role),
            "at": place(function.at),
        }


def routes(app: Application, facts: Facts) -> Iterator[Row]:
    """Yield each route that reaches a function, with the authorizer that takes effect."""
    for source in app.event_sources:
        route = source.route
        if route is not None:
            yield {
                "method": route.method,
                "path": route.path,
                "authorizer": _authorizer(route.authorizer),
                "api key": "required" if route.api_key_required else "no",
                "who": code(_exposure(source, facts)),
                "function": source.function,
                "api": route.api or "elsewhere",
                "at": place(route.at),
            }


def roles(app: Application, _facts: Facts) -> Iterator[Row]:
    """Yield each role: the functions that act as it, and its policies."""
    for role in app.roles.values():
        yield {
            "role": role.id,
            "functions": [one.id for one in app.functions.values() if one.role == role.id],
            "policies": [policy.name for policy in role.policies],
            "at": place(role.at),
        }


def grants(app: Application, _facts: Facts) -> Iterator[Row]:
    """Yield each statement of each role's policies, as the application writes it."""
    for role in app.roles.values():
        for policy in role.policies:
            for granted in _statements(policy):
                yield {"role": role.id, "policy": policy.name, "from": policy.source, **granted}


def flows(_app: Application, facts: Facts) -> Iterator[Row]:
    """Yield each flow of data into a call where it does harm."""
    for flow in facts.flows:
        if flow.kind == "claim":
            continue  # A claim that is compared does no harm there.
        yield {
            "function": flow.function,
            "data": f"{flow.origin.kind.value} {flow.origin.field}".rstrip(),
            "who": code(flow.origin.exposure),
            "through": list(flow.through),
            "reaches": flow.callee,
            "as": flow.kind,
            "confidence": flow.confidence.name.lower(),
            "at": place(flow.sink),
        }


def surface(app: Application, facts: Facts) -> Iterator[Row]:
    """Yield each entry point, the most exposed first, with the code behind it."""
    for source in sorted(app.event_sources, key=lambda one: (-_exposure(one, facts), one.at)):
        function = app.functions.get(source.function)
        flows_of = (one for one in facts.flows if one.origin.event_source == source.id)
        through = {flow.kind for flow in flows_of if flow.kind != "claim"}
        yield {
            "who": code(_exposure(source, facts)),
            "through": source.type.value,
            "entry": _entry(source),
            "function": source.function,
            "code": _handler(function) if function else "elsewhere",
            "reaches": sorted(through),
            "at": place(source.at),
        }


def unknowns(app: Application, facts: Facts) -> Iterator[Row]:
    """Yield what was not seen or not understood."""
    return not_seen({*app.unseen, *facts.unseen})


def not_seen(unseen: Iterable[Unseen]) -> Iterator[Row]:
    """Yield a line for each, sorted by place."""
    for one in sorted(unseen, key=lambda one: (one.at, one.kind, one.why)):
        yield {"at": place(one.at), "kind": one.kind, "why": one.why}


def privileges(app: Application, facts: Facts) -> Iterator[Row]:
    """Yield for each function how much it was granted and how much its code needs."""
    from stockade.analysis import figures  # noqa: PLC0415 - judging costs what others need not

    for one in figures.privileges(app, facts):
        yield {
            "function": one.function,
            "granted": one.granted,
            "needed": one.needed,
            "spare": one.spare,
            "missing": one.missing,
            "known": "all" if one.complete else "in part",
        }


def controls(app: Application, _facts: Facts) -> Iterator[Row]:
    """Yield whose each control is, as numbers of the things that it is done for."""
    from stockade.analysis import figures  # noqa: PLC0415

    for one in figures.controls(app):
        yield {
            "control": one.name,
            "by AWS": one.provider,
            "by the application": one.application,
            "by nobody": one.nobody,
        }


VIEWS: Mapping[str, Rows] = {
    view.__name__: view
    for view in (
        functions,
        routes,
        roles,
        grants,
        flows,
        surface,
        privileges,
        controls,
        unknowns,
    )
}
"""Every view, by the word that `show` takes."""


def _exposure(source: EventSource, facts: Facts) -> Exposure:
    known = facts.exposures.get(source.id)
    return known.exposure if known is not None else Exposure.PROVIDER


def _known(value: str | Unknown) -> str:
    return f"unknown: {value.why}" if isinstance(value, Unknown) else value


def _handler(function: Function) -> str:
    if isinstance(function.handler, Unknown):
        return _known(function.handler)
    return f"{function.handler.file.path}:{function.handler.symbol}"


def _authorizer(authorizer: Authorizer) -> str:
    return f"{authorizer.kind.value} {authorizer.name or ''}".rstrip()


def _entry(source: EventSource) -> str:
    """Name what events come from: a route, a resource, or what the template says of it."""
    if source.route is not None:
        return f"{source.route.method} {source.route.path}"
    if isinstance(source.source, Unknown):
        return "unknown"
    if source.resource is not None:
        return source.resource
    return expression(source.source) if source.source is not None else source.id


def _statements(policy: AttachedPolicy) -> Iterator[Row]:
    found = False
    for document in alternatives(policy.document):
        statements = document.get("Statement") if isinstance(document, Map) else None
        for statement in items(statements):
            if isinstance(statement, Map):
                found = True
                yield _statement(statement)
    if not found:
        managed = expression(policy.managed_arn) if policy.managed_arn is not None else "unknown"
        yield _granted("?", [managed], [], [], policy.at)


def _statement(statement: Map) -> Row:
    effect = constant(statement.get("Effect"))
    return _granted(
        effect if isinstance(effect, str) else "?",
        [*_texts(statement, "Action"), *(f"not {one}" for one in _texts(statement, "NotAction"))],
        [
            *_texts(statement, "Resource"),
            *(f"not {one}" for one in _texts(statement, "NotResource")),
        ],
        [f"{operator} {_keys(value)}" for operator, value in _entries(statement, "Condition")],
        statement.at,
    )


def _granted(
    effect: str, actions: list[str], resources: list[str], conditions: list[str], at: Location
) -> Row:
    return {
        "effect": effect,
        "actions": actions,
        "resources": resources,
        "if": conditions,
        "at": place(at),
    }


def _texts(statement: Map, key: str) -> list[str]:
    return [expression(item) for item in items(statement.get(key))]


def _entries(statement: Map, key: str) -> Iterator[tuple[str, Value]]:
    value = statement.get(key)
    return iter(value) if isinstance(value, Map) else iter(())


def _keys(value: Value) -> str:
    return ", ".join(key for key, _ in value) if isinstance(value, Map) else "unknown"


NO_APPLICATION = "no application"
"""Stands for the application's name where what was not seen belongs to none."""


@record
class View:
    """The rows of one view of one application."""

    application: str
    name: str
    rows: tuple[Row, ...]
