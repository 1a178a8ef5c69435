"""Walks the statements of NEW for requests that OLD might not allow.

For each Allow of NEW either no Allow of OLD applies, or some Deny of OLD does. What one statement
of OLD plainly covers is left out first.
"""

from collections.abc import Iterator

from stockade.iam.compare.callers import NOBODY, Caller, callers
from stockade.iam.compare.clauses import Clause, Index, is_covered, without_covered
from stockade.iam.compare.search import Found, Search
from stockade.iam.decision import Source
from stockade.iam.policy import Policy


class Differences:
    """The statements of both sides, and the search among them."""

    def __init__(
        self, before: list[Policy], after: list[Policy], search: Search, source: Source
    ) -> None:
        old = [clause for policy in before for clause in search.read.of(policy, source)]
        self.new = [clause for policy in after for clause in search.read.of(policy, source)]
        self.search = search
        self.asking = [NOBODY] if source is Source.IDENTITY else callers([*before, *after])
        self.old_allows = Index([one for one in old if one.allows])
        self.new_denies = Index([one for one in self.new if not one.allows])
        denies = [one for one in old if not one.allows and not self.new_denies.has(one)]
        self.lost_denies = Index([one for one in denies if not self._is_kept(one)])

    def candidates(self) -> Iterator[Found]:
        """Yield requests that look as if only NEW allows them."""
        for allow in self.new:
            if allow.allows:
                yield from self._of(allow)

    def _of(self, allow: Clause) -> Iterator[Found]:
        budget = self.search.budget
        denies = self.lost_denies.near(allow)
        is_known = self.old_allows.has(allow)
        budget.spend(1 + len(denies))
        if is_known and not denies:
            return
        spoilers = self.new_denies.near(allow)
        known = [] if is_known else self.old_allows.near(allow)
        fresh = None if is_known else without_covered(allow, known, budget)
        for caller in self.asking if fresh is not None or denies else ():
            budget.spend()
            if not allow.names(caller):
                continue
            against = [one for one in spoilers if one.names(caller)]
            if fresh is not None:
                avoid = [*against, *(one for one in known if one.names(caller))]
                yield from self._found(caller, fresh, avoid, [])
            for deny in (one for one in denies if one.names(caller)):
                yield from self._found(caller, allow, against, [deny])

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


def differences(
    before: list[Policy], after: list[Policy], search: Search, source: Source
) -> Iterator[Found]:
    """Yield requests that look as if only NEW allows them; `decide` has the last word."""
    yield from Differences(before, after, search, source).candidates()
