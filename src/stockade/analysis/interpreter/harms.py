"""What a call does with data of others, and what it shows of it: sinks and guards."""

from collections.abc import Iterable, Iterator
from typing import Final

from stockade.analysis.events import name_of
from stockade.analysis.facts import OriginKind
from stockade.analysis.interpreter import checks, places, secrets, sinks, written_sql
from stockade.analysis.interpreter.convert import Converter, Tests
from stockade.analysis.interpreter.journal import Hit, Journal
from stockade.analysis.interpreter.protocol import Invocation, Machine, Proof, Site
from stockade.analysis.interpreter.values import (
    NONE,
    Data,
    Event,
    HeapObject,
    Node,
    Ref,
    Taint,
    Truth,
    Val,
    const,
    constant_text,
    only_constant,
)
from stockade.analysis.libraries import proofs
from stockade.analysis.libraries.conditions import given, text_of
from stockade.analysis.libraries.description import Description
from stockade.analysis.libraries.model import Guard, Named, Shaped
from stockade.analysis.libraries.patterns import parts
from stockade.analysis.libraries.schemas import fields
from stockade.model import Confidence
from stockade.model.record import replace

RESPONSE = "response"
"""Stands for the callee where the harm is in what a handler gives its caller."""


class Harms:
    """Notes in the journal where data of others arrives, by the lines of the tables."""

    def __init__(self, converter: Converter, journal: Journal) -> None:
        self._converter = converter
        self._journal = journal

    def note(self, machine: Machine, told: Description, call: Invocation) -> None:
        """Note the data of others that arrives in a sink of this call."""
        tests = Tests(machine, self._converter, call)
        if told.is_log:
            self._named(machine, call)
        for line in told.sinks:
            value = places.at(machine, line.argument, call)
            if value is None:
                continue
            taints = sinks.reaching(machine, line.kind, value, call.callee)
            if not taints:
                continue
            applies = tests.holds(line.when)
            if applies is False:
                continue
            confidence = line.confidence if applies else Confidence.LOW
            for taint in taints:
                if line.through and not machine.harmful(taint, line.through):
                    continue
                hit = Hit(line.kind, call.callee, line.argument, taint, call.site, confidence)
                self._hit(machine, hit)

    def unread(self, machine: Machine, call: Invocation) -> None:
        """Note the statements of SQL that are given to code of which no table speaks."""
        for place, taint in written_sql.given(machine, call):
            hit = Hit(written_sql.KIND, call.callee, place, taint, call.site, Confidence.MEDIUM)
            self._hit(machine, hit)

    def _named(self, machine: Machine, call: Invocation) -> None:
        """Note the variables that go into a log under whose names secrets stand."""
        for value in call.arguments.all():
            for name in dict.fromkeys(secrets.variables(machine, value)):
                data = Data(OriginKind.SECRET, name)
                taint = machine.start(call.site, data, f"reads the variable `{name}`")
                hit = Hit("log", call.callee, "*", taint, call.site, Confidence.MEDIUM)
                self._journal.hit(hit)

    def responds(self, machine: Machine, value: Val, site: Site) -> None:
        """Note what a handler gives its caller, and what it puts into a page."""
        for taint in machine.inside(value).taints:
            if taint.data.kind is not OriginKind.EVENT and machine.harmful(taint, RESPONSE):
                self._journal.hit(Hit(RESPONSE, RESPONSE, "*", taint, site, Confidence.HIGH))
        for _, response in machine.objects(value):
            body = response.entries.get("body")
            if body is not None and _is_page(machine, response):
                self.page(machine, body, site)
            for taint in _let_in(machine, response):
                hit = Hit("origin", RESPONSE, _LETS_IN, taint, site, Confidence.HIGH)
                self._hit(machine, hit)
            for address in _sent_on(machine, response):
                for taint in sinks.reaching(machine, "redirect", address):
                    hit = Hit("redirect", RESPONSE, "Location", taint, site, Confidence.HIGH)
                    self._hit(machine, hit)

    def page(self, machine: Machine, body: Val, site: Site) -> None:
        """Note the data of others in a page that is sent."""
        for taint in sinks.reaching(machine, "page", body):
            if taint.data.kind in (OriginKind.EVENT, OriginKind.STORED):
                hit = Hit("page", RESPONSE, "body", taint, site, Confidence.HIGH)
                self._hit(machine, hit)

    def _hit(self, machine: Machine, hit: Hit) -> None:
        """Note what somebody's event does, and whether it is known here whose it is."""
        taint = machine.narrowed(hit.taint)
        self._journal.hit(replace(hit, proved=machine.proved(), taint=taint))

    def checked(self, machine: Machine, told: Description, call: Invocation, result: Val) -> Val:
        """Note what the call checks: at once where it raises, in its result where it answers."""
        answered: list[tuple[Node, str]] = []
        tests = Tests(machine, self._converter, call)
        for guard, value in _guards(machine, told.guards, call, tests):
            pairs = _made_safe(machine, guard, value)
            if guard.raises:
                machine.trust(pairs)
            else:
                answered.extend(pairs)
        for line in told.shaped:
            pairs = tuple(_shown(machine, line, call, tests))
            if line.raises:
                machine.trust(pairs)
            else:
                answered.extend(pairs)
        if call.callee in proofs.COMPARING:
            left, right = (places.at(machine, place, call) for place in ("@0", "@1"))
            if left and right and machine.meets(call.callee, left, right, call.site):
                return result
        for proof in told.proofs:
            if tests.holds(proof.when) is not False:
                if proof.raises:
                    machine.trust(machine.proof(Proof(call.site)))
                    if call.callee in proofs.READERS:
                        result = _verified(result)
                else:
                    answered.extend(machine.proof(Proof(call.site)))
        groups = _groups(told, tests)
        if not answered and not groups:
            return result
        return Val((Truth(tuple(answered), (), groups),), result.taints)


