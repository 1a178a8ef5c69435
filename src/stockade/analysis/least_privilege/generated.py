"""The policy that should stand there: what the code needs, statement by statement."""

import re
from collections.abc import Callable, Iterable, Iterator

from stockade.analysis.least_privilege.symbolic import Plain
from stockade.analysis.permissions import Need
from stockade.iam.pattern import wildcard
from stockade.model import Reference, Step, Value, expression, walk
from stockade.model.record import record

VERSION = "2012-10-17"

INLINE_LIMIT = 10_240
"""Characters of all inline policies of a role together, white space not counted.

From "IAM and AWS STS quotas" of the IAM User Guide.
"""
MANAGED_LIMIT = 6_144
"""Characters of one managed policy, white space not counted."""


@record(kw_only=True)
class Statement:
    """The actions that are needed on the same resources, and the calls that need them."""

    sid: str
    actions: tuple[str, ...]
    resources: tuple[Value, ...]
    because: tuple[Step, ...]


def document_of(
    statements: Iterable[Statement], write: Callable[[Value], str | None]
) -> dict[str, Plain]:
    """Return the policy document of some statements, each resource as `write` puts it.

    A resource that `write` returns as None is left out.
    """
    return {
        "Version": VERSION,
        "Statement": [
            {
                "Sid": statement.sid,
                "Effect": "Allow",
                "Action": list(statement.actions),
                "Resource": [
                    text
                    for resource in statement.resources
                    if (text := write(resource)) is not None
                ],
            }
            for statement in statements
        ],
    }


@record(kw_only=True)
class GeneratedPolicy:
    """A policy of exactly what is needed."""

    statements: tuple[Statement, ...]

    def document(self) -> dict[str, Plain]:
        """Return the policy document, with CloudFormation expressions in its ARNs."""
        return document_of(self.statements, expression)

    @property
    def size(self) -> int:
        """How many characters the document has as AWS counts them, expressions as written."""
        return len(re.sub(r"\s", "", str(self.document())))


def generate(needed: Iterable[Need]) -> GeneratedPolicy:
    """Make one statement for each resource; resources that need the same actions share one."""
    by_resource: dict[str, tuple[Value, dict[str, tuple[Step, ...]]]] = {}
    for need in _widest(tuple(needed)):
        _, actions = by_resource.setdefault(expression(need.resource), (need.resource, {}))
        actions.setdefault(need.action, need.because)
    alike: dict[tuple[str, ...], list[tuple[Value, dict[str, tuple[Step, ...]]]]] = {}
    for resource, actions in by_resource.values():
        alike.setdefault(tuple(sorted(actions)), []).append((resource, actions))
    made: list[Statement] = []
    for names, group in sorted(alike.items()):
        resources = tuple(resource for resource, _ in sorted(group, key=_by_text))
        because = tuple(
            dict.fromkeys(step for _, found in group for steps in found.values() for step in steps)
        )
        sid = _sid(names, resources, {statement.sid for statement in made})
        made.append(Statement(sid=sid, actions=names, resources=resources, because=because))
    return GeneratedPolicy(statements=tuple(made))


def _widest(needed: tuple[Need, ...]) -> Iterator[Need]:
    """Yield the needs that no wider one of the same action covers, which would be spare."""
    wide: dict[str, list[str]] = {}
    for need in needed:
        text = expression(need.resource)
        if "*" in text:
            wide.setdefault(need.action, []).append(text)
    for need in needed:
        text = expression(need.resource)
        others = (one for one in wide.get(need.action, ()) if one != text)
        if not any(wildcard(one)(text) for one in others):
            yield need


def _by_text(pair: tuple[Value, object]) -> str:
    return expression(pair[0])


def _sid(actions: tuple[str, ...], resources: tuple[Value, ...], taken: set[str]) -> str:
    """Name a statement after what it opens: the resource's id, or the service."""
    references = [
        part.resource
        for resource in resources
        for part in walk(resource)
        if isinstance(part, Reference)
    ]
    name = references[0] if references else actions[0].partition(":")[0]
    base = "".join(word[:1].upper() + word[1:] for word in re.findall(r"[A-Za-z0-9]+", name))
    number = 1
    sid = base
    while sid in taken:
        number += 1
        sid = f"{base}{number}"
    return sid
