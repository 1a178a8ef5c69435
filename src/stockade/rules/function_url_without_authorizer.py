"""Anyone can call a URL that does harm. Page: docs/rules/function-url-without-authorizer.md."""

from collections.abc import Iterator

from stockade.analysis.facts import Facts
from stockade.analysis.gateway import cdn_fronts, ways
from stockade.model import Application, EventSourceType, Exposure, Match, Names, Severity
from stockade.rules._advice import advice
from stockade.rules._open import Open, Ways, confidence, does_harm, harm, steps, what_happens
from stockade.rules._rule import rule

_BEFORE = "let an API with an authorizer stand before the function"
_SIGNED = "and let CloudFront sign with an origin access control"


@rule(
    title="anyone can call a function URL that changes or spends something",
    harm=Severity.HIGH,
    practice="G1",
    cwe=(306,),
)
def function_url_without_authorizer(app: Application, facts: Facts) -> Iterator[Match]:
    """Report function URLs without authorization whose function does harm."""
    urls = [way for way in ways(app) if way.type is EventSourceType.FUNCTION_URL]
    for one in Ways(app, facts).open(urls) if urls else ():
        if does_harm(one) and not _is_known_to_cdn(app, one):
            worst = one.effects[0]
            yield Match(
                at=one.way.at,
                message=f"anyone can call this function URL{what_happens(app, one)}",
                because=steps((one,), one),
                confidence=confidence(worst),
                exposure=Exposure.ANYONE,
                identity=(one.way.id, worst.does),
                resource=getattr(one.way, "function", None),
                help=advice(
                    app,
                    getattr(one.way, "function", None) or "",
                    f"{_BEFORE}; or set AuthType: AWS_IAM {_SIGNED}",
                    sst=f'{_BEFORE}; or set url: {{ authorization: "iam" }} {_SIGNED}',
                ),
                harm=harm(worst),
                mends=(one.way.at,),
            )


def _is_known_to_cdn(app: Application, one: Open) -> bool:
    """Tell whether a distribution adds a header that the function may ask for."""
    names = Names(app.resources)
    urls = [url for url in app.of_type("AWS::Lambda::Url") if url.at == one.way.at]
    return any(front.adds_header for url in urls for front in cdn_fronts(app, names, url))
