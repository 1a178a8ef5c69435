"""What each function needs: the actions on the resources that its code and its settings use.

The calls that analysis saw become operations, operations become actions, and the arguments
become ARNs by way of the template. What cannot be known is told as `Unknown`: nothing here ever
turns into `*` that is not `*` by its nature.
"""

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import Final

from stockade.analysis.facts import ExternalCall, Facts
from stockade.analysis.permissions.arns import arns_of
from stockade.analysis.permissions.calls import OperationCall, operation_calls
from stockade.analysis.permissions.configuration import configured
from stockade.analysis.permissions.encryption import with_key
from stockade.analysis.permissions.event import senders
from stockade.analysis.permissions.libraries import library_calls
from stockade.analysis.permissions.parameters import holds
from stockade.analysis.permissions.resources import Resources
from stockade.analysis.permissions.special import tells
from stockade.analysis.permissions.texts import pieces
from stockade.catalogue import Authorization, Catalogue, open_catalogue
from stockade.model import (
    Application,
    Function,
    Reference,
    Resource,
    ResourceId,
    Step,
    Unknown,
    Value,
    expression,
)
from stockade.model.record import record
from stockade.model.remembered import remembered

__all__ = ["AllNeeds", "Need", "Needs", "needs", "needs_of"]

MOST_NEEDS: Final = 2_000
"""A function that needs more than this is told as one that could not be followed."""


@record
class Need:
    """An action on a resource that a function needs.

    `resource` is an ARN whose unresolved parts are values of the template, or `*` for an action
    that has no resource type. `because` ends at the line that needs it, and where the resource
    is declared; `calls` are those of its steps that lead through the code, none for what a
    setting needs. `wide` is true where the ARN ends in what is only known at run time, or is
    one of two that may be meant: a role that grants less may still do.
    """

    action: str
    resource: Value
    because: tuple[Step, ...]
    wide: bool = False
    calls: tuple[Step, ...] = ()


@record(kw_only=True)
class Needs:
    """Everything that a function needs, and what of it could not be known.

    The set is complete where `unknown` is empty. Sorted by action and resource.
    """

    function: ResourceId
    needed: tuple[Need, ...]
    unknown: tuple[Unknown, ...]

    @property
    def complete(self) -> bool:
        """Tell whether nothing of what the function needs is unknown."""
        return not self.unknown


class AllNeeds(Mapping[ResourceId, Needs]):
    """What each function of an application needs, worked out when it is asked for."""

    def __init__(self, app: Application, facts: Facts, catalogue: Catalogue) -> None:
        self._app = app
        self._facts = facts
        self._catalogue = catalogue
        self._working: dict[ResourceId, _Working] = {}
        self._done: dict[ResourceId, Needs] = {}
        self._calls: dict[ResourceId, list[ExternalCall]] = {}
        for call in facts.calls:
            self._calls.setdefault(call.function, []).append(call)

    def __getitem__(self, function: ResourceId) -> Needs:
        if function not in self._done:
            working = self._followed(function)
            working.configure()
            self._done[function] = working.found()
        return self._done[function]

    def __iter__(self) -> Iterator[ResourceId]:
        return iter(self._app.functions)

    def __len__(self) -> int:
        return len(self._app.functions)

    def of_calls(self, function: ResourceId) -> tuple[Need, ...]:
        """Return what the calls of a function need: without a log, say, it still runs."""
        if function not in self._calls:
            return ()
        found = self._done.get(function) or self._followed(function).found()
        return tuple(need for need in found.needed if need.calls)

    def _followed(self, function: ResourceId) -> "_Working":
        if function not in self._working:
            working = _Working(self._app, self._app.functions[function], self._catalogue)
            working.follow(self._calls.get(function, ()), self._facts)
            self._working[function] = working
        return self._working[function]


def needs(app: Application, facts: Facts, catalogue: Catalogue | None = None) -> AllNeeds:
    """Work out what each function of an application needs."""
    return _needs(facts, app) if catalogue is None else AllNeeds(app, facts, catalogue)


@remembered
def _needs(facts: Facts, app: Application) -> AllNeeds:
    return AllNeeds(app, facts, open_catalogue())


def needs_of(
    app: Application, facts: Facts, function: Function, calls: Iterable[ExternalCall]
) -> Needs:
    """Work out what a function would need whose code made only these of its calls."""
    working = _Working(app, function, open_catalogue())
    working.follow(calls, facts)
    working.configure()
    return working.found()


