"""What findings give whoever uses them: the beginning of every path.

A function of Lambda has no instance metadata. The credentials of its role stand in its environment
("Lambda execution role" and "Defined runtime environment variables" in the AWS Lambda Developer
Guide), so that what reads `/proc/self/environ` reads them: code, a file that the event chooses,
an address whose scheme may be `file:`. A request over HTTP reads none of it: the runtime's own API
on the loopback answers with the event at hand, which the sender knows. With SnapStart the
credentials are fetched with a token instead, and no file holds them.
"""

from collections.abc import Iterator, Mapping
from enum import IntEnum
from typing import Final

from stockade.analysis.effects import Effects
from stockade.analysis.events import ANSWERING
from stockade.analysis.facts import ExternalCall, Facts, Flow
from stockade.analysis.operations import EffectKind
from stockade.model import (
    Application,
    Confidence,
    EventSourceType,
    Exposure,
    Finding,
    Function,
    Location,
    NoValue,
    ResourceId,
    constant,
    inside,
)
from stockade.model.record import record, replace


class Gain(IntEnum):
    """What a foothold gives, the most highest."""

    NETWORK = 1
    """Requests from where the function stands."""
    STORE = 2
    """A store, through a call that the code makes anyway."""
    ENVIRONMENT = 3
    """The variables of the function."""
    CODE = 4
    """Code of the attacker's own in the function."""


@record(kw_only=True)
class Foothold:
    """A finding that lets whoever sends an event into a function do something there."""

    gain: Gain
    function: ResourceId
    finding: Finding
    flow: Flow
    does: str
    """What is done, without its subject: `"run commands in Intake"`."""
    confidence: Confidence
    credentials: bool = True
    """Whether the credentials of the role come with it."""
    store: ResourceId | None = None
    verb: str = ""


_RUNS: Final = {
    "event-in-shell": "shell",
    "event-evaluated": "code",
    "event-unpickled": "unpickle",
    "event-imported": "import",
    "event-as-template": "template",
}
"""Rules whose findings end in code of the attacker's own, and the kind of their flows."""

_ON_STORES: Final = {
    "event-in-sql": "sql",
    "event-in-query-expression": "query",
    "event-chooses-target": "target",
    "event-chooses-object-key": "object-key",
}

_ANSWERING: Final = ANSWERING - {EventSourceType.WEBSOCKET_API}
"""Event sources whose senders are given what the handler returns, whatever their routes say."""

_ELSEWHERE: Final = ("aws.", "paramiko.", "fabric.", "invoke.")
"""Sinks of commands that run on another machine."""

_VERBS: Final = {
    EffectKind.READS: "read",
    EffectKind.WRITES: "change",
    EffectKind.DELETES: "delete from",
}


