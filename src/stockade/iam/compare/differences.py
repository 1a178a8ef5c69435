"""Walks the statements of NEW for requests that OLD might not allow.

For each Allow of NEW either no Allow of OLD applies, or some Deny of OLD does, or no Allow of
OLD's permissions boundary. What one statement of OLD plainly covers is left out first.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from stockade.iam.compare.callers import NOBODY, Caller, callers
from stockade.iam.compare.clauses import Clause, Index, is_covered, without_covered
from stockade.iam.compare.search import Found, Search
from stockade.iam.decision import Source
from stockade.iam.policy import Policy


@dataclass(frozen=True, slots=True)
class Attached:
    """The policies of one side that count as their union, and the boundary that limits them."""

    source: Source
    policies: list[Policy]
    boundary: list[Policy] | None = None

    @property
    def all(self) -> list[Policy]:
        """Every policy of this side."""
        return [*self.policies, *(self.boundary or ())]


class Differences:
    """The statements of both sides, and the search among them.

    A permissions boundary only limits: of NEW one of its Allows must apply as well, and where no
    Allow of OLD's applies, OLD did not allow it.
    """

    def __init__(self, before: Attached, after: Attached, search: Search) -> None:
        self.search = search
        source = before.source
        of_old, of_new = self._read(before.policies, source), self._read(after.policies, source)
        old_limits = self._read(before.boundary or (), Source.BOUNDARY)
        new_limits = self._read(after.boundary or (), Source.BOUNDARY)
        self.new = [one for one in of_new if one.allows]
        """The Allows of NEW, in order."""
        resource = [*before.policies, *after.policies]
        self.asking = [NOBODY] if source is Source.IDENTITY else callers(resource)
        self.old_allows = Index([one for one in of_old if one.allows])
        self.old_limits = self._limits(before, old_limits)
        self.new_limits = self._limits(after, new_limits)
        self.new_denies = Index([one for one in (*of_new, *new_limits) if not one.allows])
        denies = [one for one in (*of_old, *old_limits) if not one.allows]
        lost = [one for one in denies if not self.new_denies.has(one)]
        self.lost_denies = Index([one for one in lost if not self._is_kept(one)])

    def of(self, allow: Clause) -> Iterator[Found]:
        """Yield requests that one Allow of NEW allows, and OLD looks as if it did not."""
        if self.new_limits is None:
            yield from self._within(allow, [])
            return
        for limit in self.new_limits.near(allow):
            yield from self._within(allow, [limit])

    def _read(self, policies: Iterable[Policy], source: Source) -> list[Clause]:
        return [clause for policy in policies for clause in self.search.read.of(policy, source)]

    def _limits(self, side: Attached, limits: list[Clause]) -> Index | None:
        if side.boundary is None:
            return None
        return Index([one for one in limits if one.allows])

    def _within(self, allow: Clause, limits: list[Clause]) -> Iterator[Found]:
        """Yield requests that an Allow of NEW and its boundary allow."""
        budget = self.search.budget
        denies = self.lost_denies.near(allow)
        is_known = self.old_allows.has(allow)
        budget.spend(1 + len(denies))
        beyond = self._beyond_old(allow, limits)
        if is_known and not denies and beyond is None:
            return
        spoilers = self.new_denies.near(allow)
        known = [] if is_known else self.old_allows.near(allow)
        fresh = None if is_known else without_covered(allow, known, budget)
        if fresh is None and not denies and beyond is None:
            return
        for caller in self.asking:
            budget.spend()
            if not allow.names(caller):
                continue
            against = [one for one in spoilers if one.names(caller)]
            if fresh is not None:
                avoid = [*against, *(one for one in known if one.names(caller))]
                yield from self._found(caller, fresh, avoid, limits)
            for deny in (one for one in denies if one.names(caller)):
                yield from self._found(caller, allow, against, [*limits, deny])
            if beyond is not None:
                yield from self._found(caller, allow, [*against, *beyond], limits)

    def _beyond_old(self, allow: Clause, limits: list[Clause]) -> list[Clause] | None:
        """List the Allows of OLD's boundary; None if it plainly allows what is asked about."""
        if self.old_limits is None:
            return None
        near = self.old_limits.near(allow)
        self.search.budget.spend(1 + len(near))
        narrow = limits[0] if limits else allow
        if self.old_limits.has(narrow) or any(is_covered(narrow, one) for one in near):
            return None
        return near

    def _is_kept(self, deny: Clause) -> bool:
        """Whether a Deny of OLD plainly has one of NEW that does as much."""
        kept = self.new_denies.near(deny)
        self.search.budget.spend(len(kept))
        return any(is_covered(deny, other) for other in kept)

    def _found(
        self, caller: Caller, allow: Clause, avoid: list[Clause], also: list[Clause]
    ) -> Iterator[Found]:
        must = [*allow.parts, *(part for one in also for part in one.parts)]
        found = self.search.solve(must, caller, allow, avoid, also)
        if found is not None:
            yield found
