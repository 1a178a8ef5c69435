"""Anyone can send events. Its page is docs/rules/outsiders-can-send.md."""

from collections.abc import Iterator

from stockade.analysis.facts import Facts
from stockade.analysis.stores.outsiders import outsiders_of
from stockade.analysis.stores.senders import SENDING, kept_for
from stockade.model import Application, Confidence, Exposure, Match, Severity, Step
from stockade.rules._rule import rule


@rule(title="anyone can send events", harm=Severity.HIGH, practice="E1", cwe=(284, 732))
def outsiders_can_send(app: Application, _facts: Facts) -> Iterator[Match]:
    """Report topics, queues and buses whose policy admits every account, or everyone."""
    outsiders = outsiders_of(app)
    for resource in outsiders.protected(*SENDING):
        verbs = SENDING[resource.type]
        found = list(outsiders.allowed(resource, verbs))
        if not found:
            continue
        first = found[0]
        told = [verbs[one.action] for one in found]
        who = "anyone" if first.unsigned else "anyone with an AWS account"
        at = first.statement.key_at("Principal")
        name = resource.name
        steps = [Step(at, "this statement lets everyone in")]
        steps += [Step(source.at, note) for source, note in kept_for(app, resource)]
        yield Match(
            at=at,
            message=f"{who} can {' and '.join(told)} {name}",
            because=tuple(steps),
            confidence=Confidence.HIGH,
            exposure=Exposure.ANYONE,
            identity=(resource.id, *told),
            resource=resource.id,
            help=(
                "name the roles that send as Principal; for a service, name it "
                "(sns.amazonaws.com) with aws:SourceArn of what sends as a condition"
            ),
        )