class Footholds:
    """The footholds that an application's findings give, by function."""

    def __init__(self, app: Application, facts: Facts, findings: tuple[Finding, ...]) -> None:
        self._app = app
        self._facts = facts
        self._flows: dict[tuple[str, Location, str], list[Flow]] = {}
        for flow in facts.flows:
            self._flows.setdefault((flow.kind, flow.sink, flow.function), []).append(flow)
        self._calls: dict[tuple[Location, ResourceId], list[ExternalCall]] | None = None
        self._effects: Effects | None = None
        self.of: Mapping[ResourceId, tuple[Foothold, ...]] = self._by_function(findings)

    def _by_function(
        self, findings: tuple[Finding, ...]
    ) -> Mapping[ResourceId, tuple[Foothold, ...]]:
        found: dict[ResourceId, list[Foothold]] = {}
        for finding in findings:
            function = self._app.functions.get(finding.match.resource or "")
            if function is not None:
                for one in self._given_by(finding, function):
                    found.setdefault(one.function, []).append(one)
        return {function: tuple(held) for function, held in found.items()}

    def _given_by(self, finding: Finding, function: Function) -> Iterator[Foothold]:
        rule = finding.rule.id
        if rule in _RUNS:
            flow = self._worst(_RUNS[rule], finding, function)
            if flow is not None and not flow.callee.startswith(_ELSEWHERE):
                yield _foothold(Gain.CODE, finding, flow, claim(finding), flow.confidence)
        elif rule == "event-chooses-host":
            yield from self._of_host(finding, function)
        elif rule == "event-chooses-path":
            flow = self._worst("any-file", finding, function)
            if flow is not None and self._answers(flow):
                does = f"{claim(finding)}, /proc/self/environ among them"
                yield self._environment(finding, flow, does)
        elif rule in _ON_STORES:
            yield from self._of_store(finding, function, _ON_STORES[rule])

    def _of_host(self, finding: Finding, function: Function) -> Iterator[Foothold]:
        flow = self._worst("host", finding, function)
        if flow is None:
            return
        as_file = self._worst("scheme", finding, function)
        if as_file is not None and self._answers(flow):
            does = f"make {_name(self._app, function)} open file:///proc/self/environ"
            yield self._environment(finding, as_file, does)
        if self._in_network(function):
            yield _foothold(Gain.NETWORK, finding, flow, claim(finding), flow.confidence)

    def _of_store(self, finding: Finding, function: Function, kind: str) -> Iterator[Foothold]:
        flow = self._worst(kind, finding, function)
        if flow is None:
            return
        effects = self._effects = self._effects or Effects(self._app, self._facts)
        for effect in effects.of_calls(self._at(flow)):
            if effect.resource is not None and effect.kind in _VERBS:
                yield Foothold(
                    gain=Gain.STORE,
                    function=function.id,
                    finding=finding,
                    flow=flow,
                    does=claim(finding),
                    confidence=flow.confidence,
                    store=effect.resource,
                    verb=_VERBS[effect.kind],
                )

    def _environment(self, finding: Finding, flow: Flow, does: str) -> Foothold:
        """Return what a file of the attacker's choice gives, less sure than the finding.

        That the answer shows what was read is not followed.
        """
        return replace(
            _foothold(Gain.ENVIRONMENT, finding, flow, does, _likely(flow)),
            credentials=not self._snaps(self._app.functions[flow.function]),
        )

    def _worst(self, kind: str, finding: Finding, function: Function) -> Flow | None:
        flows = self._flows.get((kind, finding.match.at, function.id), ())
        return max(flows, key=lambda one: (one.origin.exposure, one.confidence), default=None)

    def _at(self, flow: Flow) -> list[ExternalCall]:
        """Return the calls that stand where a flow ends."""
        if self._calls is None:
            self._calls = {}
            for call in self._facts.calls:
                self._calls.setdefault((call.at, call.function), []).append(call)
        return self._calls.get((flow.sink, flow.function), [])

    def _answers(self, flow: Flow) -> bool:
        """Tell whether whoever sends the event is given what the handler returns."""
        sources = self._app.event_sources_of(flow.function)
        sent = next((one for one in sources if one.id == flow.origin.event_source), None)
        return sent is not None and sent.type in _ANSWERING

    def _in_network(self, function: Function) -> bool:
        resource = self._app.resources.get(function.id)
        return resource is not None and any(
            not isinstance(one, NoValue)
            for one in inside(resource.properties, "VpcConfig", "SubnetIds", "[]")
        )

    def _snaps(self, function: Function) -> bool:
        """Tell whether the function starts from a snapshot: its credentials are elsewhere."""
        resource = self._app.resources.get(function.id)
        return resource is not None and any(
            constant(one) == "PublishedVersions"
            for one in inside(resource.properties, "SnapStart", "ApplyOn")
        )


def _foothold(
    gain: Gain, finding: Finding, flow: Flow, does: str, confidence: Confidence
) -> Foothold:
    return Foothold(
        gain=gain,
        function=flow.function,
        finding=finding,
        flow=flow,
        does=does,
        confidence=confidence,
    )


def _likely(flow: Flow) -> Confidence:
    return min(flow.confidence, Confidence.MEDIUM)


def claim(finding: Finding) -> str:
    """Return what a finding says that can be done: what follows "can" in its message."""
    _, can, claim = finding.match.message.rpartition(" can ")
    return claim if can else finding.match.message


def who(finding: Finding) -> str:
    """Return who can do it, in the words of the finding."""
    before, can, _ = finding.match.message.rpartition(" can ")
    return before if can else "whoever can send its events"


def is_outside(exposure: Exposure) -> bool:
    """Tell whether somebody outside of the application can send."""
    return exposure > Exposure.APPLICATION


def _name(app: Application, function: Function) -> str:
    resource = app.resources.get(function.id)
    return resource.name if resource is not None else function.id
