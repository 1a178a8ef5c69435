"""Nobody sees who called an API. Its page is docs/rules/api-without-access-log.md."""

from collections.abc import Iterator

from stockade.analysis.facts import Facts
from stockade.analysis.gateway import apis, stages
from stockade.model import (
    GATEWAY_APIS,
    Application,
    Confidence,
    Exposure,
    Match,
    Names,
    Persona,
    Responsibility,
    Severity,
    Step,
)
from stockade.rules._open import Ways
from stockade.rules._rule import rule

_SETTINGS = ("AccessLogSetting", "AccessLogSettings")


@rule(
    title="calls of an API are not logged",
    harm=Severity.LOW,
    practice="G7",
    cwe=(778,),
    persona=Persona.STRICT,
    responsibility=Responsibility.SHARED,
)
def api_without_access_log(app: Application, facts: Facts) -> Iterator[Match]:
    """Report APIs with a stage that writes no access log, once each."""
    names = Names(app.resources)
    ways = Ways(app, facts)
    known: set[str] = set()
    for api in apis(app):
        held = stages(app, names, api) if api.type in GATEWAY_APIS else ()
        known.update(stage.resource.id for stage in held)
        silent = [
            stage for stage in held if not any(name in stage.properties for name in _SETTINGS)
        ]
        if silent:
            yield Match(
                at=api.at,
                message=f"nobody can tell afterwards who called {api.name}: it has no access log",
                because=tuple(Step(stage.at, "this stage logs no requests") for stage in silent),
                confidence=Confidence.HIGH,
                exposure=max(ways.exposure(way).exposure for way in api.ways),
                identity=(api.resource.id,),
                resource=api.resource.id,
                help=_HELP,
            )
    for stage in app.of_type("AWS::ApiGateway::Stage", "AWS::ApiGatewayV2::Stage"):
        # Its routes are told elsewhere, or not at all: who calls it is not known then.
        if stage.id not in known and not any(name in stage.properties for name in _SETTINGS):
            yield Match(
                at=stage.at,
                message=f"nobody can tell afterwards who called {stage.name}: it logs nothing",
                because=(Step(stage.at, "this stage logs no requests"),),
                confidence=Confidence.MEDIUM,
                exposure=Exposure.SIGNED_IN,
                identity=(stage.id,),
                resource=stage.id,
                help=_HELP,
            )


_HELP = (
    "set AccessLogSetting (AccessLogSettings of HTTP APIs) with a log group and a format that "
    "holds the caller, the route and the status"
)
