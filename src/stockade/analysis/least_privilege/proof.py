"""The proof of a policy: every recorded need is allowed by it, and no statement can be spared."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping

from stockade.analysis.least_privilege.generated import (
    VERSION,
    GeneratedPolicy,
    Statement,
    document_of,
)
from stockade.analysis.least_privilege.symbolic import (
    ACCOUNT,
    PARTITION,
    Document,
    Symbols,
    role_arn,
)
from stockade.analysis.permissions import Need
from stockade.iam import Decision, Effect, Policies, Request, decide, read
from stockade.iam.symbolic import atom
from stockade.model import ResourceId, Unknown, Value, expression
from stockade.model.record import record

DELEGATING: Document = {
    "Version": VERSION,
    "Statement": [
        {
            "Effect": "Allow",
            "Principal": {"AWS": f"arn:{PARTITION}:iam::{ACCOUNT}:root"},
            "Action": "*",
            "Resource": "*",
        }
    ],
}
"""A key or trust policy that leaves it to the account's policies, as that of a new key does."""

BY_RESOURCE = ("kms:", "sts:AssumeRole")
"""Actions that no identity policy allows unless a policy of the resource lets it.

From "Key policies in AWS KMS" and "IAM roles: Role terms and concepts, trust policy".
"""


@record(kw_only=True)
class Proof:
    """What the evaluator said of each need under the generated policy.

    `denied` are needs that it does not allow: a policy with any of these is not one to use.
    `spared` are statements without which everything would still be allowed. Keys and roles
    that are used are taken to leave it to the account's policies.
    """

    asked: int
    allowed: int
    denied: tuple[str, ...]
    spared: tuple[str, ...]

    @property
    def holds(self) -> bool:
        """Whether all needs are allowed and every statement is necessary."""
        return not self.denied and not self.spared


class Held:
    """The policies that a role holds, prepared once for many questions."""

    def __init__(
        self, identity: Iterable[Document], boundary: Iterable[Document] | None = None
    ) -> None:
        # Read, not parsed: a statement that AWS would refuse makes what it decides unknown.
        self._identity = tuple(map(read, identity))
        self._boundary = None if boundary is None else tuple(map(read, boundary))
        self._prepared: dict[int | None, Policies] = {}

    def beside(self, resource_policy: Document | None) -> Policies:
        """Return the policies, with that of the resource where it has to let the caller."""
        key = None if resource_policy is None else id(resource_policy)
        prepared = self._prepared.get(key)
        if prepared is None:
            if resource_policy is None:
                prepared = Policies(identity=self._identity, boundary=self._boundary)
            else:
                prepared = self.beside(None).beside(read(resource_policy))
            self._prepared[key] = prepared
        return prepared


class Evaluator:
    """Asks whether the role of one function may do what its code needs."""

    def __init__(self, symbols: Symbols, role: ResourceId) -> None:
        self._symbols = symbols
        self._role = role_arn(role)

    def ask(self, need: Need, held: Held, *, key_policy: Document = DELEGATING) -> Decision:
        """Decide one need under these policies; what the request's context holds is not known."""
        resource = self._symbols.text(need.resource)
        if isinstance(resource, Unknown):
            return Decision(Effect.UNKNOWN, (), (expression(need.resource),))
        by_resource = need.action.startswith(BY_RESOURCE) and resource != "*"
        request = Request(
            self._role, need.action, _one_of(resource), account=ACCOUNT, unknown=("*",)
        )
        return decide(request, held.beside(key_policy if by_resource else None))

    def prove(self, policy: GeneratedPolicy, needed: tuple[Need, ...]) -> Proof:
        """Ask for every need: with the whole policy, and without each of its statements."""
        naming = Counter(action for each in policy.statements for action in each.actions)
        whole = Held((self._document(policy.statements),))
        denied = [need for need in needed if not self.ask(need, whole).allowed]
        return Proof(
            asked=len(needed),
            allowed=len(needed) - len(denied),
            denied=tuple(f"{need.action} on {expression(need.resource)}" for need in denied),
            spared=tuple(
                statement.sid
                for statement in policy.statements
                if self._is_spared(statement, policy, needed, naming)
            ),
        )

    def _is_spared(
        self,
        statement: Statement,
        policy: GeneratedPolicy,
        needed: tuple[Need, ...],
        naming: Mapping[str, int],
    ) -> bool:
        """Tell whether the other statements allow all; `naming` counts those of each action."""
        concerned = [need for need in needed if need.action in statement.actions]
        if any(naming[need.action] == 1 for need in concerned):
            return False  # Nothing is allowed by statements that do not name it.
        others = (
            each
            for each in policy.statements
            if each is not statement and not set(each.actions).isdisjoint(statement.actions)
        )
        without = Held((self._document(others),))
        return all(self.ask(need, without).allowed for need in concerned)

    def _document(self, statements: Iterable[Statement]) -> Document:
        return document_of(statements, self._written)

    def _written(self, resource: Value) -> str | None:
        text = self._symbols.text(resource)
        return text if isinstance(text, str) else None


def _one_of(resource: str) -> str:
    """Return a resource that stands for all that a pattern of needs means."""
    if resource == "*":
        return resource
    if "*" not in resource:
        return resource.replace("?", "x")
    counted = iter(range(1, len(resource) + 1))
    text = re.sub(r"\*", lambda _: atom(f"any {next(counted)}"), resource)
    return text.replace("?", "x")
