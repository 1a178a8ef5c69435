"""What a new version of an application allows that the old one did not.

Role by role: what its policies together with its permissions boundary allow, and whom its trust
policy lets in; resource by resource: what its own policy allows. Roles and resources are the
same where their ids are; what is new is compared with nothing at all.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from typing import Final

from stockade import catalogue
from stockade.analysis.policies.reading import (
    CONDITION,
    NOTHING,
    OWN_ACCOUNT,
    Held,
    Reading,
    Written,
)
from stockade.iam import Gap, Policy, Request, Source, StatementRef
from stockade.iam import Reason as OfStatements
from stockade.iam.compare import Comparison as OfPolicies
from stockade.iam.compare import Type, Verdict, compare_each
from stockade.iam.pattern import wildcard
from stockade.model import Application, Location, ResourceId, Unseen
from stockade.model.record import record, replace

__all__ = [
    "CONDITION",
    "TYPES",
    "Change",
    "Compared",
    "ComparedApplication",
    "Comparison",
    "Difference",
    "Reason",
    "Version",
    "compare_versions",
]

TYPES: Final[tuple[Type, ...]] = ("identity", "trust", "resource")

_DECLARING: Final = ("template", "resource", "limit")
"""Kinds of what was not seen that may declare a role or a policy."""

_WITHOUT_BOUNDARY: Final = (
    "what the old permissions boundary left of it is not known: its text is not in the application"
)


class Change(StrEnum):
    """What became of a role, or of a resource's policy."""

    NEW = "new"
    REMOVED = "removed"
    KEPT = "kept"


@record
class Reason:
    """Why something is new or cannot be proved, and the line of the statement that says so."""

    text: str
    at: Location | None = None


_OF_THE_ACCOUNT: Final = Reason("whatever allows it to roles and users of the account")


@record(kw_only=True)
class Difference:
    """Something that a statement of the new version allows and the old version did not.

    `actions` are those of the statement that are newly allowed, as it writes them. `proved` is
    False where something that could not be read may have allowed it before, or forbids it now.
    """

    statement: Reason
    actions: tuple[str, ...]
    witness: Request
    because: tuple[Reason, ...]
    proved: bool = True
    was_denied: bool = False
    """Whether nothing new allows it, but a Deny of the resource's policy is gone."""


@record(kw_only=True)
class Compared:
    """The policies of one kind of one role or resource, compared."""

    subject: ResourceId
    type: Type
    change: Change
    at: Location | None
    differences: tuple[Difference, ...]
    unproved: tuple[Reason, ...] = ()
    """What keeps the answer from being proved."""

    @property
    def verdict(self) -> Verdict:
        """`new` where something certainly is, `unknown` where it cannot be told, else `none`."""
        if any(one.proved for one in self.differences):
            return "new"
        return "unknown" if self.differences or self.unproved else "none"


@record(kw_only=True)
class Version:
    """The applications of a folder as it was or is, and what was not seen of it."""

    applications: tuple[Application, ...]
    unseen: tuple[Unseen, ...]


@record(kw_only=True)
class ComparedApplication:
    """Two versions of an application compared; either may be missing."""

    name: str
    change: Change
    subjects: tuple[Compared, ...]


@record(kw_only=True)
class Comparison:
    """Two versions of a folder or template compared.

    `unseen` is what was not read of the new version, nor unread in the old one.
    """

    applications: tuple[ComparedApplication, ...]
    unseen: tuple[Unseen, ...] = ()

    @property
    def subjects(self) -> tuple[Compared, ...]:
        """Everything that was compared."""
        return tuple(one for app in self.applications for one in app.subjects)

    @property
    def verdict(self) -> Verdict:
        """`new` if anything is, `unknown` if anything is not proved, else `none`."""
        found = {one.verdict for one in self.subjects}
        if "new" in found:
            return "new"
        return "unknown" if "unknown" in found or self.unseen else "none"


def compare_versions(old: Version, new: Version, types: Iterable[Type] = TYPES) -> Comparison:
    """Compare the applications of two folders."""
    known = {(one.kind, one.why, one.at.path) for one in old.unseen}
    unseen = sorted(
        one
        for one in new.unseen
        if one.kind in _DECLARING and (one.kind, one.why, one.at.path) not in known
    )
    compared = tuple(_applications(old.applications, new.applications, tuple(types)))
    return Comparison(applications=compared, unseen=tuple(unseen))