def _verified(claims: Val) -> Val:
    """Return what a token says once it was checked: it is there only of whoever holds one.

    So a function that gives nothing for a token that is not valid tells by it who calls.
    """
    taints = (replace(taint, data=replace(taint.data, verified=True)) for taint in claims.taints)
    return Val(claims.shapes, tuple(taints))


def _groups(told: Description, tests: Tests) -> tuple[tuple[str | int, frozenset[str]], ...]:
    """Return what the groups of a match are safe for, if the call is one."""
    if told.matches is None:
        return ()
    pattern = text_of(given(tests.arguments, *told.matches.pattern))
    return parts(pattern) if pattern is not None else ()


def _shown(
    machine: Machine, line: Shaped, call: Invocation, tests: Tests
) -> Iterator[tuple[Node, str]]:
    """Yield the fields of an argument that a JSON schema leaves no harmful text."""
    schema = given(tests.arguments, *line.schema)
    whole = places.at(machine, line.argument, call)
    if whole is None or isinstance(schema, Named):
        return
    for way, kinds in fields(schema):
        value = whole
        for part in way:
            is_item = part == "[]"
            value = (
                machine.item(value, call.site)
                if is_item
                else machine.index(value, const(part), call.site)
            )
        yield from ((taint.node, kind) for taint in value.taints for kind in kinds)


def _guards(
    machine: Machine, guards: Iterable[Guard], call: Invocation, tests: Tests
) -> Iterator[tuple[Guard, Val]]:
    """Yield the guards that hold for this call, with the data that they look at."""
    for line in guards:
        value = places.at(machine, line.argument, call)
        if value is None or machine.frozen(value):
            continue
        if tests.holds(line.when) is True:
            yield line, value


def _made_safe(machine: Machine, guard: Guard, value: Val) -> tuple[tuple[Node, str], ...]:
    nodes = [taint.node for taint in machine.inside(value).taints]
    nodes += [
        machine.field_node(name_of(shape.path))
        for shape in value.shapes
        if isinstance(shape, Event)
    ]
    pairs = tuple((node, kind) for node in nodes for kind in guard.kinds)
    return pairs + checks.addresses_of(value) if "host" in guard.kinds else pairs


def _sent_on(machine: Machine, response: HeapObject) -> Iterator[Val]:
    """Yield where a response sends a browser: what it says is made, or moved, stays here."""
    status = response.entries.get("statusCode", response.entries.get("status"))
    text = str(known.value) if status is not None and (known := only_constant(status)) else "3"
    if not text.startswith("3"):
        return
    for name, headers in response.entries.items():
        if name not in ("headers", "multiValueHeaders"):
            continue
        for _, found in machine.objects(headers):
            for header, content in found.entries.items():
                if str(header).lower() == "location":
                    yield from _values_of(machine, content)


_LETS_IN: Final = "access-control-allow-origin"
_WITH_COOKIES: Final = "access-control-allow-credentials"


def _let_in(machine: Machine, response: HeapObject) -> Iterator[Taint]:
    """Yield the origin of a request to which the response is shown, with the user's cookies."""
    for name in ("headers", "multiValueHeaders"):
        for _, found in machine.objects(response.entries.get(name, NONE)):
            held = {str(header).lower(): value for header, value in found.entries.items()}
            origin, cookies = held.get(_LETS_IN), held.get(_WITH_COOKIES)
            if origin is None or cookies is None:
                continue
            answer = only_constant(next(_values_of(machine, cookies), cookies))
            if answer is None or str(answer.value).lower() != "true":
                continue
            for one in _values_of(machine, origin):
                yield from (taint for taint in one.taints if _is_origin(machine, taint))


def _is_origin(machine: Machine, taint: Taint) -> bool:
    """Tell whether it is the origin that a request names, which nothing has looked at."""
    return (
        taint.data.kind is OriginKind.EVENT
        and taint.data.field.lower().startswith(("headers.", "multivalueheaders."))
        and "origin" in taint.data.field.lower()
        and not machine.looked_at(taint)
    )


def _values_of(machine: Machine, content: Val) -> Iterator[Val]:
    """Yield the values of a header: one text, several, or CloudFront's `[{ value }]`."""
    lists = [found for _, found in machine.objects(content)]
    for found in lists:
        inner = found.contents()
        for _, each in machine.objects(inner) if inner is not None else ():
            yield from (value for key, value in each.entries.items() if key == "value")
        if inner is not None:
            yield Val(tuple(s for s in inner.shapes if not isinstance(s, Ref)), inner.taints)
    if not lists:
        yield content


def _is_page(machine: Machine, response: HeapObject) -> bool:
    """Tell whether a response says that its body is HTML."""
    headers = [response.entries.get(name) for name in ("headers", "multiValueHeaders")]
    for value in headers:
        for _, found in machine.objects(value) if value is not None else ():
            for name, content in found.entries.items():
                if str(name).lower() == "content-type":
                    texts = [constant_text(each) for each in _values_of(machine, content)]
                    return any(text is not None and _runs_scripts(text) for text in texts)
    return False


def _runs_scripts(content_type: str) -> bool:
    """Tell whether browsers run the scripts of a document of this type."""
    kind = content_type.lower()
    return "html" in kind or "image/svg" in kind
