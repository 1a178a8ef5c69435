"""What handlers were seen to do, told as flows from an event source to the line that does harm."""

from collections.abc import Iterator

from stockade.analysis.across.joined import Joined
from stockade.analysis.across.ways import Way
from stockade.analysis.events import CONTENT, STORED, within_store
from stockade.analysis.facts import (
    PARSED,
    ExternalCall,
    Flow,
    Origin,
    OriginKind,
)
from stockade.analysis.interpreter.journal import Call, Hit
from stockade.analysis.interpreter.protocol import Proof, Site
from stockade.analysis.interpreter.values import CALLER, Data, Node
from stockade.model import Exposure, Location, ResourceId, Step
from stockade.model.record import replace

ENDS = {
    "shell": "and a shell runs it",
    "sql": "and the database runs it as part of a statement",
    "query": "and it becomes part of a query",
    "filter": "and it becomes a filter, operators included",
    "host": "and a request goes to the host it names",
    "scheme": "and it chooses how the address is opened, as a file too",
    "any-file": "and it chooses which file is read, whatever its name",
    "path": "and it chooses the file",
    "object-key": "and it chooses the object",
    "target": "and it chooses what the call acts on",
    "recipient": "and it chooses who is sent the message",
    "archive": "and it is unpacked wherever it says",
    "code": "and it is run as code",
    "import": "and it chooses the code that is loaded",
    "unpickle": "and it is loaded as objects, which runs what it says",
    "page": "and it goes into a page as it is",
    "origin": "and pages of that origin may read the answer, with the user's cookies",
    "redirect": "and browsers are sent to the address it names",
    "xml": "and it is parsed with entities",
    "sax": "and it is parsed with entities",
    "template": "and it is rendered as a template",
    "prototype": "and it chooses an entry of an entry, `__proto__` too",
    "stalls": "and the pattern tries exponentially many ways to match it",
    "pattern": "and it is the pattern, whatever that takes to match",
    "variable": "and it chooses the variable that is compared with what was sent",
    "claim": "and it decides what whoever calls may do",
    "log": "and it is logged",
    "response": "and the caller receives it",
}
"""How a flow ends, by the kind of its sink: the end of a sentence."""


_ADDRESSES = (".email", ".phone_number")
"""What a user pool has sent a code to before it names it in a token."""


def flows(function: ResourceId, at: Location, hit: Hit, joined: Joined) -> Iterator[Flow]:
    """Tell one hit as flows, from the event source in the template to the sink.

    `at` is where the function is declared. What the event source of another function lets more
    people write is told from there. What was read from a store is told for what others put into
    it, or not at all.
    """
    best: Way | None = None
    for found in joined.to(hit.taint.data, hit.kind):
        way = found
        if not way.hops and hit.proved is not None:
            way = replace(way, begins=way.begins.identified(of_role=hit.proved.of_role))
        if way.hops and way.data.kind is OriginKind.SECRET:
            yield _flow(function, at, hit, way, joined)
        elif best is None or way.begins.exposure > best.begins.exposure:
            best = way
    if best is not None:
        yield _flow(function, at, hit, best, joined)


def _flow(function: ResourceId, at: Location, hit: Hit, way: Way, joined: Joined) -> Flow:
    nodes = _way(hit.taint.node)
    sink = hit.site.location()
    steps = [
        *joined.placed((*way.begins.because, *_handed_on(way))),
        *([] if way.hops else _proof(hit.proved)),
        *_told(nodes),
        Step(sink, ENDS.get(hit.kind, f"and it reaches {hit.callee}()")),
    ]
    return Flow(
        kind=hit.kind,
        function=function,
        origin=Origin(
            kind=OriginKind.EVENT if way.data.kind is OriginKind.STORED else way.data.kind,
            field=_field(hit.taint.data),
            at=nodes[0].location or at,
            event_source=way.begins.source,
            exposure=way.begins.exposure,
            is_own_address=way.data.verified and way.data.field.endswith(_ADDRESSES),
        ),
        callee=hit.callee,
        argument=hit.argument,
        sink=sink,
        steps=tuple(_once_a_line(steps)),
        confidence=hit.confidence,
        proved=way.is_identified or (not way.hops and hit.proved is not None),
        through=tuple(hop.arrival.sender for hop in way.hops),
        is_parsed=any(node.note == PARSED for node in nodes),
        calls=tuple(node.through for node in nodes if node.through),
        made=hit.taint.node.exact.location,
    )


def _handed_on(way: Way) -> Iterator[Step]:
    """Tell how data went from function to function: the code's lines, the call, the trigger."""
    for hop in way.hops:
        yield from _told(_way(hop.carried.node))
        call, *rest = hop.arrival.steps
        if CALLER in hop.carried.safe:
            call = Step(call.at, f"knows who calls by then, {call.note}")
        if not hop.sure:
            call = Step(call.at, f"{call.note} (if its role may: that is not known)")
        yield from (call, *rest)


def _proof(proof: Proof | None) -> tuple[Step, ...]:
    """Tell where the code finds out who calls."""
    if proof is None:
        return ()
    what = "that whoever calls has a role" if proof.of_role else "who calls"
    return (Step(proof.site.location(), f"the code finds out here {what}"),)


def _field(data: Data) -> str:
    """Name the data as the function knows it that does the harm."""
    if data.kind is OriginKind.STORED and data.field.startswith(STORED):
        (store,) = data.sources
        field = within_store(data.field, store)
        if data.name:
            return (
                f"{field} in {store}" if field == CONTENT else f"{field} of an object in {store}"
            )
        return f"{field} in an item of {store}" if field else f"an item of {store}"
    return data.field


def external_call(function: ResourceId, call: Call, exposure: Exposure) -> ExternalCall:
    """Tell one call of something external, with the way from the handler to it."""
    return ExternalCall(
        function=function,
        callee=call.callee,
        arguments=call.arguments,
        receiver=call.receiver,
        at=call.site.location(),
        steps=tuple(_call_step(site, name) for site, name in call.way[1:]),
        exposure=exposure,
        proved=call.proved is not None,
        complete=call.complete,
        named=call.named,
        left_out=call.left_out,
    )


def _way(node: Node) -> list[Node]:
    nodes = [node]
    while nodes[-1].parent is not None:
        nodes.append(nodes[-1].parent)
    nodes.reverse()
    return nodes


def _told(nodes: list[Node]) -> Iterator[Step]:
    for node in nodes:
        at = node.location if node.shown else None
        if at is not None:
            yield Step(at, node.note)


def _once_a_line(steps: list[Step]) -> Iterator[Step]:
    """Tell each line once: where several steps in a row stand on it, by the first and the last."""
    position = 0
    while position < len(steps):
        first = last = steps[position]
        while position < len(steps) and _same_line(steps[position], first):
            last = steps[position]
            position += 1
        if first.note == last.note or first.at.path != last.at.path:
            yield last
        else:
            yield Step(last.at, f"{first.note}, {last.note.removeprefix('and ')}")


def _same_line(first: Step, second: Step) -> bool:
    return (first.at.path, first.at.line) == (second.at.path, second.at.line)


def _call_step(site: Site, name: str) -> Step:
    called = "a function that has no name" if name.startswith("<") else f"{name}()"
    return Step(site.location(), f"calls {called}")