def _applications(
    old: Sequence[Application], new: Sequence[Application], types: tuple[Type, ...]
) -> Iterator[ComparedApplication]:
    """Compare applications by name; one of each side are versions of one another in any case."""
    before = {app.name: app for app in old}
    after = {app.name: app for app in new}
    if len(old) == len(new) == 1:
        before = {new[0].name: old[0]}
    for name in sorted({**before, **after}):
        was, now = before.get(name), after.get(name)
        change = Change.NEW if was is None else Change.REMOVED if now is None else Change.KEPT
        subjects = tuple(_subjects(was, now, types))
        yield ComparedApplication(name=name, change=change, subjects=subjects)


def _subjects(
    old: Application | None, new: Application | None, types: tuple[Type, ...]
) -> Iterator[Compared]:
    before = Reading(old) if old is not None else None
    after = Reading(new) if new is not None else None
    if "identity" in types or "trust" in types:
        were, are = before.roles() if before else {}, after.roles() if after else {}
        for role in sorted({**were, **are}):
            for type_ in ("identity", "trust"):
                if type_ in types:
                    yield _of_role(role, type_, were.get(role), are.get(role))
    if "resource" in types:
        yield from _of_resources(before, after)


def _of_role(role: ResourceId, type_: Type, old: Held | None, new: Held | None) -> Compared:
    if new is None:
        return _removed(role, type_, old.at if old is not None else None)
    if type_ == "trust":
        was = old.trust if old is not None else NOTHING
        found = _compared(type_, was, new.trust)
    else:
        was = old.identity if old is not None else NOTHING
        limits = (old.boundary if old is not None else None, new.boundary)
        found = _compared(type_, was, new.identity, limits)
    change = Change.NEW if old is None else Change.KEPT
    return Compared(
        subject=role,
        type=type_,
        change=change,
        at=new.at,
        differences=tuple(one for one in found if isinstance(one, Difference)),
        unproved=tuple(one for one in found if isinstance(one, Reason)),
    )


def _of_resources(before: Reading | None, after: Reading | None) -> Iterator[Compared]:
    old = before.resources() if before is not None else {}
    new = after.resources() if after is not None else {}
    for resource in sorted({**old, **new}):
        if after is None or not after.declares(resource):
            yield _removed(resource, "resource", None)
            continue
        was, now = old.get(resource, NOTHING), new.get(resource, NOTHING)
        found = _compared("resource", was, now)
        if after.is_reached_by_identity(resource):
            found += _no_longer_denied(was, now)
        change = Change.KEPT if resource in old else Change.NEW
        yield Compared(
            subject=resource,
            type="resource",
            change=change if resource in new else Change.REMOVED,
            at=_first(now) or _first(was),
            differences=tuple(one for one in found if isinstance(one, Difference)),
            unproved=tuple(one for one in found if isinstance(one, Reason)),
        )


def _no_longer_denied(old: Written, new: Written) -> list[Difference | Reason]:
    """Compare what is denied to the account's own roles and users, whatever they are allowed."""
    denies = [one for policy in old.policies for one in policy.statements if not one.allows]
    if not denies or old.same == new.same:
        return []
    compared = compare_each(
        [*old.policies, OWN_ACCOUNT],
        [OWN_ACCOUNT, *(_only_denies(policy) for policy in new.policies)],
        "resource",
        actions=_actions(old),
    )
    found = (_told(one, old, {**old.places, **new.places}, ()) for one in compared)
    return [
        replace(one, statement=_OF_THE_ACCOUNT, actions=(), was_denied=True)
        if isinstance(one, Difference)
        else one
        for one in found
    ]


def _only_denies(policy: Policy) -> Policy:
    return replace(policy, statements=tuple(one for one in policy.statements if not one.allows))


def _removed(subject: ResourceId, type_: Type, at: Location | None) -> Compared:
    return Compared(subject=subject, type=type_, change=Change.REMOVED, at=at, differences=())


def _first(written: Written) -> Location | None:
    return next((at for places in written.places.values() for at in places), None)


