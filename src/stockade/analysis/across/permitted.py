"""Whether the role of a function lets it send what its code sends."""

from stockade.analysis.interpreter.journal import Sent
from stockade.analysis.least_privilege.judgement import judging_of
from stockade.analysis.permissions import Need
from stockade.analysis.permissions.arns import KINDS, arns_of
from stockade.analysis.permissions.texts import PSEUDO, text
from stockade.analysis.statements import effect
from stockade.analysis.stores.attached import resource_policies
from stockade.iam.pattern import wildcard
from stockade.model import (
    DEFAULT_BUS,
    Application,
    Map,
    ResourceId,
    Value,
    references,
)

_BUCKET = "AWS::S3::Bucket"


class Permitted:
    """Answers for the functions of one application, each question once."""

    def __init__(self, app: Application) -> None:
        self._app = app
        self._arns = arns_of(app)
        self._judging = judging_of(app)
        self._known: dict[tuple[str, str, str], bool | None] = {}

    def may(self, function: ResourceId, sent: Sent, resource: ResourceId) -> bool | None:
        """Tell whether a function may do what a call of its code does; None if that is not known.

        It is not where the role, or a policy of it, is not part of the application. What the
        resource's own policy allows to principals is taken to be allowed to the function too.
        """
        if not sent.action:
            return True  # Nobody has to be allowed to answer.
        key = (function, sent.action, resource)
        if key not in self._known:
            self._known[key] = self._judged(function, sent.action, resource)
        return self._known[key]

    def _judged(self, name: ResourceId, action: str, resource: ResourceId) -> bool | None:
        function = self._app.functions.get(name)
        arn = self._arn(resource)
        if function is None or arn is None or self._app.role_of(function) is None:
            return None
        need = Need(action, arn, (), wide=True)
        held = self._judging.held(function)
        if held.unknown:
            return None
        if not self._judging.missing(function, (need,)) or self._lets(resource):
            return True
        # A role that may write below a prefix may write some of the keys.
        below = resource in self._app.resources and self._app.resources[resource].type == _BUCKET
        return below and any(
            wildcard(grant.action.lower())(action.lower())
            and any(one.resource == resource for one in references(grant.resource))
            for grant in held.grants
        )

    def _arn(self, resource: ResourceId) -> Value | None:
        target = self._app.resources.get(resource)
        if resource == DEFAULT_BUS:
            at = next(iter(self._app.resources.values())).at
            place = (PSEUDO["Region"], ":", PSEUDO["Account"])
            return text(
                ["arn:", PSEUDO["Partition"], ":events:", *place, ":event-bus/default"], at
            )
        if target is None or target.type not in KINDS:
            return None
        arn = self._arns.of(target)
        return text([arn, "/*"], target.at) if target.type == _BUCKET else arn

    def _lets(self, resource: ResourceId) -> bool:
        for statement in resource_policies(self._app).get(resource, ()):
            principal = statement.get("Principal")
            service = isinstance(principal, Map) and set(principal.entries) == {"Service"}
            if effect(statement) == "allow" and not service:
                return True
        return False
