"""What a role grants beyond what is needed, by the texts of actions and ARNs."""

from collections.abc import Iterable, Iterator

from stockade._late import pattern
from stockade.analysis.least_privilege.granted import Grant
from stockade.analysis.permissions import Need
from stockade.iam.pattern import wildcard
from stockade.model import Value, expression
from stockade.model.record import record


@record(kw_only=True)
class Excess:
    """What a role grants beyond what the code needs.

    `used` are the needs that the grant serves: a grant that serves none can go, one that serves
    some can be narrowed to them.
    """

    grant: Grant
    used: tuple[Need, ...]


def wider(grants: Iterable[Grant], needed: tuple[Need, ...]) -> Iterator[Excess]:
    """Yield each grant that is wider than what is needed of it."""
    asked = _Asked(needed)
    for grant in grants:
        used = asked.served_by(grant)
        if not asked.is_exact(grant, used) and not asked.holds(grant):
            yield Excess(grant=grant, used=used)


class _Asked:
    """Needs with their actions and ARNs as texts, each written once."""

    def __init__(self, needed: tuple[Need, ...]) -> None:
        self._needed = needed
        self._texts: dict[int, str] = {}
        self._by_action: dict[str, list[Need]] = {}
        for need in needed:
            self._by_action.setdefault(need.action.lower(), []).append(need)

    def served_by(self, grant: Grant) -> tuple[Need, ...]:
        """Return the needs that a grant may be what allows: its patterns cover them as text."""
        if grant.covers_rest:
            return self._needed
        about = self._about(grant.action.lower())
        if not about:
            return ()
        covered = wildcard(self._text(grant.resource))
        return tuple([need for need in about if covered(self._text(need.resource))])

    def is_exact(self, grant: Grant, used: tuple[Need, ...]) -> bool:
        """Tell whether a grant is the one need that it serves."""
        return (
            len(used) == 1
            and used[0].action.lower() == grant.action.lower()
            and self._text(used[0].resource) == self._text(grant.resource)
        )

    def holds(self, grant: Grant) -> bool:
        """Tell whether a grant is a part of what is needed: `mails/incoming/*` of `mails/*`.

        Which part of it the code uses, its author may know better.
        """
        same = self._by_action.get(grant.action.lower(), ())
        return any(
            wildcard(self._text(need.resource))(self._text(grant.resource)) for need in same
        )

    def _about(self, action: str) -> list[Need]:
        """Return the needs of a pattern of actions, in their order."""
        if "*" in action or "?" in action:
            covered = wildcard(action)
            return [need for need in self._needed if covered(need.action.lower())]
        return self._by_action.get(action, [])

    def _text(self, resource: Value) -> str:
        """Write an ARN; those who ask hold it, so that its identity is its own."""
        text = self._texts.get(id(resource))
        if text is None:
            text = self._texts[id(resource)] = _written(resource)
        return text


def covers(pattern: Value, resource: Value) -> bool:
    """Tell whether a pattern of ARNs covers another, as they are written."""
    return wildcard(_written(pattern))(_written(resource))


def _written(resource: Value) -> str:
    """Write an ARN with the application's own place, wherever the template writes it out.

    `arn:aws:sqs:eu-west-1:111122223333:q` may be what `arn:${AWS::Partition}:sqs:...` turns out
    to be: nobody shall be told that it is not used.
    """
    text = expression(resource)
    if not text.startswith("arn:"):
        return text
    match = _PLACE.match(text)
    if match is None:
        return text
    partition, service, region, account = match.groups()
    partition = "${AWS::Partition}" if partition.startswith("aws") else partition
    region = "${AWS::Region}" if _REGION.fullmatch(region) else region
    account = "${AWS::AccountId}" if account.isdigit() else account
    return f"arn:{partition}:{service}:{region}:{account}:{text[match.end() :]}"


_PART = r"((?:\$\{[^}]*\}|[^:$])*)"
_PLACE = pattern(rf"arn:{_PART}:{_PART}:{_PART}:{_PART}:")
_REGION = pattern(r"[a-z]{2}(?:-[a-z]+)+-\d")