class _Working:
    """Collects what one function needs."""

    def __init__(self, app: Application, function: Function, catalogue: Catalogue) -> None:
        self._app = app
        self._function = function
        self._arns = arns_of(app)
        self._catalogue = catalogue
        self._needed: dict[tuple[str, str], Need] = {}
        self._unknown: dict[tuple[str, str, int], Unknown] = {}

    @cached_property
    def _resources(self) -> Resources:
        return Resources(self._arns, senders(self._app, self._function))

    def follow(self, calls: Iterable[ExternalCall], facts: Facts) -> None:
        """Add what the calls of the function need."""
        for unseen in _not_followed(self._function, facts):
            self._tell(unseen)
        for call in calls:
            if "credentials" in call.receiver:
                continue  # It is signed with keys that the code gives: by somebody else.
            for asked in (
                *operation_calls(call, self._catalogue),
                *library_calls(call, self._catalogue),
            ):
                if isinstance(asked, Unknown):
                    self._tell(asked)
                else:
                    self._asked(asked, call)

    def configure(self) -> None:
        """Add what the configuration of the function needs."""
        for one in configured(self._app, self._function, self._arns):
            at = one.setting.at
            because = (Step(at, one.note),)
            for action in one.actions:
                self._add(action, one.resource, because)

    def found(self) -> Needs:
        """Return what was added so far."""
        return Needs(
            function=self._function.id,
            needed=tuple(self._needed[key] for key in sorted(self._needed)),
            unknown=tuple(self._unknown.values()),
        )

    def _asked(self, asked: OperationCall, call: ExternalCall) -> None:
        """Add what one call of an operation needs."""
        note = asked.note or f"calls {asked.operation.name}"
        because = (*call.steps, Step(call.at, note))
        special = tells(self._app, self._function, self._arns, asked, call.at)
        needed = [*asked.operation.needs]
        for parameter in asked.operation.statements:
            from stockade.analysis.permissions import partiql  # noqa: PLC0415 - few operations

            for one in partiql.authorizations(asked.given, parameter, call.at, self._catalogue):
                if isinstance(one, Unknown):
                    self._tell(one)
                else:
                    needed.append(one)
        for need in needed:
            if self._applies(need, asked, call):
                for resource in self._resources.of(need, asked.given, call.at, special):
                    told = _explained(because, need)
                    wide = _is_wide(need, resource)
                    self._add(need.action, resource, told, calls=told, wide=wide)

    def _applies(self, need: Authorization, asked: OperationCall, call: ExternalCall) -> bool:
        """Tell whether the conditions of a need hold; unknown ones are told."""
        for test in need.when:
            answer = holds(test, asked.given, complete=asked.complete)
            if answer is None:
                name = test.removeprefix("not ")
                why = f"whether {asked.operation.name} is given {name} is not known"
                self._tell(Unknown(why, call.at))
                return test.startswith("not ")
            if not answer:
                return False
        return True

    def _add(
        self,
        action: str,
        resource: Value,
        because: tuple[Step, ...],
        *,
        calls: tuple[Step, ...] = (),
        wide: bool = False,
    ) -> None:
        if isinstance(resource, Unknown):
            self._tell(Unknown(f"{action}: {resource.why}", because[-1].at))
            return
        key = (action, expression(resource))
        if key in self._needed:
            return
        if len(self._needed) >= MOST_NEEDS:
            why = f"it needs more than {MOST_NEEDS} permissions; the rest was not worked out"
            self._tell(Unknown(why, self._function.at))
            return
        self._needed[key] = Need(action, resource, because, wide, calls)
        owner = self._declared(resource)
        if owner is not None:
            declared = (*because, Step(owner.at, f"on {owner.name}"))
            self._needed[key] = Need(action, resource, declared, wide, calls)
            for use, target, setting in with_key(action, owner, self._arns):
                encrypted = Step(setting.at, "whose key encrypts it")
                self._add(use, target, (*because, encrypted), calls=calls)

    def _declared(self, resource: Value) -> Resource | None:
        """Return the resource of the application that an ARN names."""
        for piece in pieces(resource):
            if isinstance(piece, Reference):
                return self._app.resources.get(piece.resource)
        return None

    def _tell(self, unknown: Unknown) -> None:
        key = (unknown.why, unknown.at.path, unknown.at.line)
        self._unknown.setdefault(key, unknown)


def _is_wide(need: Authorization, resource: Value) -> bool:
    """Tell whether an ARN stands for more than the one resource that a call will name."""
    parts = pieces(resource)
    if need.resource == "*" or need.type == "bedrock:foundation-model":
        return False
    if need.type == "ses:identity" and all(not isinstance(part, Reference) for part in parts):
        return True
    stars = sum(part.count("*") for part in parts if isinstance(part, str))
    return stars > need.resource.count("*")


def _explained(because: tuple[Step, ...], need: Authorization) -> tuple[Step, ...]:
    """Say in the last step what is not plain from the call: a service in between, a `*`."""
    last = because[-1]
    if need.via is not None:
        return (*because[:-1], Step(last.at, f"{last.note}, which {need.via} does on its behalf"))
    if need.why:
        return (*because[:-1], Step(last.at, f"{last.note} on *, {_because(need.why)}"))
    return because


def _because(why: str) -> str:
    return f"because {why}"


def _not_followed(function: Function, facts: Facts) -> Iterator[Unknown]:
    """Yield why the code of a function was not followed to its end, if it was not."""
    handler = function.handler
    if isinstance(handler, Unknown):
        yield Unknown(f"its code is not analysed: {handler.why}", function.at)
        return
    for one in facts.unseen:
        own = not isinstance(handler, Unknown) and one.at.path == handler.file.path
        if (own or one.at == function.at) and one.kind in ("code", "handler", "limit"):
            yield Unknown(f"its code was not followed: {one.why}", one.at)