def _compared(
    type_: Type,
    old: Written,
    new: Written,
    limits: tuple[Written | None, Written | None] = (None, None),
) -> list[Difference | Reason]:
    """Compare two unions of policies; what was not read makes the answer unsure."""
    was_limit, limit = limits
    same_limit = (was_limit and was_limit.same) == (limit and limit.same)
    if old.same == new.same and same_limit:
        return []
    compared = compare_each(
        old.policies,
        new.policies,
        type_,
        old_boundary=None if same_limit else _readable(was_limit),
        new_boundary=_readable(limit),
        actions=_actions(new),
    )
    places = {**old.places, **_of_limit(was_limit), **new.places, **_of_limit(limit)}
    doubt = _may_have_allowed(old, limit)
    found: list[Difference | Reason] = [_told(one, old, places, doubt) for one in compared]
    found += [
        Reason(f"not read: {why}", at) for why, at in new.unread.items() if why not in old.unread
    ]
    is_new = any(isinstance(one, Difference) for one in found)
    if was_limit is not None and was_limit.unread and not same_limit and not is_new:
        found.append(Reason(_WITHOUT_BOUNDARY, next(iter(was_limit.unread.values()))))
    return found


def _readable(limit: Written | None) -> tuple[Policy, ...] | None:
    """Return a boundary's policies; one that is not read limits nothing here, and is told."""
    return limit.policies if limit is not None and not limit.unread else None


def _of_limit(limit: Written | None) -> dict[str, tuple[Location, ...]]:
    return dict(limit.places) if limit is not None else {}


def _may_have_allowed(old: Written, limit: Written | None) -> tuple[Reason, ...]:
    """Tell what may make a difference none: old policies and new boundaries that are not read."""
    unread = [*old.unread.items(), *(limit.unread.items() if limit is not None else ())]
    return tuple(Reason(f"unless what is not read decides it: {why}", at) for why, at in unread)


def _told(
    one: OfPolicies,
    old: Written,
    places: Mapping[str, tuple[Location, ...]],
    doubt: tuple[Reason, ...],
) -> Difference | Reason:
    reasons = [_reason(reason, places) for reason in one.because]
    if one.witness is None:
        at = next((reason.at for reason in reasons if reason.at is not None), None)
        return Reason("; ".join(reason.text for reason in reasons), at)
    return Difference(
        statement=reasons[0],
        actions=one.actions,
        witness=one.witness,
        because=(*reasons[1:], *_only_under(old, one.witness), *doubt),
        proved=not doubt,
    )


def _reason(reason: OfStatements, places: Mapping[str, tuple[Location, ...]]) -> Reason:
    if isinstance(reason, StatementRef):
        name = f"“{reason.sid}”" if reason.sid else f"number {reason.index + 1}"
        text = f"{reason.effect} statement {name} of {reason.policy}"
        return Reason(text, _place(reason, places))
    if isinstance(reason, Gap):
        what = "boundary" if reason.source is Source.BOUNDARY else "policy"
        return Reason(f"no {what} of the old version allows it")
    return Reason(str(reason))


def _only_under(old: Written, witness: Request) -> Iterator[Reason]:
    """Tell of the template's conditions under which OLD allowed the action."""
    for policy in old.policies:
        for statement in policy.statements:
            names = [
                one.key.removeprefix(CONDITION)
                for one in statement.conditions
                if one.key.startswith(CONDITION) and not one.operator.negated
            ]
            covered = any(wildcard(one.lower())(witness.action) for one in statement.actions)
            if statement.allows and names and covered:
                places = old.places[policy.name]
                where = " and ".join(names)
                text = f"the old version allows it only where the condition {where} is true"
                yield Reason(text, places[statement.index])


def _place(reason: StatementRef, places: Mapping[str, tuple[Location, ...]]) -> Location | None:
    known = places.get(reason.policy, ())
    return known[min(reason.index, len(known) - 1)] if known else None


def _actions(written: Written) -> tuple[str, ...]:
    """Return the names of AWS's actions of the services that some policies name."""
    return catalogue.action_names(
        action
        for policy in written.policies
        for statement in policy.statements
        for action in statement.actions
    )
