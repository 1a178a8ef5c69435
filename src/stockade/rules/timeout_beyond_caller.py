"""A function runs on when nobody waits. Its page is docs/rules/timeout-beyond-caller.md."""

from collections.abc import Iterator

from stockade.analysis.facts import Facts
from stockade.analysis.limits import number, property_at, timeout
from stockade.model import (
    Application,
    Confidence,
    EventSource,
    EventSourceType,
    Match,
    Severity,
    Step,
    constant,
    expression,
    inside,
)
from stockade.rules._advice import advice
from stockade.rules._rule import rule

_WAITS = {
    EventSourceType.REST_API: (29, "a REST API waits 29 seconds"),
    EventSourceType.HTTP_API: (30, "an HTTP API waits 30 seconds"),
}
_SLACK = 1
"""30 seconds behind a REST API's 29 are near enough."""
_MILLISECONDS = 1000


@rule(
    title="a function may run longer than its caller waits",
    harm=Severity.LOW,
    practice="F1",
    cwe=(400,),
)
def timeout_beyond_caller(app: Application, facts: Facts) -> Iterator[Match]:
    """Report functions that only APIs call and that outlast them."""
    for function in app.functions:
        resource = app.resources[function]
        seconds = timeout(resource)
        sources = [one for one in app.event_sources_of(function) if one.resource or one.route]
        if seconds is None or not sources or any(one.type not in _WAITS for one in sources):
            continue
        waited = [_waited(one) for one in sources]
        longest = max((one for one, _ in waited), default=0)
        if seconds <= longest + _SLACK:
            continue
        source = sources[[one for one, _ in waited].index(longest)]
        longer = "; what takes longer is started by the request and runs behind a queue"
        note = next(text for one, text in waited if one == longest)
        yield Match(
            at=property_at(resource, "Timeout"),
            message=(
                f"{resource.name} may run for {seconds} seconds, but its caller hears "
                f"of a failure after {longest}"
            ),
            because=(
                Step(source.at, note),
                Step(property_at(resource, "Timeout"), f"the function goes on for {seconds}"),
            ),
            confidence=Confidence.HIGH,
            exposure=facts.exposures[source.id].exposure,
            identity=(function, str(seconds)),
            resource=function,
            cause=(str(seconds), str(longest)),
            help=advice(
                app,
                function,
                f"set Timeout below {longest}{longer}",
                serverless=f"set timeout below {longest}{longer}",
                terraform=f"set timeout below {longest}{longer}",
                sst=f'set timeout: "..." below {longest} seconds{longer}',
                cdk=f"set timeout below Duration.seconds({longest}){longer}",
                zappa=f"set timeout_seconds below {longest}{longer}",
            ),
        )


def _waited(source: EventSource) -> tuple[int, str]:
    """Return the seconds that a caller waits, and why; endless if it does not wait at all."""
    known, note = _WAITS[source.type]
    detail = source.detail
    for key in ("TimeoutInMillis", "timeoutInMillis"):
        written = number(detail.get(key)) if detail is not None else None
        if written:
            return written // _MILLISECONDS, f"the integration waits {written} milliseconds"
    if _is_asynchronous(source) or (source.type is EventSourceType.REST_API and _streams(source)):
        return 900, "nobody waits for it"
    return known, note


def _is_asynchronous(source: EventSource) -> bool:
    keys = ("RequestParameters", "requestParameters")
    named = "integration.request.header.X-Amz-Invocation-Type"
    values = [one for key in keys for one in inside(source.detail, key, named)]
    values += [
        one for key in ("InvocationType", "invocationType") for one in inside(source.detail, key)
    ]
    return any("event" in expression(one).lower() for one in values)


def _streams(source: EventSource) -> bool:
    keys = ("ResponseTransferMode", "responseTransferMode")
    uris = [expression(one) for key in ("Uri", "uri") for one in inside(source.detail, key)]
    return any(
        constant(one) == "STREAM" for key in keys for one in inside(source.detail, key)
    ) or any("response-streaming" in uri for uri in uris)
